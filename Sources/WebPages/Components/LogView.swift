/// Lines that something wrote, the newest last.
package enum LogView {
    package struct Line: Sendable {
        /// Milliseconds since 1970; nil where the line does not say.
        package let moment: Int64?
        package let text: String
        package let tone: StateChip.Tone

        package init(_ text: String, moment: Int64? = nil, tone: StateChip.Tone = .neutral) {
            self.text = text
            self.moment = moment
            self.tone = tone
        }
    }

    /// - Parameter id: what new lines are appended to.
    package static func view(_ label: String, id: String, _ lines: [Line], _ context: PageContext) -> HTML {
        """
        <div class="log" id="\(id)" role="log" tabindex="0" aria-label="\(label)">\(each: lines.map { line($0, context) })</div>
        """
    }

    package static func line(_ line: Line, _ context: PageContext) -> HTML {
        let time = line.moment.map { moment -> HTML in
            let civil = CivilTime(milliseconds: moment)
            let clock = civil.text.dropFirst(civil.date.count + 1)
            return "<time datetime=\"\(civil.machine)\" title=\"\(context.t.absolute(moment))\">\(clock)</time>"
        }
        return "<span class=\"\(line.tone.rawValue)\">\(time)\(line.text)</span>"
    }
}
