/// Colours for source text, without scripts.
package enum SyntaxHighlighter {
    /// Bytes of a text that gets colours.
    package static let longest = 1 << 20

    /// One piece of markup a line, without line breaks; spans of the classes `tok-…` never cross lines.
    ///
    /// Takes time in proportion to the text. A text that ends in a line break has no empty last line.
    package static func highlight(_ text: String, language: SourceLanguage?) -> [HTML] {
        let bytes = Array(text.utf8)
        var lines = HighlightedLines(bytes)
        guard let language, bytes.count <= longest else { return lines.finish() }
        switch language {
        case .yaml: KeyedScanner.yaml(bytes, &lines)
        case .toml: KeyedScanner.toml(bytes, &lines)
        case .dockerfile: KeyedScanner.dockerfile(bytes, &lines)
        case .markdown: MarkdownScanner.scan(bytes, &lines)
        case .html: MarkupScanner.scan(bytes, &lines)
        default:
            var scanner = WordScanner(bytes, rules: .of(language))
            scanner.scan(0..<bytes.count, &lines)
        }
        return lines.finish()
    }
}
