import SQL

/// What a user says of himself beside his name; empty texts for nothing.
package struct UserProfile: Sendable, Hashable {
    package var nickname = ""
    package var email = ""
    package var avatar = ""
    package var homepage = ""
    package var bio = ""

    package init() {}
}

extension IdentityStore {
    /// Nobody's profile is missing: one that was never written is empty.
    package func profile(of user: User) async throws -> UserProfile {
        try await database.read { try Self.profile(of: user.id, in: $0) }
    }

    /// Changes what is said of a user.
    /// - Throws: `.badRequest` for texts that are too long or hold control characters.
    package func changeProfile(
        of user: User, by principal: Principal, _ change: @escaping @Sendable (inout UserProfile) -> Void
    ) async throws {
        let now = clock.now()
        try await database.write { connection in
            var profile = try Self.profile(of: user.id, in: connection)
            change(&profile)
            try ProfileText.check(profile.nickname, "nickname", limit: 255)
            try ProfileText.check(profile.email, "email", limit: 255)
            try ProfileText.checkLink(profile.avatar, "avatar")
            try ProfileText.checkLink(profile.homepage, "homepage")
            try ProfileText.check(profile.bio, "bio", limit: 2_048)
            try connection.upsert(
                into: "user_profiles", key: [("user_id", .integer(user.id))],
                values: [
                    ("nickname", .text(profile.nickname)), ("email", .text(profile.email)),
                    ("avatar", .text(profile.avatar)), ("homepage", .text(profile.homepage)),
                    ("bio", .text(profile.bio)),
                ])
            try AuditLog.append(AuditEntry(by: principal, "user.profile", "user:\(user.name)"), at: now, in: connection)
        }
    }

    private static func profile(of id: Int64, in connection: any Connection) throws -> UserProfile {
        var profile = UserProfile()
        guard let row = try connection.first("SELECT * FROM user_profiles WHERE user_id = ?", [.integer(id)]) else {
            return profile
        }
        profile.nickname = try row.text("nickname")
        profile.email = try row.text("email")
        profile.avatar = try row.text("avatar")
        profile.homepage = try row.text("homepage")
        profile.bio = try row.text("bio")
        return profile
    }

    /// The people whose accounts may be used, in the order of their names, with the number of all matches.
    /// - Parameter search: a part of the name; empty for all.
    package func activeUsers(search: String, offset: Int, limit: Int) async throws -> (users: [User], total: Int64) {
        let pattern = Value.text("%\(RepositoryStore.escapeLike(RepositoryID.key(search)))%")
        let limit = max(1, min(limit, Self.userPageLimit))
        return try await database.read { connection in
            let condition = "u.is_disabled = 0 AND u.account_kind = 'person' AND u.name_key LIKE ? ESCAPE '!'"
            let total = try connection.first("SELECT COUNT(*) AS n FROM users u WHERE \(condition)", [pattern])
            let users = try connection.query(
                """
                SELECT \(Self.userColumns) FROM users u WHERE \(condition)
                ORDER BY u.name_key LIMIT ? OFFSET ?
                """, [pattern, .integer(Int64(limit)), .integer(Int64(max(0, offset)))]
            ).map(Self.user)
            return (users, try total?.integer("n") ?? 0)
        }
    }
}

/// The rules for what people say of themselves and of their organisations.
enum ProfileText {
    /// Bytes of a link at most.
    private static let linkLimit = 1_024

    static func check(_ text: String, _ name: String, limit: Int) throws {
        let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F || $0 == "\n" }
        guard text.utf8.count <= limit, isPlain else {
            throw HubError(.badRequest, "'\(name)' has \(limit) bytes at most, without control characters.")
        }
    }

    /// A page or a picture is shown as a link, so it must not be one that runs something.
    static func checkLink(_ text: String, _ name: String) throws {
        try check(text, name, limit: linkLimit)
        guard text.isEmpty || text.hasPrefix("https://") || text.hasPrefix("http://") else {
            throw HubError(.badRequest, "'\(name)' is no http or https address.")
        }
    }
}
