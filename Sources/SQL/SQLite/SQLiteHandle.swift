import CSQLite

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One connection to an SQLite file, with a bounded cache of its prepared statements.
///
/// `@unchecked Sendable`: it is opened with `NOMUTEX`, and its owner (the writer's thread, or a reader's mutex) lets one
/// thread at a time use it.
final class SQLiteHandle: @unchecked Sendable {
    /// Whether the connection may write.
    enum Role { case writer, reader }

    private let database: OpaquePointer
    private var cache: [String: SQLiteStatement] = [:]
    private var uses: UInt64 = 0
    /// Statements kept prepared; the hub has about that many.
    private static let cacheLimit = 256

    /// Opens `path`, which is made when it is missing, with the settings that all connections share.
    /// - Throws: `DatabaseError`.
    init(path: String, role: Role, busyMilliseconds: Int32) throws {
        var pointer: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
        let code = sqlite3_open_v2(path, &pointer, flags, nil)
        guard code == SQLITE_OK, let pointer else {
            defer { sqlite3_close_v2(pointer) }
            let error = DatabaseError(code: code, database: pointer, sql: "")
            throw DatabaseError(error.kind, "Cannot open the database \(path): \(error.message).", sql: "")
        }
        database = pointer
        sqlite3_extended_result_codes(pointer, 1)
        sqlite3_busy_timeout(pointer, busyMilliseconds)
        // From here on deinit closes the connection when something throws.
        try enterWriteAheadLog(patience: busyMilliseconds)
        for pragma in Self.pragmas(role) { try execute(pragma) }
    }

    deinit { close() }

    /// Whether a transaction is open.
    var isInTransaction: Bool { sqlite3_get_autocommit(database) == 0 }

    /// Whether the open transaction holds foreign keys that point nowhere, and so would fail its commit.
    var hasUnresolvedForeignKeys: Bool {
        var current: CInt = 0
        var highest: CInt = 0
        let code = sqlite3_db_status(database, SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0)
        return code == SQLITE_OK && current != 0
    }

    /// The beginning of the write-ahead log's index; nil where processes do not share it. It goes with the connection.
    ///
    /// - SeeAlso: https://www.sqlite.org/walformat.html, "WAL-Index Header".
    func logIndex() throws -> UnsafeRawPointer? {
        // The log is opened by the first who reads.
        try forEach("SELECT COUNT(*) FROM sqlite_schema", []) { _ in false }
        return sqlite_shim_log_index(database)
    }

    /// The number of statements in the cache.
    var cachedStatements: Int { cache.count }

    /// Runs one statement, or several when there are no arguments.
    /// - Returns: rows changed by the last statement.
    @discardableResult
    func execute(_ sql: String, _ arguments: [Value] = []) throws -> Int {
        guard let statement = try take(sql) else {
            guard arguments.isEmpty else {
                throw DatabaseError(.misuse, "Only one statement can have arguments.", sql: sql)
            }
            return try executeScript(sql)
        }
        defer { give(statement) }
        return try run(statement, arguments)
    }

    /// Steps through the rows of one statement until `body` returns false.
    func forEach(_ sql: String, _ arguments: [Value], _ body: (Row) throws -> Bool) throws {
        guard let statement = try take(sql) else {
            throw DatabaseError(.misuse, "A query is exactly one statement.", sql: sql)
        }
        defer { give(statement) }
        try statement.bind(arguments)
        while try statement.step() {
            guard try body(statement.row()) else { return }
        }
    }

    /// Steps through the integers of the first column of one statement.
    func forEachInteger(_ sql: String, _ arguments: [Value], _ body: (Int64) -> Void) throws {
        guard let statement = try take(sql) else {
            throw DatabaseError(.misuse, "A query is exactly one statement.", sql: sql)
        }
        defer { give(statement) }
        try statement.bind(arguments)
        while try statement.step() {
            if let integer = statement.firstInteger { body(integer) }
        }
    }

    /// Rolls back whatever is open.
    /// - Returns: whether the connection is usable again.
    func rollback() -> Bool {
        if isInTransaction { _ = try? execute("ROLLBACK") }
        return !isInTransaction
    }

    private func close() {
        cache.removeAll()
        sqlite3_close_v2(database)
    }

    private func run(_ statement: SQLiteStatement, _ arguments: [Value]) throws -> Int {
        try statement.bind(arguments)
        let before = sqlite3_total_changes64(database)
        while try statement.step() {}
        // `changes` keeps its last value across statements that change no row, DDL for instance.
        return sqlite3_total_changes64(database) == before ? 0 : Int(sqlite3_changes64(database))
    }
}

