/// JSON whose parts fold.
package enum JSONTree {
    /// Nil for text that is not JSON, is too long or goes too deep; it is then shown as text.
    package static func view(_ text: String, _ context: PageContext) -> HTML? {
        guard text.utf8.count <= JSONText.longest, let value = JSONText.parsed(text) else { return nil }
        var budget = 20_000
        return "<div class=\"json-tree\">\(node(value, name: nil, depth: 0, &budget, context))</div>"
    }

    /// Members of one object or list that are written.
    private static let mostMembers = 500

    private static func node(
        _ value: JSONText.Value, name: HTML?, depth: Int, _ budget: inout Int, _ context: PageContext
    ) -> HTML {
        budget -= 1
        let key: HTML = name.map { name -> HTML in "\(name): " } ?? ""
        switch value {
        case .scalar(let text, let kind): return "\(key)<span class=\"tok-\(String(kind))\">\(text)</span>"
        case .list(let items):
            guard !items.isEmpty else { return "\(key)[]" }
            let members = items.prefix(mostMembers).enumerated().map { index, item -> (HTML, JSONText.Value) in
                ("<span class=\"json-note\">\(index)</span>", item)
            }
            return branch(key, "[", "]", members, items.count, depth, &budget, context)
        case .object(let pairs):
            guard !pairs.isEmpty else { return "\(key){}" }
            let members = pairs.prefix(mostMembers).map { pair -> (HTML, JSONText.Value) in
                ("<span class=\"tok-a\">\(pair.name)</span>", pair.value)
            }
            return branch(key, "{", "}", members, pairs.count, depth, &budget, context)
        }
    }

    private static func branch(
        _ key: HTML, _ open: String, _ close: String, _ members: [(HTML, JSONText.Value)], _ count: Int, _ depth: Int,
        _ budget: inout Int, _ context: PageContext
    ) -> HTML {
        var items = HTML()
        var written = 0
        for (name, value) in members {
            guard budget > 0 else { break }
            items += "<li>\(node(value, name: name, depth: depth + 1, &budget, context))</li>"
            written += 1
        }
        if written < count { items += "<li class=\"json-note\">\(context.t.jsonMore(count - written))</li>" }
        let isOpen = depth < 2 && count <= 50
        return """
            <details\(flag: "open", isOpen)><summary>\(key)\(open)<span class="json-note"> \
            \(context.t.jsonItems(count)) </span>\(close)</summary><ul>\(items)</ul></details>
            """
    }
}
