import Crypto
import HubCore
import Policies

/// A CycloneDX 1.6 document about a revision: what it consists of, what it was made from, under which terms.
///
/// - SeeAlso: https://cyclonedx.org/docs/1.6/json/
struct BillOfMaterials {
    let facts: RevisionFacts

    private static let maximumMetrics = 500

    var json: JSONValue {
        let files = facts.files.map(component(of:))
        let datasets = facts.repository.kind == .model ? facts.texts("datasets") : []
        return .members([
            ("$schema", .string("http://cyclonedx.org/schema/bom-1.6.schema.json")),
            ("bomFormat", .string("CycloneDX")),
            ("specVersion", .string("1.6")),
            ("serialNumber", .string("urn:uuid:\(identifier)")),
            ("version", .integer(1)),
            (
                "metadata",
                .members([
                    ("timestamp", .string(JSONDate.text(milliseconds: facts.committedAt))),
                    (
                        "tools",
                        .members([
                            (
                                "components",
                                .array([
                                    .members([("type", .string("application")), ("name", .string("weir"))])
                                ])
                            )
                        ])
                    ),
                    ("component", main(datasets: datasets)),
                ])
            ),
            ("components", .array(files + datasets.map(component(ofDataset:)))),
            (
                "dependencies",
                .array([
                    .members([
                        ("ref", .string("revision")),
                        ("dependsOn", .array(datasets.map { .string("dataset:\($0)") })),
                    ])
                ])
            ),
        ])
    }

