import HubCore
import Logging

/// Where a blob is wanted, which decides whom to ask for it and how.
struct BlobWant: Sendable {
    let repository: Repository
    let commit: CommitID
    let path: String
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
    private var downloads: [BlobID: BlobDownload] = [:]
    private var isShuttingDown = false

    init(
        store: RepositoryStore, blobs: any BlobStore, transport: any UpstreamTransport, metrics: GatewayMetrics,
        logger: Logger
    ) {
        self.store = store
        self.blobs = blobs
        self.transport = transport
        self.metrics = metrics
        self.logger = logger
    }

    /// A reader of the blob that can give its first byte: the download has begun to receive, or everything is there.
    /// - Throws: why no upstream gives it, when that is known before the first byte.
    func reader(for pointer: LFSPointer, wanted: BlobWant, from upstreams: [any Upstream]) async throws -> BlobReader {
        if let download = downloads[pointer.oid] {
            metrics.cacheRequest(.coalesced)
            return try await download.reader()
        }
        guard !isShuttingDown else { throw HubError(.shuttingDown, "Weir is shutting down.", retryAfter: 5) }
        let download = BlobDownload(
            pointer: pointer, blobs: blobs, store: store, transport: transport, logger: logger)
        // Between the check above and here nothing was awaited: this is the only download of the blob.
        downloads[pointer.oid] = download
        metrics.cacheRequest(.miss)
        await download.start(wanted: wanted, upstreams: upstreams) { [weak self] in
            await self?.finished(pointer.oid)
        }
        return try await download.reader()
    }

    private func finished(_ id: BlobID) { downloads[id] = nil }

    /// Stops all downloads and waits until their files are closed.
    func shutDown() async {
        isShuttingDown = true
        for download in downloads.values { await download.cancel() }
    }
}
