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

    /// Values in one card at most, and how deep they may be nested.
    private static let maximumValues = 50_000
    private static let maximumDepth = 32

    static func parse(_ bytes: [UInt8]) -> JSONValue? {
        guard let block = block(of: bytes.prefix(maximumBytes)) else { return nil }
        // An alias can multiply a small document without bound, while it is parsed already; no card needs one.
        guard !mayUseAlias(block), !isNestedTooDeep(block) else { return nil }
        let yaml = String(decoding: block, as: UTF8.self)
        // No resolver: its regular expressions over every word cost seconds, and scalars are read below.
        guard let node = try? Yams.compose(yaml: yaml, .basic), case .mapping = node else { return nil }
        var values = 0
        return value(node, depth: 0, counting: &values)
    }

    /// What stands between the first two `---` lines, whose ends may be those of any system.
    private static func block(of bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
        var start: Int?
        var lineStart = text.startIndex
        while lineStart < text.endIndex {
            let lineEnd = text[lineStart...].firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex
            let line = text[lineStart..<lineEnd]
            let next = min(lineEnd + 1, text.endIndex)
            let isFence = line.elementsEqual("---".utf8) || line.elementsEqual("---\r".utf8)
            if let start {
                if isFence { return text[start..<lineStart] }
            } else {
                guard isFence else { return nil }
                start = next
            }
            lineStart = next
        }
        return nil
    }

    /// Whether a name stands both behind an `&` and behind a `*`, which every alias has in common.
    private static func mayUseAlias(_ block: ArraySlice<UInt8>) -> Bool {
        let anchors = names(behind: UInt8(ascii: "&"), in: block)
        return !anchors.isEmpty && !anchors.isDisjoint(with: names(behind: UInt8(ascii: "*"), in: block))
    }

    private static func names(behind mark: UInt8, in block: ArraySlice<UInt8>) -> Set<ArraySlice<UInt8>> {
        var found: Set<ArraySlice<UInt8>> = []
        var rest = block
        while let index = rest.firstIndex(of: mark) {
            rest = rest[(index + 1)...]
            let name = rest.prefix { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
                default: false
                }
            }
            if !name.isEmpty { found.insert(name) }
            rest = rest[name.endIndex...]
        }
        return found
    }

    /// The parser calls itself for each level: brackets that may be levels are counted before, whatever they stand in.
    private static func isNestedTooDeep(_ block: ArraySlice<UInt8>) -> Bool {
        var depth = 0
        for byte in block {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                if depth > 512 { return true }
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
            default: break
            }
        }
        return false
    }

    private static func value(_ node: Node, depth: Int, counting values: inout Int) -> JSONValue {
        values += 1
        guard depth < maximumDepth, values <= maximumValues else { return .null }
        switch node {
        case .mapping(let mapping):
            return .object(
                mapping.map { entry in
                    .init(
                        key: entry.key.string ?? "", value: value(entry.value, depth: depth + 1, counting: &values))
                })
        case .sequence(let sequence):
            return .array(sequence.map { value($0, depth: depth + 1, counting: &values) })
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
