/// A stretch of what is scanned: of the file itself, or of what was unpacked from it.
struct ScanRegion {
    enum Origin {
        case file
        /// The first bytes of it; all of them, unless there were too many to keep.
        case memory([UInt8])
    }

    let origin: Origin
    /// Of the origin's byte that this begins with.
    let start: Int64
    /// Bytes, never negative.
    let count: Int64

    init(origin: Origin, start: Int64, count: Int64) {
        self.origin = origin
        self.start = start
        self.count = max(0, count)
    }

    /// Bytes that were unpacked.
    /// - Parameter count: how many there are, with those that were not kept.
    init(unpacked bytes: [UInt8], count: Int64? = nil) {
        self.init(origin: .memory(bytes), start: 0, count: max(count ?? 0, Int64(bytes.count)))
    }

    /// A part of this, cut off where this ends.
    func slice(from offset: Int64, count wanted: Int64? = nil) -> ScanRegion {
        let from = min(max(0, offset), count)
        return ScanRegion(origin: origin, start: start + from, count: min(max(0, wanted ?? count), count - from))
    }
}
