import DataTools
import HTTPTypes
import HubCore
import MirrorGateway

/// CSGHub's dataset viewer: `/api/v1/datasets/{namespace}/{name}/dataviewer/catalog`, `…/dataviewer/rows` and
/// `…/viewer/{path}` (wire/csghub.md §2).
struct CSGHubViewerRoutes: Sendable {
    let viewer: DatasetViewer

    static let base = "\(CSGHubContext.base)/datasets/{namespace}/{name}"

    var routes: [Route] {
        let errors = CSGHubErrorRendering()
        return [
            Route(
                .get, Self.base + "/dataviewer/catalog", .repository(.contentRead), errors: errors, handler: catalog),
            Route(.get, Self.base + "/dataviewer/rows", .repository(.contentRead), errors: errors, handler: rows),
            Route(.get, Self.base + "/viewer/{path...}", .repository(.contentRead), errors: errors, handler: file),
        ]
    }

    private func dataset(_ request: HubRequest) async throws -> DatasetViewer.Dataset {
        try await viewer.dataset(
            "\(try request.parameter("namespace"))/\(try request.parameter("name"))",
            for: try await request.principal(), at: request.query.first("ref").flatMap { $0.isEmpty ? nil : $0 })
    }

    private func catalog(_ request: HubRequest) async throws -> HubResponse {
        let dataset = try await dataset(request)
        let size = dataset.layout.splits.reduce(Int64(0)) { $0.addingReportingOverflow($1.size).partialValue }
        var counts: [String: Int64] = [:]
        if viewer.workers != nil {
            for split in dataset.layout.splits.prefix(50) {
                if let table = try? await viewer.open(split, of: dataset, for: .page), let rows = table.rows {
                    counts["\(split.config)/\(split.name)"] = rows
                }
            }
        }
        return .enveloped { json in
            json.object { json in
                json.array("configs") { json in
                    for config in dataset.layout.configs {
                        json.object { json in
                            json.member("config_name", config)
                            json.array("data_files") { json in
                                for split in dataset.layout.splits(of: config) {
                                    json.object { json in
                                        json.member("split", split.name)
                                        json.member("path", split.files.map(\.path))
                                    }
                                }
                            }
                        }
                    }
                }
                json.array("dataset_info") { json in
                    for config in dataset.layout.configs {
                        json.object { json in
                            json.member("config_name", config)
                            json.array("splits") { json in
                                for split in dataset.layout.splits(of: config) {
                                    json.object { json in
                                        json.member("name", split.name)
                                        json.member("num_examples", counts["\(config)/\(split.name)"] ?? 0)
                                    }
                                }
                            }
                        }
                    }
                }
                json.member("status", 2)
                json.member("logs", "")
                json.member("downloaded_size", size)
                json.member("converted_size", size)
                json.member("rows_num", counts.values.reduce(0, +))
            }
        }
    }

    private func rows(_ request: HubRequest) async throws -> HubResponse {
        let dataset = try await dataset(request)
        func value(_ name: String) -> String? { request.query.first(name).flatMap { $0.isEmpty ? nil : $0 } }
        let split = try dataset.split(value("config"), value("split"))
        return try await answer(split, of: dataset, request)
    }

    /// The rows of one file.
    private func file(_ request: HubRequest) async throws -> HubResponse {
        let dataset = try await dataset(request)
        let path = try request.parameter("path")
        let entry = try await viewer.gateway.repositories.entry(at: path, in: dataset.snapshot)
        guard let format = TableFormat(path: path) else {
            throw HubError(.unprocessable, "'\(path)' is no Parquet, Arrow, CSV or JSON file.")
        }
        let split = DatasetSplit(
            config: DatasetLayout.usualConfig, name: "file", format: format, files: [entry])
        return try await answer(split, of: dataset, request)
    }

    private func answer(
        _ split: DatasetSplit, of dataset: DatasetViewer.Dataset, _ request: HubRequest
    ) async throws -> HubResponse {
        func value(_ name: String) -> String? { request.query.first(name).flatMap { $0.isEmpty ? nil : $0 } }
        let table = try await viewer.open(split, of: dataset, for: .page)
        let per = try request.query.integer("per", in: 1...DatasetViewer.pageLimit) ?? 10
        let page = try request.query.integer("page", in: 1...1_000_000_000) ?? 1
        var selection = DatasetViewer.Selection()
        selection.offset = Int64(per) * Int64(page - 1)
        selection.length = per
        selection.condition = value("where")
        selection.order = value("orderby")
        selection.search = value("search")
        let found = try await viewer.rows(selection, of: table)
        var response = HubResponse.enveloped { json in
            json.object { json in
                json.member("columns", found.columns.map(\.name))
                json.member("columns_type", found.columns.map { DatasetFeatures.dtype($0.type) })
                json.array("rows") { json in
                    for row in found.rows {
                        json.array { json in for cell in row.cells { json.raw(cell.json) } }
                    }
                }
                json.member("total", found.total ?? 0)
                json.member("orderby", selection.order ?? "")
                json.member("where", selection.condition ?? "")
                json.member("search", selection.search ?? "")
            }
        }
        if found.isUnverified { response.headers["X-Weir-Unverified"] = DatasetsServerRoutes.unverified }
        return response
    }
}

extension CSGHubViewerRoutes {
    static let operations = APIOperationGroup(
        "Dataset viewer", at: base,
        [
            .get(
                "/dataviewer/catalog", "datasetCatalog", "Configurations and splits of a dataset.", query: [.ref],
                returns: .enveloped(
                    .object([
                        "configs": .array(
                            of: .object([
                                "config_name": .text,
                                "data_files": .array(
                                    of: .object(["split": .text, "path": .array(of: .text)])),
                            ])),
                        "dataset_info": .array(
                            of: .object([
                                "config_name": .text,
                                "splits": .array(of: .object(["name": .text, "num_examples": .count])),
                            ])),
                        "status": .count, "logs": .text, "downloaded_size": .count, "converted_size": .count,
                        "rows_num": .count,
                    ]))),
            .get(
                "/dataviewer/rows", "datasetRows", "Rows of a split.",
                query: [
                    .ref, APIParameter("config", .text("The first by default.")),
                    APIParameter("split", .text("The first by default.")),
                ] + selection, returns: rows, refusing: [.unprocessable, .notSupported]),
            .get(
                "/viewer/{path...}", "fileRows", "Rows of one file.", query: [.ref] + selection, returns: rows,
                refusing: [.notFound, .unprocessable, .notSupported]),
        ])

    private static let selection = [
        APIParameter("search", .text("Rows that hold this text.")),
        APIParameter("where", .text("A condition, such as `\"score\" > 0.5`.")),
        APIParameter("orderby", .text("Such as `\"score\" DESC`.")),
        APIParameter("per", .integer(1...100, "Rows of a page.")),
        APIParameter("page", .integer(1...1_000_000_000, "From 1.")),
    ]

    private static let rows = APIAnswer.enveloped(
        .object([
            "columns": .array(of: .text), "columns_type": .array(of: .text),
            "rows": .array(of: .array(of: .anything)), "total": .count, "orderby": .text, "where": .text,
            "search": .text,
        ]))
}
