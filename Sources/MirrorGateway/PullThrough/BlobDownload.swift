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

    nonisolated let pointer: LFSPointer
    private nonisolated let wanted: BlobWant
    private let blobs: any BlobStore
    private let store: RepositoryStore
    private let transport: any UpstreamTransport
    private let logger: Logger
    private let pause: @Sendable (Duration) async throws -> Void
    private var state = State.starting
    /// Those who wait for the next state.
    private var waiting: [UInt64: CheckedContinuation<Void, any Error>] = [:]
    private var waiterCount: UInt64 = 0
    /// Whether any of the bytes came from an upstream now.
    private var hasReceived = false
    /// The work, and whether it is to end.
    private nonisolated let task = Mutex<(task: Task<Void, Never>?, isCancelled: Bool)>((nil, false))
    /// How often an upstream may cut the same transfer with next to nothing new before the next one is tried.
    private static let fruitlessAttempts = 3
    /// What a try must bring to count as a step forward: an upstream that drips a few bytes before each cut would
    /// otherwise hold its readers for as many tries as there are.
    private static let fruitfulBytes: Int64 = 64 << 10
    /// A transfer that moves may be cut this often in all: a 1 TB file over a bad line must still arrive.
    private static let maximumAttempts = 10_000

    init(
        pointer: LFSPointer, wanted: BlobWant, blobs: any BlobStore, store: RepositoryStore,
        transport: any UpstreamTransport, logger: Logger, pause: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.pointer = pointer
        self.wanted = wanted
        self.blobs = blobs
        self.store = store
        self.transport = transport
        self.logger = logger
        self.pause = pause
    }

    /// For which repository it was begun.
    nonisolated var repository: Repository { wanted.repository }

    nonisolated func start(upstreams: [any Upstream], onEnd: @escaping @Sendable () async -> Void) {
        task.withLock { slot in
            let task = Task {
                await self.run(upstreams: upstreams)
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
                guard let reader = try await blobs.open(pointer.oid) else {
                    throw HubError(.storageCorrupt, "The blob \(pointer.oid) vanished after it was stored.")
                }
                return reader
            case .failed(let error):
                throw error
            }
        }
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
        let resumed = waiting.values
        waiting = [:]
        for continuation in resumed { continuation.resume() }
    }

    private func run(upstreams: [any Upstream]) async {
        do {
            if try await blobs.open(pointer.oid) != nil { return enter(.stored(fetched: false)) }
            let isFetched = try await receive(upstreams: upstreams)
            // What was whole on the disk from an earlier start came by another repository perhaps.
            if isFetched {
                try await store.noteArrival(of: pointer, in: wanted.repository.key)
            } else {
                try await store.noteBlob(pointer.oid, size: pointer.size)
            }
            enter(.stored(fetched: isFetched))
        } catch let error as HubError {
            enter(.failed(error))
            logger.warning(
                "a blob could not be fetched",
                metadata: [
                    "blob": "\(pointer.oid)", "repository": "\(wanted.repository.id)", "path": "\(wanted.path)",
                    "error": "\(error)",
                ])
        } catch is CancellationError {
            enter(.failed(Self.shuttingDown))
        } catch {
            enter(.failed(HubError(.internalError, "The blob \(pointer.oid) could not be fetched.")))
            logger.error("a blob could not be fetched", metadata: ["blob": "\(pointer.oid)", "error": "\(error)"])
        }
    }

    private static var shuttingDown: HubError { HubError(.shuttingDown, "Weir is shutting down.", retryAfter: 5) }

    /// Tries every way of every upstream until one gives bytes with the right digest.
    ///
    /// Readers stay attached while one source takes over from another in the middle; only bytes that turned out wrong
    /// end their transfers.
    /// - Returns: whether bytes came from upstream; false when all of them, or the blob itself, were here.
    private func receive(upstreams: [any Upstream]) async throws -> Bool {
        guard let path = UpstreamPath(of: wanted.repository) else {
            throw HubError(.blobNotFound, "The LFS object \(pointer.oid.hex) was never uploaded.")
        }
        var failures = FailureRanking()
        var partial: PartialBlob?
        do {
            for upstream in upstreams {
                do {
                    let ways = try await upstream.blobRequests(
                        for: pointer, of: path, commit: wanted.commit, path: wanted.path)
                    for (index, way) in ways.enumerated() {
                        do {
                            return try await receive(by: way, through: upstream, into: &partial)
                        } catch let error as HubError where !FailureRanking.isOurs(error) && error.code != .conflict {
                            try Task.checkCancellation()
                            // The first way's reason tells most: the second is tried only because of it.
                            if index == 0 || error.code == .upstreamCorrupt { failures.note(error) }
                        }
                    }
                } catch let error as HubError where !FailureRanking.isOurs(error) && error.code != .conflict {
                    try Task.checkCancellation()
                    failures.note(error)
                }
            }
            throw failures.verdict(
                nothing: HubError(.upstreamUnavailable, "No upstream of \(wanted.repository.id) is configured."))
        } catch {
            let reason = error as? HubError ?? Self.shuttingDown
            await partial?.fail(reason, keepBytes: reason.code != .storageFull)
            guard reason.code == .conflict else { throw error }
            if try await blobs.size(of: pointer.oid) != nil { return false }
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
            let current: PartialBlob
            if let partial {
                current = partial
            } else {
                current = try await blobs.partial(pointer.oid, size: pointer.size)
            }
            partial = current
            let found = await current.written
            try await fill(current, by: way, through: upstream)
            // A wrong digest quarantines the bytes and ends every reader's transfer.
            partial = nil
            do {
                try await current.finish()
                return hasReceived
            } catch let error as HubError where error.code == .upstreamCorrupt {
                hasReceived = false
                enter(.starting)
                guard found > 0 else { throw error }
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
                if received < pointer.size { throw Self.cut(pointer, upstream.name, at: received) }
            } catch let error as HubError where error.code == .upstreamUnavailable && attempts < Self.maximumAttempts {
                let received = await partial.written
                let moved = received - before >= Self.fruitfulBytes
                fruitless = moved ? 0 : fruitless + 1
                guard fruitless < Self.fruitlessAttempts else { throw error }
                logger.notice(
                    "an upstream cut a transfer",
                    metadata: [
                        "upstream": "\(upstream.name)", "blob": "\(pointer.oid)", "received": "\(received)",
                        "error": "\(error)",
                    ])
                try await pause(.milliseconds(moved ? 50 : 300 << fruitless))
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
        var skip: Int64 = 0
        switch response.status {
        case 206 where offset > 0:
            try Self.check(response.headers.first("content-range"), from: offset, size: pointer.size, upstream.name)
        case 200:
            // An upstream that ignores ranges begins at the beginning: what is here already is skipped.
            skip = offset
            try checkWhole(response, upstream.name)
        default:
            throw failure(for: response, upstream.name)
        }
        for try await chunk in response.body {
            var bytes = chunk
            if skip > 0 {
                let dropped = min(skip, Int64(bytes.count))
                bytes.removeFirst(Int(dropped))
                skip -= dropped
            }
            guard !bytes.isEmpty else { continue }
            let total = await partial.written + Int64(bytes.count)
            guard total <= pointer.size else {
                throw HubError(
                    .upstreamCorrupt, "\(upstream.name) sent more than the \(pointer.size) bytes of \(pointer.oid.hex)."
                )
            }
            try await partial.append(bytes)
            hasReceived = true
            if case .starting = state { enter(.receiving(partial)) }
        }
    }

    private func ask(_ way: BlobRequest, renewing: Bool, from offset: Int64) async throws -> EgressResponse {
        var request = try await way.make(renewing: renewing)
        request.expectedBytes = pointer.size - (way.supportsRange ? offset : 0)
        if offset > 0, way.supportsRange { request.headers.append(("Range", "bytes=\(offset)-")) }
        return try await transport.send(request, via: way.connection)
    }

    private func checkWhole(_ response: EgressResponse, _ upstream: String) throws {
        let length = response.headers.first("content-length").flatMap { Int64($0) }
        // A file may well be a web page; one of another length is not the file.
        if length == pointer.size { return }
        if response.headers.first("content-type")?.lowercased().hasPrefix("text/html") == true {
            throw HubError(
                .upstreamCorrupt, "\(upstream) answered a web page instead of the file \(pointer.oid.hex).")
        }
        if let length {
            throw HubError(
                .upstreamCorrupt,
                "\(upstream) offers \(length) bytes for \(pointer.oid.hex), whose size is \(pointer.size).")
        }
    }

    private func failure(for response: EgressResponse, _ upstream: String) -> HubError {
        let what = "\(upstream) answered \(response.status) for the file \(pointer.oid.hex)."
        switch response.status {
        case 401, 403: return HubError(.upstreamRefused, what, remedy: "Check the mirror's credentials and terms.")
        case 404, 410: return HubError(.blobNotFound, what)
        case 429, 500...599:
            return HubError(
                .upstreamUnavailable, what,
                // Clients obey what they are told: no upstream may send them away for a year.
                retryAfter: response.headers.first("retry-after").flatMap { Int($0) }.map { min(max($0, 1), 3_600) })
        default: return HubError(.upstreamCorrupt, what)
        }
    }

    private static func check(_ header: String?, from offset: Int64, size: Int64, _ upstream: String) throws {
        let expected = "bytes \(offset)-\(size - 1)/\(size)"
        guard header?.lowercased() == expected else {
            throw HubError(
                .upstreamCorrupt,
                "\(upstream) answered the range '\(header ?? "none")' where '\(expected)' was asked for.")
        }
    }

    private static func cut(_ pointer: LFSPointer, _ upstream: String, at offset: Int64) -> HubError {
        HubError(
            .upstreamUnavailable,
            "\(upstream) ended the transfer of \(pointer.oid.hex) after \(offset) of \(pointer.size) bytes.")
    }
}
