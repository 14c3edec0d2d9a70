/// Text in which the words that were searched for are marked.
enum Highlight {
    static func view(_ text: String, _ words: [String]) -> HTML {
        let marks = ranges(of: words, in: text)
        guard !marks.isEmpty else { return HTML(text: text) }
        var html = HTML()
        var place = text.startIndex
        for range in marks {
            html.append(text: text[place..<range.lowerBound])
            html.append("<mark>\(text[range])</mark>")
            place = range.upperBound
        }
        html.append(text: text[place...])
        return html
    }

    /// Where words are, in order and apart, whatever their case.
    private static func ranges(of words: [String], in text: String) -> [Range<String.Index>] {
        let letters = text.indices.map { (index: $0, lowered: text[$0].lowercased()) }
        var found: [Range<String.Index>] = []
        for word in words.prefix(16) {
            let sought = word.map { $0.lowercased() }
            guard !sought.isEmpty, sought.count <= letters.count else { continue }
            var start = 0
            while start + sought.count <= letters.count {
                if zip(letters[start...], sought).allSatisfy({ $0.lowered == $1 }) {
                    let end = start + sought.count
                    found.append(letters[start].index..<(end < letters.count ? letters[end].index : text.endIndex))
                    start = end
                } else {
                    start += 1
                }
            }
        }
        return merged(found.sorted { $0.lowerBound < $1.lowerBound })
    }

    private static func merged(_ ranges: [Range<String.Index>]) -> [Range<String.Index>] {
        var kept: [Range<String.Index>] = []
        for range in ranges {
            guard let last = kept.last, last.upperBound >= range.lowerBound else {
                kept.append(range)
                continue
            }
            kept[kept.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
        }
        return kept
    }
}
