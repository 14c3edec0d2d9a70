/// Five-field cron: minute, hour, day of month, month, day of week. One minute is its finest step.
package struct CronExpression: Sendable, Hashable, CustomStringConvertible {
    /// Why a text is not a cron expression.
    struct Invalid: Error {
        let message: String
        let remedy: String
    }

    package let text: String
    package let minutes: Set<Int>
    package let hours: Set<Int>
    package let daysOfMonth: Set<Int>
    package let months: Set<Int>
    /// Sunday is 0.
    package let daysOfWeek: Set<Int>

    package var description: String { text }

    private struct Field {
        let name: String
        let range: ClosedRange<Int>
        var names: [String] = []
    }

    private static let fields: [Field] = [
        Field(name: "minute", range: 0...59),
        Field(name: "hour", range: 0...23),
        Field(name: "day of month", range: 1...31),
        Field(
            name: "month", range: 1...12,
            names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        Field(name: "day of week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]

    init(_ text: String) throws(Invalid) {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        guard parts.count == Self.fields.count else {
            throw Invalid(
                message: "has \(parts.count) fields instead of 5",
                remedy: "write minute hour day-of-month month day-of-week, such as \"15 */4 * * *\"; "
                    + "one minute is the finest step")
        }
        var values: [Set<Int>] = []
        for (field, part) in zip(Self.fields, parts) { values.append(try Self.parse(part, as: field)) }
        self.text = text
        minutes = values[0]
        hours = values[1]
        daysOfMonth = values[2]
        months = values[3]
        daysOfWeek = Set(values[4].map { $0 % 7 })
    }

    private static func parse(_ text: String, as field: Field) throws(Invalid) -> Set<Int> {
        var values: Set<Int> = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            var step = 1
            if halves.count == 2 {
                guard let given = Int(halves[1]), given > 0, given <= field.range.upperBound else {
                    throw invalid(text, field)
                }
                step = given
            }
            let range = try range(halves[0], as: field, isStepped: halves.count == 2)
            values.formUnion(stride(from: range.lowerBound, through: range.upperBound, by: step))
        }
        return values
    }

    private static func range(_ text: String, as field: Field, isStepped: Bool) throws(Invalid) -> ClosedRange<Int> {
        if text == "*" { return field.range }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let low = value(ends[0], as: field) else { throw invalid(text, field) }
        guard ends.count == 2 else { return low...(isStepped ? field.range.upperBound : low) }
        guard let high = value(ends[1], as: field), low <= high else { throw invalid(text, field) }
        return low...high
    }

    private static func value(_ text: String, as field: Field) -> Int? {
        if let index = field.names.firstIndex(of: text.lowercased()) { return index + field.range.lowerBound }
        guard let number = Int(text), field.range.contains(number) else { return nil }
        return number
    }

    private static func invalid(_ text: String, _ field: Field) -> Invalid {
        Invalid(
            message: "has '\(text)' as its \(field.name)",
            remedy: "\(field.name) is \(field.range.lowerBound)-\(field.range.upperBound), '*', a list, or a step */n")
    }
}
