import SQL

/// The webhooks of accounts. Each is seen and changed by its owner alone.
package struct Webhooks: Sendable {
    let store: RepositoryStore

    /// Webhooks of one account, and things one of them watches.
    static let maximumWebhooks: Int64 = 100
    static let maximumWatched = 100

    package init(store: RepositoryStore) { self.store = store }

    /// All of the principal's.
    package func list(for principal: Principal) async throws -> [Webhook] {
        let user = try Self.owner(principal)
        return try await store.database.read { connection in
            try connection.query(
                "SELECT * FROM webhooks WHERE user_id = ? ORDER BY id LIMIT ?",
                [.integer(user.id), .integer(Self.maximumWebhooks)]
            ).map { try Self.webhook($0, in: connection) }
        }
    }

    /// One of the principal's.
    /// - Throws: `.notFound`, for somebody else's too.
    package func webhook(_ id: CommunityID, of principal: Principal) async throws -> Webhook {
        let user = try Self.owner(principal)
        return try await store.database.read { try Self.webhook(id, of: user, in: $0) }
    }

    /// Makes a webhook that is on.
    /// - Throws: `.badRequest` for a URL or a secret that cannot be used, or when nothing is watched.
    package func create(_ change: WebhookChange, by principal: Principal) async throws -> Webhook {
        let user = try Self.owner(principal)
        try Self.check(change)
        guard let url = change.url, let watched = change.watched else {
            throw HubError(.badRequest, "A webhook needs a url and something it watches.")
        }
        let id = CommunityID(key: store.identifiers.next())
        let now = store.clock.now()
        let domains = change.domains ?? Webhook.Domain.allCases
        return try await store.database.write { connection in
            let count =
                try connection.first(
                    "SELECT COUNT(*) AS n FROM webhooks WHERE user_id = ?", [.integer(user.id)])?.integer("n") ?? 0
            guard count < Self.maximumWebhooks else {
                throw HubError(.forbidden, "You have \(count) webhooks, which is the most there can be.")
            }
            try connection.execute(
                "INSERT INTO webhooks (id, user_id, url, domains, secret, is_disabled, created_at) VALUES (?, ?, ?, ?, ?, 0, ?)",
                [
                    .integer(id.key), .integer(user.id), .text(url), .text(Self.text(domains)), Value(change.secret),
                    .integer(now),
                ])
            try Self.watch(watched, id, in: connection)
            try Self.audit("webhook.create", id, by: principal, at: now, in: connection)
            return try Self.webhook(id, of: user, in: connection)
        }
    }

    /// Changes what a webhook watches and where it goes.
    package func update(_ id: CommunityID, _ change: WebhookChange, by principal: Principal) async throws -> Webhook {
        try Self.check(change)
        return try await write(id, by: principal, action: "webhook.update") { old, connection in
            try connection.execute(
                "UPDATE webhooks SET url = ?, domains = ?, secret = ? WHERE id = ?",
                [
                    .text(change.url ?? old.url), .text(Self.text(change.domains ?? old.domains)),
                    Value(change.secret ?? old.secret?.reveal()), .integer(id.key),
                ])
            if let watched = change.watched { try Self.watch(watched, id, in: connection) }
        }
    }

    /// Turns a webhook on or off.
    package func setDisabled(_ isDisabled: Bool, _ id: CommunityID, by principal: Principal) async throws -> Webhook {
        try await write(id, by: principal, action: isDisabled ? "webhook.disable" : "webhook.enable") { _, connection in
            try connection.execute(
                "UPDATE webhooks SET is_disabled = ? WHERE id = ?", [Value(isDisabled), .integer(id.key)])
        }
    }

    /// Removes a webhook and what waits to be told to it.
    package func delete(_ id: CommunityID, by principal: Principal) async throws {
        let user = try Self.owner(principal)
        let now = store.clock.now()
        try await store.database.write { connection in
            _ = try Self.webhook(id, of: user, in: connection)
            for table in ["webhook_deliveries", "webhook_watches"] {
                try connection.execute("DELETE FROM \(table) WHERE webhook_id = ?", [.integer(id.key)])
            }
            try connection.execute("DELETE FROM webhooks WHERE id = ?", [.integer(id.key)])
            try Self.audit("webhook.delete", id, by: principal, at: now, in: connection)
        }
    }

    private func write(
        _ id: CommunityID, by principal: Principal, action: String,
        _ body: @escaping @Sendable (Webhook, any Connection) throws -> Void
    ) async throws -> Webhook {
        let user = try Self.owner(principal)
        let now = store.clock.now()
        return try await store.database.write { connection in
            try body(try Self.webhook(id, of: user, in: connection), connection)
            try Self.audit(action, id, by: principal, at: now, in: connection)
            return try Self.webhook(id, of: user, in: connection)
        }
    }

    /// Webhooks tell secrets and send requests: a token that only reads has no business with them.
    package static func owner(_ principal: Principal) throws -> User {
        guard let user = principal.user, let token = principal.token else {
            throw HubError(.authenticationRequired, "This needs an account.")
        }
        guard token.scope >= .write else {
            throw HubError(.forbidden, "Your token only reads.", remedy: "Use a token of write scope.")
        }
        return user
    }

    private static func check(_ change: WebhookChange) throws {
        if let url = change.url {
            let isPlain = url.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            guard url.hasPrefix("https://") || url.hasPrefix("http://"), url.utf8.count <= 2_000, isPlain else {
                throw HubError(.badRequest, "A webhook goes to an http or https URL.")
            }
        }
        if let secret = change.secret {
            guard secret.utf8.count <= 256, secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw HubError(.badRequest, "A secret has at most 256 printable ASCII characters.")
            }
        }
        if let watched = change.watched {
            guard (1...maximumWatched).contains(watched.count) else {
                throw HubError(.badRequest, "A webhook watches 1 to \(maximumWatched) things.")
            }
        }
    }

    private static func watch(_ watched: [Webhook.Watched], _ id: CommunityID, in connection: any Connection) throws {
        try connection.execute("DELETE FROM webhook_watches WHERE webhook_id = ?", [.integer(id.key)])
        for (place, item) in watched.enumerated() {
            try connection.upsert(
                into: "webhook_watches",
                key: [
                    ("webhook_id", .integer(id.key)), ("type", .text(item.rowType)),
                    ("name_key", .text(RepositoryID.key(item.name))),
                ],
                values: [("shown_type", .text(item.type)), ("name", .text(item.name)), ("position", Value(place))])
        }
    }

    static func webhook(_ id: CommunityID, of user: User, in connection: any Connection) throws -> Webhook {
        let row = try connection.first(
            "SELECT * FROM webhooks WHERE id = ? AND user_id = ?", [.integer(id.key), .integer(user.id)])
        guard let row else { throw HubError(.notFound, "You have no webhook \(id).") }
        return try webhook(row, in: connection)
    }

    static func webhook(_ row: Row, in connection: any Connection) throws -> Webhook {
        let key = try row.integer("id")
        let watched = try connection.query(
            "SELECT shown_type, name FROM webhook_watches WHERE webhook_id = ? ORDER BY position", [.integer(key)]
        ).map { try Webhook.Watched(type: try $0.text("shown_type"), name: try $0.text("name")) }
        return Webhook(
            id: CommunityID(key: key), url: try row.text("url"), watched: watched,
            domains: try row.text("domains").split(separator: ",").compactMap { Webhook.Domain(rawValue: String($0)) },
            secret: try row.optionalText("secret").map { Secret($0) }, isDisabled: try row.boolean("is_disabled"),
            userID: try row.integer("user_id"))
    }

    private static func text(_ domains: [Webhook.Domain]) -> String {
        Webhook.Domain.allCases.filter(domains.contains).map(\.rawValue).joined(separator: ",")
    }

    static func audit(
        _ action: String, _ id: CommunityID, by principal: Principal, at now: Int64, in connection: any Connection
    ) throws {
        try AuditLog.append(AuditEntry(by: principal, action, "webhook:\(id)"), at: now, in: connection)
    }
}
