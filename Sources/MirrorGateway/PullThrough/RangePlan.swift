import HubCore

/// Decides which bytes of a blob are asked for next. It is pure: what is here, what is on its way and how fast are told.
struct RangePlan: Sendable {
    /// How large pieces are, in bytes.
    struct Sizes: Sendable, Hashable {
        /// Larger blobs come in pieces; smaller ones in one stream.
        var threshold: Int64 = 64 << 20
        var smallest: Int64 = 4 << 20
        var largest: Int64 = 64 << 20
    }

    /// A piece that is on its way.
    struct Held: Sendable, Hashable {
        let id: Int
        /// What it still has to bring.
        var rest: Range<Int64>
        /// Bytes per second; zero when nothing comes, without end while it is too young to tell.
        var rate: Double
        /// Whether it comes from the beginning and cannot be told where to end: others work towards it.
        var isStream = false
    }

    enum Move: Sendable, Hashable {
        case fetch(Range<Int64>)
        /// The rest of a held piece from there on is better fetched by the one who asks.
        case share(held: Int, from: Int64)
        case nothing
    }

    let size: Int64
    var sizes = Sizes()

    /// A piece should take about this long: few requests, and little to share out at the end.
    private static let pieceSeconds = 2.0
    /// Sharing a piece costs a request and some bytes that come twice: it has to save at least this.
    private static let worthwhile = 1.0

    /// What someone who is free should do.
    /// - Parameters:
    ///   - wanted: where readers wait, in order.
    ///   - rate: bytes per second that the asker is expected to bring; nil when nobody knows.
    ///   - lanes: how many work on this blob.
    func next(present: ByteRanges, held: [Held], wanted: [Int64], rate: Double?, lanes: Int) -> Move {
        if let urgent = slowAndWaitedFor(held, wanted, rate) { return urgent }
        var taken = present
        for piece in held where !piece.isStream { taken.insert(piece.rest) }
        var gaps = taken.gaps(in: 0..<size)
        let length = pieceLength(rate, missing: gaps.reduce(0) { $0 + Int64($1.count) }, lanes: lanes)
        if let stream = held.first(where: \.isStream) {
            // From the end, so that the two meet; what the stream brings soon is left to it.
            let reach = stream.rest.lowerBound + pieceLength(stream.rate, missing: size, lanes: 1)
            gaps = gaps.compactMap { $0.upperBound > reach ? max(reach, $0.lowerBound)..<$0.upperBound : nil }
            guard let last = gaps.last else { return .nothing }
            return .fetch(max(last.lowerBound, last.upperBound - length)..<last.upperBound)
        }
        let waitedFor = wanted.lazy.compactMap { offset in
            gaps.first { $0.contains(offset) }.map { offset..<$0.upperBound }
        }.first
        if let gap = waitedFor ?? gaps.first {
            return .fetch(gap.lowerBound..<min(gap.upperBound, gap.lowerBound + length))
        }
        return slowest(held, rate)
    }

    /// The length of a piece for someone of that rate.
    func pieceLength(_ rate: Double?, missing: Int64, lanes: Int) -> Int64 {
        let byRate = rate.map { $0 * Self.pieceSeconds } ?? Double(sizes.smallest)
        let fair = missing / Int64(2 * max(1, lanes))
        let length = min(Int64(min(byRate, Double(sizes.largest))), max(fair, sizes.smallest))
        let whole = max(sizes.smallest, length)
        return whole >= 1 << 20 ? whole & ~0xF_FFFF : whole
    }

    /// A reader must not wait for a slow source while a fast one fetches what nobody waits for.
    private func slowAndWaitedFor(_ held: [Held], _ wanted: [Int64], _ rate: Double?) -> Move? {
        for piece in held where !piece.isStream && wanted.contains(where: { piece.rest.contains($0) }) {
            guard let rate, piece.rate < rate / 2, let move = share(piece, rate), seconds(piece) > 3 else { continue }
            return move
        }
        return nil
    }

    private func slowest(_ held: [Held], _ rate: Double?) -> Move {
        let known = held.map(\.rate).filter { $0 > 0 && $0 < .greatestFiniteMagnitude }
        let own = rate ?? (known.isEmpty ? 1 : known.reduce(0, +) / Double(known.count))
        let slow = held.filter { !$0.isStream }.max { seconds($0) < seconds($1) }
        return slow.flatMap { share($0, own) } ?? .nothing
    }

    private func share(_ piece: Held, _ rate: Double) -> Move? {
        let rest = Double(piece.rest.count)
        let together = rest / max(1, piece.rate + rate)
        guard !piece.rest.isEmpty, seconds(piece) - together > Self.worthwhile else { return nil }
        let kept = min(rest, rest * piece.rate / max(1, piece.rate + rate))
        return .share(held: piece.id, from: piece.rest.lowerBound + Int64(kept))
    }

    private func seconds(_ piece: Held) -> Double { Double(piece.rest.count) / max(1, piece.rate) }
}
