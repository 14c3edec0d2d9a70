import CSQLite

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension DatabaseError {
    /// The error of the call on `database` that just answered `code`, an extended result code.
    /// - SeeAlso: https://www.sqlite.org/rescode.html
    init(code: CInt, database: OpaquePointer?, sql: String) {
        let text = database.flatMap { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
        self.init(
            Self.kind(of: code, systemError: database.map { sqlite3_system_errno($0) } ?? 0),
            text.map { String(cString: $0) } ?? "SQLite error \(code)", sql: sql)
    }

    private static func kind(of code: CInt, systemError: CInt) -> Kind {
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED: return .busy
        case SQLITE_CORRUPT, SQLITE_NOTADB: return .corrupt
        case SQLITE_FULL: return .full
        case SQLITE_READONLY, SQLITE_PERM: return .readOnly
        case SQLITE_MISUSE, SQLITE_RANGE: return .misuse
        case SQLITE_CONSTRAINT: return .constraint(constraint(of: code))
        // Growing the -wal or -shm file on a full disk is reported as an I/O error.
        case SQLITE_IOERR where systemError == ENOSPC || systemError == EDQUOT: return .full
        default: return .other
        }
    }

    private static func constraint(of code: CInt) -> Constraint {
        // The extended codes are macros of an expression, which Swift does not import.
        switch code >> 8 {
        case 6, 8, 10: .unique  // PRIMARYKEY, UNIQUE, ROWID
        case 3: .foreign
        default: .other
        }
    }
}
