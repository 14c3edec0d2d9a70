/// A number of bytes as people write and read it.
package struct ByteCount: Sendable, Hashable, CustomStringConvertible {
    package let bytes: Int64

    package init(_ bytes: Int64) { self.bytes = bytes }

    /// Reads `1500`, `20GB` (powers of ten) or `1.5 TiB` (powers of two); nil for anything else.
    package init?(parsing text: String) {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
        guard !digits.isEmpty, let factor = Self.factors[unit], let number = Double(digits),
            number >= 0, number * factor < Double(QuotaLedger.unlimited)
        else { return nil }
        // A whole number of bytes is read as one: a Double holds 53 bits.
        bytes = factor == 1 ? Int64(digits) ?? Int64(number) : Int64((number * factor).rounded())
    }

    private static let factors: [String: Double] = [
        "": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "pb": 1e15, "kib": 1_024, "mib": 1_048_576,
        "gib": 1_073_741_824, "tib": 1_099_511_627_776, "pib": 1_125_899_906_842_624,
    ]

    /// `1.5 GB`; whole bytes below one kB.
    package var description: String {
        guard bytes >= 1_000 else { return "\(bytes) bytes" }
        var value = Double(bytes)
        var unit = ""
        for name in ["kB", "MB", "GB", "TB", "PB"] where value >= 1_000 || unit.isEmpty {
            value /= 1_000
            unit = name
        }
        let tenths = (value * 10).rounded(.down)
        let isWhole = tenths.truncatingRemainder(dividingBy: 10) == 0
        return isWhole ? "\(Int64(tenths / 10)) \(unit)" : "\(tenths / 10) \(unit)"
    }
}
