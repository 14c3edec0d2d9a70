import HubCore
import Logging

/// Fetches what is missing of one blob in pieces, from one or several upstreams at once.
///
/// One loop decides; each piece is a task of its own that asks, writes, and tells how it ended. A piece that is cut is
/// taken up at its last byte by whoever is free next. Which upstream is right, the digest of the whole tells later.
struct RangedTransfer: Sendable {
    private enum Event: Sendable {
        /// The source answers ranges.
        case answered(source: Int)
        /// The source sends everything from the beginning.
        case streams(source: Int)
        case ended(RangePiece, Result<Void, any Error>)
        case rested(source: Int)
        case tick
    }

    /// The upstream sent the whole where a part from the middle was asked for.
    private struct RangeIgnored: Error {}

    let pointer: LFSPointer
    let partial: PartialBlob
    let plan: RangePlan
    let transport: any UpstreamTransport
    let lanes: UpstreamLanes
    let logger: Logger
    let pause: @Sendable (Duration) async throws -> Void
    /// For whom the next request goes out.
    let urgency: @Sendable () -> EgressUrgency
    /// Told of new bytes and who brought them.
    let took: @Sendable (_ bytes: Int64, _ upstream: String) async -> Void

    private static let tick = Duration.milliseconds(200)
    private static let maximumPieces = 1_000_000

