/// A git-lfs pointer: the small text that stands in a tree for a large file.
///
/// - SeeAlso: git-lfs `docs/spec.md`, "The Pointer".
package struct LFSPointer: Hashable, Sendable {
    /// The SHA-256 of the content.
    package var oid: BlobID
    /// The content's length in bytes.
    package var size: Int64

    /// The longest pointer, in bytes.
    package static let maximumByteCount = 1024
    /// No pointer is shorter than its three mandatory lines, in bytes.
    package static let minimumByteCount = 126

    package init(oid: BlobID, size: Int64) {
        self.oid = oid
        self.size = size
    }

    /// Reads a canonical pointer: `version` first, then `ext-N-name`, `oid` and `size` in alphabetical order, each line
    /// `key SP value LF`. Anything else is ordinary content and gives nil.
    package init?(parsing bytes: [UInt8]) {
        guard bytes.count <= Self.maximumByteCount, bytes.starts(with: Self.versionLine) else { return nil }
        guard bytes.last == UInt8(ascii: "\n") else { return nil }
        var lines = bytes.dropFirst(Self.versionLine.count).dropLast()
            .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count >= 2, let sizeLine = lines.popLast(), let oidLine = lines.popLast() else { return nil }
        guard Self.areExtensions(lines) else { return nil }
        guard let hex = Self.value(of: oidLine, key: "oid sha256:"), let oid = Self.digest(hex) else { return nil }
        guard let digits = Self.value(of: sizeLine, key: "size "), let size = Self.size(digits) else { return nil }
        self.oid = oid
        self.size = size
    }

    /// The canonical bytes, without extension lines.
    package var encoded: [UInt8] {
        Self.versionLine + Array("oid sha256:\(oid.hex)\nsize \(size)\n".utf8)
    }

    /// The first line of every pointer.
    static let versionLine = Array("version https://git-lfs.github.com/spec/v1\n".utf8)

    private static func value(of line: ArraySlice<UInt8>, key: String) -> ArraySlice<UInt8>? {
        line.starts(with: key.utf8) ? line.dropFirst(key.utf8.count) : nil
    }

    private static func digest(_ hex: ArraySlice<UInt8>) -> BlobID? {
        guard hex.count == 64 else { return nil }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let letters = UInt8(ascii: "a")...UInt8(ascii: "f")
        guard hex.allSatisfy({ digits.contains($0) || letters.contains($0) }) else { return nil }
        return BlobID(String(decoding: hex, as: UTF8.self))
    }

    private static func size(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard let first = digits.first, digits.count <= 19 else { return nil }
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        guard first != UInt8(ascii: "0") || digits.count == 1 else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self))
    }

    /// `ext-<priority>-<name> sha256:<hex>` lines with rising, unique priorities.
    private static func areExtensions(_ lines: [ArraySlice<UInt8>]) -> Bool {
        var last: UInt8 = 0
        for line in lines {
            guard let rest = value(of: line, key: "ext-"), let priority = rest.first,
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(priority), priority > last
            else { return false }
            last = priority
            let named = rest.dropFirst()
            guard named.first == UInt8(ascii: "-"), let space = named.firstIndex(of: UInt8(ascii: " ")) else {
                return false
            }
            let name = named[named.index(after: named.startIndex)..<space]
            guard !name.isEmpty, name.allSatisfy(isWordCharacter) else { return false }
            guard let hex = value(of: named[named.index(after: space)...], key: "sha256:"), digest(hex) != nil else {
                return false
            }
        }
        return true
    }

    private static func isWordCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
