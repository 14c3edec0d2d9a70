import SQL

/// What CSGHub's administrators say about following an upstream: a token and two numbers (wire/csghub.md §4.2). There is
/// one of it. What counts here is said by the policy files; this is kept for those who administer by CSGHub's pages.
package struct SyncClientSettings: Sendable {
    package struct Entry: Sendable {
        package let id: Int64
        package let token: Secret
        package let concurrentCount: Int64
        /// In the unit of CSGHub's page.
        package let maximumBandwidth: Int64
        /// Milliseconds since 1970.
        package let createdAt: Int64
        package let updatedAt: Int64
    }

    package static let maximumTokenBytes = 1_024
    private static let id: Int64 = 1
    private static let place = "csghub sync token"

    private let store: RepositoryStore
    private let seal: SealedText

    /// - Parameter key: 32 bytes under which the token is kept.
    package init(store: RepositoryStore, key: [UInt8]) {
        self.store = store
        seal = SealedText(key: key)
    }

    /// Nil before anybody said something.
    /// - Throws: `.storageCorrupt` when the token was sealed under another key.
    package func current() async throws -> Entry? {
        let row = try await store.database.read { connection in
            try connection.first("SELECT * FROM csghub_sync_settings WHERE id = ?", [.integer(Self.id)])
        }
        guard let row else { return nil }
        return Entry(
            id: Self.id, token: try seal.open(try row.text("token"), at: Self.place),
            concurrentCount: try row.integer("concurrent_count"),
            maximumBandwidth: try row.integer("max_bandwidth"), createdAt: try row.integer("created_at"),
            updatedAt: try row.integer("updated_at"))
    }

    /// Replaces what was said before.
    /// - Throws: `.badRequest` for an empty token, one that is too long, or numbers below 0.
    package func set(token: Secret, concurrentCount: Int64, maximumBandwidth: Int64, by principal: Principal)
        async throws
    {
        let length = token.reveal().utf8.count
        guard length > 0, length <= Self.maximumTokenBytes else {
            throw HubError(.badRequest, "The token has 1 to \(Self.maximumTokenBytes) bytes.")
        }
        guard concurrentCount >= 0, maximumBandwidth >= 0 else {
            throw HubError(.badRequest, "'concurrent_count' and 'max_bandwidth' are not negative.")
        }
        let sealed = try seal.seal(token, at: Self.place)
        let now = store.now
        try await store.database.write { connection in
            let known = try connection.first(
                "SELECT created_at FROM csghub_sync_settings WHERE id = ?", [.integer(Self.id)])
            try connection.upsert(
                into: "csghub_sync_settings", key: [("id", .integer(Self.id))],
                values: [
                    ("token", .text(sealed)), ("concurrent_count", .integer(concurrentCount)),
                    ("max_bandwidth", .integer(maximumBandwidth)),
                    ("created_at", .integer(try known?.integer("created_at") ?? now)), ("updated_at", .integer(now)),
                ])
            try AuditLog.append(
                AuditEntry(by: principal, "sync.settings", "csghub"), at: now, in: connection)
        }
    }
}
