/// The three date forms of HTTP, without a locale and without a calendar library.
///
/// - SeeAlso: RFC 9110 section 5.6.7.
enum HTTPDate {
    /// Seconds since 1970-01-01T00:00:00Z; nil when the text is none of the three forms.
    static func parse(_ text: String) -> Int? {
        // Sun, 06 Nov 1994 08:49:37 GMT | Sunday, 06-Nov-94 08:49:37 GMT | Sun Nov  6 08:49:37 1994
        let words = text.split { $0 == " " || $0 == "," || $0 == "-" }.map(String.init)
        guard words.count >= 5 else { return nil }
        if words[4].contains(":") {
            guard let year = number(words[3]) else { return nil }
            return seconds(
                day: words[1], month: words[2], year: words[3].count == 2 ? century(year) : year, time: words[4])
        }
        guard words[3].contains(":"), let year = number(words[4]) else { return nil }
        return seconds(day: words[2], month: words[1], year: year, time: words[3])
    }

    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    private static func seconds(day: String, month: String, year: Int, time: String) -> Int? {
        guard let day = number(day), (1...31).contains(day),
            let month = months.firstIndex(of: month.lowercased()),
            (1970...9999).contains(year)
        else { return nil }
        let clock = time.split(separator: ":").map { number(String($0)) }
        guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
            hour < 24, minute < 60, second <= 60
        else { return nil }
        return (daysSinceEpoch(year: year, month: month + 1, day: day) * 24 + hour) * 3600 + minute * 60 + second
    }

    /// Up to four decimal digits.
    private static func number(_ text: String) -> Int? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    private static func century(_ year: Int) -> Int { year < 70 ? 2000 + year : 1900 + year }

    /// The civil calendar with years that begin in March, so that the leap day comes last.
    private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
