import HubCore

/// Reads the moments that hubs write.
///
/// - SeeAlso: RFC 3339.
enum RemoteTime {
    /// Milliseconds since 1970 of `2024-01-31T12:00:00[.123456][Z|+08:00]`, or of a number of seconds or milliseconds;
    /// nil for anything else, for years before 1970 and after 9999.
    static func milliseconds(_ value: JSONValue?) -> Int64? {
        switch value {
        case .string(let text)?: return milliseconds(text)
        case .integer(let number)?: return milliseconds(number)
        case .number(let number)?: return Int64(exactly: number.rounded(.down)).flatMap(milliseconds)
        default: return nil
        }
    }

    /// Numbers that would be the year 2286 as seconds are milliseconds.
    private static func milliseconds(_ number: Int64) -> Int64? {
        guard number > 0 else { return nil }
        let value = number < 10_000_000_000 ? number * 1_000 : number
        return value < latest ? value : nil
    }

    static func milliseconds(_ text: String) -> Int64? {
        var reader = Digits(text)
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"),
            let day = reader.number(2), (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var milliseconds = days(year, month, day) * 86_400_000
        guard !reader.isAtEnd else { return milliseconds }
        guard reader.skip("T") || reader.skip("t") || reader.skip(" "), let hour = reader.number(2), reader.skip(":"),
            let minute = reader.number(2), reader.skip(":"), let second = reader.number(2), hour < 24, minute < 60,
            second <= 60
        else { return nil }
        milliseconds += (hour * 3_600 + minute * 60 + second) * 1_000
        if reader.skip(".") { milliseconds += reader.thousandths() }
        if reader.isAtEnd || reader.skip("Z") || reader.skip("z") { return reader.isAtEnd ? milliseconds : nil }
        let sign: Int64 = reader.skip("+") ? -1 : reader.skip("-") ? 1 : 0
        guard sign != 0, let hours = reader.number(2) else { return nil }
        _ = reader.skip(":")
        guard let minutes = reader.number(2), reader.isAtEnd, hours < 24, minutes < 60 else { return nil }
        let moment = milliseconds + sign * (hours * 3_600 + minutes * 60) * 1_000
        return moment >= 0 ? moment : nil
    }

    /// The year 10000.
    private static let latest: Int64 = 253_402_300_800_000

    /// Days since 1970 of the Gregorian calendar, by Hinnant's rule for eras of 400 years.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private struct Digits {
        private var rest: Substring.UTF8View

        init(_ text: String) { rest = Substring(text.prefix(64)).utf8 }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard let first = rest.first, UInt32(first) == character.value else { return false }
            rest.removeFirst()
            return true
        }

        mutating func number(_ count: Int) -> Int64? {
            guard rest.count >= count else { return nil }
            var value: Int64 = 0
            for byte in rest.prefix(count) {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - 0x30)
            }
            rest = rest.dropFirst(count)
            return value
        }

        /// Digits after a point, of which three count.
        mutating func thousandths() -> Int64 {
            var value: Int64 = 0
            var unit: Int64 = 100
            while let byte = rest.first, (0x30...0x39).contains(byte) {
                value += Int64(byte - 0x30) * unit
                unit /= 10
                rest.removeFirst()
            }
            return value
        }
    }
}
