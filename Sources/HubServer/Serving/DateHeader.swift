import Glibc
import Synchronization

/// The time as HTTP tells it, made once a second.
///
/// - SeeAlso: RFC 9110 §5.6.7, IMF-fixdate.
enum DateHeader {
    private struct Made {
        var second = time_t(-1)
        var text = ""
    }

    private static let made = Mutex(Made())
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The present second.
    static var now: String {
        let second = time(nil)
        return made.withLock { made in
            if made.second != second { made = Made(second: second, text: text(second)) }
            return made.text
        }
    }

    /// - Parameter second: since 1970.
    static func text(_ second: time_t) -> String {
        var second = second
        var parts = tm()
        gmtime_r(&second, &parts)
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(twoDigits).joined(separator: ":")
        let date = "\(twoDigits(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(parts.tm_year + 1900)"
        return "\(days[Int(parts.tm_wday)]), \(date) \(clock) GMT"
    }

    private static func twoDigits(_ number: CInt) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
