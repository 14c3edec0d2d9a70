/// One field of a message of protocol buffers.
struct ProtobufField {
    let number: Int
    /// 0 a number, 1 eight bytes, 2 bytes with their length, 5 four bytes.
    let wire: Int
    let value: UInt64
    /// Of the bytes, where there are some.
    let content: ScanRegion
}

/// Reads the fields of a message of protocol buffers, one after the other.
/// - SeeAlso: the encoding of protocol buffers; groups, which nothing here has, are refused.
struct ProtobufReader {
    private var reader: RegionReader

    init(_ session: ScanSession, _ region: ScanRegion) { reader = RegionReader(session, region) }

    /// The next field; nil at the end.
    mutating func next() throws(ScanStop) -> ProtobufField? {
        guard reader.left > 0 else { return nil }
        try reader.session.step()
        let tag = try varint()
        let wire = Int(tag & 7)
        guard let number = Int(exactly: tag >> 3), number > 0, number < 1 << 29 else {
            throw .fault("has no such field")
        }
        let empty = reader.region.slice(from: 0, count: 0)
        switch wire {
        case 0: return ProtobufField(number: number, wire: 0, value: try varint(), content: empty)
        case 1: return ProtobufField(number: number, wire: 1, value: try reader.number(8), content: empty)
        case 5: return ProtobufField(number: number, wire: 5, value: try reader.number(4), content: empty)
        case 2:
            guard let length = Int64(exactly: try varint()), length <= reader.left else { throw .end }
            let content = reader.region.slice(from: reader.position, count: length)
            try reader.skip(length)
            return ProtobufField(number: number, wire: 2, value: 0, content: content)
        default: throw .fault("has a field of no known kind")
        }
    }

    /// All fields.
    static func fields(
        _ session: ScanSession, _ region: ScanRegion, _ visit: (ProtobufField) throws(ScanStop) -> Void
    ) throws(ScanStop) {
        var reader = ProtobufReader(session, region)
        while let field = try reader.next() { try visit(field) }
    }

    private mutating func varint() throws(ScanStop) -> UInt64 {
        var value: UInt64 = 0
        for place in 0..<10 {
            let byte = try reader.byte()
            value |= UInt64(byte & 0x7F) << UInt64(7 * place)
            if byte < 0x80 { return value }
        }
        throw .fault("has a number that is too long")
    }
}

extension ScanSession {
    /// The beginning of a stretch, as text.
    func text(_ region: ScanRegion, limit: Int = 512) -> String {
        String(decoding: read(region, at: 0, count: min(limit, Int(min(region.count, Int64(limit))))), as: UTF8.self)
    }
}
