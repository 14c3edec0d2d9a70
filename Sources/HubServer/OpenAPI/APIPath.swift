/// A route's pattern as OpenAPI writes paths: each capture is a name in braces, which may be a part of its segment, as in
/// `/jobs/{job}:pause`.
struct APIPath: Sendable {
    /// One segment.
    private enum Part {
        case literal(String)
        case capture(String, words: [String])
        case affixed(String, prefix: String, suffix: String)
    }

    /// The captures in order, with the words they are limited to.
    struct Variable: Sendable {
        let name: String
        let words: [String]
    }

    private let parts: [Part]

    /// - Throws: ``RoutePattern/Mistake``.
    init(_ pattern: String) throws {
        parts = try RoutePattern(pattern).segments.map { segment in
            switch segment {
            case .literal(let text): .literal(text)
            // A capture of one word is that word: another path than that of the other words.
            case .oneOf(let name, let words):
                words.count == 1 ? .literal(words.joined()) : .capture(name, words: words.sorted())
            case .capture(let name), .rest(let name): .capture(name, words: [])
            case .affixed(let prefix, let name, let suffix): .affixed(name, prefix: prefix, suffix: suffix)
            }
        }
    }

    var variables: [Variable] {
        parts.compactMap { part in
            switch part {
            case .literal: nil
            case .capture(let name, let words): Variable(name: name, words: words)
            case .affixed(let name, _, _): Variable(name: name, words: [])
            }
        }
    }

    /// The path with its captures called `names`, in order.
    func template(_ names: [String]) -> String {
        var names = names[...]
        return parts.map { part in
            switch part {
            case .literal(let text): "/\(text)"
            case .capture(let name, _): "/{\(names.popFirst() ?? name)}"
            case .affixed(let name, let prefix, let suffix): "/\(prefix){\(names.popFirst() ?? name)}\(suffix)"
            }
        }.joined()
    }

    /// What two paths have in common that OpenAPI takes for one.
    var shape: String { template(variables.map { _ in "" }) }
}
