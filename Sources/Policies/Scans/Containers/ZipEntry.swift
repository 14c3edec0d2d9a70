/// A file in a zip archive, as one of its two headers has it.
struct ZipEntry {
    var name: [UInt8]
    var flags: UInt16
    var method: UInt16
    var checksum: UInt32
    var packed: Int64
    var size: Int64
    /// Where its local header begins.
    var header: Int64
    /// The upper half of the external attributes, where Unix keeps its mode.
    var mode: UInt16

    var shownName: String { String(decoding: name, as: UTF8.self) }
    var isDirectory: Bool { name.last == UInt8(ascii: "/") && packed == 0 }
    var isLink: Bool { mode & 0xF000 == 0xA000 }
    /// Sizes come after the content.
    var hasDescriptor: Bool { flags & 0x8 != 0 }
    var isEncrypted: Bool { flags & 0x1 != 0 || flags & 0x40 != 0 || flags & 0x2000 != 0 || method == 99 }

    /// The entry of the central directory at the reader's place; nil when there is none.
    init?(central reader: inout RegionReader, limit: Int64) throws(ScanStop) {
        guard reader.left >= 46, reader.position < limit else { return nil }
        let start = reader.position
        guard try reader.number(4) == 0x0201_4B50 else {
            reader.move(to: start)
            return nil
        }
        let fixed = try reader.bytes(42)
        flags = Self.half(fixed, 4)
        method = Self.half(fixed, 6)
        checksum = Self.word(fixed, 12)
        packed = Int64(Self.word(fixed, 16))
        size = Int64(Self.word(fixed, 20))
        let nameLength = Int64(Self.half(fixed, 24))
        let extraLength = Int64(Self.half(fixed, 26))
        let commentLength = Int64(Self.half(fixed, 28))
        let isWide = Self.half(fixed, 30) == 0xFFFF
        mode = Self.half(fixed, 36)
        header = Int64(Self.word(fixed, 38))
        name = try reader.bytes(nameLength)
        widen(by: try reader.bytes(extraLength), isDiskWide: isWide)
        try reader.skip(min(commentLength, reader.left))
    }

    /// The local header at a place, and where its content begins.
    static func local(at place: Int64, _ session: ScanSession, _ region: ScanRegion) -> (entry: ZipEntry, data: Int64)?
    {
        guard place >= 0, place <= region.count - 30 else { return nil }
        let fixed = session.read(region, at: place, count: 30)
        guard fixed.count == 30, word(fixed, 0) == 0x0403_4B50 else { return nil }
        let nameLength = Int(half(fixed, 26))
        let extraLength = Int(half(fixed, 28))
        let data = place + 30 + Int64(nameLength) + Int64(extraLength)
        guard data <= region.count else { return nil }
        let rest = session.read(region, at: place + 30, count: nameLength + extraLength)
        guard rest.count == nameLength + extraLength else { return nil }
        var entry = ZipEntry(
            name: Array(rest[..<nameLength]), flags: half(fixed, 6), method: half(fixed, 8), checksum: word(fixed, 14),
            packed: Int64(word(fixed, 18)), size: Int64(word(fixed, 22)), header: place, mode: 0)
        entry.widen(by: Array(rest[nameLength...]), isDiskWide: false)
        return (entry, data)
    }

    private init(
        name: [UInt8], flags: UInt16, method: UInt16, checksum: UInt32, packed: Int64, size: Int64, header: Int64,
        mode: UInt16
    ) {
        self.name = name
        self.flags = flags
        self.method = method
        self.checksum = checksum
        self.packed = packed
        self.size = size
        self.header = header
        self.mode = mode
    }

    /// Takes what does not fit into 32 bits from the extra field of ZIP64.
    private mutating func widen(by extra: [UInt8], isDiskWide: Bool) {
        var at = 0
        while at + 4 <= extra.count {
            let kind = Self.half(extra, at)
            let length = Int(Self.half(extra, at + 2))
            let end = min(extra.count, at + 4 + length)
            if kind == 1 {
                var place = at + 4
                func next() -> Int64? {
                    guard place + 8 <= end else { return nil }
                    defer { place += 8 }
                    let value = UInt64(Self.word(extra, place)) | UInt64(Self.word(extra, place + 4)) << 32
                    return Int64(exactly: value) ?? Int64.max
                }
                if size == 0xFFFF_FFFF, let value = next() { size = value }
                if packed == 0xFFFF_FFFF, let value = next() { packed = value }
                if header == 0xFFFF_FFFF, let value = next() { header = value }
            }
            at = end
        }
    }

    static func half(_ bytes: [UInt8], _ at: Int) -> UInt16 {
        guard at >= 0, at + 2 <= bytes.count else { return 0 }
        return UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8
    }

    static func word(_ bytes: [UInt8], _ at: Int) -> UInt32 {
        UInt32(half(bytes, at)) | UInt32(half(bytes, at + 2)) << 16
    }
}
