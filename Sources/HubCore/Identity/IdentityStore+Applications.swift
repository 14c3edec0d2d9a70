import SQL

/// What a token is for, as CSGHub's clients say it. It tells people their tokens apart, and gives no right by itself.
package enum TokenApplication: String, Sendable, Hashable, CaseIterable {
    case git, mirror, starship, aigateway
}

/// A token with what it is for.
package struct ApplicationToken: Sendable, Hashable {
    package let record: TokenRecord
    package let application: TokenApplication
    /// Milliseconds since 1970.
    package let createdAt: Int64
}

extension IdentityStore {
    /// The tokens of a user that count, newest first.
    /// - Parameter application: nil for all; those of no application in particular are git's.
    package func tokens(of user: User, for application: TokenApplication?) async throws -> [ApplicationToken] {
        let now = clock.now()
        let all = try await database.read { connection in
            try connection.query(
                """
                SELECT \(Self.tokenColumns), t.application FROM access_tokens t
                WHERE t.user_id = ? AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > ?)
                ORDER BY t.id DESC LIMIT \(Self.tokenLimit)
                """, [.integer(user.id), .integer(now)]
            ).map(Self.applicationToken)
        }
        return application.map { wanted in all.filter { $0.application == wanted } } ?? all
    }

    /// What a token that was presented is for; nil when it does not count.
    package func applicationToken(id: Int64) async throws -> ApplicationToken? {
        try await database.read { connection in
            try connection.first(
                "SELECT \(Self.tokenColumns), t.application FROM access_tokens t WHERE t.id = ? AND t.revoked_at IS NULL",
                [.integer(id)]
            ).map(Self.applicationToken)
        }
    }

    private static func applicationToken(_ row: Row) throws -> ApplicationToken {
        guard let grant = try tokenGrant(row) else {
            throw HubError(.storageCorrupt, "The token \(try row.integer("token_id")) cannot be read.")
        }
        let record = TokenRecord(
            grant: grant, lastFour: try row.text("last_four"), lastUsedAt: try row.optionalInteger("last_used_at"))
        let application = try row.optionalText("application").flatMap(TokenApplication.init(rawValue:))
        return ApplicationToken(record: record, application: application ?? .git, createdAt: grant.createdAt)
    }

    /// Refuses a name that a token of the application has.
    static func refuseTaken(
        _ name: String, of user: User, for application: TokenApplication, at now: Int64, in connection: any Connection
    ) throws {
        let taken = try connection.first(
            """
            SELECT id FROM access_tokens
            WHERE user_id = ? AND name = ? AND COALESCE(application, 'git') = ? AND revoked_at IS NULL
                AND (expires_at IS NULL OR expires_at > ?)
            """, [.integer(user.id), .text(name), .text(application.rawValue), .integer(now)])
        if taken != nil {
            throw HubError(.conflict, "'\(user.name)' has a token '\(name)' for \(application.rawValue).")
        }
    }

    /// Ends a token that another one takes the place of.
    /// - Throws: `.conflict` when somebody was faster.
    static func end(_ id: Int64, of user: User, at now: Int64, in connection: any Connection) throws {
        let changed = try connection.execute(
            "UPDATE access_tokens SET revoked_at = ? WHERE id = ? AND user_id = ? AND revoked_at IS NULL",
            [.integer(now), .integer(id), .integer(user.id)])
        guard changed == 1 else { throw HubError(.conflict, "The token was revoked in the meantime.") }
    }
}
