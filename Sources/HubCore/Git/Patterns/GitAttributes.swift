/// What a repository's root `.gitattributes` says about large files.
///
/// - SeeAlso: gitattributes(5). Macros and files of subfolders are not read.
struct GitAttributes: Sendable {
    /// Bytes of a file that are read, and rules that are kept: every file of an upload is compared with each.
    static let maximumBytes = 1 << 20
    private static let maximumRules = 2_000

    private struct Rule: Sendable {
        let pattern: PathPattern
        let usesLFS: Bool
    }

    private var rules: [Rule] = []

    static let none = GitAttributes(parsing: [])

    init(parsing bytes: [UInt8]) {
        for line in bytes.prefix(Self.maximumBytes).split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            guard rules.count < Self.maximumRules, let rule = Self.rule(line) else { continue }
            rules.append(rule)
        }
    }

    /// Whether a path is kept by git-lfs: the last line that says something about it decides.
    func usesLFS(_ path: GitPath) -> Bool {
        let names = path.names[...]
        return rules.last { $0.pattern.matches(names) }?.usesLFS ?? false
    }

    /// A line that sets or unsets the filter; nil for any other.
    private static func rule(_ line: ArraySlice<UInt8>) -> Rule? {
        let words = line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 })
        guard words.count >= 2, let first = words.first, first.first != UInt8(ascii: "#"),
            // git allows a quoted pattern; the tools that write these files escape spaces instead.
            first.first != UInt8(ascii: "\""), first.last != UInt8(ascii: "/")
        else { return nil }
        var usesLFS: Bool?
        for word in words.dropFirst() {
            if word.elementsEqual("filter=lfs".utf8) {
                usesLFS = true
            } else if word.starts(with: "filter=".utf8) || word.elementsEqual("-filter".utf8)
                || word.elementsEqual("!filter".utf8)
            {
                usesLFS = false
            }
        }
        guard let usesLFS, let pattern = PathPattern(first) else { return nil }
        return Rule(pattern: pattern, usesLFS: usesLFS)
    }
}

extension GitPath {
    /// The names along the path as bytes, for patterns.
    var names: [[UInt8]] { path.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) } }
}
