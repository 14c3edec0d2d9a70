import HubCore

extension CSGHubMemberRoutes {
    static let operations = APIOperationGroup(
        csghub: "Organisations",
        [
            .get(
                members, "csghubMembers", "The members of an organisation.", captures: captures, query: [.per, .page],
                returns: .nestedList(
                    of: .named(
                        "CSGHubMember",
                        .object([
                            "username": .text, "nickname": .text, "uuid": .hexadecimal, "avatar": .text,
                            "role": .csghubRole,
                        ])))),
            .post(
                members, "addCSGHubMembers", "Makes users members of an organisation.", captures: captures,
                body: .json(.object(["users": .text("Names with commas between."), "role": role])), returns: .done,
                refusing: [.forbidden, .conflict]),
            .get(
                one, "csghubRoleOfMember", "What a user is in an organisation.", captures: captures,
                returns: .enveloped(.words(["", "read", "write", "admin"], "Empty for who is no member."))),
            .put(
                one, "changeCSGHubMember", "Gives a member another role.", captures: captures,
                body: .json(.object(["old_role": .text("What the caller saw.").omittable, "new_role": role])),
                returns: .done, refusing: [.forbidden, .conflict, .preconditionFailed]),
            .delete(
                one, "removeCSGHubMember", "Removes a member.", captures: captures, returns: .done,
                refusing: [.forbidden, .conflict]),
        ])

    private static let members = "/organization/{namespace}/members"
    private static let one = "\(members)/{username}"
    private static let captures = ["namespace": APICapture.organisation]
    private static let role = JSONSchema.text("`read`, `write` or `admin`, or a role of the hub's own.")
}
