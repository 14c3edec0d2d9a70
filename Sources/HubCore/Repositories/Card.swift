#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import Yams

/// The front matter of a repository's `README.md` and what the hub reads from it.
///
/// A card with broken YAML has no data; the file itself is served as it is.
package struct Card: Sendable, Hashable {
    /// The front matter as JSON; nil when there is none or it does not parse.
    package let data: JSONValue?
    /// Identifiers or expressions as the author wrote them; empty when the card names none.
    package let licenses: [String]

    package static let empty = Card(data: nil)

    package init(data: JSONValue?) {
        self.data = data
        licenses = data?["license"]?.strings ?? []
    }

    /// Reads the YAML block between the first two `---` lines.
    package init(readme bytes: [UInt8]) {
        self.init(data: FrontMatter.parse(bytes))
    }

    package var pipelineTag: String? { data?["pipeline_tag"]?.string }
    package var libraryName: String? { data?["library_name"]?.string }
    package var languages: [String] { data?["language"]?.strings ?? data?["languages"]?.strings ?? [] }

    /// The flat tags that clients filter by, in the community hubs' own form (`license:mit`, `dataset:x`, `en`).
    package func tags(for kind: RepositoryKind) -> [String] {
        guard let data else { return [] }
        var tags: [String] = []
        func add(_ prefix: String, _ key: String) {
            for text in data[key]?.strings ?? [] { tags.append(prefix + text) }
        }
        switch kind {
        case .dataset:
            add("task_categories:", "task_categories")
            add("task_ids:", "task_ids")
            add("annotations_creators:", "annotations_creators")
            add("multilinguality:", "multilinguality")
            add("language:", "language")
            add("license:", "license")
            add("size_categories:", "size_categories")
            add("", "tags")
        case .model, .space, .code:
            add("", "library_name")
            add("", "tags")
            add("", "pipeline_tag")
            add("", "language")
            add("dataset:", "datasets")
            add("base_model:", "base_model")
            add("license:", "license")
        }
        var seen: Set<String> = []
        return tags.filter { seen.insert($0).inserted }
    }
}

/// The YAML block that opens a Markdown file.
enum FrontMatter {
    /// Cards are small; what is larger is not front matter.
    private static let maximumBytes = 1 << 20

    static func parse(_ bytes: [UInt8]) -> JSONValue? {
        let text = String(decoding: bytes.prefix(maximumBytes), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, isFence(first),
            let end = lines.dropFirst().firstIndex(where: isFence)
        else { return nil }
        let yaml = lines[1..<end].joined(separator: "\n")
        // An alias can multiply a small document without bound; no card needs one.
        guard let node = try? Yams.compose(yaml: yaml), case .mapping = node, !containsAlias(yaml) else { return nil }
        return value(node, depth: 0)
    }

    private static func isFence(_ line: Substring) -> Bool {
        line == "---" || line == "---\r" || line == "\u{FEFF}---" || line == "\u{FEFF}---\r"
    }

    private static func containsAlias(_ yaml: String) -> Bool {
        yaml.split(separator: "\n").contains { line in
            line.split(separator: " ").contains { $0.hasPrefix("&") && $0.count > 1 }
                && line.contains(":") && !line.contains("\"") && !line.contains("'")
        }
    }

    private static func value(_ node: Node, depth: Int) -> JSONValue {
        guard depth < 32 else { return .null }
        switch node {
        case .mapping(let mapping):
            return .object(
                mapping.map { .init(key: $0.key.string ?? "", value: value($0.value, depth: depth + 1)) })
        case .sequence(let sequence):
            return .array(sequence.map { value($0, depth: depth + 1) })
        case .scalar:
            if node.null != nil { return .null }
            // `bool` would read a quoted or bare `no` (the language code) as false: only the JSON spellings count.
            if let text = node.string, text == "true" || text == "false", let flag = node.bool { return .boolean(flag) }
            if let integer = node.int { return .integer(Int64(integer)) }
            if let number = node.float, number.isFinite { return .number(number) }
            return .string(node.string ?? "")
        case .alias:
            return .null
        }
    }
}
