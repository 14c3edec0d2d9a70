import DataTools
import HTTPTypes
import HubCore

/// The interface of Hugging Face's datasets server: `/splits`, `/first-rows`, `/rows`, `/filter`, `/search`,
/// `/statistics`, `/parquet`, `/size`, `/info`, `/is-valid`, at the root and below `/api/viewer`.
/// - SeeAlso: huggingface/dataset-viewer, docs/source and openapi.json.
struct DatasetsServerRoutes: Sendable {
    let viewer: DatasetViewer

    static let base = "/api/viewer"
    /// Bytes after which a cell of the first rows is cut.
    private static let firstRowsCell = 16 << 10

    private let errors = DatasetsServerErrors()

    init(viewer: DatasetViewer) { self.viewer = viewer }

    /// `/search` at the root is a page of the website, too: see `search`.
    var routes: [Route] {
        let handlers: [(String, Route.Handler)] = [
            ("/is-valid", isValid), ("/splits", splits), ("/first-rows", firstRows), ("/rows", rows),
            ("/filter", filter), ("/statistics", statistics), ("/parquet", parquet), ("/size", size), ("/info", info),
        ]
        return ["", Self.base].flatMap { base in
            handlers.map { path, handler in Route(.get, base + path, .open, errors: errors, handler: handler) }
        } + [
            Route(.get, Self.base + "/search", .open, errors: errors, handler: search),
            Route(.get, Self.base + "/asset", .open, errors: errors, handler: asset),
            Route(.get, Self.base + "/sql", .open, errors: errors, handler: sql),
        ]
    }

    /// The page `/search` of the website, which becomes a question about rows when it names a dataset.
    func sharing(_ page: Route) -> Route {
        page.answering { [self] request in
            guard request.query.first("dataset") != nil else { return try await page.handler(request) }
            do {
                return try await search(request)
            } catch let error as HubError {
                return errors.render(error, for: request)
            }
        }
    }

    // MARK: Reading the question

    private func required(_ name: String, _ request: HubRequest) throws -> String {
        guard let value = request.query.first(name), !value.isEmpty else {
            throw HubError(.badRequest, "Parameter '\(name)' is required.")
        }
        return value
    }

    private func dataset(_ request: HubRequest) async throws -> DatasetViewer.Dataset {
        try await viewer.dataset(
            try required("dataset", request), for: try await request.principal(),
            at: request.query.first("revision"))
    }

    private func table(
        _ request: HubRequest, upTo bytes: Int64 = .max, for use: DatasetViewer.Use = .whole
    ) async throws -> DatasetViewer.Table {
        let dataset = try await dataset(request)
        let split = try dataset.split(try required("config", request), try required("split", request))
        return try await viewer.open(split, of: dataset, upTo: bytes, for: use)
    }

    private func number(_ name: String, _ request: HubRequest, in range: ClosedRange<Int>, usual: Int) throws -> Int {
        do {
            return try request.query.integer(name, in: range) ?? usual
        } catch let error as HubError {
            throw HubError(error.code, error.message, status: 422)
        }
    }

    private func selection(_ request: HubRequest) throws -> DatasetViewer.Selection {
        var selection = DatasetViewer.Selection()
        selection.offset = Int64(try number("offset", request, in: 0...Int.max, usual: 0))
        selection.length = try number(
            "length", request, in: 0...DatasetViewer.pageLimit, usual: DatasetViewer.pageLimit)
        return selection
    }

    // MARK: Answers

    private func isValid(_ request: HubRequest) async throws -> HubResponse {
        let dataset = try await dataset(request)
        let isReady = viewer.workers != nil && !dataset.layout.splits.isEmpty
        return .json { json in
            json.object { json in
                for name in ["preview", "viewer", "search", "filter", "statistics"] { json.member(name, isReady) }
            }
        }
    }

