/// Reads markup as a browser does and says what in it is not allowed.
///
/// Knows nothing of how the markup is made: it has its own tokenizer and its own list of what may be.
struct StrictMarkup {
    private(set) var problems: [String] = []
    /// Text as it is read, with references resolved.
    private(set) var text = ""
    private(set) var tags: [String] = []
    /// Values of `href`, `src` and `srcset`.
    private(set) var addresses: [(tag: String, attribute: String, value: String)] = []

    static let tags: Set<String> = [
        "a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "col", "colgroup", "dd", "del", "details",
        "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins",
        "kbd", "li", "mark", "ol", "p", "picture", "pre", "q", "s", "samp", "small", "source", "span", "strong", "sub",
        "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var",
        // Ours: buttons to copy, boxes of tasks.
        "button", "svg", "use", "input",
    ]
    static let attributes: Set<String> = [
        "align", "alt", "class", "colspan", "rowspan", "height", "width", "href", "src", "srcset", "title", "id",
        "open",
        "start", "lang", "dir", "media", "rel", "loading", "scope", "role", "tabindex", "aria-label", "aria-hidden",
        "focusable", "type", "disabled", "checked", "hidden", "data-copy", "data-language", "data-island",
        "data-display", "data-title",
    ]
    private static let void: Set<String> = ["br", "col", "hr", "img", "input", "source", "use"]

    init(_ markup: String) {
        let scalars = Array(markup.unicodeScalars)
        var open: [String] = []
        var at = 0
        while at < scalars.count {
            guard scalars[at] == "<" else {
                let start = at
                while at < scalars.count, scalars[at] != "<" { at += 1 }
                text += Self.resolved(scalars[start..<at])
                continue
            }
            at += 1
            let isEnd = at < scalars.count && scalars[at] == "/"
            if isEnd { at += 1 }
            let name = Self.take(scalars, &at) { $0.properties.isAlphabetic || ("0"..."9").contains($0) }
            guard !name.isEmpty else {
                problems.append("a bracket that opens nothing")
                continue
            }
            if isEnd {
                if at >= scalars.count || scalars[at] != ">" {
                    problems.append("</\(name) is not closed")
                } else {
                    at += 1
                }
                if open.last == name {
                    open.removeLast()
                } else {
                    problems.append("</\(name)> closes \(open.last ?? "nothing")")
                }
                continue
            }
            let isClosed = attributes(of: name, scalars, &at)
            tags.append(name)
            if !Self.tags.contains(name) { problems.append("<\(name)> is not allowed") }
            if !Self.void.contains(name), !isClosed { open.append(name) }
        }
        if !open.isEmpty { problems.append("never closed: \(open)") }
    }

    /// - Returns: whether the tag closes itself.
    private mutating func attributes(of tag: String, _ scalars: [Unicode.Scalar], _ at: inout Int) -> Bool {
        while true {
            let space = Self.take(scalars, &at) { $0.value <= 0x20 }
            guard at < scalars.count else {
                problems.append("<\(tag) never ends")
                return true
            }
            if scalars[at] == ">" {
                at += 1
                return false
            }
            if scalars[at] == "/", at + 1 < scalars.count, scalars[at + 1] == ">" {
                at += 2
                return true
            }
            if space.isEmpty { problems.append("no space before an attribute of <\(tag)>") }
            let name = Self.take(scalars, &at) { !"=>/\"'<".unicodeScalars.contains($0) && $0.value > 0x20 }
            guard !name.isEmpty else {
                problems.append("something odd in <\(tag)>")
                at += 1
                continue
            }
            if !Self.attributes.contains(name) { problems.append("\(name) on <\(tag)> is not allowed") }
            guard at < scalars.count, scalars[at] == "=" else { continue }
            at += 1
            guard at < scalars.count, scalars[at] == "\"" else {
                problems.append("\(name) has no quotes")
                continue
            }
            at += 1
            let start = at
            while at < scalars.count, scalars[at] != "\"" { at += 1 }
            let raw = scalars[start..<at]
            if raw.contains("<") { problems.append("a bracket in \(name)") }
            check(tag, name, Self.resolved(raw))
            at += 1
        }
    }

    private mutating func check(_ tag: String, _ name: String, _ value: String) {
        guard ["href", "src", "srcset", "data-island"].contains(name) else {
            if name == "id", !value.hasPrefix("md-") { problems.append("the id \(value)") }
            return
        }
        addresses.append((tag, name, value))
        for candidate in name == "srcset" ? value.split(separator: ",").map(String.init) : [value] {
            let address = String(
                String.UnicodeScalarView(candidate.unicodeScalars.filter { $0.value > 0x20 && $0.value != 0x7F })
            )
            .lowercased()
            if let colon = address.firstIndex(of: ":") {
                let scheme = address[..<colon]
                let isScheme =
                    scheme.first?.isLetter == true
                    && scheme.utf8.allSatisfy {
                        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "+-.".utf8.contains($0)
                    }
                if isScheme, !["http", "https", "mailto"].contains(scheme) {
                    problems.append("the scheme of \(value)")
                }
            }
            let isFetched = name != "href" || tag == "use"
            if isFetched, !address.hasPrefix("/") || address.hasPrefix("//") || address.hasPrefix("/\\") {
                problems.append("\(value) is fetched from elsewhere")
            }
        }
    }

    private static func take(
        _ scalars: [Unicode.Scalar], _ at: inout Int, while condition: (Unicode.Scalar) -> Bool
    ) -> String {
        var out = String.UnicodeScalarView()
        while at < scalars.count, condition(scalars[at]) {
            out.append(scalars[at])
            at += 1
        }
        return String(out)
    }

    /// References as the renderer writes them; named ones that it passes on stay.
    static func resolved(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars)).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
            .replacing("&quot;", with: "\"").replacing("&#39;", with: "'").replacing("&amp;", with: "&")
    }
}
