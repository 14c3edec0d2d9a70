/// A connection inside one transaction, lent to a body. It is valid only until that body returns.
///
/// Placeholders are `?` in every dialect. Transactions are the database's business: `BEGIN`, `COMMIT`, `ROLLBACK` and
/// savepoints are refused.
package protocol Connection {
    /// Runs a statement. Without arguments `sql` may hold several statements, separated by `;`.
    /// - Returns: the number of rows it inserted, changed or deleted; of the last statement when there are several.
    /// - Throws: `DatabaseError`.
    @discardableResult
    func execute(_ sql: String, _ arguments: [Value]) throws -> Int

    /// All rows of an answer.
    /// - Throws: `DatabaseError`.
    func query(_ sql: String, _ arguments: [Value]) throws -> [Row]

    /// The first row of an answer; the rest is not read.
    /// - Throws: `DatabaseError`.
    func first(_ sql: String, _ arguments: [Value]) throws -> Row?

    /// Hands over the rows of an answer one by one, without holding all of them, until `body` returns false.
    /// - Throws: `DatabaseError`, or what `body` throws.
    func forEach(_ sql: String, _ arguments: [Value], _ body: (Row) throws -> Bool) throws

    /// Hands over the first column of an answer, integers all of them; nulls are left out. Where a hundred thousand keys
    /// are read, making a row of each takes longer than finding them.
    /// - Throws: `DatabaseError`.
    func forEachInteger(_ sql: String, _ arguments: [Value], _ body: (Int64) -> Void) throws

    /// Inserts a row, or overwrites `values` in the row that has this `key` already.
    ///
    /// `key` has to be the table's primary key or a unique index.
    /// - Throws: `DatabaseError`.
    func upsert(into table: String, key: [(String, Value)], values: [(String, Value)]) throws

    /// Which SQL the database speaks.
    var dialect: Dialect { get }
}

extension Connection {
    /// Runs one or several statements without arguments.
    /// - Throws: `DatabaseError`.
    @discardableResult
    package func execute(_ sql: String) throws -> Int { try execute(sql, []) }

    /// All rows of an answer to a statement without arguments.
    /// - Throws: `DatabaseError`.
    package func query(_ sql: String) throws -> [Row] { try query(sql, []) }

    /// The first row of an answer to a statement without arguments.
    /// - Throws: `DatabaseError`.
    package func first(_ sql: String) throws -> Row? { try first(sql, []) }

    /// Hands over the rows of a statement without arguments one by one, until `body` returns false.
    /// - Throws: `DatabaseError`, or what `body` throws.
    package func forEach(_ sql: String, _ body: (Row) throws -> Bool) throws { try forEach(sql, [], body) }

    package func forEachInteger(_ sql: String, _ arguments: [Value], _ body: (Int64) -> Void) throws {
        try forEach(sql, arguments) { row in
            if case .integer(let integer)? = row.values.first { body(integer) }
            return true
        }
    }

    package func query(_ sql: String, _ arguments: [Value]) throws -> [Row] {
        var rows: [Row] = []
        try forEach(sql, arguments) { row in
            rows.append(row)
            return true
        }
        return rows
    }

    package func first(_ sql: String, _ arguments: [Value]) throws -> Row? {
        var first: Row?
        try forEach(sql, arguments) { row in
            first = row
            return false
        }
        return first
    }

    package func upsert(into table: String, key: [(String, Value)], values: [(String, Value)]) throws {
        let statement = try dialect.upsert(into: table, key: key.map(\.0), values: values.map(\.0))
        try execute(statement, key.map(\.1) + values.map(\.1))
    }
}
