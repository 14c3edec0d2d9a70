/// What arrived and is not yet taken, gathered into chunks worth hashing and writing at once.
///
/// libcurl hands over 16 KiB at a time; below 1 MiB a chunk costs more in wake-ups than in work. A slow upstream must
/// not wait for a full chunk though: what lies there is ripe after two milliseconds, and the first bytes at once.
struct ChunkBuffer: Sendable {
    /// A chunk holds at most this many bytes.
    static let chunkSize = 1 << 20
    /// With more than this waiting, the transfer is paused.
    static let highWater = 4 << 20
    /// A paused transfer goes on when no more than this is waiting.
    static let lowWater = 2 << 20
    /// How long bytes may lie before they are handed out in a smaller chunk.
    static let patience = Duration.milliseconds(2)

    private var full: [[UInt8]] = []
    private var filling: [UInt8] = []
    private var fillingSince = Duration.zero
    private var handedOutAny = false
    /// Bytes waiting.
    private(set) var count = 0

    var isFull: Bool { count > Self.highWater }
    var isLow: Bool { count <= Self.lowWater }

    /// - Parameter expected: bytes of body still to come, these included, when it is known.
    mutating func append(_ bytes: UnsafeRawBufferPointer, at now: Duration, expected: Int64?) {
        var rest = bytes[...]
        count += bytes.count
        while !rest.isEmpty {
            if filling.isEmpty {
                fillingSince = now
                filling.reserveCapacity(Int(min(expected ?? Int64(rest.count), Int64(Self.chunkSize))))
            }
            let part = rest.prefix(Self.chunkSize - filling.count)
            filling.append(contentsOf: part)
            rest = rest.dropFirst(part.count)
            if filling.count == Self.chunkSize { seal() }
        }
    }

    private mutating func seal() {
        full.append(filling)
        filling = []
    }

    /// How long until a chunk is ripe: zero when one is, nil when nothing is waiting.
    func ripe(at now: Duration, ended: Bool) -> Duration? {
        if !full.isEmpty { return .zero }
        if filling.isEmpty { return nil }
        if ended || !handedOutAny { return .zero }
        return max(.zero, fillingSince + Self.patience - now)
    }

    /// The next chunk if one is ripe.
    mutating func take(at now: Duration, ended: Bool) -> [UInt8]? {
        guard ripe(at: now, ended: ended) == .zero else { return nil }
        if full.isEmpty { seal() }
        let chunk = full.removeFirst()
        count -= chunk.count
        handedOutAny = true
        return chunk
    }

    mutating func removeAll() {
        full = []
        filling = []
        count = 0
    }
}
