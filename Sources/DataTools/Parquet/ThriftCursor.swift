/// Steps through a structure of Thrift's compact protocol without building it: what is not wanted is stepped over.
///
/// Bytes are somebody's: every length is held against what there is, and nesting has an end.
/// - SeeAlso: thrift/doc/specs/thrift-compact-protocol.md.
struct ThriftCursor {
    struct Fault: Error {}

    enum Kind: UInt8 {
        case yes = 1, no, byte, int16, int32, int64, double, binary, list, set, map, structure, uuid
    }

    private let bytes: [UInt8]
    private(set) var place: Int

    /// Structures and lists within one another; Parquet's own are six deep.
    private static let depthLimit = 24

    init(_ bytes: [UInt8], at place: Int = 0) {
        self.bytes = bytes
        self.place = place
    }

    // MARK: Structures

    /// The fields of a structure, in order. What `use` does not read is stepped over.
    /// - Parameter use: reads the value and gives true, or touches nothing and gives false.
    mutating func structure(
        depth: Int = 0, _ use: (inout ThriftCursor, _ field: Int, _ kind: Kind) throws -> Bool
    ) throws {
        guard depth < Self.depthLimit else { throw Fault() }
        var field = 0
        while true {
            let head = try byte()
            guard head != 0 else { return }
            guard let kind = Kind(rawValue: head & 0x0F) else { throw Fault() }
            let step = Int(head >> 4)
            field = step == 0 ? Int(try zigzag()) : field + step
            guard (0...0x7FFF).contains(field) else { throw Fault() }
            if try !use(&self, field, kind) { try skip(kind, depth: depth + 1) }
        }
    }

    /// - Returns: the kind of the elements and how many there are: no more than bytes are left.
    mutating func list() throws -> (kind: Kind, count: Int) {
        let head = try byte()
        guard let kind = Kind(rawValue: head & 0x0F) else {
            // Nothing tells the kind of no elements.
            guard head >> 4 == 0 else { throw Fault() }
            return (.byte, 0)
        }
        let count = head >> 4 == 15 ? Int(exactly: try varint()) ?? -1 : Int(head >> 4)
        guard count >= 0, count <= bytes.count - place else { throw Fault() }
        return (kind, count)
    }

    mutating func integer() throws -> Int64 { try zigzag() }

    mutating func skip(_ kind: Kind, depth: Int) throws {
        guard depth < Self.depthLimit else { throw Fault() }
        switch kind {
        case .yes, .no: break
        case .byte: try skip(1)
        case .int16, .int32, .int64: _ = try varint()
        case .double: try skip(8)
        case .uuid: try skip(16)
        case .binary: try skip(try length())
        case .structure: try structure(depth: depth) { _, _, _ in false }
        case .list, .set:
            let (kind, count) = try list()
            // A truth in a list has a byte of its own.
            for _ in 0..<count { try skip(kind == .yes || kind == .no ? .byte : kind, depth: depth + 1) }
        case .map:
            let count = try length()
            guard count > 0 else { return }
            let kinds = try byte()
            guard let key = Kind(rawValue: kinds >> 4), let value = Kind(rawValue: kinds & 0x0F) else { throw Fault() }
            for _ in 0..<count {
                for kind in [key, value] { try skip(kind == .yes || kind == .no ? .byte : kind, depth: depth + 1) }
            }
        }
    }

    // MARK: Bytes

    private mutating func byte() throws -> UInt8 {
        guard place < bytes.count else { throw Fault() }
        defer { place += 1 }
        return bytes[place]
    }

    private mutating func skip(_ count: Int) throws {
        guard count >= 0, count <= bytes.count - place else { throw Fault() }
        place += count
    }

    private mutating func length() throws -> Int {
        guard let length = Int(exactly: try varint()), length <= bytes.count - place else { throw Fault() }
        return length
    }

    private mutating func varint() throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let next = try byte()
            value |= UInt64(next & 0x7F) << shift
            if next & 0x80 == 0 { return value }
        }
        throw Fault()
    }

    private mutating func zigzag() throws -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    // MARK: Writing

    static func varint(_ value: UInt64) -> [UInt8] {
        var (bytes, rest) = ([UInt8](), value)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
        return bytes
    }

    static func zigzag(_ value: Int64) -> [UInt8] {
        varint(UInt64(bitPattern: value << 1) ^ UInt64(bitPattern: value >> 63))
    }

    static func listHead(of kind: Kind, count: Int) -> [UInt8] {
        count < 15 ? [UInt8(count) << 4 | kind.rawValue] : [0xF0 | kind.rawValue] + varint(UInt64(count))
    }
}
