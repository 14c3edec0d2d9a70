/// The connection a body sees: it refuses transactions of its own, and everything once the body has returned.
final class SQLiteConnection: Connection {
    private var handle: SQLiteHandle?

    init(_ handle: SQLiteHandle) { self.handle = handle }

    var dialect: Dialect { .sqlite }

    /// Ends the loan.
    func invalidate() { handle = nil }

    @discardableResult
    func execute(_ sql: String, _ arguments: [Value]) throws -> Int {
        try lent(for: sql).execute(sql, arguments)
    }

    func forEach(_ sql: String, _ arguments: [Value], _ body: (Row) throws -> Bool) throws {
        try lent(for: sql).forEach(sql, arguments, body)
    }

    func forEachInteger(_ sql: String, _ arguments: [Value], _ body: (Int64) -> Void) throws {
        try lent(for: sql).forEachInteger(sql, arguments, body)
    }

    private func lent(for sql: String) throws -> SQLiteHandle {
        guard let handle else {
            throw DatabaseError(.misuse, "The connection was used after its body had returned.", sql: sql)
        }
        // The first word, in upper case; bytes, because this runs before every statement.
        let word = sql.utf8.drop { $0 <= 0x20 }.prefix(10).prefix { $0 >= 0x41 }.map { $0 & 0xDF }
        guard !Self.refused.contains(String(decoding: word, as: UTF8.self)) else {
            throw DatabaseError(.misuse, "A body is one transaction; it cannot begin or end one.", sql: sql)
        }
        return handle
    }

    private static let refused: Set<String> = [
        "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "ATTACH", "DETACH", "VACUUM",
    ]
}
