import DataTools
import Foundation
import HubCore

/// What is known of the values of a column.
struct ColumnStatistics: Sendable, Codable {
    enum Kind: String, Sendable, Codable {
        case float, int, bool, list, datetime, image, audio
        case classLabel = "class_label"
        case stringLabel = "string_label"
        case stringText = "string_text"
    }

    var name: String
    var kind: Kind
    var count: Int64 = 0
    var nulls: Int64 = 0
    /// Numbers; of texts and lists their lengths, of times seconds since 1970.
    var minimum: Double?
    var maximum: Double?
    var mean: Double?
    var median: Double?
    var deviation: Double?
    var histogram: [Int64] = []
    var edges: [Double] = []
    var unique: Int64?
    /// Values by how often they occur, the most frequent first.
    var frequencies: [Frequency] = []

    struct Frequency: Sendable, Codable {
        let value: String
        let count: Int64
    }

    var nullShare: Double { count == 0 ? 0 : Double(nulls) / Double(count) }
}

/// Statistics of a split as far as they are known.
struct StatisticsState: Sendable, Codable {
    var rows: Int64 = 0
    var columns: [ColumnStatistics] = []
    /// How many columns there are.
    var expected = 0
    var isPartial = false
    /// Why there will be no more.
    var problem: String?

    var isDone: Bool { problem != nil || columns.count >= expected }
}

