import SQL

/// One number for each discussion of the whole hub, for clients that know discussions without their repository.
package struct DiscussionIdentifiers: Sendable {
    private let store: RepositoryStore

    package init(store: RepositoryStore) { self.store = store }

    /// What a list shows of a discussion beside itself.
    package struct Entry: Sendable, Hashable {
        package let id: Int64
        /// Comments that are not hidden.
        package let comments: Int64
    }

    /// The entries of discussions of one repository, by number; a discussion without an id gets one.
    package func entries(of discussions: [Discussion], in repository: Repository) async throws -> [Int64: Entry] {
        let numbers = Array(Set(discussions.map(\.num)))
        guard !numbers.isEmpty else { return [:] }
        let marks = numbers.map { _ in "?" }.joined(separator: ", ")
        let arguments: [Value] = [.integer(repository.key)] + numbers.map(Value.integer)
        let known = try await ids(marks, arguments)
        let missing = numbers.filter { known[$0] == nil }
        let ids = missing.isEmpty ? known : try await add(missing, to: repository, marks, arguments)
        let counts = try await store.database.read { connection in
            let rows = try connection.query(
                """
                SELECT num, COUNT(*) AS n FROM discussion_events
                WHERE repository_id = ? AND num IN (\(marks)) AND type = 'comment' AND is_hidden = 0 GROUP BY num
                """, arguments)
            return Dictionary(
                try rows.map { (try $0.integer("num"), try $0.integer("n")) }, uniquingKeysWith: { first, _ in first })
        }
        return ids.reduce(into: [:]) { $0[$1.key] = Entry(id: $1.value, comments: counts[$1.key] ?? 0) }
    }

    /// Which discussion of which repository an id stands for; nil when nobody has it. Whoever asks has yet to be let in.
    package func place(of id: Int64) async throws -> (repository: RepositoryID, num: Int64)? {
        try await store.database.read { connection in
            try connection.first(
                """
                SELECT \(RepositoryStore.columns), d.num AS discussion_num
                FROM discussion_identifiers d JOIN repositories r ON r.id = d.repository_id WHERE d.id = ?
                """, [.integer(id)]
            ).map { (try RepositoryStore.record($0).id, try $0.integer("discussion_num")) }
        }
    }

    private func ids(_ marks: String, _ arguments: [Value]) async throws -> [Int64: Int64] {
        try await store.database.read { try Self.ids(marks, arguments, in: $0) }
    }

    private func add(_ numbers: [Int64], to repository: Repository, _ marks: String, _ arguments: [Value]) async throws
        -> [Int64: Int64]
    {
        let made = numbers.map { ($0, store.identifiers.next()) }
        return try await store.database.write { connection in
            let known = try Self.ids(marks, arguments, in: connection)
            for (num, id) in made where known[num] == nil {
                try connection.execute(
                    "INSERT INTO discussion_identifiers (id, repository_id, num) VALUES (?, ?, ?)",
                    [.integer(id), .integer(repository.key), .integer(num)])
            }
            return try Self.ids(marks, arguments, in: connection)
        }
    }

    private static func ids(_ marks: String, _ arguments: [Value], in connection: any Connection) throws
        -> [Int64: Int64]
    {
        let rows = try connection.query(
            "SELECT id, num FROM discussion_identifiers WHERE repository_id = ? AND num IN (\(marks))", arguments)
        return Dictionary(
            try rows.map { (try $0.integer("num"), try $0.integer("id")) }, uniquingKeysWith: { first, _ in first })
    }
}
