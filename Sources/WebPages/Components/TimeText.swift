/// A moment: how long ago, with when exactly as a tooltip.
package enum TimeText {
    /// - Parameter moment: milliseconds since 1970.
    package static func view(_ moment: Int64, _ context: PageContext) -> HTML {
        let machine = CivilTime(milliseconds: moment).machine
        return """
            <time datetime="\(machine)" data-relative title="\(context.t.absolute(moment))">\
            \(context.t.relative(moment, to: context.now))</time>
            """
    }
}
