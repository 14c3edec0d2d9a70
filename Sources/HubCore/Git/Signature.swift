package import Foundation

/// Who made a commit and when.
package struct Signature: Hashable, Sendable {
    package var name: String
    package var email: String
    /// Seconds since 1970.
    package var seconds: Int64
    /// Minutes east of UTC.
    package var offsetMinutes: Int

    package init(name: String, email: String, seconds: Int64, offsetMinutes: Int = 0) {
        self.name = name
        self.email = email
        self.seconds = seconds
        self.offsetMinutes = offsetMinutes
    }

    /// A signature of a moment, rounded down to the second.
    package init(name: String, email: String, date: Date, offsetMinutes: Int = 0) {
        let seconds = Int64(exactly: date.timeIntervalSince1970.rounded(.down)) ?? 0
        self.init(name: name, email: email, seconds: seconds, offsetMinutes: offsetMinutes)
    }

    /// The moment, without the offset.
    package var date: Date { Date(timeIntervalSince1970: TimeInterval(seconds)) }
}

extension Signature {
    /// Reads `Name <email> seconds +hhmm`; what is malformed in old history reads as empty or zero.
    init(parsing line: some Collection<UInt8>) {
        let bytes = Array(line)
        guard let open = bytes.firstIndex(of: UInt8(ascii: "<")),
            let close = bytes.lastIndex(of: UInt8(ascii: ">")), open < close
        else {
            self.init(name: String(decoding: bytes, as: UTF8.self), email: "", seconds: 0)
            return
        }
        let when = bytes[(close + 1)...].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        self.init(
            name: Self.trimmed(String(decoding: bytes[..<open], as: UTF8.self)),
            email: Self.trimmed(String(decoding: bytes[(open + 1)..<close], as: UTF8.self)),
            seconds: when.first.flatMap { Int64($0) } ?? 0,
            offsetMinutes: when.count > 1 ? Self.offset(parsing: when[1]) : 0)
    }

    /// The line as git writes it. What git's format cannot hold (`<`, `>`, control characters, dates before 1970,
    /// offsets of a day) is left out, so that `git fsck` accepts every commit made here.
    var encoded: String {
        let minutes = abs(offsetMinutes) < 24 * 60 ? offsetMinutes : 0
        let hours = abs(minutes) / 60
        let rest = abs(minutes) % 60
        let zone = "\(minutes < 0 ? "-" : "+")\(hours < 10 ? "0" : "")\(hours)\(rest < 10 ? "0" : "")\(rest)"
        let written = Self.cleaned(name)
        return "\(written.isEmpty ? "unknown" : written) <\(Self.cleaned(email))> \(max(0, seconds)) \(zone)"
    }

    private static func offset(parsing zone: String) -> Int {
        guard let value = Int(zone), abs(value) < 10_000 else { return 0 }
        return value / 100 * 60 + value % 100
    }

    private static func trimmed(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespaces)
    }

    private static func cleaned(_ text: String) -> String {
        let kept = text.unicodeScalars.filter { $0 != "<" && $0 != ">" && $0.value >= 0x20 && $0.value != 0x7F }
        return trimmed(String(String.UnicodeScalarView(kept)))
    }
}
