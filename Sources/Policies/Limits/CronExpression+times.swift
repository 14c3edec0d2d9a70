extension CronExpression {
    /// Days that a leap year's schedule may leave between two of its times.
    private static let longestGap = 366 * 8

    /// The last time at or before a minute; nil when there is none within `days` before it.
    /// - Parameters:
    ///   - minute: minutes since 1970, UTC.
    ///   - days: how far back is looked, the minute's own day not counted.
    package func latest(notAfter minute: Int64, within days: Int = longestGap) -> Int64? {
        let day = CivilDay.day(ofMinute: minute)
        for back in 0...Int64(max(0, days)) where isDay(CivilDay(day - back)) {
            let start = (day - back) * 1440
            if let found = minutesOfDay.last(where: { start + $0 <= minute }) { return start + found }
        }
        return nil
    }

    /// Minutes of a day at which it fires, first to last.
    private var minutesOfDay: [Int64] {
        hours.sorted().flatMap { hour in minutes.sorted().map { Int64(hour * 60 + $0) } }
    }

    /// As cron has it: where both days are restricted, either will do.
    private func isDay(_ day: CivilDay) -> Bool {
        guard months.contains(day.month) else { return false }
        let isDate = daysOfMonth.contains(day.day)
        let isWeekday = daysOfWeek.contains(day.weekday)
        let areBothRestricted = daysOfMonth.count < 31 && daysOfWeek.count < 7
        return areBothRestricted ? isDate || isWeekday : isDate && isWeekday
    }
}

/// A day of the Gregorian calendar.
struct CivilDay {
    let month: Int
    /// Of the month, from 1.
    let day: Int
    /// Sunday is 0.
    let weekday: Int

    /// - Parameter number: days since 1 January 1970, which was a Thursday.
    init(_ number: Int64) {
        // Years are counted from March, so that the leap day is a year's last.
        let shifted = number + 719_468
        let era = Self.quotient(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        weekday = Int((number % 7 + 11) % 7)
    }

    static func day(ofMinute minute: Int64) -> Int64 { quotient(minute, 1440) }

    /// Rounded down, below zero too.
    private static func quotient(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor)
    }
}
