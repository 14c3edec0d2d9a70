import HubCore

extension TokenRoutes {
    static let operations = APIOperationGroup(
        "Tokens", at: IdentitySurface.base,
        [
            .get("/tokens", "listTokens", "Your access tokens.", returns: listAnswer),
            .post(
                "/tokens", "createToken", "Makes an access token that can do no more than the one you use.",
                body: wishBody, returns: createdAnswer, refusing: [.forbidden, .conflict]),
            .delete(
                "/tokens/{token}", "revokeToken", "Revokes one of your access tokens.",
                captures: ["token": APICapture(.text("The token's number."))], returns: .empty(),
                refusing: [.forbidden]),
        ])

    static let listAnswer = APIAnswer.json(.object(["tokens": .array(of: .named("Token", token))]))
    static let wishBody = APIBody.json(
        .object([
            "name": .text, "scope": .words(of: TokenGrant.Scope.self),
            "expiresInSeconds": .integer(1...315_360_000).omittable,
            "resources": .array(of: .text, "Such as `acme` or `model:acme/demo`; nothing for all.").omittable,
        ]))
    static let createdAnswer = APIAnswer.json(
        .named("NewToken", token.adding(["token": .text("The token, shown this once.")])), status: 201)

    private static let token = JSONSchema.object([
        "id": .hexadecimal, "name": .text, "scope": .words(of: TokenGrant.Scope.self), "lastFour": .text,
        "createdAt": .time, "expiresAt": .time.orNull, "lastUsedAt": .time.orNull,
        "resources": .array(of: .text, "What it is narrowed to.").optional,
    ])
}
