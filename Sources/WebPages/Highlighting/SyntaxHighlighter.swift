/// Colours for source text, without scripts.
package enum SyntaxHighlighter {
    /// One piece of markup a line, without line breaks; spans of the classes `tok-…` never cross lines.
    ///
    /// Takes time in proportion to the text. A text that ends in a line break has no empty last line.
    package static func highlight(_ text: String, language: SourceLanguage?) -> [HTML] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { HTML(text: $0) }
        if lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}
