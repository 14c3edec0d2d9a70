/// Numbers, sizes and times as people read them.
extension L10n {
    /// `1,204,331`.
    package func number(_ value: Int64) -> String {
        let digits = Array(String(value.magnitude))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return value < 0 ? "-" + text : text
    }

    package func number(_ value: Int) -> String { number(Int64(value)) }

    /// `950`, `1.2k`, `3.4M`, `8.2B`: three digits at most, in both languages, as the field writes them.
    package func compact(_ value: Int64) -> String {
        Self.scaled(Double(value), by: 1_000, ["", "k", "M", "B", "T"], separator: "")
    }

    /// A size of `bytes` in decimal units: `16.4 GB`.
    package func bytes(_ count: Int64) -> String {
        Self.scaled(Double(count), by: 1_000, ["B", "kB", "MB", "GB", "TB", "PB"], separator: " ")
    }

    /// `118 MB/s`.
    package func rate(bytesPerSecond: Double) -> String {
        Self.scaled(max(0, bytesPerSecond), by: 1_000, ["B/s", "kB/s", "MB/s", "GB/s", "TB/s"], separator: " ")
    }

    /// `52%`; a share from 0 to 1.
    package func percent(_ share: Double) -> String {
        guard share.isFinite else { return "–" }
        let points = share * 100
        if points > 0, points < 1 { return "<1%" }
        return "\(Int(points.rounded()))%"
    }

    /// `00:53`, `1:02:07`: a span of `seconds` for clocks that count down.
    package func clock(seconds: Int64) -> String {
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60)
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(two(minutes)):\(two(rest))"
    }

    private static func scaled(_ value: Double, by step: Double, _ units: [String], separator: String) -> String {
        var (rest, unit) = (value, 0)
        while abs(rest) >= step, unit < units.count - 1 {
            rest /= step
            unit += 1
        }
        // 999.96 would be written 1000: the next unit says it shorter.
        if unit > 0, unit < units.count - 1, (abs(rest) * 10).rounded() >= step * 10 {
            rest /= step
            unit += 1
        }
        let text: String
        if unit == 0 || abs(rest) >= 100 {
            text = String(Int64(rest.rounded()))
        } else {
            let tenths = Int64((rest * 10).rounded())
            text = tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
        }
        return units[unit].isEmpty ? text : text + separator + units[unit]
    }
}
