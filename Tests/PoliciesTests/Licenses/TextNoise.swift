import Foundation

/// What happens to licence texts on their way into repositories.
enum TextNoise {
    /// Wraps each paragraph anew.
    static func wrapped(_ text: String, width: Int) -> String {
        text.components(separatedBy: "\n\n").map { paragraph in
            var lines = [""]
            for word in paragraph.split(whereSeparator: \.isWhitespace) {
                if lines[lines.count - 1].count + word.count + 1 > width { lines.append("") }
                lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
            }
            return lines.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    static func eachLine(_ text: String, _ change: (String) -> String) -> String {
        text.components(separatedBy: "\n").map(change).joined(separator: "\n")
    }

    static func onOneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    static func comment(_ text: String) -> String { eachLine(text) { "# \($0)" } }

    static func block(_ text: String) -> String { "/*\n" + eachLine(text) { " * \($0)" } + "\n */" }

    static func curly(_ text: String) -> String {
        text.replacing("\"", with: "\u{201D}").replacing("'", with: "\u{2019}").replacing(" - ", with: " \u{2014} ")
    }

    static func html(_ text: String) -> String {
        let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
        let paragraphs = escaped.components(separatedBy: "\n\n").map { "<p class=\"x\">\($0)</p>" }
        return "<html><body>\n" + paragraphs.joined(separator: "\n") + "\n</body></html>"
    }

    static func markdown(_ text: String) -> String {
        let lines = text.components(separatedBy: "\n")
        return (["## **\(lines.first ?? "")**"] + lines.dropFirst().map { $0.isEmpty ? $0 : "> \($0)" })
            .joined(separator: "\n")
    }

    /// The first part of the words.
    static func cut(_ text: String, _ part: Double) -> String { String(text.prefix(Int(Double(text.count) * part))) }

    static func filled(_ text: String, year: String = "2024", holder: String = "Acme Robotics Ltd.") -> String {
        var text = text
        for place in ["<year>", "[yyyy]", "<yyyy>", "YEAR"] { text = text.replacing(place, with: year) }
        for place in ["<copyright holders>", "<owner>", "<copyright holder>", "[name of copyright owner]"] {
            text = text.replacing(place, with: holder)
        }
        return text
    }

    static func inserted(_ clause: String, after mark: String, in text: String) -> String {
        guard let range = text.range(of: mark) else { return text + "\nMARK NOT FOUND \(mark)" }
        return text[..<range.upperBound] + clause + text[range.upperBound...]
    }
}
