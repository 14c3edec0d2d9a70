/// The beginning of a text file of rows, cut where a row ends.
package enum TableHead {
    /// - Returns: nil where no row ends within it, or the format cannot be cut.
    package static func cut(_ bytes: [UInt8], format: TableFormat) -> [UInt8]? {
        switch format {
        case .csv, .tsv: lines(bytes, quote: UInt8(ascii: "\""))
        case .jsonl: lines(bytes, quote: nil)
        case .json: json(bytes)
        case .parquet, .arrow: nil
        }
    }

    /// Up to the last line's end that no quotation marks enclose.
    private static func lines(_ bytes: [UInt8], quote: UInt8?) -> [UInt8]? {
        var (isQuoted, end) = (false, 0)
        for (index, byte) in bytes.enumerated() {
            if byte == quote {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: "\n"), !isQuoted {
                end = index + 1
            }
        }
        return end > 0 ? Array(bytes[..<end]) : nil
    }

    /// Up to the last element of the outermost list, which is closed after it; or lines.
    private static func json(_ bytes: [UInt8]) -> [UInt8]? {
        let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        guard first == UInt8(ascii: "[") else { return first == UInt8(ascii: "{") ? lines(bytes, quote: nil) : nil }
        var (depth, end, isText, isEscaped) = (0, 0, false, false)
        for (index, byte) in bytes.enumerated() {
            if isText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isText = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth -= 1
                if depth == 1 { end = index + 1 }
                guard depth > 0 else { return nil }
            default: break
            }
        }
        return end > 0 ? bytes[..<end] + [UInt8(ascii: "]")] : nil
    }
}
