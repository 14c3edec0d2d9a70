/// Sizes as people read them.
enum ByteText {
    /// `1.5 GiB`; whole bytes below one KiB.
    static func render(_ bytes: Int64) -> String {
        let units = ["KiB", "MiB", "GiB", "TiB", "PiB"]
        guard bytes >= 1_024 else { return "\(bytes) B" }
        var value = Double(bytes) / 1_024
        var unit = 0
        while value >= 1_024, unit < units.count - 1 {
            value /= 1_024
            unit += 1
        }
        let tenths = (value * 10).rounded()
        let whole = tenths.truncatingRemainder(dividingBy: 10) == 0
        return whole ? "\(Int(tenths / 10)) \(units[unit])" : "\(tenths / 10) \(units[unit])"
    }
}
