/// The frame of the pages here for those who run the hub.
enum ConsoleFrame {
    static func page(
        _ part: String, _ title: String, note: String? = nil, actions: HTML? = nil, notice: String? = nil,
        problem: String? = nil, status: Int = 200, _ content: HTML, _ context: PageContext
    ) -> Page {
        let body: HTML = """
            \(PageHead.view(title, note: note.map { HTML(text: $0) }, actions: actions))\
            \(Outcome.view(notice, problem, context.t))\(content)
            """
        return Page(title: title, section: .console, body: body, status: status)
    }
}

/// A few numbers that matter, in a row.
package enum FigureStrip {
    package struct Figure: Sendable {
        let label: String
        let value: String
        let note: String?
        let tone: StateChip.Tone
        let address: String?

        package init(
            _ label: String, _ value: String, note: String? = nil, tone: StateChip.Tone = .neutral,
            address: String? = nil
        ) {
            self.label = label
            self.value = value
            self.note = note
            self.tone = tone
            self.address = address
        }
    }

    package static func view(_ figures: [Figure]) -> HTML {
        let items = figures.map { figure -> HTML in
            let value: HTML =
                figure.address.map { address -> HTML in "<a href=\(url: address)>\(figure.value)</a>" }
                ?? HTML(text: figure.value)
            return """
                <div class="figure \(figure.tone.rawValue)"><dt>\(figure.label)</dt><dd class="figure-value">\(value)</dd>\
                \(figure.note.map { note -> HTML in "<dd class=\"hint\">\(note)</dd>" })</div>
                """
        }
        return "<dl class=\"figures\">\(each: items)</dl>"
    }
}
