/// The `Retry-After` header: seconds or a date.
///
/// - SeeAlso: RFC 9110 section 10.2.3.
package enum RetryAfter {
    /// Longer waits are not believed; a week is what the longest quota windows take.
    static let longest = 7 * 24 * 3600

    /// The wait it asks for, between zero and a week; nil when it is neither form.
    ///
    /// - Parameter now: seconds since 1970, for the date form.
    package static func parse(_ value: String, now: Int) -> Duration? {
        let text = value.trimmingSpaces
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return .seconds(min(Int(text) ?? longest, longest))
        }
        guard let date = HTTPDate.parse(text) else { return nil }
        return .seconds(min(max(date - now, 0), longest))
    }
}

extension StringProtocol {
    /// Without spaces and tabs at both ends, the optional white space of HTTP fields.
    var trimmingSpaces: String {
        let start = drop { $0 == " " || $0 == "\t" }
        return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
