import DataTools
import HTTPTypes
import HubCore

/// `/api/datasets/{namespace}/{name}/parquet[/{config}[/{split}[/{file}]]]`: where the Parquet files of a dataset are.
/// - SeeAlso: Hugging Face hub-docs, "List Parquet files".
struct ParquetRoutes: Sendable {
    let viewer: DatasetViewer

    var routes: [Route] {
        let base = "/api/datasets/{namespace}/{name}/parquet"
        let errors = HuggingFaceErrorRendering()
        return [
            Route(.get, base, .repository(.contentRead), errors: errors, handler: all),
            Route(.get, base + "/{config}", .repository(.contentRead), errors: errors, handler: all),
            Route(.get, base + "/{config}/{split}", .repository(.contentRead), errors: errors, handler: all),
            Route(
                .get, base + "/{config}/{split}/{file}", .repository(.contentRead), head: true, errors: errors,
                handler: file),
        ]
    }

    /// Path of the bytes of a file.
    static func address(of file: TreeEntry, in dataset: DatasetViewer.Dataset) -> String {
        let path = file.path.split(separator: "/").map { PercentCoding.encode(String($0)) }.joined(separator: "/")
        return "/datasets/\(dataset.path)/resolve/\(dataset.snapshot.commit.hex)/\(path)"
    }

    static func number(_ index: Int) -> String {
        let digits = String(index)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private func dataset(_ request: HubRequest) async throws -> DatasetViewer.Dataset {
        try await viewer.dataset(
            "\(try request.parameter("namespace"))/\(try request.parameter("name"))",
            for: try await request.principal())
    }

    private func all(_ request: HubRequest) async throws -> HubResponse {
        let dataset = try await dataset(request)
        let (config, split) = (request.parameters["config"], request.parameters["split"])
        let splits = dataset.layout.splits.filter {
            $0.format == .parquet && (config ?? $0.config) == $0.config && (split ?? $0.name) == $0.name
        }
        if splits.isEmpty, config != nil {
            throw HubError(.entryNotFound, "\(dataset.path) has no such Parquet files.")
        }
        func files(_ split: DatasetSplit, to json: inout JSONWriter) {
            for index in split.files.indices {
                let parts = [split.config, split.name].map { PercentCoding.encode($0) }.joined(separator: "/")
                json.value(
                    request.url("/api/datasets/\(dataset.path)/parquet/\(parts)/\(index).parquet"))
            }
        }
        return .json { json in
            if split != nil {
                json.array { json in for split in splits { files(split, to: &json) } }
            } else if config != nil {
                json.object { json in
                    for split in splits { json.array(split.name) { files(split, to: &$0) } }
                }
            } else {
                json.object { json in
                    for config in dataset.layout.configs {
                        let some = splits.filter { $0.config == config }
                        guard !some.isEmpty else { continue }
                        json.object(config) { json in
                            for split in some { json.array(split.name) { files(split, to: &$0) } }
                        }
                    }
                }
            }
        }
    }

    private func file(_ request: HubRequest) async throws -> HubResponse {
        let dataset = try await dataset(request)
        let name = try request.parameter("file")
        guard let split = dataset.layout.split(try request.parameter("config"), try request.parameter("split")),
            split.format == .parquet, name.hasSuffix(".parquet"), let index = Int(name.dropLast(".parquet".count)),
            split.files.indices.contains(index)
        else { throw HubError(.entryNotFound, "\(dataset.path) has no such Parquet file.") }
        return .redirect(to: request.url(Self.address(of: split.files[index], in: dataset)))
    }
}
