extension CSGHubAccountRoutes {
    static let operations = APIOperationGroup(
        csghub: "Users",
        [
            .get(
                "/version", "csghubVersion", "Which program this is.",
                returns: .enveloped(.object(["version": .text, "commit": .text]))),
            .get(
                "/user/{username}", "csghubUser", "An account as others see it.",
                returns: .enveloped(
                    .named(
                        "CSGHubUser",
                        .object([
                            "id": .integer, "username": .text, "nickname": .text, "uuid": .hexadecimal,
                            "roles": .array(of: .text), "created_at": .time,
                        ])))),
        ])
}
