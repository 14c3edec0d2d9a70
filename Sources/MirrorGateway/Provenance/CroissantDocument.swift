import HubCore
import Policies

/// A Croissant 1.0 document about a revision: its files with their digests, for tools that load datasets.
///
/// - SeeAlso: https://docs.mlcommons.org/croissant/docs/croissant-spec.html
struct CroissantDocument {
    let facts: RevisionFacts
    /// What addresses of files begin with, without a trailing slash.
    let base: String

    var json: JSONValue {
        let id = facts.repository
        return .members([
            ("@context", Self.context),
            ("@type", .string("sc:Dataset")),
            ("conformsTo", .string("http://mlcommons.org/croissant/1.0")),
            ("name", .string(id.name)),
            ("alternateName", .array([.string(id.path)])),
            ("description", .string(facts.text("description") ?? facts.text("pretty_name") ?? id.path)),
            ("url", .string(page)),
            ("version", .string("0.0.0+\(facts.commit.hex)")),
            ("datePublished", .string(JSONDate.text(milliseconds: facts.committedAt))),
            ("license", license),
            ("inLanguage", languages),
            ("keywords", keywords),
            ("distribution", .array(facts.files.map(file))),
        ])
    }

    /// Where the repository's files are served from; models have no word of their own in their paths.
    private var page: String {
        let id = facts.repository
        return id.kind == .model ? "\(base)/\(id.path)" : "\(base)/\(id.kind.plural)/\(id.path)"
    }

    private var license: JSONValue? {
        let texts = facts.card.licenses.prefix(20).compactMap(RevisionFacts.clean).map { text -> JSONValue in
            let license = License.normalize(text)
            return .string(
                license.recognition == .spdx ? "https://spdx.org/licenses/\(license.id).html" : text)
        }
        return texts.isEmpty ? nil : .array(texts)
    }

    private var languages: JSONValue? {
        let texts = facts.texts("language").map(JSONValue.string)
        return texts.isEmpty ? nil : .array(texts)
    }

    private var keywords: JSONValue? {
        let texts = (facts.texts("task_categories") + facts.texts("tags")).map(JSONValue.string)
        return texts.isEmpty ? nil : .array(texts)
    }

    private func file(_ file: FileDigest) -> JSONValue {
        .members([
            ("@type", .string("cr:FileObject")),
            ("@id", .string(Self.identifier(of: file.path))),
            ("name", .string(file.path)),
            ("contentUrl", .string(address(of: file.path))),
            ("contentSize", .string("\(file.size) B")),
            ("encodingFormat", .string(Self.format(of: file.path))),
            ("sha256", .string(file.sha256)),
        ])
    }

    /// The path, where readers take it: they refuse white space in identifiers, encoded as well.
    private static func identifier(of path: String) -> String {
        guard path.unicodeScalars.contains(where: { $0.properties.isWhitespace || $0.value < 0x21 }) else {
            return path
        }
        return "file-\(FileDigest.sha256(of: Array(path.utf8)))"
    }

    private func address(of path: String) -> String {
        let segments = path.split(separator: "/").map { PercentEncoding.segment(String($0)) }.joined(separator: "/")
        return "\(page)/resolve/\(facts.commit.hex)/\(segments)"
    }

    private static func format(of path: String) -> String {
        let name = path.lowercased()
        let known: [(String, String)] = [
            (".parquet", "application/x-parquet"), (".csv", "text/csv"), (".tsv", "text/tab-separated-values"),
            (".jsonl", "application/jsonlines"), (".json", "application/json"), (".md", "text/markdown"),
            (".txt", "text/plain"), (".zip", "application/zip"), (".tar", "application/x-tar"),
            (".gz", "application/gzip"), (".png", "image/png"), (".jpg", "image/jpeg"), (".jpeg", "image/jpeg"),
            (".wav", "audio/wav"), (".mp3", "audio/mpeg"), (".flac", "audio/flac"), (".mp4", "video/mp4"),
        ]
        return known.first { name.hasSuffix($0.0) }?.1 ?? "application/octet-stream"
    }

    /// The context that the specification gives.
    private static let context: JSONValue = .members(
        [
            ("@language", .string("en")), ("@vocab", .string("https://schema.org/")),
            ("citeAs", .string("cr:citeAs")), ("column", .string("cr:column")),
            ("conformsTo", .string("dct:conformsTo")), ("cr", .string("http://mlcommons.org/croissant/")),
            ("rai", .string("http://mlcommons.org/croissant/RAI/")),
            ("data", .members([("@id", .string("cr:data")), ("@type", .string("@json"))])),
            ("dataType", .members([("@id", .string("cr:dataType")), ("@type", .string("@vocab"))])),
            ("dct", .string("http://purl.org/dc/terms/")),
            ("examples", .members([("@id", .string("cr:examples")), ("@type", .string("@json"))])),
        ]
            + [
                "equivalentProperty", "extract", "field", "fileProperty", "fileObject", "fileSet", "format", "includes",
                "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex",
                "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
            ].map { ($0, .string("cr:\($0)")) }
            + [("sc", .string("https://schema.org/"))])
}
