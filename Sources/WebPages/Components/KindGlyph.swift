/// The picture of a kind of repository, in the colour of that kind.
package enum KindGlyph {
    /// - Parameter kind: in the plural, as in addresses: `models`.
    package static func view(_ kind: String) -> HTML {
        let lines: HTML =
            switch kind {
            case "models": "<path d=\"m12 3 8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9\"/>"
            case "datasets":
                "<ellipse cx=\"12\" cy=\"6\" rx=\"7.5\" ry=\"3\"/><path d=\"M4.5 6v12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3V6M4.5 12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3\"/>"
            case "spaces":
                "<rect x=\"3.5\" y=\"4.5\" width=\"17\" height=\"15\" rx=\"2\"/><path d=\"M3.5 9h17M7 6.8h.01M10 6.8h.01\"/>"
            case "codes": "<path d=\"m8 7-5 5 5 5M16 7l5 5-5 5M13.5 5l-3 14\"/>"
            case "prompts": "<path d=\"M4 5h16v11H11l-4.5 4v-4H4zM8 9h8M8 12h5\"/>"
            case "mcps": "<path d=\"M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4\"/>"
            case "skills": "<path d=\"m13 2-8 12h6l-1 8 9-13h-7z\"/>"
            default: "<path d=\"M4 5h6l2 2.5h8V19H4z\"/>"
            }
        return """
            <span class="kind \(kind)" aria-hidden="true"><svg viewBox="0 0 24 24" focusable="false">\(lines)</svg></span>
            """
    }
}
