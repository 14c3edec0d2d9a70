import Crypto
import SQL

/// Sends one message to one URL. HubCore opens no connection: who knows the way out implements it (law 7).
package protocol WebhookTransport: Sendable {
    /// Posts JSON and returns the status of the answer.
    /// - Throws: when there was no answer, or the address is not acceptable.
    func post(_ body: [UInt8], headers: [(String, String)], to url: String) async throws -> Int
}

/// Takes messages out of the queue and has them sent, a few at a time; what fails waits longer each time.
///
/// Whether a webhook's owner may still see the repository is asked when a message goes out, not when it was queued (S5).
package struct WebhookDispatcher: Sendable {
    private let store: RepositoryStore
    private let authorizer: Authorizer
    private let transport: any WebhookTransport
    private let baseURL: String

    /// Messages that are sent at the same time.
    private static let concurrency = 8
    /// Milliseconds during which nobody else takes a message that is being sent.
    private static let lease: Int64 = 120_000
    /// Milliseconds to wait after each failed try; after the last one the message is given up.
    private static let pauses: [Int64] = [10_000, 60_000, 600_000, 3_600_000, 21_600_000]
    /// Milliseconds for which the log of what was sent is kept.
    private static let keeping: Int64 = 7 * 86_400_000

    /// - Parameter baseURL: scheme and authority of this hub, without a trailing slash.
    package init(
        store: RepositoryStore, authorizer: Authorizer, transport: any WebhookTransport, baseURL: String
    ) {
        self.store = store
        self.authorizer = authorizer
        self.transport = transport
        self.baseURL = baseURL
    }

    private struct Delivery: Sendable {
        let id: Int64
        let webhook: Webhook
        let repositoryKey: Int64
        let repositoryName: String
        let isPublic: Bool
        let message: String
        let attempts: Int64
    }

    /// Sends what is due, and returns when it has been tried.
    /// - Returns: how many messages were taken.
    @discardableResult
    package func dispatchDue() async throws -> Int {
        let due = try await take()
        await withTaskGroup(of: Void.self) { group in
            for delivery in due { group.addTask { await handle(delivery) } }
        }
        return due.count
    }

    /// Forgets what was sent or given up long ago.
    package func forgetOld() async throws {
        let horizon = store.clock.now() - Self.keeping
        try await store.database.write { connection in
            try connection.execute(
                "DELETE FROM webhook_deliveries WHERE state <> 'waiting' AND created_at < ?", [.integer(horizon)])
        }
    }

    private func take() async throws -> [Delivery] {
        let now = store.clock.now()
        let isDue = try await store.database.read { connection in
            try connection.first(
                "SELECT id FROM webhook_deliveries WHERE state = 'waiting' AND next_at <= ? LIMIT 1", [.integer(now)])
                != nil
        }
        // Most looks find nothing, and need no write lock.
        guard isDue else { return [] }
        return try await store.database.write { connection in
            let rows = try connection.query(
                """
                SELECT d.id AS delivery_id, d.repository_key, d.repository_name, d.is_public, d.message, d.attempts,
                    d.next_at, h.* FROM webhook_deliveries d JOIN webhooks h ON h.id = d.webhook_id
                WHERE d.state = 'waiting' AND d.next_at <= ? ORDER BY d.next_at, d.id LIMIT ?
                """, [.integer(now), Value(Self.concurrency)])
            return try rows.compactMap { row in
                let id = try row.integer("delivery_id")
                let taken = try connection.execute(
                    "UPDATE webhook_deliveries SET next_at = ? WHERE id = ? AND state = 'waiting' AND next_at = ?",
                    [.integer(now + Self.lease), .integer(id), .integer(try row.integer("next_at"))])
                guard taken == 1 else { return nil }
                return Delivery(
                    id: id, webhook: try Webhooks.webhook(row, in: connection),
                    repositoryKey: try row.integer("repository_key"),
                    repositoryName: try row.text("repository_name"), isPublic: try row.boolean("is_public"),
                    message: try row.text("message"), attempts: try row.integer("attempts"))
            }
        }
    }

    private func handle(_ delivery: Delivery) async {
        do {
            guard !delivery.webhook.isDisabled, try await maySee(delivery) else {
                return try await finish(delivery, "dropped", status: nil, note: "not for its owner any more")
            }
            let status = try await send(delivery)
            if (200..<300).contains(status) { return try await finish(delivery, "sent", status: status, note: nil) }
            try await fail(delivery, status: status, note: "answered \(status)")
        } catch {
            // The row stays leased when even this cannot be written, and is tried again later.
            try? await fail(delivery, status: nil, note: (error as? HubError)?.line ?? "could not be sent")
        }
    }

    private func maySee(_ delivery: Delivery) async throws -> Bool {
        let now = store.clock.now()
        let (user, record) = try await store.database.read { connection in
            let user = try connection.first(
                "SELECT \(IdentityStore.userColumns) FROM users u WHERE u.id = ? AND \(IdentityStore.isLive)",
                [.integer(delivery.webhook.userID), .integer(now)]
            ).map(IdentityStore.user)
            let record = try connection.first(
                "SELECT \(RepositoryStore.columns) FROM repositories r WHERE r.id = ?",
                [.integer(delivery.repositoryKey)]
            ).map(RepositoryStore.record)
            return (user, record)
        }
        guard let user else { return false }
        let principal = Principal(user: user, token: TokenGrant(id: 0, name: "", scope: .read, createdAt: 0))
        guard let record else {
            // It was removed, which is what the message tells: to whoever could see it then.
            guard let id = RepositoryID(parsing: delivery.repositoryName) else { return false }
            if delivery.isPublic { return true }
            return await authorizer.isInside(id.namespace, principal)
        }
        do {
            _ = try await authorizer.open(principal, .metaRead, record.id)
            return true
        } catch let error as HubError where error.status < 500 {
            return false
        }
    }

    private func send(_ delivery: Delivery) async throws -> Int {
        guard case .object(let members)? = JSONText.decode(delivery.message) else {
            throw HubError(.storageCorrupt, "The message \(delivery.id) cannot be read.")
        }
        let hook = JSONValue.object([
            .init(key: "id", value: .string(delivery.webhook.id.description)),
            .init(key: "version", value: .integer(3)),
        ])
        let message = Self.completing(.object(members + [.init(key: "webhook", value: hook)]), with: baseURL)
        let body = Array(try JSONText.encode(message).utf8)
        var headers = [
            ("Content-Type", "application/json"), ("X-Webhook-Id", CommunityID(key: delivery.id).description),
        ]
        if let secret = delivery.webhook.secret {
            headers.append(("X-Webhook-Secret", secret.reveal()))
            headers.append(
                (
                    "X-Webhook-Signature",
                    Self.signature(of: body, at: store.clock.now() / 1_000, with: secret)
                ))
        }
        return try await transport.post(body, headers: headers, to: delivery.webhook.url)
    }

    /// `t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>">` (S60): who checks it refuses what is old.
    static func signature(of body: [UInt8], at seconds: Int64, with secret: Secret) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("\(seconds).".utf8) + body, using: SymmetricKey(data: Array(secret.reveal().utf8)))
        return "t=\(seconds),v1=\(Hexadecimal.encode(code))"
    }

    /// Makes the paths below `url` members absolute.
    private static func completing(_ value: JSONValue, with base: String, isURL: Bool = false) -> JSONValue {
        switch value {
        case .object(let members):
            .object(
                members.map {
                    .init(key: $0.key, value: completing($0.value, with: base, isURL: $0.key == "url" || isURL))
                })
        case .array(let values): .array(values.map { completing($0, with: base) })
        case .string(let path) where isURL: .string(base + path)
        default: value
        }
    }

    private func fail(_ delivery: Delivery, status: Int?, note: String) async throws {
        guard delivery.attempts < Int64(Self.pauses.count) else {
            return try await finish(delivery, "failed", status: status, note: note)
        }
        let next = store.clock.now() + Self.pauses[Int(delivery.attempts)]
        try await store.database.write { connection in
            try connection.execute(
                "UPDATE webhook_deliveries SET attempts = attempts + 1, next_at = ?, status = ?, note = ? WHERE id = ?",
                [.integer(next), Value(status), .text(String(note.prefix(1_000))), .integer(delivery.id)])
        }
    }

    private func finish(_ delivery: Delivery, _ state: String, status: Int?, note: String?) async throws {
        try await store.database.write { connection in
            try connection.execute(
                "UPDATE webhook_deliveries SET state = ?, attempts = attempts + 1, status = ?, note = ? WHERE id = ?",
                [.text(state), Value(status), Value(note.map { String($0.prefix(1_000)) }), .integer(delivery.id)])
        }
    }
}
