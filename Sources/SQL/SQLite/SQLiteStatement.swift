import CSQLite

/// One prepared statement. Used by the one thread that uses its connection.
final class SQLiteStatement {
    let sql: String
    /// When it was last used, in uses of its connection: the oldest leaves the cache first.
    var lastUse: UInt64 = 0
    /// Whether somebody is stepping through it; a nested use of the same SQL prepares a second one.
    var isBusy = false

    private let pointer: OpaquePointer
    private let database: OpaquePointer
    private var columns: [String]
    private var preparations: CInt = 0

    /// Takes over `pointer`, which is finalized with this object.
    init(_ pointer: OpaquePointer, database: OpaquePointer, sql: String) {
        self.pointer = pointer
        self.database = database
        self.sql = sql
        columns = Self.columnNames(of: pointer)
    }

    deinit { sqlite3_finalize(pointer) }

    /// - Throws: `DatabaseError` of kind `misuse` when the number of arguments is not that of the placeholders.
    func bind(_ arguments: [Value]) throws {
        let expected = Int(sqlite3_bind_parameter_count(pointer))
        guard arguments.count == expected else {
            throw DatabaseError(
                .misuse, "The statement takes \(expected) arguments, not \(arguments.count).", sql: sql)
        }
        for (offset, argument) in arguments.enumerated() {
            let code = bind(argument, at: CInt(offset + 1))
            guard code == SQLITE_OK else { throw DatabaseError(code: code, database: database, sql: sql) }
        }
    }

    /// - Returns: whether there is a row to read.
    func step() throws -> Bool {
        switch sqlite3_step(pointer) {
        case SQLITE_ROW:
            // A schema change prepares the statement again, and then `SELECT *` may have other columns.
            let preparations = sqlite3_stmt_status(pointer, SQLITE_STMTSTATUS_REPREPARE, 0)
            if preparations != self.preparations {
                self.preparations = preparations
                columns = Self.columnNames(of: pointer)
            }
            return true
        case SQLITE_DONE:
            return false
        case let code:
            throw DatabaseError(code: code, database: database, sql: sql)
        }
    }

    /// The row that `step` found.
    func row() -> Row {
        Row(columns: columns, values: (0..<CInt(columns.count)).map(value(at:)))
    }

    /// The integer in the first column of the row that `step` found; nil for anything else.
    var firstInteger: Int64? {
        sqlite3_column_type(pointer, 0) == SQLITE_INTEGER ? sqlite3_column_int64(pointer, 0) : nil
    }

    /// Makes the statement ready for its next use, and lets go of the arguments' memory.
    func reset() {
        sqlite3_reset(pointer)
        sqlite3_clear_bindings(pointer)
    }

    private func bind(_ value: Value, at index: CInt) -> CInt {
        // SQLITE_TRANSIENT, a macro that Swift does not import: SQLite makes its own copy.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch value {
        case .null:
            return sqlite3_bind_null(pointer, index)
        case .integer(let integer):
            return sqlite3_bind_int64(pointer, index, integer)
        case .real(let real):
            return sqlite3_bind_double(pointer, index, real)
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    // An empty buffer may have no address, and that would bind null.
                    guard let start = characters.baseAddress else {
                        return sqlite3_bind_text(pointer, index, "", 0, transient)
                    }
                    return sqlite3_bind_text64(
                        pointer, index, start, UInt64(characters.count), transient, UInt8(SQLITE_UTF8))
                }
            }
        case .blob(let bytes):
            guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(pointer, index, 0) }
            return bytes.withUnsafeBytes {
                sqlite3_bind_blob64(pointer, index, $0.baseAddress, UInt64($0.count), transient)
            }
        }
    }

    private func value(at index: CInt) -> Value {
        switch sqlite3_column_type(pointer, index) {
        case SQLITE_INTEGER:
            return .integer(sqlite3_column_int64(pointer, index))
        case SQLITE_FLOAT:
            return .real(sqlite3_column_double(pointer, index))
        case SQLITE_TEXT:
            guard let start = sqlite3_column_text(pointer, index) else { return .text("") }
            let count = Int(sqlite3_column_bytes(pointer, index))
            return .text(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            guard let start = sqlite3_column_blob(pointer, index) else { return .blob([]) }
            let count = Int(sqlite3_column_bytes(pointer, index))
            return .blob([UInt8](UnsafeRawBufferPointer(start: start, count: count)))
        default:
            return .null
        }
    }

    private static func columnNames(of pointer: OpaquePointer) -> [String] {
        (0..<sqlite3_column_count(pointer)).map { index in
            sqlite3_column_name(pointer, index).map { String(cString: $0) } ?? ""
        }
    }
}
