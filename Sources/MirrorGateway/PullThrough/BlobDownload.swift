import HubCore
import Logging

/// The one transfer of one blob from upstream into its partial file.
actor BlobDownload {
    private enum State {
        case starting([CheckedContinuation<Void, Never>])
        case receiving(PartialBlob)
        case stored
        case failed(HubError)
    }

    private let pointer: LFSPointer
    private let blobs: any BlobStore
    private let store: RepositoryStore
    private let transport: any UpstreamTransport
    private let logger: Logger
    private var state = State.starting([])
    private var task: Task<Void, Never>?
    /// How often an upstream may cut the same transfer without a single new byte before the next one is tried.
    private static let fruitlessAttempts = 3
    /// A transfer that moves may be cut this often in all: a 1 TB file over a bad line must still arrive.
    private static let maximumAttempts = 10_000

    init(
        pointer: LFSPointer, blobs: any BlobStore, store: RepositoryStore, transport: any UpstreamTransport, logger: Logger
    ) {
        self.pointer = pointer
        self.blobs = blobs
        self.store = store
        self.transport = transport
        self.logger = logger
    }

    func start(wanted: BlobWant, upstreams: [any Upstream], onEnd: @escaping @Sendable () async -> Void) {
        task = Task {
            await self.run(wanted: wanted, upstreams: upstreams)
            await onEnd()
        }
    }

    func cancel() async {
        task?.cancel()
        await task?.value
    }

    /// Waits for the first byte from upstream and gives a reader that follows the rest.
    func reader() async throws -> BlobReader {
        while true {
            switch state {
            case .starting(let waiting):
                await withCheckedContinuation { state = .starting(waiting + [$0]) }
            case .receiving(let partial):
                return try await partial.reader()
            case .stored:
                guard let reader = try await blobs.open(pointer.oid) else {
                    throw HubError(.storageCorrupt, "The blob \(pointer.oid) vanished after it was stored.")
                }
                return reader
            case .failed(let error):
                throw error
            }
        }
    }

    private func enter(_ next: State) {
        let previous = state
        state = next
        if case .starting(let waiting) = previous {
            for continuation in waiting { continuation.resume() }
        }
    }

    private func run(wanted: BlobWant, upstreams: [any Upstream]) async {
        do {
            if try await blobs.open(pointer.oid) != nil { return enter(.stored) }
            let size = try await receive(wanted: wanted, upstreams: upstreams)
            try await store.noteBlob(pointer.oid, size: size)
            enter(.stored)
        } catch let error as HubError {
            enter(.failed(error))
            logger.warning(
                "a blob could not be fetched",
                metadata: [
                    "blob": "\(pointer.oid)", "repository": "\(wanted.repository.id)", "path": "\(wanted.path)",
                    "error": "\(error)",
                ])
        } catch is CancellationError {
            enter(.failed(HubError(.shuttingDown, "Weir is shutting down.", retryAfter: 5)))
        } catch {
            enter(.failed(HubError(.internalError, "The blob \(pointer.oid) could not be fetched.")))
            logger.error("a blob could not be fetched", metadata: ["blob": "\(pointer.oid)", "error": "\(error)"])
        }
    }

    /// Tries every way of every upstream until one gives bytes with the right digest.
    ///
    /// Readers stay attached while one source takes over from another in the middle; only bytes that turned out wrong
    /// end their transfers.
    private func receive(wanted: BlobWant, upstreams: [any Upstream]) async throws -> Int64 {
        guard let path = UpstreamPath(of: wanted.repository) else {
            throw HubError(.blobNotFound, "The LFS object \(pointer.oid.hex) was never uploaded.")
        }
        var failure = HubError(.upstreamUnavailable, "No upstream of \(wanted.repository.id) is configured.")
        var partial: PartialBlob?
        do {
            for upstream in upstreams {
                do {
                    let ways = try await upstream.blobRequests(
                        for: pointer, of: path, commit: wanted.commit, path: wanted.path)
                    for (index, way) in ways.enumerated() {
                        let current: PartialBlob
                        if let partial { current = partial } else { current = try await blobs.partial(pointer.oid, size: pointer.size) }
                        partial = current
                        do {
                            try await fill(current, by: way, through: upstream)
                        } catch let error as HubError where error.code != .storageFull {
                            // The first way's reason tells most: the second is tried only because of it.
                            if index == 0 || error.code == .upstreamCorrupt { failure = error }
                            continue
                        }
                        // A wrong digest quarantines the bytes and ends every reader's transfer.
                        partial = nil
                        do {
                            try await current.finish()
                            return pointer.size
                        } catch let error as HubError where error.code == .upstreamCorrupt {
                            failure = error
                            if case .receiving = state { state = .starting([]) }
                        }
                    }
                } catch let error as HubError where error.code != .storageFull {
                    failure = error
                }
            }
            throw failure
        } catch {
            let reason = error as? HubError ?? HubError(.shuttingDown, "Weir is shutting down.", retryAfter: 5)
            await partial?.fail(reason, keepBytes: reason.code != .storageFull)
            throw error
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
                if await partial.written == before { throw Self.cut(pointer, upstream.name, at: before) }
            } catch let error as HubError where error.code == .upstreamUnavailable && attempts < Self.maximumAttempts {
                let moved = await partial.written > before
                fruitless = moved ? 0 : fruitless + 1
                guard fruitless < Self.fruitlessAttempts else { throw error }
                let received = await partial.written
                logger.notice(
                    "an upstream cut a transfer",
                    metadata: [
                        "upstream": "\(upstream.name)", "blob": "\(pointer.oid)", "received": "\(received)",
                        "error": "\(error)",
                    ])
                try await Task.sleep(for: .milliseconds(moved ? 50 : 300 << fruitless))
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
                    .upstreamCorrupt, "\(upstream.name) sent more than the \(pointer.size) bytes of \(pointer.oid.hex).")
            }
            try await partial.append(bytes)
            if case .starting = state { enter(.receiving(partial)) }
        }
    }

    private func ask(_ way: BlobRequest, renewing: Bool, from offset: Int64) async throws -> EgressResponse {
        var request = try await way.make(renewing: renewing)
        if offset > 0, way.supportsRange { request.headers.append(("Range", "bytes=\(offset)-")) }
        return try await transport.send(request, via: way.connection)
    }

    private func checkWhole(_ response: EgressResponse, _ upstream: String) throws {
        if response.headers.first("content-type")?.lowercased().hasPrefix("text/html") == true {
            throw HubError(
                .upstreamCorrupt, "\(upstream) answered a web page instead of the file \(pointer.oid.hex).")
        }
        if let length = response.headers.first("content-length").flatMap({ Int64($0) }), length != pointer.size {
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
                .upstreamCorrupt, "\(upstream) answered the range '\(header ?? "none")' where '\(expected)' was asked for.")
        }
    }

    private static func cut(_ pointer: LFSPointer, _ upstream: String, at offset: Int64) -> HubError {
        HubError(
            .upstreamUnavailable, "\(upstream) ended the transfer of \(pointer.oid.hex) after \(offset) of \(pointer.size) bytes.")
    }
}
