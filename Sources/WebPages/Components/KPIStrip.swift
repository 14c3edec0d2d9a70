/// Few numbers that say how things stand.
package enum KPIStrip {
    package struct Number: Sendable {
        package let label: String
        /// With its unit.
        package let value: String
        package let note: String?
        package let tone: StateChip.Tone
        /// Where the number comes from.
        package let address: String?

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

    package static func view(_ numbers: [Number]) -> HTML {
        let items = numbers.map { number -> HTML in
            let value: HTML =
                if let address = number.address {
                    "<a href=\(url: address)>\(number.value)</a>"
                } else {
                    HTML(text: number.value)
                }
            return """
                <div class="\(number.tone.rawValue)"><dt>\(number.label)</dt>\
                <dd\(attribute: "class", number.value.contains(where: \.isNumber) ? nil : "kpi-words")>\(value)</dd>\
                \(number.note.map { note -> HTML in "<dd class=\"kpi-note\">\(note)</dd>" })</div>
                """
        }
        return "<dl class=\"kpis\">\(each: items)</dl>"
    }
}
