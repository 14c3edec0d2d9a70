import SQL

/// Writes down what people are told, in the transaction of what happened.
enum NotificationRows {
    /// People who are told of one thing, at most; of those who are named, the first.
    private static let mostTold = 100
    private static let mostNamed = 20
    /// Kept of one person; older ones go.
    private static let kept = 500

    /// Something was said in a discussion: tells who was named, who takes part, and of a new pull request those whose
    /// repository it is.
    static func said(
        _ text: String, in num: Int64, titled title: String, of repository: Repository, opensPullRequest: Bool = false,
        at now: Int64, identifiers: IdentifierSource, in connection: any Connection
    ) throws {
        var told: [Int64: Notification.Kind] = [:]
        var order: [Int64] = []
        func tell(_ ids: [Int64], _ kind: Notification.Kind) {
            for id in ids where told[id] == nil {
                told[id] = kind
                order.append(id)
            }
        }
        let names = MentionedNames.all(in: text).prefix(mostNamed)
        tell(
            try names.compactMap { name in
                try connection.first(
                    "SELECT id FROM users WHERE name_key = ?", [.text(RepositoryID.key(name))])?.integer("id")
            }, .mention)
        if opensPullRequest {
            tell(try keepers(of: repository.id, in: connection), .pullRequest)
        } else {
            let takers = try connection.query(
                """
                SELECT author_id AS id FROM discussions WHERE repository_id = ? AND num = ?
                UNION SELECT author_id AS id FROM discussion_events
                WHERE repository_id = ? AND num = ? AND type = 'comment'
                """, [.integer(repository.key), .integer(num), .integer(repository.key), .integer(num)])
            tell(try takers.map { try $0.integer("id") }, .reply)
        }
        let actor = repository.principal.user
        for id in order.prefix(mostTold) where id != actor?.id {
            guard let kind = told[id], try maySee(repository.key, user: id, now: now, in: connection) else { continue }
            try insert(
                kind, for: id, about: repository.id, key: repository.key, number: num, title: title,
                by: repository.principal.label, at: now, identifiers: identifiers, in: connection)
        }
    }

    /// Somebody's request for a gated repository was decided.
    static func answered(
        _ status: AccessRequest.Status, to user: Int64, of repository: Repository, at now: Int64,
        identifiers: IdentifierSource, in connection: any Connection
    ) throws {
        guard status != .pending, user != repository.principal.user?.id else { return }
        try insert(
            status == .accepted ? .admitted : .refused, for: user, about: repository.id, key: repository.key,
            number: nil, title: "", by: repository.principal.label, at: now, identifiers: identifiers, in: connection)
    }

    /// A request for what policy held was decided: tells everybody who asked.
    static func decided(
        _ approval: Approval, isApproved: Bool, by principal: Principal, at now: Int64, identifiers: IdentifierSource,
        in connection: any Connection
    ) throws {
        let askers = try connection.query(
            """
            SELECT u.id FROM users u WHERE u.account_kind = 'person' AND u.id <> ? AND (u.name = ?
                OR u.name IN (SELECT account FROM approval_askers WHERE approval_id = ?)) LIMIT ?
            """,
            [
                .integer(principal.user?.id ?? 0), .text(approval.requestedBy), .integer(approval.id),
                .integer(Int64(mostTold)),
            ])
        let key = try connection.first(
            "SELECT id FROM repositories WHERE kind = ? AND namespace_key = ? AND name_key = ?",
            [
                .text(approval.repository.kind.rawValue), .text(approval.repository.namespaceKey),
                .text(approval.repository.nameKey),
            ])?.integer("id")
        for asker in askers {
            try insert(
                isApproved ? .approved : .rejected, for: try asker.integer("id"), about: approval.repository, key: key,
                number: approval.id, title: "", by: principal.label, at: now, identifiers: identifiers, in: connection)
        }
    }

    /// Those whose repository it is: the person of its namespace, or who looks after the organisation.
    private static func keepers(of id: RepositoryID, in connection: any Connection) throws -> [Int64] {
        try connection.query(
            """
            SELECT u.id FROM users u WHERE u.name_key = ?
            UNION SELECT m.user_id AS id FROM memberships m JOIN organisations o ON o.id = m.organisation_id
            WHERE o.name_key = ? AND m.role >= ?
            """, [.text(id.namespaceKey), .text(id.namespaceKey), .integer(Role.maintainer.rawValue)]
        ).map { try $0.integer("id") }
    }

    /// Whether somebody is a person who may come in and may see the repository: who may not hears nothing of it.
    private static func maySee(_ key: Int64, user id: Int64, now: Int64, in connection: any Connection) throws -> Bool {
        let row = try connection.first(
            "SELECT \(IdentityStore.userColumns) FROM users u WHERE u.id = ? AND \(IdentityStore.isLive)",
            [.integer(id), .integer(now)])
        guard let user = try row.map(IdentityStore.user), user.kind == .person else { return false }
        var arguments: [Value] = [.integer(key)]
        let visible = RepositoryStore.visibilityCondition(
            for: Principal(user: user, token: nil), now: now, arguments: &arguments)
        return try connection.first("SELECT r.id FROM repositories r WHERE r.id = ? AND \(visible)", arguments) != nil
    }

    private static func insert(
        _ kind: Notification.Kind, for user: Int64, about id: RepositoryID, key: Int64?, number: Int64?, title: String,
        by actor: String, at now: Int64, identifiers: IdentifierSource, in connection: any Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO notifications (id, user_id, kind, repository_id, place_kind, namespace, name, number, title,
                actor, is_read, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)
            """,
            [
                .integer(identifiers.next()), .integer(user), .text(kind.rawValue), Value(key),
                .text(id.kind.rawValue), .text(id.namespace), .text(id.name), Value(number), .text(title),
                .text(actor), .integer(now),
            ])
        try connection.execute(
            """
            DELETE FROM notifications WHERE user_id = ? AND id <= COALESCE(
                (SELECT id FROM notifications WHERE user_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?), 0)
            """, [.integer(user), .integer(user), .integer(Int64(kept))])
    }
}
