/// The BLAKE3 hash, plain or keyed, of bytes that come in pieces. Xet names chunks, xorbs and files by it.
///
/// A value is small (a chaining value for each level of the tree) and a copy goes its own way. Linear in the bytes;
/// four chunks of 1 KiB are hashed side by side, so pieces of at least some 4 KiB are fastest.
/// - SeeAlso: the BLAKE3 specification, §2; only the default output of 32 bytes, and no key derivation.
package struct BLAKE3: Sendable {
    /// Bytes of a key and of a digest.
    package static let digestBytes = 32

    private let key: SIMD8<UInt32>
    private let flags: UInt32
    /// The chaining values of the whole subtrees to the left, the largest first.
    private var subtrees: [SIMD8<UInt32>] = []
    /// Chunks that are finished.
    private var chunkCount: UInt64 = 0
    /// The chunk in progress: its chaining value, how many of its blocks are compressed, and the block not yet so.
    private var chain: SIMD8<UInt32>
    private var blockCount = 0
    private var block = SIMD64<UInt8>()
    private var blockFill = 0

    /// The plain hash.
    package init() {
        self.init(
            key: SIMD8(
                0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A,
                0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19), flags: 0)
    }

    /// The keyed hash. A key is 32 bytes, as a digest is.
    package init(key: XetHash) {
        var words = SIMD8<UInt32>()
        words.evenHalf = SIMD4(truncatingIfNeeded: key.words)
        words.oddHalf = SIMD4(truncatingIfNeeded: key.words &>> 32)
        self.init(key: words, flags: BLAKE3Compression.keyedHash)
    }

    private init(key: SIMD8<UInt32>, flags: UInt32) {
        self.key = key
        self.flags = flags
        chain = key
    }

    /// The hash of `bytes`, keyed when `key` is given.
    package static func hash(_ bytes: UnsafeRawBufferPointer, key: XetHash? = nil) -> XetHash {
        var hash = key.map { BLAKE3(key: $0) } ?? BLAKE3()
        hash.update(bytes)
        return hash.finalize()
    }

    /// The hash of `bytes`, keyed when `key` is given.
    package static func hash(_ bytes: [UInt8], key: XetHash? = nil) -> XetHash {
        bytes.withUnsafeBytes { hash($0, key: key) }
    }

    /// Takes more bytes.
    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Takes more bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        var offset = 0
        let wide = BLAKE3Compression.lanes * BLAKE3Compression.chunkBytes
        while offset < bytes.count {
            // The last chunk of all is finished otherwise (it may be the root), so a byte must be left behind these.
            if chunkFill == 0, bytes.count - offset > wide {
                takeChunks(at: start + offset)
                offset += wide
                continue
            }
            if chunkFill == BLAKE3Compression.chunkBytes { finishChunk() }
            let count = min(bytes.count - offset, BLAKE3Compression.chunkBytes - chunkFill)
            takeChunkPart(UnsafeRawBufferPointer(start: start + offset, count: count))
            offset += count
        }
    }

    /// The digest of what came so far; more may follow.
    package func finalize() -> XetHash {
        let isAlone = subtrees.isEmpty
        var value = blockValue(BLAKE3Compression.chunkEnd | (isAlone ? BLAKE3Compression.root : 0))
        for (index, left) in subtrees.enumerated().reversed() {
            let root = index == 0 ? BLAKE3Compression.root : 0
            value = BLAKE3Compression.parent(left, value, key: key, flags: flags | root)
        }
        let words = SIMD8<UInt64>(truncatingIfNeeded: value)
        return XetHash(words: words.evenHalf | (words.oddHalf &<< 32))
    }

    /// Bytes of the chunk in progress.
    private var chunkFill: Int { blockCount * BLAKE3Compression.blockBytes + blockFill }

    private var startFlag: UInt32 { blockCount == 0 ? BLAKE3Compression.chunkStart : 0 }

    /// The output for the block in progress.
    private func blockValue(_ more: UInt32) -> SIMD8<UInt32> {
        withUnsafeBytes(of: block) { bytes in
            guard let start = bytes.baseAddress else { return chain }
            return BLAKE3Compression.block(
                start, chain: chain, counter: chunkCount, length: blockFill, flags: flags | startFlag | more)
        }
    }

    /// Takes bytes that fit into the chunk in progress. A full block waits until it is known not to be the last.
    private mutating func takeChunkPart(_ bytes: UnsafeRawBufferPointer) {
        let size = BLAKE3Compression.blockBytes
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            if blockFill == size {
                chain = blockValue(0)
                blockCount += 1
                (block, blockFill) = (SIMD64(), 0)
            }
            if blockFill == 0, rest.count > size {
                chain = BLAKE3Compression.block(
                    start, chain: chain, counter: chunkCount, length: size, flags: flags | startFlag)
                blockCount += 1
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(size))
                continue
            }
            let count = min(size - blockFill, rest.count)
            withUnsafeMutableBytes(of: &block) { buffer in
                UnsafeMutableRawBufferPointer(rebasing: buffer[blockFill...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest.prefix(count)))
            }
            blockFill += count
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
    }

    private mutating func finishChunk() {
        push(blockValue(BLAKE3Compression.chunkEnd))
        (chain, blockCount, block, blockFill) = (key, 0, SIMD64(), 0)
    }

    private mutating func takeChunks(at start: UnsafeRawPointer) {
        let values = BLAKE3Compression.chunks(start, key: key, counter: chunkCount, flags: flags)
        push(values.0)
        push(values.1)
        push(values.2)
        push(values.3)
    }

    /// Adds a finished chunk, and joins the subtrees that it completes: as many as its number ends with zero bits.
    private mutating func push(_ chunk: SIMD8<UInt32>) {
        chunkCount += 1
        var value = chunk
        for _ in 0..<chunkCount.trailingZeroBitCount {
            guard let left = subtrees.popLast() else { break }
            value = BLAKE3Compression.parent(left, value, key: key, flags: flags)
        }
        subtrees.append(value)
    }
}
