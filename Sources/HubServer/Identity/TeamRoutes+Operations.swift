import HubCore

extension TeamRoutes {
    static let operations = APIOperationGroup(
        "Teams", at: IdentitySurface.base + "/organizations/{organization}/teams",
        [
            .get(
                "", "listTeams", "An organisation's teams.", returns: .json(.object(["teams": .array(of: team)]))),
            .post(
                "", "createTeam", "Makes a team with nobody in it.", body: .json(.object(["name": .text])),
                returns: .json(team, status: 201), refusing: [.conflict]),
            .delete(
                "/{team}", "removeTeam", "Removes a team, and what was given to it.", captures: captures,
                returns: .empty(), refusing: [.conflict]),
            .get(
                "/{team}/members", "listTeamMembers", "Who is in a team.", captures: captures,
                returns: .json(.object(["members": .array(of: .object(["user": .text]))]))),
            .put(
                "/{team}/members/{user}", "addTeamMember", "Takes a member of the organisation into a team.",
                captures: captures, returns: .empty(), refusing: [.conflict]),
            .delete(
                "/{team}/members/{user}", "removeTeamMember", "Takes somebody out of a team.", captures: captures,
                returns: .empty(), refusing: [.conflict]),
        ])

    private static let captures = ["team": APICapture(.text("The team's name."))]

    private static let team = JSONSchema.named(
        "Team", .object(["id": .hexadecimal, "name": .text, "createdAt": .time]))
}