    private func splits(_ request: HubRequest) async throws -> HubResponse {
        let dataset = try await dataset(request)
        let config = request.query.first("config")
        let splits = dataset.layout.splits.filter { config == nil || $0.config == config }
        guard !splits.isEmpty else { throw try Self.nothing(dataset, config) }
        return .json { json in
            json.object { json in
                json.array("splits") { json in
                    for split in splits { json.object { Self.write(split, of: dataset, to: &$0) } }
                }
                json.array("pending") { _ in }
                json.array("failed") { _ in }
            }
        }
    }

    private static func nothing(_ dataset: DatasetViewer.Dataset, _ config: String?) throws -> HubError {
        _ = try dataset.split(config, nil)
        return HubError(.notFound, "\(dataset.path) has no splits.")
    }

    private static func write(
        _ split: DatasetSplit, of dataset: DatasetViewer.Dataset, to json: inout JSONWriter
    ) {
        json.member("dataset", dataset.path)
        json.member("config", split.config)
        json.member("split", split.name)
    }

    private func firstRows(_ request: HubRequest) async throws -> HubResponse {
        let table = try await table(request, for: .page)
        var selection = DatasetViewer.Selection()
        selection.cellLimit = Self.firstRowsCell
        let page = try await viewer.rows(selection, of: table)
        return Self.marked(page) { json in
            json.object { json in
                Self.write(table.split, of: table.dataset, to: &json)
                Self.write(page, of: table, request, to: &json)
                json.member("truncated", page.rows.count < Int(clamping: table.rows ?? .max))
            }
        }
    }

    private func rows(_ request: HubRequest) async throws -> HubResponse {
        let selection = try selection(request)
        return try await answer(selection, of: try await table(request, for: .page), request)
    }

    private func filter(_ request: HubRequest) async throws -> HubResponse {
        var selection = try selection(request)
        selection.condition = request.query.first("where").flatMap { $0.isEmpty ? nil : $0 }
        selection.order = request.query.first("orderby").flatMap { $0.isEmpty ? nil : $0 }
        return try await answer(selection, of: try await table(request), request)
    }

    private func search(_ request: HubRequest) async throws -> HubResponse {
        var selection = try selection(request)
        selection.search = try required("query", request)
        return try await answer(selection, of: try await table(request), request)
    }

    private func answer(
        _ selection: DatasetViewer.Selection, of table: DatasetViewer.Table, _ request: HubRequest
    ) async throws -> HubResponse {
        let page = try await viewer.rows(selection, of: table)
        return Self.marked(page) { json in
            json.object { json in
                Self.write(page, of: table, request, to: &json)
                json.member("num_rows_total", page.total)
                json.member("num_rows_per_page", DatasetViewer.pageLimit)
                json.member("partial", page.isPartial)
            }
        }
    }

    /// An answer with rows, which says when nobody could check them.
    static func marked(_ page: DatasetViewer.RowPage, _ write: (inout JSONWriter) -> Void) -> HubResponse {
        var response = HubResponse.json(write)
        if page.isUnverified { response.headers["X-Weir-Unverified"] = unverified }
        return response
    }

    static let unverified = "parts of files that are not here"

    private static func write(
        _ page: DatasetViewer.RowPage, of table: DatasetViewer.Table, _ request: HubRequest,
        to json: inout JSONWriter
    ) {
        let features = DatasetFeatures(table.dataset.card, config: table.split.config)
        json.array("features") { json in
            for (index, column) in page.columns.enumerated() {
                json.object { json in
                    json.member("feature_idx", index)
                    json.member("name", column.name)
                    json.key("type")
                    features.write(column, to: &json)
                }
            }
        }
        json.array("rows") { json in
            for row in page.rows {
                json.object { json in
                    json.member("row_idx", row.index)
                    json.object("row") { json in
                        for (column, cell) in zip(page.columns, row.cells) {
                            json.key(column.name)
                            if ColumnType.isMedia(column.type), cell.json != "null" {
                                json.object { json in
                                    json.member("src", asset(row.index, column, table, request))
                                }
                            } else {
                                json.raw(cell.json)
                            }
                        }
                    }
                    let cut = zip(page.columns, row.cells).filter { column, cell in
                        cell.isCut && !ColumnType.isMedia(column.type)
                    }
                    json.member("truncated_cells", cut.map(\.0.name))
                }
            }
        }
    }