/// Computes the statistics of each split once, a column at a time, and keeps them.
actor SplitStatistics {
    private let folder: String
    private var running: [String: StatisticsState] = [:]
    private var listeners: [String: [Int: AsyncStream<StatisticsState>.Continuation]] = [:]
    private var counter = 0

    /// Bytes of a split that are looked at.
    static let byteLimit: Int64 = 5 << 30
    /// Bins of a histogram, and values that still count as labels.
    private static let bins = 10
    private static let labels = 30
    private static let milliseconds = 180_000
    private static let version = 1
    /// Splits that are computed at the same time.
    private static let runningLimit = 4

    init(folder: String) { self.folder = folder }

    /// What is known; begins the computing where nothing is.
    func state(of table: DatasetViewer.Table, _ viewer: DatasetViewer) throws -> StatisticsState {
        if let state = running[table.key] { return state }
        if let kept = kept(table.key) { return kept }
        guard running.count < Self.runningLimit else {
            throw HubError(
                .tooManyRequests, "Statistics of other datasets are being computed.", remedy: "Ask again later.",
                retryAfter: 10)
        }
        let first = StatisticsState(
            rows: table.rows ?? 0, expected: table.columns.count, isPartial: table.isPartial)
        running[table.key] = first
        // It goes on when nobody waits any more: the next one finds it.
        Task { await self.compute(table, viewer) }
        return first
    }

    /// What is known without beginning anything.
    func known(_ key: String) -> StatisticsState? { running[key] ?? kept(key) }

    /// Every state from now on, until it is done.
    func states(of table: DatasetViewer.Table, _ viewer: DatasetViewer) throws -> AsyncStream<StatisticsState> {
        let now = try state(of: table, viewer)
        let (stream, continuation) = AsyncStream.makeStream(
            of: StatisticsState.self, bufferingPolicy: .bufferingNewest(1))
        continuation.yield(now)
        guard running[table.key] != nil else {
            continuation.finish()
            return stream
        }
        counter += 1
        let id = counter
        listeners[table.key, default: [:]][id] = continuation
        continuation.onTermination = { _ in Task { await self.leave(table.key, id) } }
        return stream
    }

    private func leave(_ key: String, _ id: Int) { listeners[key]?[id] = nil }

    private func tell(_ key: String, _ state: StatisticsState) {
        running[key] = state
        for listener in (listeners[key] ?? [:]).values { listener.yield(state) }
    }

    private func compute(_ table: DatasetViewer.Table, _ viewer: DatasetViewer) async {
        var state = running[table.key] ?? StatisticsState()
        for column in table.columns {
            do {
                state.columns.append(try await Self.statistics(of: column, in: table, viewer))
            } catch let error as HubError {
                state.problem = error.line
                break
            } catch {
                state.problem = "interrupted"
                break
            }
            if state.rows == 0 { state.rows = state.columns.first?.count ?? 0 }
            tell(table.key, state)
        }
        keep(state, table.key)
        tell(table.key, state)
        running[table.key] = nil
        for listener in (listeners.removeValue(forKey: table.key) ?? [:]).values { listener.finish() }
    }

    // MARK: Keeping

    private func path(_ key: String) -> String { "\(folder)/\(key)-\(Self.version).json" }

    private func kept(_ key: String) -> StatisticsState? {
        FileManager.default.contents(atPath: path(key)).flatMap {
            try? JSONDecoder().decode(StatisticsState.self, from: $0)
        }
    }

    private func keep(_ state: StatisticsState, _ key: String) {
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        guard state.problem == nil, let data = try? JSONEncoder().encode(state) else { return }
        try? data.write(to: URL(filePath: path(key)), options: .atomic)
    }

    // MARK: Computing

    private static func statistics(
        of column: TableColumn, in table: DatasetViewer.Table, _ viewer: DatasetViewer
    ) async throws -> ColumnStatistics {
        let name = RowFilter.quoted(column.name)
        let isInteger = column.type.isInteger
        switch column.type.kind {
        case _ where column.type.isNumeric:
            return try await numbers(
                "CAST(\(name) AS DOUBLE)", isInteger ? .int : .float, isInteger: isInteger, column, table, viewer)
        case .boolean:
            var found = ColumnStatistics(name: column.name, kind: .bool)
            try await count(&found, name, table, viewer)
            try await frequencies(&found, "CAST(\(name) AS VARCHAR)", table, viewer)
            return found
        case .date, .timestamp, .timestampTZ:
            return try await numbers("epoch(\(name))", .datetime, isInteger: false, column, table, viewer)
        case .text, .enumeration, .uuid: return try await texts(column, name, table, viewer)
        case .list, .array: return try await numbers("len(\(name))", .list, isInteger: true, column, table, viewer)
        default:
            var found = ColumnStatistics(name: column.name, kind: ColumnType.isMedia(column.type) ? .image : .list)
            try await count(&found, name, table, viewer)
            return found
        }
    }

    private static func ask(
        _ sql: String, _ table: DatasetViewer.Table, _ viewer: DatasetViewer, rows: Int = 1
    ) async throws -> [[TableCell]] {
        try await viewer.ask(
            TableRequest(files: table.files, sql: sql), rows: rows, isPatient: true, milliseconds: milliseconds
        ).rows
    }

    private static func number(_ cell: TableCell?) -> Double? { cell.flatMap { Double($0.json) } }

    private static func count(
        _ found: inout ColumnStatistics, _ name: String, _ table: DatasetViewer.Table, _ viewer: DatasetViewer
    ) async throws {
        let row = try await ask("SELECT count(*), count(\(name)) FROM data", table, viewer).first ?? []
        found.count = Int64(number(row.first) ?? 0)
        found.nulls = found.count - Int64(number(row.dropFirst().first) ?? 0)
    }

    private static func numbers(
        _ value: String, _ kind: ColumnStatistics.Kind, isInteger: Bool, _ column: TableColumn,
        _ table: DatasetViewer.Table, _ viewer: DatasetViewer
    ) async throws -> ColumnStatistics {
        var found = ColumnStatistics(name: column.name, kind: kind)
        let rows = try await ask(
            """
            SELECT count(*), count(v), min(v), max(v), avg(v), approx_quantile(v, 0.5), stddev_samp(v)
            FROM (SELECT CASE WHEN isfinite(w) THEN w END AS v FROM (SELECT CAST(\(value) AS DOUBLE) AS w FROM data))
            """, table, viewer)
        guard let row = rows.first, row.count == 7 else { return found }
        found.count = Int64(number(row[0]) ?? 0)
        found.nulls = found.count - Int64(number(row[1]) ?? 0)
        (found.minimum, found.maximum, found.mean) = (number(row[2]), number(row[3]), number(row[4]))
        (found.median, found.deviation) = (number(row[5]), number(row[6]))
        guard let low = found.minimum, let high = found.maximum else { return found }
        // Of whole numbers a bin holds whole ones: no more bins than there are values.
        let span = high - low
        let width = isInteger ? max(1, ((span + 1) / Double(bins)).rounded(.up)) : span / Double(bins)
        let wanted = span == 0 ? 1 : isInteger ? max(1, Int(((span + 1) / width).rounded(.up))) : bins
        found.edges = (0..<wanted).map { low + Double($0) * width } + [high]
        found.histogram = [Int64](repeating: 0, count: wanted)
        if wanted == 1 {
            found.histogram = [found.count - found.nulls]
            return found
        }
        let counted = try await ask(
            """
            SELECT least(\(wanted - 1), CAST(floor((v - (\(low))) / \(width)) AS BIGINT)) AS bin, count(*)
            FROM (SELECT CAST(\(value) AS DOUBLE) AS v FROM data) WHERE isfinite(v) GROUP BY bin
            """, table, viewer, rows: bins + 1)
        for row in counted {
            guard let bin = number(row.first), let count = number(row.last), (0..<Double(wanted)).contains(bin) else {
                continue
            }
            found.histogram[Int(bin)] = Int64(count)
        }
        return found
    }

    private static func texts(
        _ column: TableColumn, _ name: String, _ table: DatasetViewer.Table, _ viewer: DatasetViewer
    ) async throws -> ColumnStatistics {
        let text = "CAST(\(name) AS VARCHAR)"
        let row = try await ask("SELECT approx_count_distinct(\(text)), avg(len(\(text))) FROM data", table, viewer)
        let unique = Int64(number(row.first?.first) ?? 0)
        // The estimate may be some percent off; counting them settles it.
        if unique <= Int64(labels) * 2 {
            var found = ColumnStatistics(name: column.name, kind: .stringLabel, unique: unique)
            try await count(&found, name, table, viewer)
            try await frequencies(&found, text, table, viewer)
            if found.frequencies.count <= labels {
                found.unique = Int64(found.frequencies.count)
                return found
            }
        }
        var found = try await numbers("len(\(text))", .stringText, isInteger: true, column, table, viewer)
        found.unique = unique
        return found
    }

    private static func frequencies(
        _ found: inout ColumnStatistics, _ text: String, _ table: DatasetViewer.Table, _ viewer: DatasetViewer
    ) async throws {
        let rows = try await ask(
            "SELECT \(text) AS v, count(*) AS n FROM data WHERE v IS NOT NULL GROUP BY v ORDER BY n DESC, v LIMIT \(labels + 1)",
            table, viewer, rows: labels + 1)
        found.frequencies = rows.compactMap { row in
            guard let json = row.first?.json, let count = number(row.last),
                let value = try? JSONDecoder().decode(String.self, from: Data(json.utf8))
            else { return nil }
            return ColumnStatistics.Frequency(value: value, count: Int64(count))
        }
    }
}
