/// Where a reader stands in the bytes of an LZ4 frame. Reading past the end is an error, never a trap.
struct LZ4FrameCursor {
    let bytes: UnsafeRawBufferPointer
    /// Where the frame begins in what the reader of an error knows.
    let origin: Int64
    private(set) var position = 0

    init(bytes: UnsafeRawBufferPointer, origin: Int64) {
        self.bytes = bytes
        self.origin = origin
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ count: Int, _ what: String) throws -> UnsafeRawBufferPointer {
        guard count >= 0, count <= bytes.count - position else {
            throw malformed("the LZ4 frame ends inside \(what)")
        }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
    }

    mutating func byte(_ what: String) throws -> UInt8 { try take(1, what)[0] }

    mutating func integer(_ what: String) throws -> UInt32 {
        UInt32(littleEndian: try take(4, what).loadUnaligned(as: UInt32.self))
    }

    /// Reads a checksum and compares it.
    mutating func check(_ expected: UInt32, _ what: String) throws {
        guard try integer(what) == expected else { throw contradicts("\(what) is wrong") }
    }

    /// What was read since `start`.
    func slice(from start: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[start..<position])
    }

    func malformed(_ what: String) -> HubError {
        XetFailure.malformed("LZ4 frame", at: origin + Int64(position), what)
    }

    func contradicts(_ what: String) -> HubError {
        XetFailure.contradicts("LZ4 frame", at: origin + Int64(position), what)
    }
}
