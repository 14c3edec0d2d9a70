import Yams

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The front matter of a repository's `README.md` and what the hub reads from it.
///
/// A card with broken YAML has no data; the file itself is served as it is.
package struct Card: Sendable, Hashable {
    /// The front matter as JSON; nil when there is none or it does not parse.
    package let data: JSONValue?
    /// Identifiers or expressions as the author wrote them; empty when the card names none.
    package let licenses: [String]
    /// Ids of papers that the text links to, as in `2101.00001`.
    package let papers: [String]

    package static let empty = Card(data: nil)

    package init(data: JSONValue?) { self.init(data: data, papers: []) }

    private init(data: JSONValue?, papers: [String]) {
        self.data = data
        self.papers = papers
        licenses = data?["license"]?.strings ?? []
    }

    /// Reads the YAML block between the first two `---` lines.
    package init(readme bytes: [UInt8]) {
        self.init(data: FrontMatter.parse(bytes), papers: ReadmeText.papers(in: bytes))
    }

    /// Refuses front matter that cannot be read: published like that, nobody would find the repository by it.
    /// - Throws: `.badRequest` in the words clients look for (wire/huggingface.md §10).
    package static func validate(readme bytes: [UInt8]) throws {
        guard let problem = FrontMatter.problem(in: bytes) else { return }
        throw HubError(
            .badRequest, "Invalid metadata in README.md: \(problem)",
            remedy: "The lines between the two '---' must be a YAML mapping as model and dataset cards have it.")
    }

    package var pipelineTag: String? { data?["pipeline_tag"]?.string }
    package var libraryName: String? { data?["library_name"]?.string }
    package var languages: [String] { data?["language"]?.strings ?? data?["languages"]?.strings ?? [] }

    /// The flat tags that clients filter by, in the community hubs' own form (`license:mit`, `dataset:x`, `en`).
    package func tags(for kind: RepositoryKind) -> [String] { facets(for: kind).filter(\.isShown).map(\.tag) }

    /// What the card says in words.
    var descriptions: [String] { ["title", "pretty_name", "description"].flatMap { data?[$0]?.strings ?? [] } }
}

/// The YAML block that opens a Markdown file.
enum FrontMatter {
    /// Cards are small; what is larger is not front matter.
    private static let maximumBytes = 1 << 20
    /// Values a card may have once its aliases are written out: an alias of aliases multiplies without bound.
    private static let maximumValues = 100_000

    static func parse(_ bytes: [UInt8]) -> JSONValue? {
        guard let yaml = block(of: bytes), !CardAliases.areUnsafe(in: yaml),
            let node = try? Yams.compose(yaml: String(decoding: yaml, as: UTF8.self)), case .mapping = node
        else { return nil }
        var left = maximumValues
        let read = value(node, depth: 0, left: &left)
        return left < 0 ? nil : read
    }

    /// What is wrong with the front matter; nil when there is none or it can be read.
    static func problem(in bytes: [UInt8]) -> String? {
        guard let yaml = block(of: bytes), yaml.contains(where: { $0 > 0x20 }) else { return nil }
        guard !CardAliases.areUnsafe(in: yaml) else { return "it nests or repeats too much." }
        do {
            guard let node = try Yams.compose(yaml: String(decoding: yaml, as: UTF8.self)) else { return nil }
            guard case .mapping = node else { return "it is not a mapping of keys to values." }
            guard let card = parse(bytes) else { return "it holds more values than a card may have." }
            // Clients read the results of evaluations from it and break on anything else.
            switch card["model-index"] {
            case nil, .null, .array: return nil
            default: return "'model-index' is not a list."
            }
        } catch let error as YamlError {
            return "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
        } catch {
            return "it is not YAML."
        }
    }

    /// The lines between the first two `---`.
    ///
    /// Lines are told apart as bytes: CR and LF are one `Character`, and a card written on Windows would be one line.
    /// As at the community hubs, blank lines before the block are no reason to overlook it.
    private static func block(of bytes: [UInt8]) -> [UInt8]? { parts(of: bytes).map { Array($0.block) } }

