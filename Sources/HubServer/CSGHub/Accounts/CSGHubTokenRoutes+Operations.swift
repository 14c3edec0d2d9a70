import HubCore

extension CSGHubTokenRoutes {
    static let operations = APIOperationGroup(
        csghub: "Keys and tokens",
        [
            .post(
                one, "createCSGHubToken", "Makes an access token; its text is shown this once.", captures: captures,
                body: .json(
                    .object([
                        "permission": .text("`read`, `upload`, `write` or `admin`.").omittable,
                        "expired_at": .text("A time; the caller's own end by default.").omittable,
                    ]), isRequired: false),
                returns: .enveloped(token), refusing: [.forbidden, .conflict]),
            .put(
                one, "renewCSGHubToken", "Gives an access token another text; the old one ends.", captures: captures,
                query: [APIParameter("expired_at", .text("A time; the same end by default."))],
                returns: .enveloped(token), refusing: [.forbidden, .conflict]),
            .delete(
                one, "revokeCSGHubToken", "Revokes an access token.", captures: captures, returns: .done,
                refusing: [.forbidden]),
            .get(
                "/token/{token_value}", "checkCSGHubToken", "Whose an access token is.",
                captures: ["token_value": APICapture(.text("The token's text."))], query: [application],
                returns: .enveloped(token)),
            .get(
                "/user/{username}/tokens", "csghubTokens", "Your own access tokens, with their last characters.",
                query: [application], returns: .enveloped(.array(of: token))),
        ])

    private static let one = "/token/{app}/{token_name}"
    private static let applications = JSONSchema.words(of: TokenApplication.self, "What a token is for.")
    private static let application = APIParameter("app", applications)
    private static let captures = [
        "app": APICapture(applications), "token_name": APICapture(.text("What its owner calls the token.")),
    ]

    private static let token = JSONSchema.named(
        "CSGHubToken",
        .object([
            "id": .integer, "token": .text, "name": .text, "token_name": .text, "application": applications,
            "permission": .words(of: TokenGrant.Scope.self), "user_id": .integer, "user_name": .text,
            "user_uuid": .hexadecimal, "is_active": .boolean,
            "expired_at": .time.meaning("The year 1 for no end."), "expire_at": .time, "last_used_at": .time.orNull,
            "created_at": .time, "updated_at": .time,
        ]))
}
