import HubCore

extension RobotRoutes {
    static let operations = APIOperationGroup(
        "Robots", at: IdentitySurface.base + "/organizations/{organization}/robots",
        [
            .get(
                "", "listRobots", "An organisation's accounts for programs.",
                returns: .json(.object(["robots": .array(of: robot)])), refusing: [.forbidden]),
            .post(
                "", "createRobot", "Makes an account for a program.",
                body: .json(
                    .object([
                        "name": .text, "role": role, "expiresInSeconds": .integer(1...315_360_000).omittable,
                    ])),
                returns: .json(robot, status: 201), refusing: [.conflict]),
            .delete(
                "/{robot}", "removeRobot", "Removes a robot; its tokens end.", captures: captures, returns: .empty()),
            .get(
                "/{robot}/tokens", "listRobotTokens", "A robot's access tokens.", captures: captures,
                returns: TokenRoutes.listAnswer, refusing: [.forbidden]),
            .post(
                "/{robot}/tokens", "createRobotToken", "Makes an access token for a robot.", captures: captures,
                body: TokenRoutes.wishBody, returns: TokenRoutes.createdAnswer, refusing: [.conflict]),
            .delete(
                "/{robot}/tokens/{token}", "revokeRobotToken", "Revokes a robot's access token.", captures: captures,
                returns: .empty()),
        ])

    private static let captures = [
        "robot": APICapture(.text("The robot's name in its organisation.")),
        "token": APICapture(.text("The token's number.")),
    ]

    private static let role = JSONSchema.named(
        "RobotRole", .words(Role.allCases.filter { $0 < .admin }.map(\.name)))

    private static let robot = JSONSchema.named(
        "Robot",
        .object([
            "name": .text, "account": .text("What others call it, in grants too."), "role": role, "createdAt": .time,
            "expiresAt": .time.orNull,
        ]))
}
