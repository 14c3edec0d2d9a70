/// The same done in several ways, of which one is shown; changes without scripts.
package enum SnippetTabs {
    package struct Way: Sendable {
        package let label: String
        package let code: String
        package let language: String?
        /// What to know before pasting it.
        package let note: String?

        package init(_ label: String, code: String, language: String? = nil, note: String? = nil) {
            self.label = label
            self.code = code
            self.language = language
            self.note = note
        }
    }

    /// - Parameters:
    ///   - id: unlike any other on the page.
    ///   - label: what all of them do.
    package static func view(id: String, label: String, _ ways: [Way], _ context: PageContext) -> HTML {
        let parts = ways.enumerated().map { index, way -> HTML in
            let own = "\(id)-\(index)"
            return """
                <input type="radio" name="\(id)" id="\(own)"\(flag: "checked", index == 0)>\
                <label for="\(own)">\(way.label)</label><div class="snippet-pane">\
                \(way.note.map { note -> HTML in "<p>\(note)</p>" })\
                \(CopyText.snippet(way.code, language: way.language, context))</div>
                """
        }
        return "<div class=\"snippet-tabs\" role=\"group\" aria-label=\"\(label)\">\(each: parts)</div>"
    }
}
