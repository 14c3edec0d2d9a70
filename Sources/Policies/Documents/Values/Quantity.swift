/// Numbers with a unit, as policy files write them: `80MiB/s`, `5TiB`, `30d`, `80B` parameters, `10%`.
enum Quantity {
    struct Unit {
        let name: String
        let factor: Int64
    }

    static let bytes: [Unit] = [
        .init(name: "KiB", factor: 1 << 10), .init(name: "MiB", factor: 1 << 20), .init(name: "GiB", factor: 1 << 30),
        .init(name: "TiB", factor: 1 << 40), .init(name: "PiB", factor: 1 << 50),
        .init(name: "KB", factor: 1_000), .init(name: "MB", factor: 1_000_000),
        .init(name: "GB", factor: 1_000_000_000),
        .init(name: "TB", factor: 1_000_000_000_000), .init(name: "PB", factor: 1_000_000_000_000_000),
        // Last, so that a lone 'G' suggests GB.
        .init(name: "B", factor: 1),
    ]

    static let bytesPerSecond = bytes.map { Unit(name: $0.name + "/s", factor: $0.factor) }

    /// Counted in milliseconds.
    static let durations: [Unit] = [
        .init(name: "ms", factor: 1), .init(name: "s", factor: 1_000), .init(name: "m", factor: 60_000),
        .init(name: "h", factor: 3_600_000), .init(name: "d", factor: 86_400_000),
        .init(name: "w", factor: 7 * 86_400_000), .init(name: "y", factor: 365 * 86_400_000),
    ]

    static let parameters: [Unit] = [
        .init(name: "K", factor: 1_000), .init(name: "M", factor: 1_000_000), .init(name: "B", factor: 1_000_000_000),
        .init(name: "T", factor: 1_000_000_000_000),
    ]

    /// The amount in the units' base, or nil when the text is not a non-negative number followed by one of the units,
    /// or is too large to count.
    static func parse(_ text: String, units: [Unit]) -> Int64? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let suffix = text[number.endIndex...].drop { $0 == " " }
        guard let unit = units.first(where: { $0.name == suffix }), let amount = Double(number) else { return nil }
        if let whole = Int64(number) {
            let (product, overflow) = whole.multipliedReportingOverflow(by: unit.factor)
            return overflow ? nil : product
        }
        let product = (amount * Double(unit.factor)).rounded()
        return product.isFinite && product < 0x1p62 ? Int64(product) : nil
    }

    /// Whether a text is a number with one of the units and only fails to fit.
    static func isTooLarge(_ text: String, units: [Unit]) -> Bool {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let suffix = text[number.endIndex...].drop { $0 == " " }
        return Double(number) != nil && units.contains { $0.name == suffix } && parse(text, units: units) == nil
    }

    /// The unit that an almost-right text probably meant, spelled right: `80mb/s` -> `MB/s`.
    static func suggestion(for text: String, units: [Unit]) -> String? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let suffix = text[number.endIndex...].drop { $0 == " " }
        guard !number.isEmpty, !suffix.isEmpty,
            let unit = Spelling.nearest(to: String(suffix), among: units.map(\.name)),
            parse(number + unit, units: units) != nil
        else { return nil }
        return number + unit
    }
}
