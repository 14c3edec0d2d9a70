import HubCore

/// A time as people type it: a number and `s`, `m`, `h` or `d`.
struct TimeSpan {
    let milliseconds: Int64

    /// - Throws: `.badRequest` for anything else.
    init(_ text: String) throws {
        let units: [Character: Int64] = ["s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        guard let last = text.last, let unit = units[last], let number = Int64(text.dropLast()), number >= 0 else {
            throw HubError(.badRequest, "'\(text)' is no time.", remedy: "Write 90s, 10m, 24h or 7d.")
        }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit)
        guard !overflow else { throw HubError(.badRequest, "'\(text)' is too long a time.") }
        milliseconds = product
    }
}
