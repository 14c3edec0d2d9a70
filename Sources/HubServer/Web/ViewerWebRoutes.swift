import DataTools
import Foundation
import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: the rows of a dataset.
struct ViewerWebRoutes: Sendable {
    let web: WebContext
    let viewer: DatasetViewer

    private static let base = "/datasets/{namespace}/{name}/viewer"
    /// Bytes of a split whose statistics begin by themselves.
    private static let automatic: Int64 = 100 << 20
    /// Bytes of a cell of the row that is shown whole.
    private static let wholeCell = 512 << 10

    var routes: [Route] {
        [
            Route(.get, Self.base, .repository(.contentRead), errors: web.errors, handler: rows),
            Route(.get, Self.base + "/statistics", .repository(.contentRead), errors: web.errors, handler: statistics),
            Route(.get, Self.base + "/sql", .repository(.contentRead), errors: web.errors, handler: console),
            Route(.get, Self.base + "/sql.csv", .repository(.contentRead), errors: web.errors, handler: export),
        ]
    }

    // MARK: Rows

    private func rows(_ request: HubRequest) async throws -> HubResponse {
        let scene = try await RepositoryScene.open(request, .dataset, web, .contentRead)
        let dataset = try await viewer.dataset(of: scene.repository)
        let query = Self.query(request)
        // The form of a condition sends its parts; the address has the condition.
        if let column = Self.text("column", request) {
            return try await adding(column, to: query, scene, dataset, request)
        }
        return try await web.page(request) { context in
            var page = ViewerPage(header: scene.header, query: query)
            do {
                try await fill(&page, dataset, request, context)
            } catch let error as HubError {
                page.obstacle = try Self.obstacle(error)
            }
            return page.page(context)
        }
    }

