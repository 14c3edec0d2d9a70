/// How pickles of protocol 0 write texts and numbers.
enum PickleText {
    /// The number of a line, as Python reads it: spaces around it, a sign, and underscores between digits are allowed.
    static func number(_ line: [UInt8]) -> Int64? {
        let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        var digits = ArraySlice(line)
        while let first = digits.first, isSpace(first) { digits = digits.dropFirst() }
        while let last = digits.last, isSpace(last) { digits = digits.dropLast() }
        var isNegative = false
        if let sign = digits.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            digits = digits.dropFirst()
        }
        guard !digits.isEmpty else { return nil }
        var value: Int64 = 0
        for byte in digits where byte != UInt8(ascii: "_") {
            guard (0x30...0x39).contains(byte) else { return nil }
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, tooFar) = tens.addingReportingOverflow(Int64(byte - 0x30))
            guard !overflow, !tooFar else { return nil }
            value = sum
        }
        return isNegative ? -value : value
    }

    /// A text between quotes, with Python's escapes.
    static func quoted(_ line: [UInt8]) -> String? {
        var inner = ArraySlice(line)
        while let last = inner.last, last <= 0x20 { inner = inner.dropLast() }
        guard inner.count >= 2, let quote = inner.first, quote == inner.last,
            quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
        else { return nil }
        inner = inner.dropFirst().dropLast()
        var bytes: [UInt8] = []
        var at = inner.startIndex
        while at < inner.endIndex {
            let byte = inner[at]
            at += 1
            guard byte == UInt8(ascii: "\\"), at < inner.endIndex else {
                bytes.append(byte)
                continue
            }
            let escape = inner[at]
            at += 1
            switch escape {
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "a"): bytes.append(0x07)
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "f"): bytes.append(0x0C)
            case UInt8(ascii: "v"): bytes.append(0x0B)
            case UInt8(ascii: "x"):
                guard let value = hexadecimal(inner, &at, digits: 2) else { return nil }
                bytes.append(UInt8(truncatingIfNeeded: value))
            case 0x30...0x37:
                var value = UInt32(escape - 0x30)
                var more = 2
                while more > 0, at < inner.endIndex, (0x30...0x37).contains(inner[at]) {
                    value = value * 8 + UInt32(inner[at] - 0x30)
                    at += 1
                    more -= 1
                }
                bytes.append(UInt8(truncatingIfNeeded: value))
            case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): bytes.append(escape)
            default: bytes += [UInt8(ascii: "\\"), escape]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A line in Python's `raw-unicode-escape`: Latin-1, and `\u` with four digits, or `\U` with eight.
    static func rawUnicode(_ line: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        var at = line.startIndex
        let bytes = ArraySlice(line)
        while at < bytes.endIndex {
            let byte = bytes[at]
            at += 1
            if byte == UInt8(ascii: "\\"), at < bytes.endIndex {
                let width = bytes[at] == UInt8(ascii: "u") ? 4 : bytes[at] == UInt8(ascii: "U") ? 8 : 0
                if width > 0 {
                    var after = at + 1
                    if let value = hexadecimal(bytes, &after, digits: width) {
                        text.append(Unicode.Scalar(value) ?? "\u{FFFD}")
                        at = after
                        continue
                    }
                }
            }
            text.append(Unicode.Scalar(byte))
        }
        return String(text)
    }

    private static func hexadecimal(_ bytes: ArraySlice<UInt8>, _ at: inout Int, digits: Int) -> UInt32? {
        guard bytes.endIndex - at >= digits else { return nil }
        var value: UInt32 = 0
        for place in at..<at + digits {
            let digit: UInt8
            switch bytes[place] {
            case 0x30...0x39: digit = bytes[place] - 0x30
            case 0x41...0x46: digit = bytes[place] - 0x41 + 10
            case 0x61...0x66: digit = bytes[place] - 0x61 + 10
            default: return nil
            }
            value = value << 4 | UInt32(digit)
        }
        at += digits
        return value
    }
}
