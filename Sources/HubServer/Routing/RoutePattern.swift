/// A path pattern, parsed.
struct RoutePattern: Equatable {
    /// One segment of a pattern, from the most specific kind to the least.
    enum Segment: Hashable {
        case literal(String)
        case oneOf(name: String, words: Set<String>)
        /// A capture with literal text around it.
        case affixed(prefix: String, name: String, suffix: String)
        case capture(String)
        case rest(String)
    }

    /// Why a pattern cannot be used.
    struct Mistake: Error, CustomStringConvertible {
        let description: String
    }

    let segments: [Segment]

    init(_ pattern: String) throws {
        guard pattern.hasPrefix("/") else { throw Mistake(description: "\(pattern): does not start with a slash") }
        var parts = pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        if parts.last?.isEmpty == true { parts.removeLast() }
        segments = try parts.map { try Self.segment($0, of: pattern) }
        let names = segments.compactMap(\.name)
        if Set(names).count != names.count { throw Mistake(description: "\(pattern): captures a name twice") }
        for segment in segments.dropLast() {
            if case .rest = segment { throw Mistake(description: "\(pattern): only the end may capture the rest") }
        }
    }

    private static func segment(_ text: Substring, of pattern: String) throws -> Segment {
        guard !text.isEmpty else { throw Mistake(description: "\(pattern): has an empty segment") }
        guard let open = text.firstIndex(of: "{") else {
            guard !text.contains("}") else { throw Mistake(description: "\(pattern): has an unmatched }") }
            return .literal(String(text))
        }
        guard let close = text.firstIndex(of: "}"), open < close else {
            throw Mistake(description: "\(pattern): has an unmatched {")
        }
        let prefix = String(text[..<open])
        let suffix = String(text[text.index(after: close)...])
        let inside = text[text.index(after: open)..<close]
        guard !suffix.contains("{"), !suffix.contains("}"), !prefix.contains("}") else {
            throw Mistake(description: "\(pattern): has two captures in one segment")
        }
        let isBare = prefix.isEmpty && suffix.isEmpty
        if inside.hasSuffix("...") {
            guard isBare else { throw Mistake(description: "\(pattern): the rest cannot have text around it") }
            return .rest(try name(inside.dropLast(3), of: pattern))
        }
        if let colon = inside.firstIndex(of: ":") {
            let words = inside[inside.index(after: colon)...].split(
                separator: "|", omittingEmptySubsequences: false)
            guard isBare, words.allSatisfy({ !$0.isEmpty }) else {
                throw Mistake(description: "\(pattern): alternatives must be words alone in their segment")
            }
            return .oneOf(name: try name(inside[..<colon], of: pattern), words: Set(words.map(String.init)))
        }
        let name = try name(inside, of: pattern)
        return isBare ? .capture(name) : .affixed(prefix: prefix, name: name, suffix: suffix)
    }

    private static func name(_ text: Substring, of pattern: String) throws -> String {
        guard !text.isEmpty, text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }) else {
            throw Mistake(description: "\(pattern): a capture has no proper name")
        }
        return String(text)
    }
}

extension RoutePattern.Segment {
    var name: String? {
        switch self {
        case .literal: nil
        case .oneOf(let name, _), .affixed(_, let name, _), .capture(let name), .rest(let name): name
        }
    }

    /// The same segment without its name: what decides which paths match.
    var shape: RoutePattern.Segment {
        switch self {
        case .literal: self
        case .oneOf(_, let words): .oneOf(name: "", words: words)
        case .affixed(let prefix, _, let suffix): .affixed(prefix: prefix, name: "", suffix: suffix)
        case .capture: .capture("")
        case .rest: .rest("")
        }
    }

    /// Smaller is more specific.
    var rank: Int {
        switch self {
        case .literal: 0
        case .oneOf: 1
        case .affixed(let prefix, _, let suffix): 1_000 - min(900, prefix.utf8.count + suffix.utf8.count)
        case .capture: 2_000
        case .rest: 3_000
        }
    }

    /// What a decoded segment of a path gives this segment to capture; nil when it does not match.
    func match(_ text: String) -> String? {
        switch self {
        case .literal(let literal):
            return literal == text ? "" : nil
        case .oneOf(_, let words):
            return words.contains(text) ? text : nil
        case .affixed(let prefix, _, let suffix):
            guard text.utf8.count > prefix.utf8.count + suffix.utf8.count, text.hasPrefix(prefix),
                text.hasSuffix(suffix)
            else { return nil }
            return String(text.dropFirst(prefix.count).dropLast(suffix.count))
        case .capture:
            return text.isEmpty ? nil : text
        case .rest:
            return nil
        }
    }

    /// Whether some path segment could match both although neither is more specific.
    func isAmbiguous(with other: RoutePattern.Segment) -> Bool {
        switch (self, other) {
        case (.oneOf(_, let words), .oneOf(_, let others)):
            return words != others && !words.isDisjoint(with: others)
        case (.affixed(let prefix, _, let suffix), .affixed(let otherPrefix, _, let otherSuffix)):
            guard rank == other.rank, shape != other.shape else { return false }
            let prefixesMeet = prefix.hasPrefix(otherPrefix) || otherPrefix.hasPrefix(prefix)
            let suffixesMeet = suffix.hasSuffix(otherSuffix) || otherSuffix.hasSuffix(suffix)
            return prefixesMeet && suffixesMeet
        default:
            return false
        }
    }
}