    /// A UUID that is the same for the same revision.
    private var identifier: String {
        var bytes = Array(SHA256.hash(data: Array("\(facts.repository)@\(facts.commit.hex)".utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = Hexadecimal.encode(bytes)
        var parts: [Substring] = []
        var rest = hex[...]
        for length in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return parts.joined(separator: "-")
    }

    private func main(datasets: [String]) -> JSONValue {
        let id = facts.repository
        let type =
            switch id.kind {
            case .model: "machine-learning-model"
            case .dataset: "data"
            case .space, .code, .prompt, .mcpserver, .skill: "application"
            }
        let path = facts.origin?.path ?? id.path
        let ancestors = id.kind == .model ? facts.texts("base_model").map(ancestor) : []
        return .members([
            ("bom-ref", .string("revision")),
            ("type", .string(type)),
            ("group", .string(id.namespace)),
            ("name", .string(id.name)),
            ("version", .string(facts.commit.hex)),
            ("description", .text(facts.text("description") ?? facts.text("pretty_name"))),
            ("purl", .string(facts.packageURL(kind: id.kind, path: path, version: facts.commit.hex))),
            ("licenses", licenses.isEmpty ? nil : .array(licenses)),
            ("externalReferences", references.isEmpty ? nil : .array(references)),
            ("pedigree", ancestors.isEmpty ? nil : .members([("ancestors", .array(ancestors))])),
            ("modelCard", id.kind == .model ? modelCard(datasets: datasets) : nil),
            (
                "data",
                id.kind == .dataset
                    ? .array([.members([("type", .string("dataset")), ("name", .string(id.name))])]) : nil
            ),
            (
                "properties",
                .array([
                    .members([("name", .string("weir:commit")), ("value", .string(facts.commit.hex))]),
                    .members([
                        ("name", .string("weir:repository")),
                        ("value", .string(StatementMatch.name(id.kind, id.path))),
                    ]),
                ])
            ),
        ])
    }

    private func component(of file: FileDigest) -> JSONValue {
        .members([
            ("bom-ref", .string("file:\(file.path)")),
            ("type", .string("file")),
            ("name", .string(file.path)),
            (
                "hashes",
                .array([.members([("alg", .string("SHA-256")), ("content", .string(file.sha256))])])
            ),
            (
                "properties",
                .array([.members([("name", .string("weir:size")), ("value", .string(String(file.size)))])])
            ),
        ])
    }

    private func component(ofDataset name: String) -> JSONValue {
        .members([
            ("bom-ref", .string("dataset:\(name)")),
            ("type", .string("data")),
            ("name", .string(name)),
            ("purl", .text(RevisionFacts.path(name).map { facts.packageURL(kind: .dataset, path: $0, version: nil) })),
            ("data", .array([.members([("type", .string("dataset")), ("name", .string(name))])])),
        ])
    }

    private func ancestor(_ name: String) -> JSONValue {
        .members([
            ("type", .string("machine-learning-model")),
            ("name", .string(name)),
            ("purl", .text(RevisionFacts.path(name).map { facts.packageURL(kind: .model, path: $0, version: nil) })),
        ])
    }

    private var licenses: [JSONValue] {
        var licenses = facts.card.licenses.prefix(50).compactMap(RevisionFacts.clean).map { text in
            Self.license(text, acknowledgement: "declared")
        }
        if let concluded = facts.concludedLicense {
            licenses.append(Self.license(concluded, acknowledgement: "concluded"))
        }
        return licenses
    }

    /// By its SPDX identifier where it has one, otherwise by its name.
    private static func license(_ text: String, acknowledgement: String) -> JSONValue {
        let license = License.normalize(text)
        let isListed = license.recognition == .spdx
        return .members([
            (
                "license",
                .members([
                    (isListed ? "id" : "name", .string(isListed ? license.id : text)),
                    ("acknowledgement", .string(acknowledgement)),
                ])
            )
        ])
    }

    private var references: [JSONValue] {
        var references: [JSONValue] = []
        if let page = facts.page {
            references.append(.members([("type", .string("distribution")), ("url", .string(page))]))
            if facts.files.contains(where: { $0.path == "README.md" }) {
                let type = facts.repository.kind == .model ? "model-card" : "documentation"
                references.append(
                    .members([
                        ("type", .string(type)),
                        ("url", .string("\(page)/blob/\(facts.commit.hex)/README.md")),
                    ]))
            }
        }
        let place = "\(facts.repository.kind.plural)/\(facts.repository.path)@\(facts.commit.hex)"
        references.append(
            .members([
                ("type", .string("attestation")),
                ("url", .string("/api/gateway/v1/provenance/\(place)/statements")),
            ]))
        return references
    }

    // MARK: The model card

    private func modelCard(datasets: [String]) -> JSONValue {
        let metrics = metrics
        return .members([
            (
                "modelParameters",
                .members([
                    ("task", .text(facts.text("pipeline_tag"))),
                    ("architectureFamily", .text(family)),
                    ("modelArchitecture", .text(architecture)),
                    (
                        "datasets",
                        datasets.isEmpty
                            ? nil : .array(datasets.map { .members([("ref", .string("dataset:\($0)"))]) })
                    ),
                ])
            ),
            (
                "quantitativeAnalysis",
                metrics.isEmpty ? nil : .members([("performanceMetrics", .array(metrics))])
            ),
        ])
    }

    private var family: String? {
        facts.configuration?["model_type"]?.scalarText.flatMap(RevisionFacts.clean)
    }

    private var architecture: String? {
        facts.configuration?["architectures"]?.strings.first.flatMap(RevisionFacts.clean)
    }

    /// The results of evaluations that the card lists (`model-index`).
    private var metrics: [JSONValue] {
        guard case .array(let models) = facts.card.data?["model-index"] ?? .null else { return [] }
        var found: [JSONValue] = []
        for model in models {
            guard case .array(let results) = model["results"] ?? .null else { continue }
            for result in results {
                guard case .array(let metrics) = result["metrics"] ?? .null else { continue }
                let slice = [
                    result["task"]?["type"]?.scalarText,
                    result["dataset"]?["name"]?.scalarText ?? result["dataset"]?["type"]?.scalarText,
                ]
                .compactMap { $0.flatMap(RevisionFacts.clean) }.joined(separator: ", ")
                for metric in metrics {
                    guard found.count < Self.maximumMetrics else { return found }
                    guard let type = (metric["type"] ?? metric["name"])?.scalarText.flatMap(RevisionFacts.clean)
                    else { continue }
                    found.append(
                        .members([
                            ("type", .string(type)),
                            ("value", .text(metric["value"]?.scalarText.flatMap(RevisionFacts.clean))),
                            ("slice", slice.isEmpty ? nil : .string(slice)),
                        ]))
                }
            }
        }
        return found
    }
}
