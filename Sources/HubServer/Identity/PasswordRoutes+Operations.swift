import HubCore

extension PasswordRoutes {
    static let operations = APIOperationGroup(
        "Sessions", at: IdentitySurface.base,
        [
            .put(
                "/password", "changePassword", "Changes your password: all your sessions and tokens end.",
                body: .json(.object(["current": .text, "new": .text])),
                returns: .empty(204, "Who came in a session goes on in a new one.").with(
                    APIHeader("Set-Cookie", .text("The new session."))),
                refusing: [.conflict, .tooManyRequests])
        ])
}
