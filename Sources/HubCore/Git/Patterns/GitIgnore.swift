/// What a `.gitignore` file keeps out of a repository.
///
/// - SeeAlso: gitignore(5).
struct GitIgnore: Sendable {
    private static let maximumRules = 2_000

    private struct Rule: Sendable {
        let pattern: PathPattern
        let isNegated: Bool
        let isForFolders: Bool
    }

    private var rules: [Rule] = []

    static let none = GitIgnore(parsing: [])

    init(parsing bytes: [UInt8]) {
        for line in bytes.prefix(GitAttributes.maximumBytes).split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            guard rules.count < Self.maximumRules, let rule = Self.rule(line) else { continue }
            rules.append(rule)
        }
    }

    /// Whether a file is ignored, itself or with a folder it is in: nothing in an ignored folder can be taken back.
    func ignores(_ path: GitPath) -> Bool {
        guard !rules.isEmpty else { return false }
        let names = path.names
        for count in 1...names.count {
            let isFolder = count < names.count
            let beginning = names.prefix(count)
            let rule = rules.last { (isFolder || !$0.isForFolders) && $0.pattern.matches(beginning) }
            if let rule, !rule.isNegated { return true }
        }
        return false
    }

    private static func rule(_ line: ArraySlice<UInt8>) -> Rule? {
        var text = line
        // A space at the end counts only behind a backslash.
        while text.last == 0x20, text.dropLast().last != UInt8(ascii: "\\") { text.removeLast() }
        guard let first = text.first, first != UInt8(ascii: "#") else { return nil }
        let isNegated = first == UInt8(ascii: "!")
        if isNegated { text.removeFirst() }
        let isForFolders = text.last == UInt8(ascii: "/")
        if isForFolders { text.removeLast() }
        guard !text.isEmpty, let pattern = PathPattern(text) else { return nil }
        return Rule(pattern: pattern, isNegated: isNegated, isForFolders: isForFolders)
    }
}
