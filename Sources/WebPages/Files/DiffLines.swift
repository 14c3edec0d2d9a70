/// Which lines of a difference belong together, and what in them differs.
enum DiffLines {
    /// Indices of lines in a hunk; a line that stayed is on both sides.
    struct Pair: Equatable {
        let old: Int?
        let new: Int?
    }

    /// Lines beside each other: those that were removed stand beside those that were added in their place.
    static func pairs(of hunk: DiffModel.Hunk) -> [Pair] {
        var pairs: [Pair] = []
        var removed: [Int] = []
        var added: [Int] = []
        func flush() {
            for index in 0..<max(removed.count, added.count) {
                pairs.append(
                    Pair(
                        old: index < removed.count ? removed[index] : nil,
                        new: index < added.count ? added[index] : nil))
            }
            removed = []
            added = []
        }
        for (index, line) in hunk.lines.enumerated() {
            switch line.kind {
            case .removed:
                if !added.isEmpty { flush() }
                removed.append(index)
            case .added: added.append(index)
            case .same:
                flush()
                pairs.append(Pair(old: index, new: index))
            }
        }
        flush()
        return pairs
    }

    /// Text of each line: in colours, or with the words marked that differ from the line beside it.
    static func texts(of hunk: DiffModel.Hunk, language: SourceLanguage?) -> [HTML] {
        // Each line by itself: what a hunk starts within is not known.
        var texts = hunk.lines.map { line -> HTML in
            SyntaxHighlighter.highlight(line.text, language: language).first ?? HTML(text: line.text)
        }
        for pair in pairs(of: hunk) {
            guard let old = pair.old, let new = pair.new, old != new,
                let (left, right) = marked(hunk.lines[old].text, hunk.lines[new].text)
            else { continue }
            texts[old] = left
            texts[new] = right
        }
        return texts
    }

    /// Two lines with the parts marked between what they start and end with alike; nil if they have too little in
    /// common.
    static func marked(_ old: String, _ new: String) -> (HTML, HTML)? {
        let (a, b) = (Array(old), Array(new))
        guard a.count <= 2_000, b.count <= 2_000 else { return nil }
        var first = 0
        while first < a.count, first < b.count, a[first] == b[first] { first += 1 }
        var last = 0
        while last < a.count - first, last < b.count - first, a[a.count - 1 - last] == b[b.count - 1 - last] {
            last += 1
        }
        guard (first + last) * 3 >= max(a.count, b.count), first + last > 0 else { return nil }
        return (
            part(a, first, a.count - last, "<del>", "</del>"), part(b, first, b.count - last, "<ins>", "</ins>")
        )
    }

    private static func part(_ line: [Character], _ from: Int, _ to: Int, _ open: HTML, _ close: HTML) -> HTML {
        guard from < to else { return HTML(text: String(line)) }
        return "\(String(line[..<from]))\(open)\(String(line[from..<to]))\(close)\(String(line[to...]))"
    }
}
