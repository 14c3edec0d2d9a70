/// One row of an answer: values by column name. Rows of one answer share their column names.
package struct Row: Sendable {
    let columns: [String]
    let values: [Value]

    /// The value of `column`; nil when the statement has no such column. Names are compared exactly.
    package subscript(_ column: String) -> Value? {
        guard let index = columns.firstIndex(of: column), index < values.count else { return nil }
        return values[index]
    }

    /// - Throws: `DatabaseError` of kind `misuse` when there is no such column or it holds no integer.
    package func integer(_ column: String) throws -> Int64 {
        guard case .integer(let integer) = try value(column) else { throw mismatch(column, "an integer") }
        return integer
    }

    /// - Throws: `DatabaseError` of kind `misuse` when there is no such column or it holds something else.
    package func optionalInteger(_ column: String) throws -> Int64? {
        try value(column) == .null ? nil : integer(column)
    }

    /// - Throws: `DatabaseError` of kind `misuse` when there is no such column or it holds no text.
    package func text(_ column: String) throws -> String {
        guard case .text(let text) = try value(column) else { throw mismatch(column, "a text") }
        return text
    }

    /// - Throws: `DatabaseError` of kind `misuse` when there is no such column or it holds something else.
    package func optionalText(_ column: String) throws -> String? {
        try value(column) == .null ? nil : text(column)
    }

    /// A flag stored as 0 or 1.
    /// - Throws: `DatabaseError` of kind `misuse` when there is no such column or it holds no integer.
    package func boolean(_ column: String) throws -> Bool {
        try integer(column) != 0
    }

    /// A number; an integer is converted.
    /// - Throws: `DatabaseError` of kind `misuse` when there is no such column or it holds no number.
    package func real(_ column: String) throws -> Double {
        switch try value(column) {
        case .real(let real): return real
        case .integer(let integer): return Double(integer)
        default: throw mismatch(column, "a real")
        }
    }

    /// - Throws: `DatabaseError` of kind `misuse` when there is no such column or it holds no blob.
    package func bytes(_ column: String) throws -> [UInt8] {
        guard case .blob(let bytes) = try value(column) else { throw mismatch(column, "a blob") }
        return bytes
    }

    private func value(_ column: String) throws -> Value {
        guard let value = self[column] else {
            throw DatabaseError(
                .misuse, "The row has no column '\(column)'; it has \(columns.joined(separator: ", ")).", sql: "")
        }
        return value
    }

    private func mismatch(_ column: String, _ expected: String) -> DatabaseError {
        DatabaseError(
            .misuse, "Column '\(column)' holds \(self[column]?.kindName ?? "nothing"), not \(expected).", sql: "")
    }
}
