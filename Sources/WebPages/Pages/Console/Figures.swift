/// A few numbers on top of a page, each with what it counts and where more of it is told.
package enum Figures {
    package struct Figure: Sendable, Hashable {
        package let label: String
        package let value: String
        /// Under the value, such as "214 MB/s".
        package let note: String?
        package let address: String?
        /// Set for what wants attention.
        package let tone: StateChip.Tone?

        package init(
            _ label: String, _ value: String, note: String? = nil, address: String? = nil,
            tone: StateChip.Tone? = nil
        ) {
            self.label = label
            self.value = value
            self.note = note
            self.address = address
            self.tone = tone
        }
    }

    package static func view(_ label: String, _ figures: [Figure], id: String? = nil) -> HTML {
        """
        <ul class="figures" aria-label="\(label)"\(attribute: "id", id)>\(each: figures.map(one))</ul>
        """
    }

    private static func one(_ figure: Figure) -> HTML {
        let inside: HTML = """
            <span class="figure-label">\(figure.label)</span><span class="figure-value">\(figure.value)</span>\
            \(figure.note.map { note -> HTML in "<span class=\"figure-note\">\(note)</span>" })
            """
        let tone = figure.tone.map { " \($0.rawValue)" } ?? ""
        guard let address = figure.address else { return "<li class=\"figure\(tone)\"><div>\(inside)</div></li>" }
        return "<li class=\"figure\(tone)\"><a href=\(url: address)>\(inside)</a></li>"
    }
}

/// A row of bars, one a minute, that shows how something went.
package enum MinuteBars {
    /// - Parameters:
    ///   - values: from the oldest, none below zero.
    ///   - label: all that it says, for those who do not see it.
    package static func view(_ values: [Double], label: String) -> HTML {
        let most = max(values.max() ?? 0, 1)
        let (width, height) = (4, 32)
        let bars = values.enumerated().map { index, value -> HTML in
            let tall = value <= 0 ? 1 : max(2, Int((value / most * Double(height)).rounded()))
            return """
                <rect x="\(index * width)" y="\(height - tall)" width="\(width - 1)" height="\(tall)"\
                \(attribute: "class", value <= 0 ? "nothing" : nil)/>
                """
        }
        return """
            <svg class="minute-bars" viewBox="0 0 \(max(1, values.count * width)) \(height)" role="img" \
            aria-label="\(label)" preserveAspectRatio="none">\(each: bars)</svg>
            """
    }
}
