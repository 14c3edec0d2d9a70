/// A route's pattern as OpenAPI writes paths: each capture is a whole name in braces.
struct APIPath: Sendable {
    /// One segment.
    private enum Part {
        case literal(String)
        case capture(String, words: [String])
    }

    /// The captures in order, with the words they are limited to.
    struct Variable: Sendable {
        let name: String
        let words: [String]
    }

    private let parts: [Part]

    /// - Throws: ``RoutePattern/Mistake``, and ``APIMistake`` for a capture with text around it.
    init(_ pattern: String) throws {
        parts = try RoutePattern(pattern).segments.map { segment in
            switch segment {
            case .literal(let text): .literal(text)
            // A capture of one word is that word: another path than that of the other words.
            case .oneOf(let name, let words):
                words.count == 1 ? .literal(words.joined()) : .capture(name, words: words.sorted())
            case .capture(let name), .rest(let name): .capture(name, words: [])
            case .affixed: throw APIMistake("\(pattern): OpenAPI has no name for a part of a segment")
            }
        }
    }

    var variables: [Variable] {
        parts.compactMap { part in
            if case .capture(let name, let words) = part { Variable(name: name, words: words) } else { nil }
        }
    }

    /// The path with its captures called `names`, in order.
    func template(_ names: [String]) -> String {
        var names = names[...]
        return parts.map { part in
            switch part {
            case .literal(let text): "/\(text)"
            case .capture(let name, _): "/{\(names.popFirst() ?? name)}"
            }
        }.joined()
    }

    /// What two paths have in common that OpenAPI takes for one.
    var shape: String { template(variables.map { _ in "" }) }
}
