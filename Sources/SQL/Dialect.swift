/// The SQL of one database, where it differs from the portable SQL that everything else is written in.
package enum Dialect: Sendable, Hashable {
    case sqlite
    case postgreSQL
    case mariaDB

    /// The statement that inserts a row, or overwrites `values` of the row whose `key` columns are equal.
    ///
    /// `key` has to be the table's primary key or a unique index. The statement takes the key's arguments, then the
    /// values', in order.
    /// - Throws: `DatabaseError` of kind `misuse` when `key` is empty or a name is no plain identifier.
    func upsert(into table: String, key: [String], values: [String]) throws -> String {
        let columns = key + values
        guard !key.isEmpty, ([table] + columns).allSatisfy(Self.isIdentifier) else {
            throw DatabaseError(.misuse, "An upsert needs a key, and names of letters, digits and '_'.", sql: table)
        }
        let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        let insert = "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))"
        switch self {
        case .sqlite, .postgreSQL:
            let conflict = "ON CONFLICT (\(key.joined(separator: ", ")))"
            guard !values.isEmpty else { return "\(insert) \(conflict) DO NOTHING" }
            let updates = values.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
            return "\(insert) \(conflict) DO UPDATE SET \(updates)"
        case .mariaDB:
            // Without values the key is set to itself: unlike INSERT IGNORE this hides no other error.
            let updates = values.isEmpty ? key.map { "\($0) = \($0)" } : values.map { "\($0) = VALUES(\($0))" }
            return "\(insert) ON DUPLICATE KEY UPDATE \(updates.joined(separator: ", "))"
        }
    }

    private static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
        }
    }
}