    private static func text(_ name: String, _ request: HubRequest) -> String? {
        request.query.first(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func query(_ request: HubRequest) -> ViewerQuery {
        var query = ViewerQuery()
        query.config = text("config", request)
        query.split = text("split", request)
        query.offset = text("offset", request).flatMap { Int64($0) }.map { min(max($0, 0), 1 << 50) } ?? 0
        query.condition = text("where", request)
        query.order = text("orderby", request)
        query.search = text("q", request)
        query.row = text("row", request).flatMap { Int64($0) }.flatMap { $0 >= 0 ? min($0, 1 << 50) : nil }
        return query
    }

    private func adding(
        _ column: String, to query: ViewerQuery, _ scene: RepositoryScene, _ dataset: DatasetViewer.Dataset,
        _ request: HubRequest
    ) async throws -> HubResponse {
        let value = request.query.first("value") ?? ""
        let operation = request.query.first("operator") ?? "="
        var type: ColumnType?
        if let split = try? dataset.split(query.config, query.split),
            let table = try? await viewer.open(split, of: dataset, for: .page)
        {
            type = table.columns.first { $0.name == column }?.type
        }
        let condition = RowFilter.text(column: column, operation: operation, value: value, type: type)
        let changed = condition.map { query.adding($0) } ?? query
        return web.seeOther(changed.address(scene.header.address("viewer")))
    }

    private static func obstacle(_ error: HubError) throws -> ViewerPage.Obstacle {
        switch error.code {
        case .notSupported where error.message.contains("DuckDB"): return .notInstalled(remedy: error.remedy ?? "")
        case .notSupported: return .failed(error.message, remedy: error.remedy)
        case .scanPending: return .fetching(error.message)
        case .badRequest: return .wrong(error.message, remedy: error.remedy)
        case .unprocessable, .tooManyRequests, .internalError:
            return .failed(error.message, remedy: error.remedy)
        default: throw error
        }
    }

    private func fill(
        _ page: inout ViewerPage, _ dataset: DatasetViewer.Dataset, _ request: HubRequest, _ context: PageContext
    ) async throws {
        guard let usual = dataset.layout.defaultConfig else {
            page.obstacle = viewer.workers == nil ? .notInstalled(remedy: "") : .noData
            return
        }
        page.configs = dataset.layout.configs
        // Choosing another subset leaves the split of the first behind.
        let config = page.query.config.flatMap { page.configs.contains($0) ? $0 : nil } ?? usual
        page.splits = dataset.layout.splits(of: config).map(\.name)
        let name = page.query.split.flatMap { page.splits.contains($0) ? $0 : nil }
        let split = try dataset.split(config, name)
        (page.query.config, page.query.split) = (config, split.name)
        let table = try await viewer.open(split, of: dataset, for: page.query.isPlain ? .page : .whole)
        let features = DatasetFeatures(dataset.card, config: config)
        page.columns = table.columns.map { ViewerCells.column($0, features) }
        var selection = DatasetViewer.Selection()
        (selection.offset, selection.length) = (page.query.offset, ViewerPage.pageSize)
        (selection.condition, selection.order) = (page.query.condition, page.query.order)
        (selection.search, selection.cellLimit) = (page.query.search, 2_048)
        let found = try await viewer.rows(selection, of: table)
        let cells = ViewerCells(table: table, features: features)
        page.rows = found.rows.map { ViewerPage.Row(index: $0.index, cells: cells.cells($0.cells, row: $0.index)) }
        (page.total, page.isPartial, page.milliseconds) = (found.total, found.isPartial, found.milliseconds)
        page.isUnverified = found.isUnverified
        if let row = page.query.row {
            var one = DatasetViewer.Selection()
            (one.offset, one.length, one.cellLimit) = (row, 1, Self.wholeCell)
            page.opened = try await viewer.rows(one, of: table).rows.first.map {
                ViewerPage.Row(index: $0.index, cells: cells.cells($0.cells, row: $0.index, isPretty: true))
            }
        }
        let isAsked = request.query.first("statistics") == "start"
        guard table.isUnverified else { return try await spread(&page, split, dataset, isAsked: isAsked) }
        // All rows are needed, so all of the files are.
        page.mayCompute = true
        guard isAsked else { return }
        do {
            try await spread(&page, split, dataset, isAsked: true)
        } catch let error as HubError where error.code == .scanPending {
            page.fetching = error.message
        }
    }

    private func spread(
        _ page: inout ViewerPage, _ split: DatasetSplit, _ dataset: DatasetViewer.Dataset, isAsked: Bool
    ) async throws {
        let table = try await viewer.open(split, of: dataset, upTo: SplitStatistics.byteLimit)
        var state = await viewer.statistics.known(table.key)
        if state == nil, isAsked || split.size <= Self.automatic {
            state = try? await viewer.statistics.state(of: table, viewer)
        }
        guard let state else {
            page.mayCompute = true
            return
        }
        for (index, column) in state.columns.enumerated() where index < page.columns.count {
            page.columns[index].statistics = ViewerCells.statistics(column)
        }
        page.hasPartialStatistics = state.isPartial
        if !state.isDone { page.progress = ViewerPage.Progress(done: state.columns.count, all: state.expected) }
    }

    // MARK: Statistics as they come

    private struct Told: Encodable {
        struct Column: Encodable {
            let index: Int
            let html: String
        }

        let done: Int
        let all: Int
        let isDone: Bool
        let words: String
        let columns: [Column]
    }

    /// Server-Sent Events `columns`: what the heads of columns show, as soon as it is known.
    private func statistics(_ request: HubRequest) async throws -> HubResponse {
        let scene = try await RepositoryScene.open(request, .dataset, web, .contentRead)
        let dataset = try await viewer.dataset(of: scene.repository)
        let query = Self.query(request)
        let context = try await web.context(request)
        let split = try dataset.split(query.config, query.split)
        let table = try await viewer.open(split, of: dataset, upTo: SplitStatistics.byteLimit)
        let states = try await viewer.statistics.states(of: table, viewer)
        let base = scene.header.address("viewer")
        let features = DatasetFeatures(dataset.card, config: split.config)
        return HubResponse(
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: .stream(length: nil) { writer in
                for await state in states {
                    let columns = zip(table.columns, state.columns).enumerated().map { index, pair in
                        var column = ViewerCells.column(pair.0, features)
                        column.statistics = ViewerCells.statistics(pair.1)
                        return Told.Column(index: index, html: column.spread(query, base, context.t).string)
                    }
                    let told = Told(
                        done: state.columns.count, all: state.expected, isDone: state.isDone,
                        words: context.t.viewerComputing(
                            context.t.number(state.columns.count), context.t.number(state.expected)),
                        columns: columns)
                    let data = try JSONEncoder().encode(told)
                    try await writer.send("event: columns\ndata: \(String(decoding: data, as: UTF8.self))\n\n")
                }
            })
    }

    // MARK: SQL

    private func console(_ request: HubRequest) async throws -> HubResponse {
        let scene = try await RepositoryScene.open(request, .dataset, web, .contentRead)
        let dataset = try await viewer.dataset(of: scene.repository)
        let query = Self.query(request)
        return try await web.page(request) { context in
            var page = SQLConsolePage(header: scene.header)
            page.isInstalled = viewer.workers != nil
            page.configs = dataset.layout.configs
            page.limits = (
                DatasetViewer.queryRows, DatasetViewer.queryMilliseconds / 1_000, 512_000_000
            )
            page.question = query.search ?? ""
            let config = query.config.flatMap { page.configs.contains($0) ? $0 : nil } ?? dataset.layout.defaultConfig
            page.config = config
            page.splits = config.map { dataset.layout.splits(of: $0).map(\.name) } ?? []
            do {
                let name = query.split.flatMap { page.splits.contains($0) ? $0 : nil }
                let split = try dataset.split(config, name)
                page.split = split.name
                let table = try await viewer.open(split, of: dataset, for: query.search == nil ? .page : .whole)
                let features = DatasetFeatures(dataset.card, config: split.config)
                page.columns = table.columns.map { ViewerCells.column($0, features) }
                guard let question = query.search else {
                    page.question = Self.example(table)
                    return page.page(context)
                }
                let answer = try await viewer.answer(question, of: table)
                let plain = DatasetFeatures(.empty, config: "")
                page.result = SQLConsolePage.Result(
                    columns: answer.columns.map { ViewerCells.column($0, plain) },
                    rows: answer.rows.map { ViewerCells.cells($0, answer.columns) }, isCut: answer.isCut,
                    milliseconds: answer.milliseconds)
            } catch let error as HubError where Self.isOfQuestion(error) {
                page.obstacle = (context.t.viewerWrongQuestion, error.message, error.remedy)
            }
            return page.page(context)
        }
    }

    private static func isOfQuestion(_ error: HubError) -> Bool {
        [.unprocessable, .forbidden, .badRequest, .notFound, .tooManyRequests, .notSupported, .scanPending].contains(
            error.code)
    }

    private static func example(_ table: DatasetViewer.Table) -> String {
        guard let column = table.columns.first(where: { !$0.type.isNested }) else {
            return "SELECT * FROM data LIMIT 10"
        }
        let name = RowFilter.quoted(column.name)
        return "SELECT \(name), count(*) AS n\nFROM data\nGROUP BY \(name)\nORDER BY n DESC\nLIMIT 20"
    }

    /// The rows of an answer as CSV.
    /// - SeeAlso: RFC 4180.
    private func export(_ request: HubRequest) async throws -> HubResponse {
        let scene = try await RepositoryScene.open(request, .dataset, web, .contentRead)
        let dataset = try await viewer.dataset(of: scene.repository)
        let query = Self.query(request)
        let split = try dataset.split(query.config, query.split)
        let table = try await viewer.open(split, of: dataset)
        guard let question = query.search else {
            throw HubError(.badRequest, "There is no question to export the answer of.")
        }
        let answer = try await viewer.answer(question, of: table)
        var text = answer.columns.map { Self.field($0.name) }.joined(separator: ",") + "\r\n"
        for row in answer.rows {
            let cells = ViewerCells.cells(row, answer.columns)
            text += cells.map { $0.shape == .null ? "" : Self.field($0.text) }.joined(separator: ",") + "\r\n"
        }
        return HubResponse(
            headers: [
                .contentType: "text/csv; charset=utf-8", .contentDisposition: "attachment; filename=\"rows.csv\"",
            ], body: .text(text))
    }

    private static func field(_ text: String) -> String {
        let needsQuotes = text.contains { $0 == "\"" || $0 == "," || $0.isNewline }
        return needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}

/// Values of tables as pages show them.
struct ViewerCells {
    let table: DatasetViewer.Table
    let features: DatasetFeatures

    static func column(_ column: TableColumn, _ features: DatasetFeatures) -> ViewerColumn {
        let classes = features.classes(of: column)
        return ViewerColumn(
            name: column.name, type: classes.map { "class (\($0.count))" } ?? column.type.label,
            isNumber: column.type.isNumeric && classes == nil,
            isSortable: !column.type.isNested && column.type.kind != .blob && column.type.kind != .other)
    }

    func cells(_ cells: [TableCell], row: Int64, isPretty: Bool = false) -> [ViewerCell] {
        zip(table.columns, cells).map { column, cell in
            if ColumnType.isMedia(column.type), cell.json != "null" {
                return ViewerCell(
                    .picture, column.name, source: DatasetsServerRoutes.asset(row, column, table))
            }
            if let names = features.classes(of: column), let index = Int(cell.json), names.indices.contains(index) {
                return ViewerCell(.text, names[index])
            }
            return Self.cell(cell, column.type, isPretty: isPretty)
        }
    }

    static func cells(_ cells: [TableCell], _ columns: [TableColumn]) -> [ViewerCell] {
        zip(columns, cells).map { cell($0.1, $0.0.type, isPretty: false) }
    }

    private static func cell(_ cell: TableCell, _ type: ColumnType, isPretty: Bool) -> ViewerCell {
        if cell.json == "null" { return ViewerCell(.null, "") }
        if type.isNumeric { return ViewerCell(.number, cell.json) }
        if type.isNested || type.kind == .blob {
            return ViewerCell(.json, isPretty ? pretty(cell.json) : cell.json, isCut: cell.isCut)
        }
        guard cell.json.hasPrefix("\"") else { return ViewerCell(.text, cell.json, isCut: cell.isCut) }
        let text = try? JSONDecoder().decode(String.self, from: Data(cell.json.utf8))
        return ViewerCell(.text, text ?? cell.json, isCut: cell.isCut)
    }

    /// JSON with a line for each value; keys stay in their order.
    static func pretty(_ json: String) -> String {
        var (out, depth, isText, isEscaped) = ([UInt8](), 0, false, false)
        func line(_ depth: Int, _ out: inout [UInt8]) {
            out.append(0x0A)
            out.append(contentsOf: [UInt8](repeating: 0x20, count: 2 * depth))
        }
        let bytes = Array(json.utf8)
        for (index, byte) in bytes.enumerated() {
            if isText {
                out.append(byte)
                if isEscaped {
                    isEscaped = false
                } else if byte == 0x5C {
                    isEscaped = true
                } else if byte == 0x22 {
                    isText = false
                }
                continue
            }
            switch byte {
            case 0x22:
                isText = true
                out.append(byte)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                out.append(byte)
                let next = index + 1 < bytes.count ? bytes[index + 1] : 0
                guard next != UInt8(ascii: "}"), next != UInt8(ascii: "]") else { continue }
                depth += 1
                line(depth, &out)
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                let before = index > 0 ? bytes[index - 1] : 0
                if before != UInt8(ascii: "{"), before != UInt8(ascii: "[") {
                    depth = max(0, depth - 1)
                    line(depth, &out)
                }
                out.append(byte)
            case UInt8(ascii: ","):
                out.append(byte)
                line(depth, &out)
            case UInt8(ascii: ":"): out.append(contentsOf: [byte, 0x20])
            default: out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    // MARK: Statistics

    static func statistics(_ column: ColumnStatistics) -> ViewerColumn.Statistics {
        let name = RowFilter.quoted(column.name)
        if !column.frequencies.isEmpty {
            let bars = column.frequencies.map { one in
                let value = column.kind == .bool ? one.value : "'\(one.value.replacing("'", with: "''"))'"
                return ViewerColumn.Bar(label: one.value, count: one.count, condition: "\(name) = \(value)")
            }
            return ViewerColumn.Statistics(
                shape: .values(column.unique ?? Int64(bars.count)), isValues: true, bars: bars,
                nullShare: column.nullShare)
        }
        guard let low = column.minimum, let high = column.maximum else {
            return ViewerColumn.Statistics(shape: .none, isValues: false, bars: [], nullShare: column.nullShare)
        }
        let isTime = column.kind == .datetime
        func shown(_ value: Double) -> String { isTime ? time(value) : number(value) }
        let isNumber = column.kind == .int || column.kind == .float
        let bars = column.histogram.enumerated().map { index, count in
            let (from, to) = (column.edges[index], column.edges[index + 1])
            let isLast = index == column.histogram.count - 1
            var condition: String?
            if isNumber || isTime {
                let quote = isTime ? "'" : ""
                condition =
                    "\(name) >= \(quote)\(shown(from))\(quote) AND \(name) \(isLast ? "<=" : "<") \(quote)\(shown(to))\(quote)"
            }
            return ViewerColumn.Bar(low: shown(from), high: shown(to), count: count, condition: condition)
        }
        return ViewerColumn.Statistics(
            shape: isNumber || isTime
                ? .span(low: shown(low), high: shown(high)) : .lengths(low: shown(low), high: shown(high)),
            isValues: false, bars: bars, nullShare: column.nullShare)
    }

    /// Exact enough to be compared with: what a condition says is what the bar shows.
    private static func number(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return "\(value)"
    }

    private static func time(_ seconds: Double) -> String {
        let text = JSONDate.text(milliseconds: Int64((seconds * 1_000).rounded(.down)))
        return String(text.prefix(19))
    }
}
