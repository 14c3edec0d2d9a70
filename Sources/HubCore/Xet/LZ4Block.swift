/// Decodes one LZ4 block: literals and copies of what was decoded before.
/// - SeeAlso: the LZ4 block format description. The rules for how a block ends bind encoders; a decoder needs none.
enum LZ4Block {
    /// What is wrong with a block, and where in it.
    struct Failure: Error {
        let offset: Int
        let what: String
    }

    /// Decodes `block` behind the first `start` bytes of `output`.
    ///
    /// Up to the end of `output` may be written, also behind what is returned. Linear in the decoded bytes.
    /// - Parameters:
    ///   - history: where in `output` the bytes begin that copies may take.
    ///   - end: where in `output` decoded bytes must end at the latest; within it.
    /// - Returns: where in `output` the decoded bytes end.
    static func decode(
        _ block: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, from start: Int, history: Int,
        end: Int
    ) throws(Failure) -> Int {
        guard let source = block.baseAddress, let target = output.baseAddress else {
            throw Failure(offset: 0, what: "an LZ4 block without bytes, or without room for them")
        }
        guard history >= 0, history <= start, start <= end, end <= output.count else {
            throw Failure(offset: 0, what: "an LZ4 block without room")
        }
        var input = 0
        var position = start
        while true {
            guard input < block.count else { throw Failure(offset: input, what: "an LZ4 block ends inside a sequence") }
            let token = source.load(fromByteOffset: input, as: UInt8.self)
            input += 1

            var literals = Int(token >> 4)
            if literals == 15 { literals = try length(literals, in: block, at: &input) }
            guard literals <= block.count - input else {
                throw Failure(offset: input, what: "\(literals) LZ4 literals, where the block has fewer bytes")
            }
            guard literals <= end - position else {
                throw Failure(offset: input, what: "\(literals) LZ4 literals, more than the frame may hold")
            }
            if literals <= 16, block.count - input >= 16, output.count - position >= 16 {
                // A copy of fixed size is a single instruction; what it writes too much is written over next.
                copy16(source + input, target + position)
            } else {
                (target + position).copyMemory(from: source + input, byteCount: literals)
            }
            input += literals
            position += literals
            if input == block.count { return position }

            guard block.count - input >= 2 else {
                throw Failure(offset: input, what: "an LZ4 block ends inside a distance")
            }
            let distance = Int(UInt16(littleEndian: source.loadUnaligned(fromByteOffset: input, as: UInt16.self)))
            guard distance > 0, distance <= position - history else {
                throw Failure(
                    offset: input, what: "an LZ4 copy from \(distance) bytes back, before the block's history")
            }
            input += 2
            var count = Int(token & 15)
            if count == 15 { count = try length(count, in: block, at: &input) }
            count += 4
            guard count <= end - position else {
                throw Failure(offset: input, what: "an LZ4 copy of \(count) bytes, more than the frame may hold")
            }
            repeatBytes(target + position, distance: distance, count: count, room: output.count - position)
            position += count
        }
    }

    /// The rest of a length: bytes to add, the last of which is below 255. It cannot overflow: a block is in memory.
    @inline(__always)
    private static func length(
        _ base: Int, in block: UnsafeRawBufferPointer, at input: inout Int
    ) throws(Failure) -> Int {
        var length = base
        while input < block.count {
            let byte = block[input]
            input += 1
            length += Int(byte)
            if byte < 255 { return length }
        }
        throw Failure(offset: input, what: "an LZ4 block ends inside a length")
    }

    @inline(__always)
    private static func copy16(_ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer) {
        target.storeBytes(of: source.loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
    }

    /// Copies `count` bytes from `distance` bytes before `target` to `target`, where the copy may overlap itself.
    /// - Parameter room: bytes that may be written from `target` on; at least `count`.
    @inline(__always)
    private static func repeatBytes(_ target: UnsafeMutableRawPointer, distance: Int, count: Int, room: Int) {
        let source = target - distance
        var done = 0
        if distance >= 16 {
            // In steps no longer than the distance, so each step reads what is already there.
            while done < count, room - done >= 16 {
                copy16(source + done, target + done)
                done += 16
            }
        } else if distance == 1 {
            target.initializeMemory(as: UInt8.self, repeating: source.load(as: UInt8.self), count: count)
            return
        } else if distance >= 8 {
            while done < count, room - done >= 8 {
                (target + done).storeBytes(
                    of: (source + done).loadUnaligned(as: UInt64.self), as: UInt64.self)
                done += 8
            }
        }
        while done < count {
            (target + done).storeBytes(of: (source + done).load(as: UInt8.self), as: UInt8.self)
            done += 1
        }
    }
}
