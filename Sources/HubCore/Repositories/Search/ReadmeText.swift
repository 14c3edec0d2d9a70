/// What of a README is searched: its text without the front matter.
enum ReadmeText {
    /// Bytes of a README that are searched. What somebody looks for stands at its beginning.
    static let maximumBytes = 64 << 10
    /// Papers of one README that become tags.
    private static let maximumPapers = 32

    /// The text of a README, without its front matter.
    static func text(of readme: [UInt8]) -> String {
        String(decoding: FrontMatter.rest(of: readme).prefix(maximumBytes), as: UTF8.self)
    }

    /// The papers at arXiv that a README links to, by their ids, as in `2101.00001`, each once.
    static func papers(in readme: [UInt8]) -> [String] {
        var papers: [String] = []
        let text = readme.prefix(1 << 20)
        var rest = text[...]
        let marks = [Array("arxiv.org/abs/".utf8), Array("arxiv.org/pdf/".utf8)]
        while papers.count < maximumPapers, let found = rest.firstIndex(of: UInt8(ascii: "x")) {
            // The marks' third letter is an x, which texts have few of.
            let start = found - 2
            rest = rest[(found + 1)...]
            guard start >= text.startIndex, let mark = marks.first(where: { text[start...].starts(with: $0) }) else {
                continue
            }
            let id = identifier(at: text[(start + mark.count)...])
            if let id, !papers.contains(id) { papers.append(id) }
        }
        return papers
    }

    /// Four digits, a point, four or five digits. A version behind them is left out.
    private static func identifier(at text: ArraySlice<UInt8>) -> String? {
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        let month = text.prefix(while: isDigit)
        let rest = text.dropFirst(month.count)
        guard month.count == 4, rest.first == UInt8(ascii: ".") else { return nil }
        let number = rest.dropFirst().prefix(while: isDigit)
        guard (4...5).contains(number.count) else { return nil }
        return String(decoding: month + [UInt8(ascii: ".")] + number, as: UTF8.self)
    }
}