// MARK: - Statements

extension SQLiteHandle {
    /// The prepared statement of `sql`; nil when `sql` holds none or several.
    private func take(_ sql: String) throws -> SQLiteStatement? {
        uses += 1
        if let statement = cache[sql], !statement.isBusy {
            statement.isBusy = true
            statement.lastUse = uses
            return statement
        }
        let prepared = try prepare(sql[...])
        guard let statement = prepared.statement, isBlank(prepared.rest) else { return nil }
        statement.isBusy = true
        statement.lastUse = uses
        if cache[sql] == nil {
            evictIfFull()
            cache[sql] = statement
        }
        return statement
    }

    private func give(_ statement: SQLiteStatement) {
        statement.reset()
        statement.isBusy = false
    }

    private func evictIfFull() {
        guard cache.count >= Self.cacheLimit else { return }
        let oldest = cache.lazy.filter { !$0.value.isBusy }.min { $0.value.lastUse < $1.value.lastUse }
        if let oldest { cache[oldest.key] = nil }
    }

    private func executeScript(_ script: String) throws -> Int {
        var rest = script[...]
        var changes = 0
        while true {
            let prepared = try prepare(rest)
            // No statement and no progress: only blanks and comments are left. An empty statement makes progress.
            guard prepared.statement != nil || prepared.rest.utf8.count < rest.utf8.count else { return changes }
            if let statement = prepared.statement { changes = try run(statement, []) }
            rest = prepared.rest
            if rest.isEmpty { return changes }
        }
    }

    private func isBlank(_ sql: Substring) -> Bool {
        if sql.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 || $0 == 0x3B }) { return true }
        // Comments: SQLite knows best what one is. What it cannot prepare yet (a later statement may need a table that
        // an earlier one makes) is no comment.
        var rest = sql
        while !rest.isEmpty {
            guard let prepared = try? prepare(rest) else { return false }
            if prepared.statement != nil { return false }
            guard prepared.rest.utf8.count < rest.utf8.count else { return true }
            rest = prepared.rest
        }
        return true
    }

    private func prepare(_ sql: Substring) throws -> (statement: SQLiteStatement?, rest: Substring) {
        var pointer: OpaquePointer?
        var consumed = sql.utf8.count
        var text = String(sql)
        let code = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                guard let start = characters.baseAddress else { return SQLITE_OK }
                var tail: UnsafePointer<CChar>?
                let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
                let code = sqlite3_prepare_v3(database, start, CInt(characters.count), flags, &pointer, &tail)
                if let tail { consumed = start.distance(to: tail) }
                return code
            }
        }
        guard code == SQLITE_OK else { throw DatabaseError(code: code, database: database, sql: text) }
        let own = String(Substring(text.utf8.prefix(consumed)))
        let rest = Substring(text.utf8.dropFirst(consumed))
        return (pointer.map { SQLiteStatement($0, database: database, sql: own) }, rest)
    }
}

// MARK: - Settings

extension SQLiteHandle {
    private static func pragmas(_ role: Role) -> [String] {
        let shared = [
            // FULL: a commit that was acknowledged survives a power cut. Group commit pays for it.
            "PRAGMA synchronous = FULL",
            "PRAGMA foreign_keys = ON",
            "PRAGMA temp_store = MEMORY",
            "PRAGMA trusted_schema = OFF",
            "PRAGMA wal_autocheckpoint = 1000",
            // A burst must not leave a huge log behind: it is cut back to this many bytes.
            "PRAGMA journal_size_limit = 67108864",
        ]
        // Cache sizes are KiB when negative.
        return shared
            + (role == .writer
                ? ["PRAGMA cache_size = -32768"] : ["PRAGMA cache_size = -8192", "PRAGMA query_only = ON"])
    }

    /// Switching a new file to the log does not wait for the busy timeout when two processes do it at once.
    private func enterWriteAheadLog(patience: Int32) throws {
        var waited: Int32 = 0
        while true {
            do {
                var mode = ""
                try forEach("PRAGMA journal_mode = WAL", []) { row in
                    mode = try row.text("journal_mode")
                    return false
                }
                guard mode == "wal" else {
                    throw DatabaseError(.other, "The file system cannot hold a write-ahead log (\(mode)).", sql: "")
                }
                return
            } catch let error as DatabaseError where error.kind == .busy && waited < patience {
                usleep(10_000)
                waited += 10
            }
        }
    }
}