    /// Where the bytes of a picture are.
    static func asset(_ row: Int64, _ column: TableColumn, _ table: DatasetViewer.Table) -> String {
        let query = QueryParameters([
            .init("dataset", table.dataset.path), .init("revision", table.dataset.snapshot.commit.hex),
            .init("config", table.split.config), .init("split", table.split.name), .init("row", String(row)),
            .init("column", column.name),
        ])
        return "\(base)/asset?\(query.encoded)"
    }

    private static func asset(
        _ row: Int64, _ column: TableColumn, _ table: DatasetViewer.Table, _ request: HubRequest
    ) -> String { request.baseURL + asset(row, column, table) }

    /// A picture or a sound of one cell; nothing else is given out as what a browser would show.
    private func asset(_ request: HubRequest) async throws -> HubResponse {
        let table = try await table(request, for: .page)
        let (row, name) = (try number("row", request, in: 0...Int.max, usual: 0), try required("column", request))
        guard let column = table.columns.first(where: { $0.name == name }), ColumnType.isMedia(column.type) else {
            throw HubError(.notFound, "There is no column '\(name)' with pictures or sounds.")
        }
        let bytes = try await viewer.media(row: Int64(row), column: column, of: table)
        guard let type = MediaType.of(bytes) else {
            throw HubError(.notFound, "The cell holds no picture or sound that browsers show.")
        }
        var response = HubResponse(headers: [.contentType: type], body: .bytes(bytes))
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response.headers[.cacheControl] = table.isUnverified ? "no-store" : "private, max-age=3600"
        if table.isUnverified { response.headers["X-Weir-Unverified"] = Self.unverified }
        return response
    }

    private func statistics(_ request: HubRequest) async throws -> HubResponse {
        let table = try await table(request, upTo: SplitStatistics.byteLimit)
        let state = try await viewer.statistics.state(of: table, viewer)
        if let problem = state.problem { throw HubError(.unprocessable, problem) }
        guard state.isDone else {
            throw HubError(
                .scanPending,
                "The statistics are being computed: \(state.columns.count) of \(state.expected) columns are done.",
                remedy: "Ask again in a moment.", retryAfter: 3)
        }
        return .json { StatisticsJSON.write(state, to: &$0) }
    }

    private func parquet(_ request: HubRequest) async throws -> HubResponse {
        let dataset = try await dataset(request)
        let config = request.query.first("config")
        let splits = dataset.layout.splits.filter { split in
            split.format == .parquet && (config == nil || split.config == config)
                && (request.query.first("split") ?? split.name) == split.name
        }
        return .json { json in
            json.object { json in
                json.array("parquet_files") { json in
                    for split in splits {
                        for (index, file) in split.files.enumerated() {
                            json.object { json in
                                Self.write(split, of: dataset, to: &json)
                                json.member("url", request.url(ParquetRoutes.address(of: file, in: dataset)))
                                json.member("filename", ParquetRoutes.number(index) + ".parquet")
                                json.member("size", max(0, file.contentSize))
                            }
                        }
                    }
                }
                json.array("pending") { _ in }
                json.array("failed") { _ in }
                json.member("partial", false)
            }
        }
    }

    // MARK: Sizes and facts

    /// Every split of a dataset with its rows and columns, as far as they can be told.
    private func counted(
        _ request: HubRequest
    ) async throws -> (DatasetViewer.Dataset, [(split: DatasetSplit, table: DatasetViewer.Table?)]) {
        let dataset = try await dataset(request)
        var found: [(split: DatasetSplit, table: DatasetViewer.Table?)] = []
        let wanted = dataset.layout.splits.filter { split in
            (request.query.first("config") ?? split.config) == split.config
        }
        guard !wanted.isEmpty else { throw try Self.nothing(dataset, request.query.first("config")) }
        for split in wanted.prefix(100) {
            do {
                found.append((split, try await viewer.open(split, of: dataset, for: .page)))
            } catch let error as HubError where error.code == .unprocessable || error.code == .scanPending {
                found.append((split, nil))
            }
        }
        return (dataset, found)
    }

