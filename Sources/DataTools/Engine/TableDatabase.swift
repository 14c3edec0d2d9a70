import CDuckDB
import Glibc

/// An engine in memory that can read some files and nothing else, locked before the first question.
///
/// Not thread-safe, but for `interrupt`.
final class TableDatabase {
    struct Failure: Error {
        let problem: AnswerHead.Problem
        let message: String
    }

    let files: [TableFile]
    let alias: String?
    private let library: DuckDBLibrary
    private var database: UnsafeMutableRawPointer?
    private(set) var connection: UnsafeMutableRawPointer?
    private var descriptors: [Int32] = []
    /// Whether the engine was found to know where a file lies.
    private var tellsPlaces = true

    /// Bytes of memory for a question, its sorts and its tables.
    static let memory = "512MB"

    init(_ files: [TableFile], alias: String?, library: DuckDBLibrary) throws(Failure) {
        self.files = files
        self.alias = alias
        self.library = library
        for file in files {
            let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                let reason = String(cString: strerror(errno))
                close()
                throw Failure(problem: .file, message: "\(file.name) cannot be opened: \(reason).")
            }
            descriptors.append(descriptor)
        }
        do {
            try openLocked()
        } catch {
            close()
            // Nobody's question is to blame, and none is shown.
            let reason = error.message.split(separator: "\n\nLINE ", maxSplits: 1).first.map(String.init) ?? ""
            throw Failure(problem: error.problem == .invalid ? .file : error.problem, message: reason)
        }
    }

    deinit { close() }

    func close() {
        if connection != nil { library.disconnect(&connection) }
        if database != nil { library.close(&database) }
        for descriptor in descriptors { _ = Glibc.close(descriptor) }
        descriptors = []
    }

    /// Files are named by their descriptors: no question can make the engine tell where they lie.
    private func name(_ descriptor: Int32) -> String { "/proc/self/fd/\(descriptor)" }

    private func openLocked() throws(Failure) {
        var config: UnsafeMutableRawPointer?
        guard library.createConfig(&config) == 0 else {
            throw Failure(problem: .engine, message: "DuckDB could not be configured.")
        }
        defer { library.destroyConfig(&config) }
        // More than one thread would only help the slow questions, and the hub has its own work.
        for (name, value) in [
            ("threads", "1"), ("memory_limit", Self.memory), ("temp_directory", ""),
            ("autoinstall_known_extensions", "false"),
            ("autoload_known_extensions", "false"), ("allow_community_extensions", "false"),
            ("allow_unsigned_extensions", "false"),
        ] { _ = library.setConfig(config, name, value) }
        var message: UnsafeMutablePointer<CChar>?
        guard library.openExtended(nil, &database, config, &message) == 0 else {
            throw Failure(problem: .engine, message: library.take(message))
        }
        guard library.connect(database, &connection) == 0 else {
            throw Failure(problem: .engine, message: "DuckDB could not be connected to.")
        }
        try run("SET allowed_paths=\(paths)")
        try run("SET enable_external_access=false")
        try run("SET errors_as_json=false")
        // A view reads no rows, but the files' schemas: where they are damaged it fails here.
        if let first = files.first {
            if first.format == .arrow { try registerArrow() }
            try run("CREATE VIEW data AS SELECT * FROM \(scan(first.format))")
            if let alias, alias != "data" {
                try run("CREATE VIEW \(Self.quoted(alias)) AS SELECT * FROM data")
            }
            try number(first.format)
        }
        try run("SET lock_configuration=true")
        tellsPlaces = findsPlaces()
    }

    /// Whether anything that the engine can tell of itself, its settings and the texts of its views, says where a file
    /// lies. It knows files by their descriptors alone, and with the calls denied that resolve them (see `WorkerSandbox`)
    /// there is nothing to hide; that is looked at rather than believed, for other engines and other systems.
    private func findsPlaces() -> Bool {
        let told = "SELECT value AS told FROM duckdb_settings() UNION ALL SELECT sql FROM duckdb_views()"
        let places =
            "regexp_matches(regexp_replace(told, '/proc/self/fd/[0-9]+', '', 'g'), '(^|[^A-Za-z0-9_.])/[A-Za-z0-9_.]')"
        // The question fails where there is a place; where it cannot be asked, there may be one.
        return (try? run("SELECT error(told) FROM (\(told)) WHERE \(places)")) == nil
    }

    static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

    private var paths: String { "[" + descriptors.map { "'\(name($0))'" }.joined(separator: ",") + "]" }

    /// Whether a text names what tells of the engine itself, where that would tell where files lie. Quotation marks and
    /// case hide no name from this; a text that merely speaks of one is refused too.
    private static func asksOfTheEngine(_ text: String) -> Bool {
        let plain = text.lowercased().filter { $0 != "\"" && !$0.isWhitespace }
        return [
            "duckdb_", "current_setting", "getvariable", "pragma_", "sqlite_master", "information_schema",
            "query_table",
            // A text made while it runs, whatever stands between the name and its bracket; a column may be called so.
            "query(", "query/*", "query--",
        ].contains { plain.contains($0) }
    }

    /// Whether a text begins as a question does. What it is the engine says; but it takes a PRAGMA for a SELECT.
    static func isReading(_ sql: String) -> Bool {
        var rest = sql[...]
        while true {
            rest = rest.drop { $0.isWhitespace || $0 == "(" }
            if rest.hasPrefix("--") {
                rest = rest.drop { !$0.isNewline }
            } else if rest.hasPrefix("/*") {
                guard let end = rest.firstRange(of: "*/") else { return false }
                rest = rest[end.upperBound...]
            } else {
                break
            }
        }
        let word = rest.prefix { $0.isLetter }.lowercased()
        return ["select", "with", "from", "values", "table", "describe", "summarize", "show"].contains(word)
    }

    /// The table function that reads the files.
    private func scan(_ format: TableFormat) -> String {
        let isJSON = format == .json || format == .jsonl
        let packed = files.first?.compression ?? (isJSON ? "uncompressed" : "none")
        let compression = ", compression='\(packed)'"
        switch format {
        case .parquet: return "read_parquet(\(paths), union_by_name=true)"
        case .csv: return "read_csv(\(paths), sample_size=20480, max_line_size=8388608\(compression))"
        case .tsv:
            return "read_csv(\(paths), delim='\\t', sample_size=20480, max_line_size=8388608\(compression))"
        case .json: return "read_json(\(paths), maximum_object_size=67108864, maximum_depth=16\(compression))"
        case .jsonl:
            return "read_json(\(paths), format='newline_delimited', maximum_object_size=16777216, maximum_depth=16"
                + compression + ")"
        case .arrow: return "\(ArrowFunction.name)()"
        }
    }

    /// The table in which each row knows its number. Of Parquet the files themselves tell it, so that a filter still
    /// passes over what cannot match.
    private func number(_ format: TableFormat) throws(Failure) {
        if format == .parquet, files.allSatisfy({ $0.firstRow != nil }) {
            let parts = zip(descriptors, files).map { descriptor, file in
                "SELECT * EXCLUDE (file_row_number), file_row_number + \(file.firstRow ?? 0) AS __row__ FROM "
                    + "read_parquet('\(name(descriptor))', file_row_number=true)"
            }
            // A file may have a column of that name.
            if (try? run("CREATE VIEW numbered AS " + parts.joined(separator: " UNION ALL BY NAME "))) != nil { return }
        }
        try run("CREATE VIEW numbered AS SELECT *, row_number() OVER () - 1 AS __row__ FROM data")
    }

    private func registerArrow() throws(Failure) {
        do throws(DuckDBLibrary.Failure) {
            let pairs = zip(descriptors, files).map { (descriptor: $0, name: $1.name) }
            try ArrowFunction.register(pairs, functions: try TableFunctions(library), connection: connection)
        } catch {
            throw Failure(problem: .engine, message: error.message)
        }
    }

    private func run(_ sql: String) throws(Failure) {
        var result = duck_result()
        defer { library.destroyResult(&result) }
        guard library.query(connection, sql, &result) == 0 else { throw failure(library.resultError(&result)) }
    }

    // MARK: Questions

    /// Answers one question.
    /// - Returns: the head, and the cells as they travel.
    func answer(_ request: TableRequest, isInterrupted: () -> Bool) throws(Failure) -> (AnswerHead, [UInt8]) {
        var prepared: UnsafeMutableRawPointer?
        defer { library.destroyPrepared(&prepared) }
        try prepare(request, &prepared)
        for (index, binding) in request.bindings.enumerated() { bind(binding, at: duck_idx(index + 1), of: prepared) }
        var result = duck_result()
        defer { library.destroyResult(&result) }
        guard library.execute(prepared, &result) == 0 else { throw failure(library.resultError(&result)) }
        return try fetch(&result, request, isInterrupted: isInterrupted)
    }

    private func prepare(_ request: TableRequest, _ prepared: inout UnsafeMutableRawPointer?) throws(Failure) {
        guard !request.sql.utf8.contains(0) else {
            throw Failure(problem: .invalid, message: "The text holds a NUL.")
        }
        var statements: UnsafeMutableRawPointer?
        defer { library.destroyExtracted(&statements) }
        if request.isForeign, !Self.isReading(request.sql) {
            throw Failure(problem: .refused, message: "Only SELECT is permitted.")
        }
        guard !request.isForeign || !tellsPlaces || !Self.asksOfTheEngine(request.sql) else {
            throw Failure(problem: .refused, message: "Settings and inner tables of the engine are not for questions.")
        }
        let sql = request.isForeign ? request.sql : request.sql.replacing("{files}", with: paths)
        let count = library.extractStatements(connection, sql, &statements)
        guard count > 0 else {
            let said = library.extractError(statements).map { String(cString: $0) } ?? ""
            throw failure(said.isEmpty ? "There is no statement." : said)
        }
        guard count == 1 else {
            throw Failure(problem: .refused, message: "Write one statement, not \(count).")
        }
        guard library.prepareExtracted(connection, statements, 0, &prepared) == 0 else {
            throw failure(library.prepareError(prepared))
        }
        // 1 is SELECT. What else there is changes something, or reads what is none of its business.
        guard library.statementType(prepared) == 1 else {
            throw Failure(problem: .refused, message: "Only SELECT is permitted.")
        }
    }

    private func bind(_ binding: TableRequest.Binding, at index: duck_idx, of prepared: UnsafeMutableRawPointer?) {
        switch binding {
        case .text(let text):
            var text = text
            text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    _ = library.bindText(prepared, index, $0.baseAddress, duck_idx($0.count))
                }
            }
        case .integer(let value): _ = library.bindInteger(prepared, index, value)
        case .number(let value): _ = library.bindNumber(prepared, index, value)
        case .boolean(let value): _ = library.bindBoolean(prepared, index, value)
        case .null: _ = library.bindNull(prepared, index)
        }
    }

    /// Columns of one answer.
    static let columnLimit = 4_096

    private func fetch(
        _ result: inout duck_result, _ request: TableRequest, isInterrupted: () -> Bool
    ) throws(Failure) -> (AnswerHead, [UInt8]) {
        let reader = ColumnReader(library: library)
        var head = AnswerHead()
        let count = Int(library.columnCount(&result))
        guard count <= Self.columnLimit else {
            throw Failure(
                problem: .invalid, message: "There are \(count) columns; at most \(Self.columnLimit) can be shown.")
        }
        head.columns = (0..<count).map { index in
            TableColumn(
                name: library.columnName(&result, duck_idx(index)).map { String(cString: $0) } ?? "",
                type: reader.type(library.columnType(&result, duck_idx(index))))
        }
        var body: [UInt8] = []
        fetching: while true {
            var chunk = library.fetchChunk(result)
            guard chunk != nil else {
                if isInterrupted() { throw Failure(problem: .time, message: "interrupted") }
                if let said = library.resultError(&result), said.pointee != 0 { throw failure(said) }
                break
            }
            defer { library.destroyChunk(&chunk) }
            let vectors = (0..<count).map { library.chunkVector(chunk, duck_idx($0)) }
            for row in 0..<Int(library.chunkSize(chunk)) {
                guard head.rows < request.rowLimit, body.count < request.byteLimit else {
                    head.isCut = true
                    break fetching
                }
                for (column, vector) in zip(head.columns, vectors) {
                    var cell = CellWriter(limit: request.cellLimit)
                    reader.write(row, of: vector, column.type, to: &cell)
                    WorkerFrame.append(UInt32(cell.bytes.count) | (cell.isCut ? 1 << 31 : 0), to: &body)
                    body.append(contentsOf: cell.bytes)
                }
                head.rows += 1
            }
        }
        return (head, body)
    }

    // MARK: Errors

    private func failure(_ said: UnsafePointer<CChar>?) -> Failure {
        failure(said.map { String(cString: $0) } ?? "DuckDB gave no reason.")
    }

    /// Says what went wrong in the words of whoever asked: descriptors become names of files again.
    private func failure(_ said: String) -> Failure {
        var message = said
        for (descriptor, file) in zip(descriptors, files).reversed() {
            message = message.replacing(name(descriptor), with: file.name)
        }
        let problem: AnswerHead.Problem
        if said.hasPrefix("Permission Error") {
            problem = .refused
        } else if said.hasPrefix("Out of Memory Error") || said.contains("Failed to allocate")
            || said.contains("bad_alloc")
        {
            problem = .memory
        } else if said.hasPrefix("INTERRUPT Error") {
            problem = .time
        } else if said.hasPrefix("Invalid Input Error") || said.hasPrefix("IO Error")
            || said.hasPrefix("TransactionContext Error") || said.contains("Thrift") || said.hasPrefix("Serialization")
            || said.contains("SerializationException")
        {
            problem = .file
        } else if said.hasPrefix("INTERNAL Error") || said.hasPrefix("FATAL Error") {
            problem = .engine
        } else {
            problem = .invalid
        }
        // A reader may quote a line of the file, however long it is.
        return Failure(
            problem: problem, message: message.count > 1_000 ? String(message.prefix(1_000)) + "…" : message)
    }
}
