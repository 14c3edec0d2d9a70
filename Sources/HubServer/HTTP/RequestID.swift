/// The name of one request in logs, error bodies and `X-Request-Id`.
package struct RequestID: Sendable, Hashable, CustomStringConvertible {
    package let text: String

    /// A caller's id, if it is short and of harmless characters.
    package init?(_ text: String) {
        guard (1...128).contains(text.utf8.count), text.utf8.allSatisfy(Self.isHarmless) else { return nil }
        self.text = text
    }

    /// A new id that contains a tracing id the caller sent, as Hugging Face's clients expect of `X-Amzn-Trace-Id`.
    package init(containing trace: String? = nil) {
        var generator = SystemRandomNumberGenerator()
        let fresh = Self.hex(generator.next()) + Self.hex(generator.next())
        if let trace, let trace = RequestID(trace) {
            text = "\(trace.text);weir=\(fresh.prefix(16))"
        } else {
            text = fresh
        }
    }

    package var description: String { text }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func isHarmless(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "="),
            UInt8(ascii: ";"), UInt8(ascii: "/"), UInt8(ascii: "+"):
            true
        default: false
        }
    }
}