    /// Returns when every byte is in the file; whether they are right is not known then.
    /// - Parameter failures: told why sources were given up.
    /// - Throws: the failure that tells most when no source is left, and failures of our own; `CancellationError`.
    func run(_ origins: [(BlobOrigin, [BlobRequest])], failures: inout FailureRanking) async throws {
        var sources = origins.map { RangeSource(origin: $0, ways: $1, now: EngineClock.now) }
        let (events, feed) = AsyncStream<Event>.makeStream()
        var ranking = failures
        defer { failures = ranking }
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                while !Task.isCancelled {
                    try await Task.sleep(for: Self.tick)
                    feed.yield(.tick)
                }
            }
            var pieces: [Int: RangePiece] = [:]
            defer { for piece in pieces.values { lanes.release(sources[piece.source].name) } }
            var next = 0
            var iterator = events.makeAsyncIterator()
            while partial.present.count < pointer.size {
                for index in sources.indices {
                    while let piece = self.piece(next, of: index, &sources, pieces) {
                        next += 1
                        pieces[piece.id] = piece
                        sources[index].active += 1
                        let isOnly = sources.count { !$0.isDead } == 1
                        start(piece, sources[index], isOnly: isOnly, feed, in: &group)
                    }
                }
                guard next < Self.maximumPieces, !pieces.isEmpty || sources.contains(where: { $0.isResting }) else {
                    throw ranking.verdict(
                        nothing: HubError(
                            .upstreamUnavailable, "No upstream gives the file \(pointer.oid.hex) any more."))
                }
                guard let event = await iterator.next() else { throw CancellationError() }
                try Task.checkCancellation()
                switch event {
                case .answered(let source): sources[source].answered()
                case .streams(let source): sources[source].ignoredRange()
                case .rested(let source): sources[source].isResting = false
                case .tick:
                    for index in sources.indices {
                        let own = pieces.values.filter { $0.source == index }
                        sources[index].adapt(
                            now: EngineClock.now, underway: own.reduce(0) { $0 + $1.rest.lowerBound - $1.start })
                    }
                case .ended(let piece, let result):
                    pieces[piece.id] = nil
                    sources[piece.source].active -= 1
                    lanes.release(sources[piece.source].name)
                    sources[piece.source].brought(piece.rest.lowerBound - piece.start)
                    let isOnly = sources.count { !$0.isDead } == 1
                    if let wait = try settle(piece, result, &sources[piece.source], isOnly: isOnly, &ranking) {
                        sources[piece.source].isResting = true
                        group.addTask { [pause] in
                            try await pause(wait)
                            feed.yield(.rested(source: piece.source))
                        }
                    }
                }
            }
            for piece in pieces.values { piece.stop() }
        }
        try Task.checkCancellation()
    }

    // MARK: Deciding

    /// The next piece for a source that is free; nil when it has nothing to do.
    private func piece(_ id: Int, of index: Int, _ sources: inout [RangeSource], _ pieces: [Int: RangePiece])
        -> RangePiece?
    {
        let source = sources[index]
        guard source.hasRoom, let request = source.request else { return nil }
        // What is on its way first, then what is here: the other way round a byte that arrives between is in neither.
        let now = EngineClock.now
        let held = pieces.values.map { account(of: $0, at: now) }
        let present = partial.present
        let range: Range<Int64>
        if source.ignoresRanges || !request.supportsRange {
            // One stream, and only where it is not a second copy of what others fetch in pieces.
            let hasOthers = sources.contains { !$0.isDead && !$0.ignoresRanges && $0.name != source.name }
            guard !held.contains(where: \.isStream), !hasOthers || present.isEmpty else { return nil }
            range = 0..<pointer.size
        } else {
            let move = plan.next(
                present: present, held: held, wanted: partial.wanted, rate: source.laneRate,
                lanes: sources.reduce(0) { $0 + ($1.isDead ? 0 : max(1, $1.allowed)) })
            switch move {
            case .nothing: return nil
            case .fetch(let missing): range = missing
            case .share(let victim, let from):
                guard let piece = pieces[victim], take(source) else { return nil }
                let taken = piece.cut(from: from)
                return RangePiece(
                    id: id, source: index, way: source.way, epoch: source.epoch, range: taken, isStream: false,
                    now: now)
            }
        }
        guard take(source) else { return nil }
        return RangePiece(
            id: id, source: index, way: source.way, epoch: source.epoch, range: range,
            isStream: source.ignoresRanges || !request.supportsRange, now: now)
    }

    private func take(_ source: RangeSource) -> Bool {
        lanes.take(source.name, isFirst: source.active == 0, connections: source.origin.connections)
    }

    private func account(of piece: RangePiece, at now: Duration) -> RangePlan.Held {
        RangePlan.Held(id: piece.id, rest: piece.rest, rate: piece.rate(at: now), isStream: piece.isStream)
    }

    /// Draws the consequences of a piece's end.
    /// - Returns: how long to leave its source alone; nil when it may go on at once, or is given up.
    private func settle(
        _ piece: RangePiece, _ result: Result<Void, any Error>, _ source: inout RangeSource, isOnly: Bool,
        _ failures: inout FailureRanking
    ) throws -> Duration? {
        let now = EngineClock.now
        switch result {
        case .success:
            source.finished(piece, rate: piece.averageRate)
            return nil
        case .failure where piece.isStopped: return nil
        case .failure(is RangeIgnored):
            source.ignoredRange()
            return nil
        case .failure(let error as HubError):
            if FailureRanking.isOurs(error) || error.code == .conflict { throw error }
            if error.code == .upstreamUnavailable {
                let wait = source.failed(piece, retryAfter: error.retryAfter, isOnly: isOnly, now: now)
                logger.notice(
                    "an upstream cut a transfer",
                    metadata: [
                        "upstream": "\(source.name)", "blob": "\(pointer.oid)", "piece": "\(piece.rest)",
                        "error": "\(error)",
                    ])
                if let wait { return wait > .zero ? wait : nil }
            }
            guard let isFirst = source.close(piece.way) else { return nil }
            if isFirst || error.code == .upstreamCorrupt { failures.note(error) }
            return nil
        case .failure(let error): throw error
        }
    }

    // MARK: Doing

    private func start(
        _ piece: RangePiece, _ source: RangeSource, isOnly: Bool, _ feed: AsyncStream<Event>.Continuation,
        in group: inout ThrowingTaskGroup<Void, any Error>
    ) {
        guard let way = source.request else { return }
        let name = source.name
        let work = Task {
            try await EgressUrgency.$current.withValue(urgency()) {
                try await fetch(piece, by: way, of: name, isOnly: isOnly, feed)
            }
        }
        piece.hold(work)
        group.addTask {
            let result = await withTaskCancellationHandler {
                await work.result
            } onCancel: {
                work.cancel()
            }
            feed.yield(.ended(piece, result))
        }
    }

    private func fetch(
        _ piece: RangePiece, by way: BlobRequest, of upstream: String, isOnly: Bool,
        _ feed: AsyncStream<Event>.Continuation
    ) async throws {
        let asked = piece.rest
        let isWhole = piece.isStream
        var response = try await ask(way, renewing: false, isWhole ? nil : asked, isOnly: isOnly)
        if [401, 403, 404].contains(response.status) {
            // The link of a batch may have expired in the middle: a new one is asked for once.
            response = try await ask(way, renewing: true, isWhole ? nil : asked, isOnly: isOnly)
        }
        var last = pointer.size
        switch response.status {
        case 206 where !isWhole:
            last = try BlobAnswer.end(of: response.headers.first("content-range"), asked, pointer, upstream)
            feed.yield(.answered(source: piece.source))
        case 200:
            try BlobAnswer.checkWhole(response, pointer, upstream)
            guard isWhole || asked.lowerBound == 0 else { throw RangeIgnored() }
            piece.becomeStream(size: pointer.size)
            feed.yield(.streams(source: piece.source))
        default: throw BlobAnswer.failure(for: response, pointer, upstream)
        }
        for try await chunk in response.body {
            let rest = piece.rest
            guard !rest.isEmpty else {
                if piece.isStream { throw BlobAnswer.tooMuch(pointer, upstream) }
                return
            }
            if piece.isStream, chunk.count > rest.count { throw BlobAnswer.tooMuch(pointer, upstream) }
            let bytes = chunk.count > rest.count ? Array(chunk.prefix(rest.count)) : chunk
            let fresh = try await partial.write(bytes, at: rest.lowerBound)
            piece.advance(by: Int64(bytes.count), fresh: fresh, now: EngineClock.now)
            if fresh > 0 { await took(fresh, upstream) }
            if piece.rest.isEmpty, !piece.isStream { return }
        }
        let rest = piece.rest
        if !rest.isEmpty, rest.lowerBound < last { throw BlobAnswer.cut(pointer, upstream, at: rest.lowerBound) }
    }

    private func ask(_ way: BlobRequest, renewing: Bool, _ range: Range<Int64>?, isOnly: Bool) async throws
        -> EgressResponse
    {
        var request = try await way.make(renewing: renewing)
        request.expectedBytes = range.map { Int64($0.count) } ?? pointer.size
        // Who is not needed is not waited for: the others take its piece.
        if !isOnly { request.retryable = false }
        if let range { request.headers.append(("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")) }
        return try await transport.send(request, via: way.connection)
    }
}
