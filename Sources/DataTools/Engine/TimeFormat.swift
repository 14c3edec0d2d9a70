import CDuckDB

/// Times as text, as ISO 8601 has them.
enum TimeFormat {
    /// - Parameter days: since 1970-01-01.
    static func date(_ days: Int64) -> String {
        // Days of the proleptic Gregorian calendar, in eras of 400 years from 0000-03-01.
        guard abs(days) < 3_000_000_000 else { return days < 0 ? "-infinity" : "infinity" }
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let day = shifted - era * 146_097
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let civil = month < 10 ? month + 3 : month - 9
        return "\(pad(year + era * 400 + (civil <= 2 ? 1 : 0), 4))-\(pad(civil, 2))"
            + "-\(pad(dayOfYear - (153 * month + 2) / 5 + 1, 2))"
    }

    /// - Parameter micros: since midnight.
    static func time(_ micros: Int64) -> String {
        let seconds = micros / 1_000_000
        let fraction = micros % 1_000_000
        let text = "\(pad(seconds / 3_600, 2)):\(pad(seconds / 60 % 60, 2)):\(pad(seconds % 60, 2))"
        return fraction == 0 ? text : "\(text).\(pad(fraction, 6))"
    }

    static func timestamp(_ value: Int64, unit: String) -> String {
        if value == .max { return "infinity" }
        if value == -.max || value == .min { return "-infinity" }
        let perSecond: Int64 = ["s": 1, "ms": 1_000, "us": 1_000_000][unit] ?? 1_000_000_000
        let (seconds, rest) = floored(value, by: perSecond)
        let (days, second) = floored(seconds, by: 86_400)
        return "\(date(days))T\(time(second * 1_000_000 + rest * 1_000_000 / perSecond))"
    }

    /// The upper half is stored with its first bit turned, so that it sorts as text does.
    static func uuid(_ value: duck_hugeint) -> String {
        let upper = UInt64(bitPattern: value.upper) ^ (1 << 63)
        let digits = hexadecimal(upper) + hexadecimal(value.lower)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return text
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func floored(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }

    private static func pad(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
