/// Times as people read them: how long ago, and exactly when as a tooltip.
extension L10n {
    /// How long before `now` a moment was, or how long after; both in milliseconds since 1970.
    package func relative(_ moment: Int64, to now: Int64) -> String {
        let seconds = Int((now - moment) / 1_000)
        let past = seconds >= 0
        let span = abs(seconds)
        switch span {
        case ..<45: return pick(en: past ? "just now" : "now", zh: past ? "刚刚" : "马上")
        case ..<3_600:
            let count = max(1, span / 60)
            return past
                ? pick(en: "\(count) min ago", zh: "\(count) 分钟前") : pick(en: "in \(count) min", zh: "\(count) 分钟后")
        case ..<86_400:
            let count = span / 3_600
            return past ? pick(en: "\(count) h ago", zh: "\(count) 小时前") : pick(en: "in \(count) h", zh: "\(count) 小时后")
        case ..<(86_400 * 60):
            let count = span / 86_400
            return past ? pick(en: "\(count) d ago", zh: "\(count) 天前") : pick(en: "in \(count) d", zh: "\(count) 天后")
        case ..<(86_400 * 730):
            let count = span / (86_400 * 30)
            return past
                ? pick(en: "\(count) mo ago", zh: "\(count) 个月前") : pick(en: "in \(count) mo", zh: "\(count) 个月后")
        default:
            let count = span / (86_400 * 365)
            return past ? pick(en: "\(count) y ago", zh: "\(count) 年前") : pick(en: "in \(count) y", zh: "\(count) 年后")
        }
    }

    /// `2026-11-26 21:37:15 UTC`.
    package func absolute(_ moment: Int64) -> String { CivilTime(milliseconds: moment).text + " UTC" }
}

/// A moment in the Gregorian calendar, in UTC.
/// - SeeAlso: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
package struct CivilTime: Sendable {
    package let year: Int64
    package let month: Int64
    package let day: Int64
    private let secondOfDay: Int64

    package init(milliseconds: Int64) {
        let seconds = Int64((Double(milliseconds) / 1_000).rounded(.down))
        let days = Int64((Double(seconds) / 86_400).rounded(.down))
        secondOfDay = seconds - days * 86_400
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `2026-11-26`.
    package var date: String { "\(year)-\(Self.two(month))-\(Self.two(day))" }
    /// `2026-11-26 21:37:15`.
    package var text: String {
        "\(date) \(Self.two(secondOfDay / 3_600)):\(Self.two(secondOfDay / 60 % 60)):\(Self.two(secondOfDay % 60))"
    }
    /// `2026-11-26T21:37:15Z`.
    package var machine: String { text.replacing(" ", with: "T") + "Z" }

    private static func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