    private func size(_ request: HubRequest) async throws -> HubResponse {
        let (dataset, all) = try await counted(request)
        func write(_ some: [(split: DatasetSplit, table: DatasetViewer.Table?)], to json: inout JSONWriter) {
            let size = some.reduce(Int64(0)) { $0.addingReportingOverflow($1.split.size).partialValue }
            let parquet = some.filter { $0.split.format == .parquet }.reduce(Int64(0)) {
                $0.addingReportingOverflow($1.split.size).partialValue
            }
            json.member("num_bytes_original_files", size)
            json.member("num_bytes_parquet_files", parquet)
            json.member("num_bytes_memory", size)
            json.member("num_rows", some.reduce(Int64(0)) { $0 + ($1.table?.rows ?? 0) })
        }
        return .json { json in
            json.object { json in
                json.object("size") { json in
                    if request.query.first("config") == nil {
                        json.object("dataset") { json in
                            json.member("dataset", dataset.path)
                            write(all, to: &json)
                        }
                    }
                    json.array("configs") { json in
                        for config in dataset.layout.configs {
                            let some = all.filter { $0.split.config == config }
                            guard !some.isEmpty else { continue }
                            json.object { json in
                                json.member("dataset", dataset.path)
                                json.member("config", config)
                                write(some, to: &json)
                                json.member("num_columns", some.first?.table?.columns.count ?? 0)
                            }
                        }
                    }
                    json.array("splits") { json in
                        for one in all {
                            json.object { json in
                                Self.write(one.split, of: dataset, to: &json)
                                write([one], to: &json)
                                json.member("num_columns", one.table?.columns.count ?? 0)
                            }
                        }
                    }
                }
                json.array("pending") { _ in }
                json.array("failed") { json in
                    for one in all where one.table == nil {
                        json.object { Self.write(one.split, of: dataset, to: &$0) }
                    }
                }
                json.member("partial", all.contains { $0.table?.isPartial ?? true })
            }
        }
    }

    private func info(_ request: HubRequest) async throws -> HubResponse {
        let (dataset, all) = try await counted(request)
        func write(_ config: String, to json: inout JSONWriter) {
            let some = all.filter { $0.split.config == config }
            let features = DatasetFeatures(dataset.card, config: config)
            let size = some.reduce(Int64(0)) { $0.addingReportingOverflow($1.split.size).partialValue }
            json.object { json in
                json.member("description", "")
                json.member("citation", "")
                json.member("homepage", "")
                json.member("license", dataset.card.licenses.first ?? "")
                json.object("features") { json in
                    for column in some.lazy.compactMap({ $0.table?.columns }).first ?? [] {
                        json.key(column.name)
                        features.write(column, to: &json)
                    }
                }
                json.member("builder_name", some.first?.split.format.rawValue ?? "")
                json.member("dataset_name", dataset.id.name)
                json.member("config_name", config)
                json.object("version") { json in
                    json.member("version_str", "0.0.0")
                    for part in ["major", "minor", "patch"] { json.member(part, 0) }
                }
                json.object("splits") { json in
                    for one in some {
                        json.object(one.split.name) { json in
                            json.member("name", one.split.name)
                            json.member("num_bytes", one.split.size)
                            json.member("num_examples", one.table?.rows ?? 0)
                            json.member("dataset_name", dataset.id.name)
                        }
                    }
                }
                json.member("download_size", size)
                json.member("dataset_size", size)
            }
        }
        return .json { json in
            json.object { json in
                json.key("dataset_info")
                if let config = request.query.first("config") {
                    write(config, to: &json)
                } else {
                    json.object { json in
                        for config in dataset.layout.configs {
                            json.key(config)
                            write(config, to: &json)
                        }
                    }
                }
                json.array("pending") { _ in }
                json.array("failed") { _ in }
                json.member("partial", all.contains { $0.table?.isPartial ?? true })
            }
        }
    }

