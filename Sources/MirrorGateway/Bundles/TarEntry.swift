/// The one form in which an entry stands in a bundle's archive: a regular file with mode 644, no owner and no time.
///
/// A reader makes the bytes that it expects and compares them, so nothing else that tar can say ever gets in: no links,
/// no devices, no sparse files, no other names.
///
/// - SeeAlso: POSIX pax, "ustar Interchange Format" and "pax Extended Header"
package enum TarEntry {
    package static let block = 512
    /// What a number of eleven octal digits can say, in bytes.
    private static let largestOctal: Int64 = 0o777_7777_7777
    /// Two empty blocks.
    package static let end = [UInt8](repeating: 0, count: 2 * block)

    /// What stands before the content of an entry: one block, or three for a file of 8 GiB and more.
    /// - Parameter name: at most 100 bytes.
    package static func header(_ name: String, size: Int64) -> [UInt8] {
        guard size > largestOctal else { return block(name, size: size, type: "0") }
        var record = ""
        var length = 0
        // The number at the beginning counts its own digits.
        while record.utf8.count != length || length == 0 {
            length = max(length + 1, record.utf8.count)
            record = "\(length) size=\(size)\n"
        }
        let content = Array(record.utf8)
        return block("hubpack/pax", size: Int64(content.count), type: "x") + content + padding(Int64(content.count))
            + block(name, size: 0, type: "0")
    }

    /// The zeros after a content of so many bytes.
    package static func padding(_ size: Int64) -> [UInt8] {
        [UInt8](repeating: 0, count: Int((Int64(block) - size % Int64(block)) % Int64(block)))
    }

    /// Bytes of a whole entry; nil when there is no such number.
    package static func length(_ name: String, size: Int64) -> Int64? {
        guard size >= 0 else { return nil }
        let around = Int64(header(name, size: size).count + padding(size).count)
        let (sum, overflow) = size.addingReportingOverflow(around)
        return overflow ? nil : sum
    }

    /// The size that a header block speaks of, whatever else it says; nil when it says none.
    package static func size(in header: [UInt8]) -> Int64? {
        guard header.count >= block else { return nil }
        let field = header[124..<136]
        guard field.last == 0, field.dropLast().allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
        return field.dropLast().reduce(0) { $0 << 3 | Int64($1 - 0x30) }
    }

    private static func block(_ name: String, size: Int64, type: Character) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: block)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() where offset + index < block { bytes[offset + index] = byte }
        }
        put(String(name.prefix(100)), at: 0)
        put("0000644", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(octal(size, digits: 11), at: 124)
        put(octal(0, digits: 11), at: 136)
        put("        ", at: 148)
        put(String(type), at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put("0000000", at: 329)
        put("0000000", at: 337)
        put(octal(bytes.reduce(0) { $0 + Int64($1) }, digits: 6) + "\0 ", at: 148)
        return bytes
    }

    private static func octal(_ number: Int64, digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
