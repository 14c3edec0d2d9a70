import SQL

extension Webhooks {
    /// Messages of a page.
    package static let deliveriesPerPage = 50
    /// Messages of one webhook that may wait when another one is asked for again.
    static let maximumWaiting: Int64 = 1_000

    /// What one of the principal's webhooks was told, and is still to be told, the newest first.
    ///
    /// What a message says is shown when the receiver was told it already, or when the owner may see the repository now
    /// (S5): the log is no way around a visibility that changed.
    /// - Parameter before: the id of the message to go on from.
    /// - Throws: `.notFound`, for somebody else's too.
    package func deliveries(
        of id: CommunityID, before: CommunityID? = nil, for principal: Principal, authorizer: Authorizer
    ) async throws -> [WebhookDelivery] {
        let user = try Self.owner(principal)
        let rows = try await store.database.read { connection in
            _ = try Self.webhook(id, of: user, in: connection)
            return try connection.query(
                """
                SELECT id, repository_name, message, state, attempts, next_at, status, note, created_at
                FROM webhook_deliveries WHERE webhook_id = ? AND id < ? ORDER BY id DESC LIMIT ?
                """, [.integer(id.key), .integer(before?.key ?? .max), Value(Self.deliveriesPerPage)]
            ).map(DeliveryRow.init)
        }
        var visible: [RepositoryID: Bool] = [:]
        var found: [WebhookDelivery] = []
        for row in rows {
            var isShown = row.status != nil
            if !isShown, let repository = row.repository {
                if visible[repository] == nil {
                    visible[repository] = (try? await authorizer.open(principal, .metaRead, repository)) != nil
                }
                isShown = visible[repository] == true
            }
            found.append(row.delivery(isShown: isShown))
        }
        return found
    }

    /// Tells one message again, as a new one.
    ///
    /// Whether the owner may still see what it is about is asked when it goes out, as for every other.
    /// - Throws: `.notFound` for a message of another webhook or somebody else's, `.badRequest` while the webhook is off,
    ///   `.conflict` when too many wait.
    package func redeliver(_ delivery: CommunityID, of id: CommunityID, by principal: Principal) async throws
        -> CommunityID
    {
        let user = try Self.owner(principal)
        let now = store.clock.now()
        let copy = CommunityID(key: store.identifiers.next())
        try await store.database.write { connection in
            let webhook = try Self.webhook(id, of: user, in: connection)
            guard !webhook.isDisabled else {
                throw HubError(.badRequest, "The webhook \(id) is off.", remedy: "Turn it on first.")
            }
            let waiting = try connection.first(
                "SELECT COUNT(*) AS n FROM webhook_deliveries WHERE webhook_id = ? AND state = 'waiting'",
                [.integer(id.key)])
            guard try waiting?.integer("n") ?? 0 < Self.maximumWaiting else {
                throw HubError(.conflict, "\(Self.maximumWaiting) messages of the webhook \(id) wait already.")
            }
            let made = try connection.execute(
                """
                INSERT INTO webhook_deliveries (id, webhook_id, repository_key, repository_name, is_public, message,
                    state, attempts, next_at, created_at)
                SELECT ?, webhook_id, repository_key, repository_name, is_public, message, 'waiting', 0, ?, ?
                FROM webhook_deliveries WHERE id = ? AND webhook_id = ?
                """,
                [
                    .integer(copy.key), .integer(now), .integer(now), .integer(delivery.key), .integer(id.key),
                ])
            guard made == 1 else { throw HubError(.notFound, "The webhook \(id) has no such message.") }
            try Self.audit("webhook.redeliver", id, by: principal, at: now, in: connection)
        }
        return copy
    }
}

/// A row of `webhook_deliveries`, before anybody asked who may see what it tells.
private struct DeliveryRow: Sendable {
    let repository: RepositoryID?
    let status: Int64?
    private let shown: WebhookDelivery

    init(_ row: Row) throws {
        let text = try row.text("message")
        guard let state = WebhookDelivery.State(rawValue: try row.text("state")),
            let message = JSONText.decode(text)
        else { throw HubError(.storageCorrupt, "A message of a webhook cannot be read.") }
        repository = RepositoryID(parsing: try row.text("repository_name"))
        status = try row.optionalInteger("status")
        shown = WebhookDelivery(
            id: CommunityID(key: try row.integer("id")), state: state,
            action: message["event"]?["action"]?.string ?? "", scope: message["event"]?["scope"]?.string ?? "",
            repository: repository, payload: message, attempts: try row.integer("attempts"), status: status,
            note: try row.optionalText("note"), createdAt: try row.integer("created_at"),
            nextAt: state == .waiting ? try row.integer("next_at") : nil)
    }

    func delivery(isShown: Bool) -> WebhookDelivery {
        guard !isShown else { return shown }
        return WebhookDelivery(
            id: shown.id, state: shown.state, action: shown.action, scope: shown.scope, repository: nil, payload: nil,
            attempts: shown.attempts, status: shown.status, note: shown.note, createdAt: shown.createdAt,
            nextAt: shown.nextAt)
    }
}