    /// Weir's own: a question in SQL.
    private func sql(_ request: HubRequest) async throws -> HubResponse {
        let dataset = try await dataset(request)
        let split = try dataset.split(request.query.first("config"), request.query.first("split"))
        let question = try required("query", request)
        let table = try await viewer.open(split, of: dataset)
        let answer = try await viewer.answer(question, of: table)
        let features = DatasetFeatures(.empty, config: "")
        return .json { json in
            json.object { json in
                json.array("columns") { json in
                    for column in answer.columns {
                        json.object { json in
                            json.member("name", column.name)
                            json.key("type")
                            features.write(column, to: &json)
                        }
                    }
                }
                json.array("rows") { json in
                    for row in answer.rows {
                        json.array { json in for cell in row { json.raw(cell.json) } }
                    }
                }
                json.member("truncated", answer.isCut)
                json.member("milliseconds", answer.milliseconds)
            }
        }
    }
}

/// Statistics as the datasets server writes them.
enum StatisticsJSON {
    static func write(_ state: StatisticsState, to json: inout JSONWriter) {
        json.object { json in
            json.member("num_examples", state.rows)
            json.array("statistics") { json in
                for column in state.columns { write(column, to: &json) }
            }
            json.member("partial", state.isPartial)
        }
    }

    static func write(_ column: ColumnStatistics, to json: inout JSONWriter) {
        json.object { json in
            json.member("column_name", column.name)
            json.member("column_type", column.kind.rawValue)
            json.object("column_statistics") { json in
                json.member("nan_count", column.nulls)
                json.member("nan_proportion", column.nullShare)
                switch column.kind {
                case .bool:
                    json.object("frequencies") { frequencies(column, to: &$0) }
                case .stringLabel, .classLabel:
                    json.member("no_label_count", 0)
                    json.member("no_label_proportion", 0.0)
                    json.member("n_unique", column.unique ?? 0)
                    json.object("frequencies") { frequencies(column, to: &$0) }
                case .image, .audio: numbers(column, to: &json)
                default: numbers(column, to: &json)
                }
            }
        }
    }

    private static func frequencies(_ column: ColumnStatistics, to json: inout JSONWriter) {
        for one in column.frequencies { json.member(one.value, one.count) }
    }

    private static func numbers(_ column: ColumnStatistics, to json: inout JSONWriter) {
        for (name, value) in [
            ("min", column.minimum), ("max", column.maximum), ("mean", column.mean), ("median", column.median),
            ("std", column.deviation),
        ] {
            json.key(name)
            if let value { json.value(value) } else { json.null() }
        }
        json.key("histogram")
        guard !column.histogram.isEmpty else { return json.null() }
        json.object { json in
            json.array("hist") { json in for count in column.histogram { json.value(count) } }
            json.array("bin_edges") { json in for edge in column.edges { json.value(edge) } }
        }
    }
}

/// What bytes are, by their beginning; nil for what browsers should not be given.
enum MediaType {
    static func of(_ bytes: [UInt8]) -> String? {
        func begins(_ text: String, at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return "image/png" }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if begins("GIF8") { return "image/gif" }
        if begins("RIFF"), begins("WEBP", at: 8) { return "image/webp" }
        if begins("RIFF"), begins("WAVE", at: 8) { return "audio/wav" }
        if begins("fLaC") { return "audio/flac" }
        if begins("OggS") { return "audio/ogg" }
        if begins("ID3") || bytes.starts(with: [0xFF, 0xFB]) { return "audio/mpeg" }
        if begins("BM") { return "image/bmp" }
        return nil
    }
}
