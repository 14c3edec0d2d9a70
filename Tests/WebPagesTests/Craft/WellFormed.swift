/// Looks at markup as a strict reader would: what is opened is closed in order, ids occur once, attributes are quoted.
enum WellFormed {
    private static let void: Set<String> = [
        "area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "path", "rect", "circle",
        "ellipse", "line", "polyline", "polygon", "use", "stop",
    ]

    static func problems(_ markup: String) -> [String] {
        var problems: [String] = []
        var open: [Substring] = []
        var ids: Set<Substring> = []
        var rest = Substring(markup)
        while let start = rest.firstIndex(of: "<") {
            rest = rest[start...].dropFirst()
            if rest.hasPrefix("!") {
                rest = rest.drop { $0 != ">" }
                continue
            }
            var inQuotes: Character?
            let tag = rest.prefix { character in
                if let quote = inQuotes {
                    if character == quote { inQuotes = nil }
                    return true
                }
                if character == "\"" || character == "'" { inQuotes = character }
                return character != ">"
            }
            rest = rest.dropFirst(tag.count)
            let name = tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber || $0 == "-" }
            if name.isEmpty {
                problems.append("a bare < before \(tag.prefix(40))")
            } else if tag.hasPrefix("/") {
                if open.last == name {
                    open.removeLast()
                } else {
                    problems.append("</\(name)> closes <\(open.last ?? "nothing")>")
                }
            } else {
                for id in tag.matches(of: /\sid="([^"]*)"/).map(\.output.1) where !ids.insert(id).inserted {
                    problems.append("id \(id) occurs twice")
                }
                if tag.contains(/=[^"'\s>]/), !tag.contains("content='"),
                    tag.replacing(/"[^"]*"/, with: "").contains("=")
                {
                    let bare = tag.replacing(/="[^"]*"/, with: "").replacing(/='[^']*'/, with: "")
                    if bare.contains("=") { problems.append("an attribute without quotes: <\(tag.prefix(120))>") }
                }
                if !void.contains(String(name)), !tag.hasSuffix("/") { open.append(name) }
            }
        }
        if !open.isEmpty { problems.append("never closed: \(open.joined(separator: " "))") }
        if markup.contains("Optional(") || markup.contains("HTML(bytes") {
            problems.append("a value that was not unwrapped")
        }
        return problems
    }
}
