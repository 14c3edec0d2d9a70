import SQL
import Synchronization

/// A database that notes each statement it is asked, and answers as the one behind it.
final class CountedDatabase: Database {
    private let base: any Database
    private let noted = Mutex<[String]>([])

    init(_ base: any Database) { self.base = base }

    /// What was asked since the last time, one entry for each statement.
    func take() -> [String] {
        noted.withLock { statements in
            defer { statements = [] }
            return statements
        }
    }

    func read<T: Sendable>(_ body: @Sendable (any Connection) throws -> T) async throws -> T {
        try await base.read { try body(CountedConnection(base: $0) { self.note($0) }) }
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        try await base.write { try body(CountedConnection(base: $0) { self.note($0) }) }
    }

    func close() async { await base.close() }

    private func note(_ sql: String) { noted.withLock { $0.append(sql) } }
}

private struct CountedConnection: Connection {
    let base: any Connection
    let note: (String) -> Void

    var dialect: Dialect { base.dialect }

    func execute(_ sql: String, _ arguments: [Value]) throws -> Int {
        note(sql)
        return try base.execute(sql, arguments)
    }

    func forEach(_ sql: String, _ arguments: [Value], _ body: (Row) throws -> Bool) throws {
        note(sql)
        try base.forEach(sql, arguments, body)
    }
}
