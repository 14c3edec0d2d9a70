/// Looks at a chat template: Jinja that inference servers run, in a sandbox at best.
struct TemplateScan {
    let session: ScanSession
    /// Where the template is, to be shown.
    let place: String

    /// Names and attributes with which templates reach what is behind their values.
    private static let reaching: Set<String> = [
        "lipsum", "cycler", "joiner", "request", "config", "self", "url_for", "get_flashed_messages", "os", "sys",
        "subprocess", "popen", "eval", "exec", "getattr", "globals", "builtins", "importlib", "mro", "subclasses",
        "gi_frame", "gi_code", "cr_frame", "f_globals", "f_builtins", "f_locals", "func_globals", "func_code",
        "tb_frame",
    ]
    /// Statements that bring in other templates.
    private static let including: Set<String> = ["import", "include", "extends", "from", "debug"]
    /// Filters that take attributes by their names.
    private static let indirect: Set<String> = ["attr", "map", "format"]

    func run(_ template: String) {
        var found: Set<String> = []
        for part in Self.code(of: Array(template.utf8)) {
            for problem in Self.problems(in: part) where found.insert(problem).inserted {
                session.note("template", .suspicious, "template.code", at: place, "has a template that \(problem)")
            }
        }
    }

    /// Whether a text has anything of Jinja in it.
    static func isTemplate(_ text: String) -> Bool { text.contains("{%") || text.contains("{{") }

    private struct Part {
        let bytes: ArraySlice<UInt8>
        let isStatement: Bool
    }

    /// What is between `{%` and `%}`, or between `{{` and `}}`.
    private static func code(of bytes: [UInt8]) -> [Part] {
        var parts: [Part] = []
        var at = 0
        while at + 1 < bytes.count, parts.count < 50_000 {
            guard bytes[at] == UInt8(ascii: "{"),
                bytes[at + 1] == UInt8(ascii: "%") || bytes[at + 1] == UInt8(ascii: "{")
            else {
                at += 1
                continue
            }
            let isStatement = bytes[at + 1] == UInt8(ascii: "%")
            let close = isStatement ? UInt8(ascii: "%") : UInt8(ascii: "}")
            let start = at + 2
            var end = start
            var quote: UInt8?
            while end < bytes.count {
                let byte = bytes[end]
                if let open = quote {
                    if byte == UInt8(ascii: "\\") { end += 1 } else if byte == open { quote = nil }
                } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                    quote = byte
                } else if byte == close, end + 1 < bytes.count, bytes[end + 1] == UInt8(ascii: "}") {
                    break
                }
                end += 1
            }
            parts.append(Part(bytes: bytes[start..<min(end, bytes.count)], isStatement: isStatement))
            at = min(end, bytes.count) + 2
        }
        return parts
    }

    private static func problems(in part: Part) -> [String] {
        var problems: [String] = []
        var words: [(text: String, before: UInt8?)] = []
        var at = part.bytes.startIndex
        var before: UInt8?
        let end = part.bytes.endIndex
        while at < end {
            let byte = part.bytes[at]
            if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                let start = at + 1
                at += 1
                while at < end, part.bytes[at] != byte { at += part.bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
                let text = String(decoding: part.bytes[min(start, end)..<min(at, end)], as: UTF8.self)
                problems += Self.problems(inText: text)
                at += 1
                before = byte
            } else if isWord(byte) {
                let start = at
                while at < end, isWord(part.bytes[at]) { at += 1 }
                words.append((String(decoding: part.bytes[start..<at], as: UTF8.self), before))
                before = 0x61
            } else {
                if byte > 0x20 { before = byte }
                at += 1
            }
        }
        for (place, word) in words.enumerated() {
            if word.text.contains("__") {
                problems.append("reaches for \(word.text)")
            } else if reaching.contains(word.text), word.text != "self" || part.isStatement == false {
                // A loop may well be about a `config`; a dot after it would be needed to get anywhere.
                if !["config", "request", "self"].contains(word.text) || word.before == UInt8(ascii: ".") {
                    problems.append("uses \(word.text)")
                }
            } else if word.before == UInt8(ascii: "|"), word.text == "attr" {
                problems.append("takes attributes by names that it makes")
            }
            if part.isStatement, place == 0 || words[place - 1].text == "from", including.contains(word.text) {
                problems.append("brings in other templates with '\(word.text)'")
            }
        }
        return problems
    }

    /// Parts of names may be put together of texts.
    private static func problems(inText text: String) -> [String] {
        var problems: [String] = []
        if text.contains("__") && text.contains(where: \.isLetter) && !text.contains(" ") {
            problems.append("has the name '\(text.prefix(60))' as a text")
        }
        for escape in ["\\x5f", "\\x5F", "\\u005f", "\\u005F", "\\137"] where text.contains(escape) {
            problems.append("hides underscores in a text")
        }
        if text == "_" || text == "__" { problems.append("puts names together of underscores") }
        return problems
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
            || byte >= 0x80
    }
}
