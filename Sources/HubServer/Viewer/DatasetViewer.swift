import Crypto
package import DataTools
import Foundation
import HubCore
package import MirrorGateway

/// Rows of datasets, for every surface that shows them.
package struct DatasetViewer: Sendable {
    let gateway: Gateway
    /// Nil where DuckDB is not installed.
    let workers: WorkerPool?
    private let memory = ViewerMemory()
    let files: ViewerFiles
    let statistics: SplitStatistics
    /// What is read of files that are not here.
    let parts: ViewerParts

    /// Rows of one answer.
    static let pageLimit = 100
    /// Rows in which a search looks; what comes after them is not found.
    static let searchedRows = 1_000_000
    /// Files of one split that are read.
    static let fileLimit = 256
    /// Bytes after which a cell is cut, in lists of rows.
    static let cellLimit = 32 << 10

    package init(gateway: Gateway, workers: WorkerPool?) {
        self.gateway = gateway
        self.workers = workers
        let folder = Self.folder(gateway.hub.directory.path)
        files = ViewerFiles(folder: folder + "/files")
        statistics = SplitStatistics(folder: folder + "/statistics")
        parts = ViewerParts(folder: folder + "/parts")
    }

    /// Where files of git lie for workers, and statistics.
    package static func folder(_ data: String) -> String { data + "/viewer" }

    // MARK: Datasets

    /// A dataset at one commit, opened by somebody who may read it.
    struct Dataset: Sendable {
        let snapshot: Snapshot
        let layout: DatasetLayout
        let card: Card

        var id: RepositoryID { snapshot.repository.id }
        var path: String { id.path }

        /// - Throws: `.notFound` for names the dataset does not have.
        func split(_ config: String?, _ name: String?) throws -> DatasetSplit {
            guard let config = config ?? layout.defaultConfig else {
                throw HubError(
                    .notFound, "\(id.path) holds no Parquet, CSV, JSON or Arrow files.",
                    remedy: "Add data files, or name them under 'configs' of the card.")
            }
            let splits = layout.splits(of: config)
            guard !splits.isEmpty else {
                throw HubError(.notFound, "\(id.path) has no configuration '\(config)'.")
            }
            guard let split = name.map({ name in splits.first { $0.name == name } }) ?? splits.first else {
                throw HubError(.notFound, "The configuration '\(config)' has no split '\(name ?? "")'.")
            }
            return split
        }
    }

    /// Opens a dataset for its content.
    /// - Throws: what the authorizer and the gate decide.
    func dataset(_ path: String, for principal: Principal, at revision: String? = nil) async throws -> Dataset {
        guard let id = RepositoryID(kind: .dataset, path: path) else {
            throw RepositoryAccess.notFound(path, .dataset, principal)
        }
        return try await dataset(
            of: try await gateway.authorizer.open(principal, .contentRead, id), at: revision)
    }

    /// - Parameter repository: opened for `.contentRead`.
    func dataset(of repository: Repository, at revision: String? = nil) async throws -> Dataset {
        var asked: Revision?
        if let revision {
            guard let parsed = Revision(revision) else {
                throw HubError(.revisionNotFound, "'\(revision)' is not a revision of \(repository.id).")
            }
            asked = parsed
        }
        let snapshot = try await gateway.repositories.snapshot(of: repository, at: asked)
        let contents = try await gateway.repositories.contents(of: snapshot)
        return Dataset(
            snapshot: snapshot, layout: DatasetLayout(files: contents.files, card: contents.card),
            card: contents.card)
    }

    // MARK: Splits

    /// A split whose files can be read.
    struct Table: Sendable {
        let dataset: Dataset
        let split: DatasetSplit
        var files: [TableFile]
        /// Names the rows: the same files have the same.
        let key: String
        var columns: [TableColumn]
        /// Nil where counting took too long.
        var rows: Int64?
        /// Whether rows are missing, because files are not here or are too many.
        let isPartial: Bool
        /// Files that are read by parts, because they are not all here; nil where whole files are read.
        var parts: [TreeEntry]?
        /// How many rows the beginning of a text file has; nil where that is not all there is of it.
        var headRows: Int64?

        /// Whether rows come from parts of files, which nobody can check.
        var isUnverified: Bool { parts != nil }
    }

    /// Opens the files of a split, asks the gate for each, and finds out what columns there are.
    /// - Throws: `.notSupported` without DuckDB; `.scanPending` while the first file is on its way here.
    func open(
        _ split: DatasetSplit, of dataset: Dataset, upTo bytes: Int64 = .max, for use: Use = .whole
    ) async throws -> Table {
        _ = try engine()
        if use == .page, let table = try await openParts(split, of: dataset) { return table }
        var (opened, size, isPartial) = ([TableFile](), Int64(0), split.files.count > Self.fileLimit)
        var hash = SHA256()
        for entry in split.files.prefix(Self.fileLimit) {
            guard size < bytes else {
                isPartial = true
                break
            }
            guard let path = try await files.path(of: entry, in: dataset.snapshot, gateway, isFirst: opened.isEmpty)
            else {
                isPartial = true
                break
            }
            size += max(0, entry.contentSize)
            hash.update(data: Data("\(entry.lfs?.oid.hex ?? entry.id.hex) \(entry.path)\n".utf8))
            opened.append(
                TableFile(
                    path: path, name: entry.path, format: split.format,
                    compression: TableFormat.compression(of: entry.path)))
        }
        let key = Hexadecimal.encode(hash.finalize())
        var table = Table(
            dataset: dataset, split: split, files: opened, key: key, columns: [], rows: nil, isPartial: isPartial)
        try await describe(&table)
        return table
    }

    func describe(_ table: inout Table) async throws {
        if let facts = await memory.facts(of: table.key) {
            table.columns = facts.columns
            table.rows = facts.rows
            for (index, first) in facts.firstRows.enumerated() { table.files[index].firstRow = first }
            return
        }
        var firstRows: [Int64] = []
        if table.split.format == .parquet {
            // Their footers say it.
            let counts = try await ask(
                TableRequest(files: table.files, sql: "SELECT num_rows FROM parquet_file_metadata({files})"),
                rows: Self.fileLimit)
            let numbers = counts.rows.compactMap { $0.first.flatMap { Int64($0.json) } }
            if numbers.count == table.files.count {
                var sum: Int64 = 0
                for number in numbers {
                    firstRows.append(sum)
                    sum = sum.addingReportingOverflow(max(0, number)).partialValue
                }
                table.rows = sum
                for (index, first) in firstRows.enumerated() { table.files[index].firstRow = first }
            }
        }
        table.columns = try await ask(TableRequest(files: table.files, sql: "SELECT * FROM data LIMIT 0"), rows: 0)
            .columns
        if table.rows == nil {
            do {
                table.rows = try await count("SELECT count(*) FROM data", [], of: table)
            } catch let error as HubError where error.code == .unprocessable {
                // The first rows may be whole where a later one is not.
            }
        }
        await memory.keep(
            ViewerMemory.Facts(columns: table.columns, rows: table.rows, firstRows: firstRows), for: table.key)
    }

    /// - Throws: `.notSupported`.
    func engine() throws -> WorkerPool {
        guard let workers else {
            throw HubError(
                .notSupported, "The dataset viewer needs DuckDB, which is not installed here.",
                remedy: "Run `make duckdb`, or name a libduckdb.so in WEIR_LIBDUCKDB, and start Weir again.")
        }
        return workers
    }

    func ask(
        _ request: TableRequest, rows: Int, isPatient: Bool = false, milliseconds: Int = 15_000
    ) async throws -> TableAnswer {
        var request = request
        request.rowLimit = rows
        request.milliseconds = milliseconds
        return try await engine().answer(request, isPatient: isPatient)
    }

    private func count(_ sql: String, _ bindings: [TableRequest.Binding], of table: Table) async throws -> Int64? {
        let key = "\(table.key) \(sql) \(bindings)"
        if let known = await memory.count(key) { return known }
        let answer = try await ask(TableRequest(files: table.files, sql: sql, bindings: bindings), rows: 1)
        let number = answer.rows.first?.first.flatMap { Int64($0.json) }
        if let number { await memory.keep(number, for: key) }
        return number
    }

    // MARK: Rows

    /// Which rows are wanted.
    struct Selection: Sendable {
        var offset: Int64 = 0
        var length = DatasetViewer.pageLimit
        /// A condition in our grammar.
        var condition: String?
        var order: String?
        /// A text that some column holds.
        var search: String?
        var cellLimit = DatasetViewer.cellLimit

        var isPlain: Bool { condition == nil && order == nil && search == nil }
    }

    struct RowPage: Sendable {
        struct Row: Sendable {
            /// In the split, from 0.
            let index: Int64
            let cells: [TableCell]
        }

        let columns: [TableColumn]
        let rows: [Row]
        /// Of all rows that were selected; nil where counting took too long.
        let total: Int64?
        let isPartial: Bool
        /// Whether rows come from parts of files, which nobody can check.
        var isUnverified = false
        let milliseconds: Int
    }

    /// - Throws: `.badRequest` for a condition or an order that cannot be read.
    func rows(_ selection: Selection, of table: Table) async throws -> RowPage {
        let length = min(max(selection.length, 0), Self.pageLimit)
        if table.parts != nil, !selection.isPlain {
            return try await rows(selection, of: try await open(table.split, of: table.dataset))
        }
        var request = TableRequest(files: table.files, sql: "")
        request.cellLimit = selection.cellLimit
        guard !selection.isPlain else {
            let wanted =
                selection.offset..<max(selection.offset, min(.max - Int64(length), selection.offset) + Int64(length))
            let (files, firstRow) = try await files(holding: wanted, of: table)
            request.files = files
            request.sql =
                if table.parts == nil, files.count > 1, files.allSatisfy({ $0.firstRow != nil }) {
                    // By numbers of rows the engine passes over groups of rows; an offset it counts through two files.
                    """
                    SELECT * EXCLUDE (__row__) FROM numbered
                    WHERE __row__ >= \(wanted.lowerBound) AND __row__ < \(wanted.upperBound) ORDER BY __row__
                    """
                } else {
                    "SELECT * FROM data LIMIT \(length) OFFSET \(selection.offset - firstRow)"
                }
            let answer = try await asked(request, length)
            return RowPage(
                columns: answer.columns,
                rows: answer.rows.enumerated().map {
                    RowPage.Row(index: selection.offset + Int64($0.offset), cells: $0.element)
                }, total: table.rows, isPartial: table.isPartial, isUnverified: table.isUnverified,
                milliseconds: answer.milliseconds)
        }
        let part = try Part(selection, of: table)
        request.sql =
            "SELECT * FROM \(part.source)\(part.conditions)\(part.order) LIMIT \(length) OFFSET \(selection.offset)"
        request.bindings = part.bindings
        async let page = asked(request, length)
        let total = try? await count(
            "SELECT count(*) FROM \(part.source)\(part.conditions)", part.bindings, of: table)
        let answer = try await page
        return RowPage(
            columns: Array(answer.columns.dropLast()),
            rows: answer.rows.map {
                RowPage.Row(index: $0.last.flatMap { Int64($0.json) } ?? 0, cells: Array($0.dropLast()))
            }, total: total, isPartial: table.isPartial || part.isPartial, milliseconds: answer.milliseconds)
    }

    private func asked(_ request: TableRequest, _ length: Int) async throws -> TableAnswer {
        try await ask(request, rows: length)
    }

    /// A selection as parts of a question. Nothing of what was typed is in its text but names of columns, quoted.
    private struct Part {
        var source = "numbered"
        var conditions = ""
        var order = ""
        var bindings: [TableRequest.Binding] = []
        var isPartial = false

        init(_ selection: Selection, of table: Table) throws {
            var all: [String] = []
            if let text = selection.condition {
                let filter = try RowFilter(parsing: text, columns: table.columns)
                all.append(filter.sql)
                bindings += filter.bindings
            }
            if let text = selection.search {
                let columns = table.columns.filter { $0.type.kind == .text || $0.type.kind == .list }
                guard !columns.isEmpty else {
                    throw HubError(.unprocessable, "There is no text among the columns to search in.")
                }
                let names = columns.map { "contains(lower(CAST(\(RowFilter.quoted($0.name)) AS VARCHAR)), lower(?))" }
                all.append("(" + names.joined(separator: " OR ") + ")")
                bindings += columns.map { _ in .text(text) }
                if (table.rows ?? .max) > Int64(DatasetViewer.searchedRows) {
                    source = "(SELECT * FROM numbered LIMIT \(DatasetViewer.searchedRows))"
                    isPartial = true
                }
            }
            if !all.isEmpty { conditions = " WHERE " + all.joined(separator: " AND ") }
            if let text = selection.order {
                order = " ORDER BY \(try RowOrder(parsing: text, columns: table.columns).sql), __row__"
            }
        }
    }

    // MARK: SQL

    /// Rows and seconds of an answer to somebody's own question.
    static let queryRows = 1_000
    static let queryMilliseconds = 15_000

    /// Answers a question in SQL. The table is called `data`, and like its split.
    /// - Throws: `.unprocessable`, `.forbidden` as ``WorkerPool/answer(_:isPatient:)``.
    func answer(_ sql: String, of table: Table, rows: Int = DatasetViewer.queryRows) async throws -> TableAnswer {
        guard sql.utf8.count <= 100_000 else { throw HubError(.badRequest, "The question is longer than 100 kB.") }
        var request = TableRequest(files: table.files, alias: table.split.name, sql: sql)
        request.isForeign = true
        request.cellLimit = Self.cellLimit
        return try await ask(request, rows: min(rows, Self.queryRows), milliseconds: Self.queryMilliseconds)
    }
}

/// What was found out about splits, while the hub runs.
actor ViewerMemory {
    struct Facts {
        let columns: [TableColumn]
        let rows: Int64?
        let firstRows: [Int64]
    }

    private var facts: [String: Facts] = [:]
    private var counts: [String: Int64] = [:]

    private static let limit = 2_000

    func facts(of key: String) -> Facts? { facts[key] }

    func keep(_ found: Facts, for key: String) {
        if facts.count >= Self.limit { facts.removeAll() }
        facts[key] = found
    }

    func count(_ key: String) -> Int64? { counts[key] }

    func keep(_ number: Int64, for key: String) {
        if counts.count >= Self.limit { counts.removeAll() }
        counts[key] = number
    }
}
