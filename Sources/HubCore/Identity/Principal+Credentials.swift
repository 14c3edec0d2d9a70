extension Principal {
    /// The person who asks.
    /// - Throws: `.authenticationRequired` for nobody; `.forbidden` for robots and keys.
    package func person() throws -> User {
        guard let user, token != nil else {
            throw HubError(
                .authenticationRequired, "This needs an account.", remedy: "Sign in, or send an access token.")
        }
        guard user.kind == .person else { throw HubError(.forbidden, "This is for people, not for robots and keys.") }
        return user
    }

    /// Refuses to make credentials that would do more than those the request came with, or for longer (S4).
    /// - Parameters:
    ///   - resources: what they are narrowed to; nil for nothing.
    ///   - expiresAt: milliseconds since 1970; nil for never.
    /// - Throws: `.authenticationRequired`, `.forbidden`.
    package func requireCoverage(scope: TokenGrant.Scope, resources: [TokenResource]?, expiresAt: Int64?) throws {
        guard let parent = token else {
            throw HubError(
                .authenticationRequired, "This needs an account.", remedy: "Sign in, or send an access token.")
        }
        guard parent.scope >= .write else {
            throw HubError(.forbidden, "A token that only reads makes no others.", remedy: "Use one of scope write.")
        }
        guard parent.covers(scope: scope, resources: resources, expiresAt: expiresAt) else {
            throw HubError(
                .forbidden, "That would do more than the token it is made with.",
                remedy: "Ask for the same or a smaller scope, its repositories or fewer, and no later expiry.")
        }
    }

    /// The person who asks, by a session or a token that is narrowed in nothing: what he changes here outlives both.
    /// - Throws: as ``person()`` and ``requireCoverage(scope:resources:expiresAt:)``.
    package func wholePerson() throws -> User {
        let user = try person()
        try requireCoverage(scope: .write, resources: nil, expiresAt: nil)
        return user
    }
}