    /// What follows the block; everything where there is none.
    static func rest(of bytes: [UInt8]) -> ArraySlice<UInt8> { parts(of: bytes)?.rest ?? bytes[...] }

    static func parts(of bytes: [UInt8]) -> (block: ArraySlice<UInt8>, rest: ArraySlice<UInt8>)? {
        var text = bytes.prefix(maximumBytes)
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let first = lines.firstIndex(where: { !trimmed($0).isEmpty }), isFence(lines[first]),
            let end = lines[(first + 1)...].firstIndex(where: isFence)
        else { return nil }
        let start = min(lines[first].endIndex + 1, lines[end].startIndex)
        return (bytes[start..<lines[end].startIndex], bytes[lines[end].endIndex...])
    }

    private static func isFence(_ line: ArraySlice<UInt8>) -> Bool { trimmed(line).elementsEqual("---".utf8) }

    /// A line without the white space at its end.
    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        while let last = line.last, [0x20, 0x09, 0x0D].contains(last) { line.removeLast() }
        return line
    }

    private static func value(_ node: Node, depth: Int, left: inout Int) -> JSONValue {
        left -= 1
        guard depth < 32, left >= 0 else { return .null }
        switch node {
        case .mapping(let mapping):
            var members: [JSONValue.Member] = []
            for pair in mapping where left >= 0 {
                members.append(
                    .init(key: pair.key.string ?? "", value: value(pair.value, depth: depth + 1, left: &left)))
            }
            return .object(members)
        case .sequence(let sequence):
            var values: [JSONValue] = []
            for element in sequence where left >= 0 { values.append(value(element, depth: depth + 1, left: &left)) }
            return .array(values)
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

/// Finds the constructions that make a small YAML text expensive before its values can be counted: the library
/// compares keys while it parses, so that a key made of aliases is walked in full, and it descends as deep as the text.
enum CardAliases {
    /// Brackets open at once; no card nests like that.
    private static let maximumNesting = 64

    static func areUnsafe(in yaml: [UInt8]) -> Bool {
        var nesting = 0
        var hasAlias = false
        var hasComplexKey = false
        for line in yaml.split(separator: UInt8(ascii: "\n")) {
            var before = UInt8(ascii: " ")
            var word: ArraySlice<UInt8> = []
            for index in line.indices {
                let byte = line[index]
                let next = index + 1 < line.endIndex ? line[index + 1] : UInt8(ascii: " ")
                let endsWord = next == 0x20 || next == 0x09 || next == 0x0D
                switch byte {
                case UInt8(ascii: "["), UInt8(ascii: "{"): nesting += 1
                case UInt8(ascii: "]"), UInt8(ascii: "}"): nesting = max(0, nesting - 1)
                case UInt8(ascii: "*") where " \t[{,:-?".utf8.contains(before) && !endsWord: hasAlias = true
                case UInt8(ascii: "?") where endsWord && " \t[{,-".utf8.contains(before): hasComplexKey = true
                case UInt8(ascii: ":") where endsWord:
                    let last = line[..<index].last { $0 != 0x20 && $0 != 0x09 }
                    if last == UInt8(ascii: "]") || last == UInt8(ascii: "}") || word.first == UInt8(ascii: "*") {
                        hasComplexKey = true
                    }
                default: break
                }
                if nesting > maximumNesting { return true }
                if " \t[{,".utf8.contains(byte) {
                    if byte != 0x20 && byte != 0x09 { word = [] } else if next != UInt8(ascii: ":") { word = [] }
                } else {
                    word = word.isEmpty ? line[index...index] : line[word.startIndex...index]
                }
                before = byte
            }
            // Block sequences nest in one line as well: "- - - -".
            if line.count(where: { $0 == UInt8(ascii: "-") }) > 4 * maximumNesting,
                line.allSatisfy({ $0 == UInt8(ascii: "-") || $0 == 0x20 })
            {
                return true
            }
        }
        return hasAlias && hasComplexKey
    }
}
