import HubCore
import Logging

/// Where a blob is wanted, which decides whom to ask for it and how.
struct BlobWant: Sendable {
    let repository: Repository
    let commit: CommitID
    let path: String
    /// Whether the blob is this repository's to give, should its bytes be here, or be on their way, by another one (S13, S17).
    let isProved: @Sendable () async throws -> Bool
}

/// One download per blob, whoever asks and from whichever repository; everyone else follows its writer.
///
/// The download does not end with the client that started it. A cut is resumed with a range request, an upstream that
/// fails is followed by the next one, and what arrived stays on disk for the next start.
actor BlobFetcher {
    private let store: RepositoryStore
    private let blobs: any BlobStore
    private let transport: any UpstreamTransport
    private let metrics: GatewayMetrics
    private let logger: Logger
    private let pause: @Sendable (Duration) async throws -> Void
    private var downloads: [BlobID: BlobDownload] = [:]
    private var isShuttingDown = false

    /// - Parameter pause: waits between two tries of a transfer.
    init(
        store: RepositoryStore, blobs: any BlobStore, transport: any UpstreamTransport, metrics: GatewayMetrics,
        logger: Logger, pause: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.store = store
        self.blobs = blobs
        self.transport = transport
        self.metrics = metrics
        self.logger = logger
        self.pause = pause
    }

    /// A reader of the blob that can give its first byte: the download has begun to receive, or everything is there.
    /// - Throws: why no upstream gives it, when that is known before the first byte; `CancellationError`.
    func reader(for pointer: LFSPointer, wanted: BlobWant, from upstreams: [any Upstream]) async throws -> BlobReader {
        var isCounted = false
        while true {
            let download: BlobDownload
            if let running = downloads[pointer.oid] {
                guard running.pointer == pointer else {
                    // Somebody's pointer lies about the size. Whose, the digest tells; that one's end must not be ours.
                    try await running.end()
                    continue
                }
                if running.repository.key != wanted.repository.key, running.repository.visibility != .public {
                    try await prove(pointer, wanted)
                }
                if !isCounted { metrics.cacheRequest(.coalesced) }
                download = running
            } else {
                guard !isShuttingDown else { throw HubError(.shuttingDown, "Weir is shutting down.", retryAfter: 5) }
                download = BlobDownload(
                    pointer: pointer, wanted: wanted, blobs: blobs, store: store, transport: transport, logger: logger,
                    pause: pause)
                // Between the check above and here nothing was awaited: this is the only download of the blob.
                downloads[pointer.oid] = download
                if !isCounted { metrics.cacheRequest(.miss) }
                download.start(upstreams: upstreams) { [weak self] in await self?.finished(pointer.oid) }
            }
            isCounted = true
            do {
                if let reader = try await download.reader() { return reader }
            } catch let error as HubError {
                // Another repository's upstream may refuse what ours gives; only our own answer is an answer to us.
                guard download.repository.key != wanted.repository.key, error.code != .shuttingDown else { throw error }
                try await download.end()
                continue
            }
            // It came here by another way in the meantime.
            try await download.end()
            if let stored = try await blobs.open(pointer.oid) {
                try await prove(pointer, wanted)
                return stored
            }
        }
    }

    private func prove(_ pointer: LFSPointer, _ wanted: BlobWant) async throws {
        guard try await wanted.isProved() else {
            throw HubError(
                .blobNotFound, "The LFS object \(pointer.oid.hex) does not belong to \(wanted.repository.id).")
        }
    }

    /// Waits until the download of a blob that is stored already has written that down.
    func settle(_ id: BlobID) async throws { try await downloads[id]?.end() }

    /// Whether a blob is being downloaded.
    func isFetching(_ id: BlobID) -> Bool { downloads[id] != nil }

    private func finished(_ id: BlobID) { downloads[id] = nil }

    /// Stops all downloads and waits until their files are closed.
    func shutDown() async {
        isShuttingDown = true
        let running = Array(downloads.values)
        for download in running { download.cancel() }
        for download in running { try? await download.end() }
    }
}
