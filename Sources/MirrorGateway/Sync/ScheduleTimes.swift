import Foundation
import Policies

/// The times of a schedule in its time zone.
///
/// A time that a zone skips in spring is due an hour later, as the clock shows it then; one that comes twice in autumn
/// is due the first time, unless the schedule fires in every hour.
struct ScheduleTimes: Sendable {
    private let cron: CronExpression
    private let zone: TimeZone
    private static let day: Int64 = 1440

    /// Nil for a zone that nobody knows.
    init?(_ schedule: ScheduleSettings) {
        guard let zone = TimeZone(identifier: schedule.timezone) else { return nil }
        cron = schedule.cron
        self.zone = zone
    }

    /// The last due time at or before a minute; nil when there is none.
    /// - Parameter minute: minutes since 1970, UTC.
    func latest(notAfter minute: Int64) -> Int64? {
        var latest: Int64?
        // What clocks showed around then, before and after a change.
        for offset in Set([offset(at: minute - Self.day), offset(at: minute), offset(at: minute + Self.day)]) {
            guard let local = cron.latest(notAfter: minute + offset) else { continue }
            for due in moments(of: local) where due <= minute { latest = max(latest ?? due, due) }
        }
        return latest
    }

    /// The first due time after a minute; nil when there is none in eight years.
    func next(after minute: Int64) -> Int64? {
        var low = minute
        var high = minute + Self.day
        while (latest(notAfter: high) ?? minute) <= minute {
            low = high
            high += Self.day
            guard high - minute < 366 * 8 * Self.day else { return nil }
        }
        // The first minute by which something has become due.
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if (latest(notAfter: middle) ?? minute) > minute { high = middle } else { low = middle }
        }
        return high
    }

    /// When clocks in the zone show a time.
    private func moments(of local: Int64) -> [Int64] {
        let before = offset(at: local - Self.day)
        let after = offset(at: local + Self.day)
        let shown = Set([before, after]).map { local - $0 }.filter { $0 + offset(at: $0) == local }.sorted()
        // Skipped: the clock was put forward over it.
        guard let first = shown.first else { return [local - min(before, after)] }
        return cron.hours.count == 24 ? shown : [first]
    }

    /// Minutes that clocks are before UTC.
    private func offset(at minute: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(minute) * 60))) / 60
    }
}
