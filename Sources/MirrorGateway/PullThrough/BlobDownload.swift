import HubCore
import Logging
import Synchronization

/// The one transfer of one blob from upstream into its partial file.
actor BlobDownload {
    private enum State {
        case starting
        case receiving(PartialBlob)
        /// Whether it came by this download; if not, it was here already.
        case stored(fetched: Bool)
        case failed(HubError)
    }

    /// What all downloads share.
    struct Surroundings: Sendable {
        let blobs: any BlobStore
        let store: RepositoryStore
        let transport: any UpstreamTransport
        let metrics: GatewayMetrics
        let lanes = UpstreamLanes()
        /// Who sent wrong bytes of which blob of late: they are asked last.
        let liars: ExpiringMemory<String, Bool>
        let logger: Logger
        let sizes: RangePlan.Sizes
        /// Waits between two tries of a transfer.
        let pause: @Sendable (Duration) async throws -> Void
    }

    /// Who wants it, and how urgently.
    private struct Interest: Sendable {
        var jobs = 0
        var hasReader = false
        var isAbandoned = false
        var urgency = EgressUrgency.browsing
    }

    nonisolated let pointer: LFSPointer
    nonisolated let wanted: BlobWant
    let around: Surroundings
    private nonisolated let interest = Mutex(Interest())
    private var state = State.starting
    /// Bytes that are here, and who sent the latest.
    private var progress: (bytes: Int64, upstream: String?) = (0, nil)
    private var announced: Int64 = 0
    /// Whose bytes are in the partial file; `earlierStart` for those of an earlier attempt.
    var contributors: Set<String> = []
    /// Those who wait for the next state.
    private var waiting: [UInt64: CheckedContinuation<Void, any Error>] = [:]
    private var waiterCount: UInt64 = 0
    /// Whether any of the bytes came from an upstream now.
    var hasReceived = false
    /// Stands among the contributors for what was in the file when it was opened.
    static let earlierStart = ""
    /// Bytes after which those who watch are told again.
    private static let announcement: Int64 = 1 << 20
    /// The work, and whether it is to end.
    private nonisolated let task = Mutex<(task: Task<Void, Never>?, isCancelled: Bool)>((nil, false))
    /// How often an upstream may cut the same transfer with next to nothing new before the next one is tried.
    private static let fruitlessAttempts = 3
    /// What a try must bring to count as a step forward: an upstream that drips a few bytes before each cut would
    /// otherwise hold its readers for as many tries as there are.
    private static let fruitfulBytes: Int64 = 64 << 10
    /// A transfer that moves may be cut this often in all: a 1 TB file over a bad line must still arrive.
    private static let maximumAttempts = 10_000

    init(pointer: LFSPointer, wanted: BlobWant, around: Surroundings) {
        self.pointer = pointer
        self.wanted = wanted
        self.around = around
    }

    /// For which repository it was begun.
    nonisolated var repository: Repository { wanted.repository }

    /// For whom the next request goes out: the most urgent of those who came.
    nonisolated var urgency: EgressUrgency { interest.withLock { $0.urgency } }

    /// Takes part in it.
    /// - Parameter asJob: whether nobody reads; such a one has to `leave`.
    /// - Returns: false when everybody had left, and it is ending.
    nonisolated func join(asJob: Bool, urgency: EgressUrgency) -> Bool {
        interest.withLock { interest in
            guard !interest.isAbandoned else { return false }
            if asJob { interest.jobs += 1 } else { interest.hasReader = true }
            interest.urgency = min(interest.urgency, urgency)
            return true
        }
    }

    /// A job has what it wanted, or wants it no more. A download that nobody ever read ends with its last job; what came
    /// stays on the disk.
    nonisolated func leave() {
        let isAbandoned = interest.withLock { interest in
            interest.jobs -= 1
            guard interest.jobs == 0, !interest.hasReader else { return false }
            interest.isAbandoned = true
            return true
        }
        if isAbandoned { cancel() }
    }

    nonisolated func start(origins: [[BlobOrigin]], onEnd: @escaping @Sendable () async -> Void) {
        task.withLock { slot in
            let task = Task {
                await self.run(origins)
                await onEnd()
            }
            if slot.isCancelled { task.cancel() }
            slot.task = task
        }
    }

    nonisolated func cancel() {
        task.withLock { slot in
            slot.isCancelled = true
            slot.task?.cancel()
        }
    }

    /// Waits until nothing of it is left.
    /// - Throws: `CancellationError` when the caller is cancelled.
    nonisolated func end() async throws {
        guard let task = task.withLock({ $0.task }) else { return }
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let watcher = Task {
            await task.value
            continuation.finish()
        }
        defer { watcher.cancel() }
        for await _ in stream {}
        try Task.checkCancellation()
    }

    /// Waits for the first byte from upstream and gives a reader that follows the rest.
    /// - Returns: nil when the blob was here before a byte was asked for.
    /// - Throws: why it cannot be had; `CancellationError` when the caller is cancelled.
    func reader() async throws -> BlobReader? {
        while true {
            switch state {
            case .starting:
                try await change()
            case .receiving(let partial):
                do {
                    return try await partial.reader()
                } catch {
                    // These bytes were wrong. Whether there are others is known in a moment.
                    if case .receiving(let current) = state, current === partial { try await change() }
                }
            case .stored(fetched: false):
                return nil
            case .stored(fetched: true):
                guard let reader = try await around.blobs.open(pointer.oid) else {
                    throw HubError(.storageCorrupt, "The blob \(pointer.oid) vanished after it was stored.")
                }
                return reader
            case .failed(let error):
                throw error
            }
        }
    }

    /// Waits until it is stored, and tells how far it is.
    /// - Returns: whether it came by this download; if not, it was here already.
    /// - Throws: why it cannot be had; `CancellationError` when the caller is cancelled.
    func follow(_ tell: @Sendable (_ bytes: Int64, _ upstream: String?) async -> Void) async throws -> Bool {
        var told: Int64?
        while true {
            try Task.checkCancellation()
            switch state {
            case .failed(let error): throw error
            case .stored(let isFetched):
                await tell(pointer.size, progress.upstream)
                return isFetched
            case .starting, .receiving:
                if told != announced {
                    told = announced
                    await tell(progress.bytes, progress.upstream)
                } else {
                    try await change()
                }
            }
        }
    }

    /// New bytes are in the file.
    func took(_ fresh: Int64, from upstream: String, into partial: PartialBlob) {
        guard fresh > 0 else { return }
        hasReceived = true
        contributors.insert(upstream)
        around.metrics.used(bytes: Int(fresh), upstream: upstream)
        progress = (partial.present.count, upstream)
        if case .starting = state {
            announced = progress.bytes
            enter(.receiving(partial))
        } else if abs(progress.bytes - announced) >= Self.announcement {
            announced = progress.bytes
            wake()
        }
    }

    /// The partial file to go on with; opens it when there is none.
    func open(_ partial: inout PartialBlob?) async throws -> PartialBlob {
        if let partial { return partial }
        let opened = try await around.blobs.partial(pointer.oid, size: pointer.size)
        let found = opened.present.count
        contributors = found > 0 ? [Self.earlierStart] : []
        progress.bytes = found
        announced = found
        partial = opened
        return opened
    }

    /// The bytes were wrong: those who come now wait for others.
    func startOver() {
        hasReceived = false
        enter(.starting)
    }

    /// Waits for the next state, or until the caller is cancelled.
    private func change() async throws {
        waiterCount += 1
        let waiter = waiterCount
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
                waiting[waiter] = continuation
            }
        } onCancel: {
            Task { await self.leave(waiter) }
        }
    }

    private func leave(_ waiter: UInt64) {
        waiting.removeValue(forKey: waiter)?.resume(throwing: CancellationError())
    }

    private func enter(_ next: State) {
        state = next
        wake()
    }

    private func wake() {
        let resumed = waiting.values
        waiting = [:]
        for continuation in resumed { continuation.resume() }
    }

    private func run(_ origins: [[BlobOrigin]]) async {
        do {
            if try await around.blobs.open(pointer.oid) != nil { return enter(.stored(fetched: false)) }
            let isFetched = try await receive(origins)
            // What was whole on the disk from an earlier start came by another repository perhaps.
            if isFetched {
                try await around.store.noteArrival(of: pointer, in: wanted.repository.key)
            } else {
                try await around.store.noteBlob(pointer.oid, size: pointer.size)
            }
            enter(.stored(fetched: isFetched))
        } catch let error as HubError {
            enter(.failed(error))
            around.logger.warning(
                "a blob could not be fetched",
                metadata: [
                    "blob": "\(pointer.oid)", "repository": "\(wanted.repository.id)", "path": "\(wanted.path)",
                    "error": "\(error)",
                ])
        } catch is CancellationError {
            enter(.failed(Self.shuttingDown))
        } catch {
            enter(.failed(HubError(.internalError, "The blob \(pointer.oid) could not be fetched.")))
            around.logger.error(
                "a blob could not be fetched", metadata: ["blob": "\(pointer.oid)", "error": "\(error)"])
        }
    }

    private static var shuttingDown: HubError { HubError(.shuttingDown, "Weir is shutting down.", retryAfter: 5) }

    /// Tries every way of every upstream until one gives bytes with the right digest.
    ///
    /// Readers stay attached while one source takes over from another in the middle; only bytes that turned out wrong
    /// end their transfers.
    /// - Returns: whether bytes came from upstream; false when all of them, or the blob itself, were here.
    private func receive(_ origins: [[BlobOrigin]]) async throws -> Bool {
        guard let path = UpstreamPath(of: wanted.repository) else {
            throw HubError(.blobNotFound, "The LFS object \(pointer.oid.hex) was never uploaded.")
        }
        var failures = FailureRanking()
        var partial: PartialBlob?
        do {
            for group in honestFirst(origins) {
                if pointer.size > around.sizes.threshold {
                    if let isFetched = try await receiveInPieces(group, path, into: &partial, &failures) {
                        return isFetched
                    }
                    continue
                }
                for origin in group {
                    let upstream = origin.upstream
                    do {
                        let ways = try await upstream.blobRequests(
                            for: pointer, of: path, commit: wanted.commit, path: wanted.path)
                        for (index, way) in ways.enumerated() {
                            do {
                                return try await receive(by: way, through: upstream, into: &partial)
                            } catch let error as HubError where !FailureRanking.endsAll(error) {
                                try Task.checkCancellation()
                                // The first way's reason tells most: the second is tried only because of it.
                                if index == 0 || error.code == .upstreamCorrupt { failures.note(error) }
                            }
                        }
                    } catch let error as HubError where !FailureRanking.endsAll(error) {
                        try Task.checkCancellation()
                        failures.note(error)
                    }
                }
            }
            throw failures.verdict(
                nothing: HubError(.upstreamUnavailable, "No upstream of \(wanted.repository.id) is configured."))
        } catch {
            let reason = error as? HubError ?? Self.shuttingDown
            await partial?.fail(reason, keepBytes: reason.code != .storageFull)
            guard reason.code == .conflict else { throw error }
            if try await around.blobs.size(of: pointer.oid) != nil { return false }
            throw HubError(.conflict, reason.message, status: 503, retryAfter: 5)
        }
    }

    /// Takes one way to the end. Bytes of several sources, or of an earlier start, that do not match together are no
    /// proof against this source: it is asked once more for all of them.
    private func receive(by way: BlobRequest, through upstream: any Upstream, into partial: inout PartialBlob?)
        async throws
        -> Bool
    {
        while true {
            let current = try await open(&partial)
            let found = await current.written
            try await fill(current, by: way, through: upstream)
            // A wrong digest quarantines the bytes and ends every reader's transfer.
            partial = nil
            do {
                try await current.finish()
                return hasReceived
            } catch let error as HubError where error.code == .upstreamCorrupt {
                startOver()
                guard found > 0 else {
                    noteLie(of: upstream.name)
                    throw error
                }
            }
        }
    }

    /// Appends until the size is reached, asking again for the rest after each cut.
    private func fill(_ partial: PartialBlob, by way: BlobRequest, through upstream: any Upstream) async throws {
        var fruitless = 0
        var attempts = 0
        while await partial.written < pointer.size {
            try Task.checkCancellation()
            let before = await partial.written
            attempts += 1
            do {
                try await transfer(from: before, into: partial, by: way, through: upstream)
                // A body without a length ends quietly wherever it was cut.
                let received = await partial.written
                if received < pointer.size { throw BlobAnswer.cut(pointer, upstream.name, at: received) }
            } catch let error as HubError where error.code == .upstreamUnavailable && attempts < Self.maximumAttempts {
                let received = await partial.written
                let moved = received - before >= Self.fruitfulBytes
                fruitless = moved ? 0 : fruitless + 1
                guard fruitless < Self.fruitlessAttempts else { throw error }
                around.logger.notice(
                    "an upstream cut a transfer",
                    metadata: [
                        "upstream": "\(upstream.name)", "blob": "\(pointer.oid)", "received": "\(received)",
                        "error": "\(error)",
                    ])
                try await around.pause(.milliseconds(moved ? 50 : 300 << fruitless))
            }
        }
    }

    private func transfer(
        from offset: Int64, into partial: PartialBlob, by way: BlobRequest, through upstream: any Upstream
    ) async throws {
        var response = try await ask(way, renewing: false, from: offset)
        if [401, 403, 404].contains(response.status) {
            // The link of a batch may have expired in the middle: a new one is asked for once.
            response = try await ask(way, renewing: true, from: offset)
        }
        var position = offset
        var skip: Int64 = 0
        switch response.status {
        case 206 where offset > 0:
            _ = try BlobAnswer.end(
                of: response.headers.first("content-range"), offset..<pointer.size, pointer, upstream.name)
        case 200:
            // An upstream that ignores ranges begins at the beginning: what is here already is skipped.
            skip = offset
            try BlobAnswer.checkWhole(response, pointer, upstream.name)
        default:
            throw BlobAnswer.failure(for: response, pointer, upstream.name)
        }
        for try await chunk in response.body {
            var bytes = chunk
            if skip > 0 {
                let dropped = min(skip, Int64(bytes.count))
                bytes.removeFirst(Int(dropped))
                skip -= dropped
            }
            guard !bytes.isEmpty else { continue }
            guard Int64(bytes.count) <= pointer.size - position else {
                throw BlobAnswer.tooMuch(pointer, upstream.name)
            }
            let fresh = try await partial.write(bytes, at: position)
            position += Int64(bytes.count)
            took(fresh, from: upstream.name, into: partial)
        }
    }

    private func ask(_ way: BlobRequest, renewing: Bool, from offset: Int64) async throws -> EgressResponse {
        var request = try await EgressUrgency.$current.withValue(urgency) { try await way.make(renewing: renewing) }
        request.expectedBytes = pointer.size - (way.supportsRange ? offset : 0)
        if offset > 0, way.supportsRange { request.headers.append(("Range", "bytes=\(offset)-")) }
        let question = request
        return try await EgressUrgency.$current.withValue(urgency) {
            try await around.transport.send(question, via: way.connection)
        }
    }
}
