/// A pattern of paths as cards write them: `data/train-*.parquet`, `**/*.csv`, `{a,b}/?.json`.
///
/// `*` and `?` stay within a folder, `**` does not. Matching takes steps of the order of pattern times path.
struct PathGlob {
    private enum Part: Equatable {
        case literal(Character)
        case one
        case some
        case any
        case among(Set<Character>, isNegated: Bool)
    }

    private let alternatives: [[Part]]

    private static let lengthLimit = 1_024
    private static let alternativeLimit = 64

    /// - Returns: nil for a pattern that is too long.
    init?(_ pattern: String) {
        guard pattern.count <= Self.lengthLimit else { return nil }
        var pattern = pattern
        if pattern.hasPrefix("./") { pattern.removeFirst(2) }
        var texts = [""]
        var rest = pattern[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let words = rest[rest.index(after: open)..<close].split(separator: ",", omittingEmptySubsequences: false)
            texts = texts.flatMap { text in words.map { text + rest[..<open] + $0 } }
            guard texts.count <= Self.alternativeLimit else { return nil }
            rest = rest[rest.index(after: close)...]
        }
        alternatives = texts.map { Self.parts($0 + rest) }
    }

    private static func parts(_ text: String) -> [Part] {
        var parts: [Part] = []
        var rest = text[...]
        while let character = rest.popFirst() {
            switch character {
            case "*":
                if rest.first == "*" {
                    while rest.first == "*" { rest.removeFirst() }
                    // `**/x` is `x`, too.
                    if rest.first == "/" { rest.removeFirst() }
                    parts.append(.any)
                } else {
                    parts.append(.some)
                }
            case "?": parts.append(.one)
            case "[":
                guard let end = rest.firstIndex(of: "]"), end > rest.startIndex else {
                    parts.append(.literal("["))
                    continue
                }
                var set = rest[..<end]
                rest = rest[rest.index(after: end)...]
                let isNegated = set.first == "!" || set.first == "^"
                if isNegated { set.removeFirst() }
                parts.append(.among(characters(Array(set)), isNegated: isNegated))
            default: parts.append(.literal(character))
            }
        }
        return parts
    }

    private static func characters(_ set: [Character]) -> Set<Character> {
        var (found, index) = (Set<Character>(), 0)
        while index < set.count {
            if index + 2 < set.count, set[index + 1] == "-", let low = set[index].asciiValue,
                let high = set[index + 2].asciiValue, low <= high
            {
                for value in low...high { found.insert(Character(Unicode.Scalar(value))) }
                index += 3
            } else {
                found.insert(set[index])
                index += 1
            }
        }
        return found
    }

    func matches(_ path: String) -> Bool {
        let path = Array(path)
        return alternatives.contains { Self.matches($0, path) }
    }

    private static func matches(_ parts: [Part], _ path: [Character]) -> Bool {
        // Which beginnings of the pattern match what was read so far.
        var states = closure([true] + [Bool](repeating: false, count: parts.count), parts)
        for character in path {
            var following = [Bool](repeating: false, count: parts.count + 1)
            for (index, part) in parts.enumerated() where states[index] {
                switch part {
                case .literal(let wanted): if wanted == character { following[index + 1] = true }
                case .one: if character != "/" { following[index + 1] = true }
                case .some: if character != "/" { following[index] = true }
                case .any: following[index] = true
                case .among(let set, let isNegated):
                    if character != "/", set.contains(character) != isNegated { following[index + 1] = true }
                }
            }
            states = closure(following, parts)
        }
        return states[parts.count]
    }

    private static func closure(_ states: [Bool], _ parts: [Part]) -> [Bool] {
        var states = states
        for (index, part) in parts.enumerated() where states[index] && (part == .some || part == .any) {
            states[index + 1] = true
        }
        return states
    }
}
