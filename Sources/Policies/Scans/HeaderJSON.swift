/// Reads JSON from bytes nobody vouches for, one value after another, without building a tree of it.
///
/// Strict (RFC 8259), bounded in depth, and in time by its input's length.
package struct HeaderJSON {
    private let bytes: ArraySlice<UInt8>
    private var at: Int

    /// Arrays and objects within each other at most; headers need four.
    package static let maximumDepth = 16

    /// Whether it takes what Python's reader takes beyond the standard: `NaN`, `Infinity`, and halves of characters.
    private let isLenient: Bool

    package init(_ bytes: ArraySlice<UInt8>, isLenient: Bool = false) {
        self.bytes = bytes
        self.isLenient = isLenient
        at = bytes.startIndex
    }

    /// Whether nothing but white space is left.
    package mutating func isAtEnd() -> Bool {
        skipSpace()
        return at == bytes.endIndex
    }

    /// What the next value begins with; nil at the end.
    package mutating func peek() -> UInt8? {
        skipSpace()
        return at < bytes.endIndex ? bytes[at] : nil
    }

    /// Reads an object member by member.
    /// - Parameter member: has to read the value, or skip it.
    package mutating func object(
        _ member: (_ key: String, _ json: inout HeaderJSON) throws(HeaderFault) -> Void
    ) throws(HeaderFault) {
        try expect(UInt8(ascii: "{"))
        if take(UInt8(ascii: "}")) { return }
        while true {
            let key = try string()
            try expect(UInt8(ascii: ":"))
            try member(key, &self)
            if take(UInt8(ascii: ",")) { continue }
            try expect(UInt8(ascii: "}"))
            return
        }
    }

    package mutating func array(_ element: (_ json: inout HeaderJSON) throws(HeaderFault) -> Void) throws(HeaderFault) {
        try expect(UInt8(ascii: "["))
        if take(UInt8(ascii: "]")) { return }
        while true {
            try element(&self)
            if take(UInt8(ascii: ",")) { continue }
            try expect(UInt8(ascii: "]"))
            return
        }
    }

    /// A whole number that is not negative and fits.
    package mutating func count() throws(HeaderFault) -> Int64 {
        skipSpace()
        let start = at
        var value: Int64 = 0
        while at < bytes.endIndex, (0x30...0x39).contains(bytes[at]) {
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, tooFar) = tens.addingReportingOverflow(Int64(bytes[at] - 0x30))
            guard !overflow, !tooFar else { throw HeaderFault("holds a number that nothing could be") }
            value = sum
            at += 1
        }
        let digits = at - start
        guard digits > 0, digits == 1 || bytes[start] != 0x30 else {
            throw HeaderFault("holds something else where a count should be")
        }
        if at < bytes.endIndex, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(bytes[at]) {
            throw HeaderFault("holds a fraction where a count should be")
        }
        return value
    }

    package mutating func string() throws(HeaderFault) -> String {
        try expect(UInt8(ascii: "\""))
        let start = at
        // Most strings have no escapes and are taken as they are.
        while at < bytes.endIndex {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                guard let text = String(validating: bytes[start..<at], as: UTF8.self) else {
                    throw HeaderFault("holds text that is not UTF-8")
                }
                at += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { break }
            guard byte >= 0x20 else { throw HeaderFault("holds a control character in a text") }
            at += 1
        }
        var units = Array(bytes[start..<at])
        while at < bytes.endIndex {
            let byte = bytes[at]
            at += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: units, as: UTF8.self) else {
                    throw HeaderFault("holds text that is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"):
                units += Array(String(try escape()).utf8)
            default:
                guard byte >= 0x20 else { throw HeaderFault("holds a control character in a text") }
                units.append(byte)
            }
        }
        throw HeaderFault("ends within a text")
    }

    /// Passes over a value of any kind.
    package mutating func skip() throws(HeaderFault) { try skip(depth: 0) }

    private mutating func skip(depth: Int) throws(HeaderFault) {
        guard depth < Self.maximumDepth else { throw HeaderFault("is nested too deep") }
        switch peek() {
        case UInt8(ascii: "{")?:
            try object { _, json throws(HeaderFault) in try json.skip(depth: depth + 1) }
        case UInt8(ascii: "[")?:
            try array { json throws(HeaderFault) in try json.skip(depth: depth + 1) }
        case UInt8(ascii: "\"")?:
            _ = try string()
        case UInt8(ascii: "t")?: try word("true")
        case UInt8(ascii: "f")?: try word("false")
        case UInt8(ascii: "n")?: try word("null")
        case UInt8(ascii: "N")? where isLenient: try word("NaN")
        case UInt8(ascii: "I")? where isLenient: try word("Infinity")
        case UInt8(ascii: "-")? where isLenient && bytes[at...].dropFirst().first == UInt8(ascii: "I"):
            try word("-Infinity")
        default: try number()
        }
    }

    private mutating func number() throws(HeaderFault) {
        let start = at
        while at < bytes.endIndex {
            switch bytes[at] {
            case 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"),
                UInt8(ascii: "E"):
                at += 1
                continue
            default: break
            }
            break
        }
        guard at > start else { throw HeaderFault("is not JSON") }
    }

    private mutating func word(_ word: String) throws(HeaderFault) {
        for byte in word.utf8 {
            guard at < bytes.endIndex, bytes[at] == byte else { throw HeaderFault("is not JSON") }
            at += 1
        }
    }

    private mutating func escape() throws(HeaderFault) -> Unicode.Scalar {
        guard at < bytes.endIndex else { throw HeaderFault("ends within a text") }
        let byte = bytes[at]
        at += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let high = try hexadecimal()
            guard (0xD800..<0xDC00).contains(high) else {
                if let scalar = Unicode.Scalar(high) { return scalar }
                guard isLenient else { throw HeaderFault("holds half a character") }
                return "\u{FFFD}"
            }
            // What follows half a character is read for itself.
            if isLenient, !bytes[at...].starts(with: [0x5C, 0x75]) { return "\u{FFFD}" }
            guard take(UInt8(ascii: "\\"), spaced: false), take(UInt8(ascii: "u"), spaced: false) else {
                throw HeaderFault("holds half a character")
            }
            let low = try hexadecimal()
            if isLenient, !(0xDC00..<0xE000).contains(low) {
                return Unicode.Scalar(low) ?? "\u{FFFD}"
            }
            guard (0xDC00..<0xE000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
            else { throw HeaderFault("holds half a character") }
            return scalar
        default: throw HeaderFault("holds an escape that JSON does not have")
        }
    }

    private mutating func hexadecimal() throws(HeaderFault) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard at < bytes.endIndex else { throw HeaderFault("ends within a text") }
            let digit: UInt8
            switch bytes[at] {
            case 0x30...0x39: digit = bytes[at] - 0x30
            case 0x41...0x46: digit = bytes[at] - 0x41 + 10
            case 0x61...0x66: digit = bytes[at] - 0x61 + 10
            default: throw HeaderFault("holds an escape that JSON does not have")
            }
            value = value << 4 | UInt32(digit)
            at += 1
        }
        return value
    }

    private mutating func skipSpace() {
        while at < bytes.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
    }

    private mutating func take(_ byte: UInt8, spaced: Bool = true) -> Bool {
        if spaced { skipSpace() }
        guard at < bytes.endIndex, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(HeaderFault) {
        guard take(byte) else {
            throw HeaderFault(at < bytes.endIndex ? "is not JSON" : "ends before it should")
        }
    }
}
