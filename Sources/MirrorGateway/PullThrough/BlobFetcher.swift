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
    private let around: BlobDownload.Surroundings
    private var downloads: [BlobID: BlobDownload] = [:]
    private var isShuttingDown = false

    /// - Parameters:
    ///   - sizes: from what size on a blob comes in pieces, and how large they are.
    ///   - pause: waits between two tries of a transfer.
    init(
        store: RepositoryStore, blobs: any BlobStore, transport: any UpstreamTransport, metrics: GatewayMetrics,
        clock: WallClock, logger: Logger, sizes: RangePlan.Sizes = RangePlan.Sizes(),
        pause: @escaping @Sendable (Duration) async throws -> Void
    ) {
        around = BlobDownload.Surroundings(
            blobs: blobs, store: store, transport: transport, metrics: metrics, liars: ExpiringMemory(clock: clock),
            logger: logger, sizes: sizes, pause: pause)
    }

    /// A reader of the blob that can give its first byte: the download has begun to receive, or everything is there.
    /// - Throws: why no upstream gives it, when that is known before the first byte; `CancellationError`.
    func reader(for pointer: LFSPointer, wanted: BlobWant, from origins: [[BlobOrigin]]) async throws -> BlobReader {
        let reader = try await take(pointer, wanted, origins, asJob: false) { try await $0.reader() }
        if let reader { return reader }
        // It came here by another way in the meantime.
        guard let stored = try await around.blobs.open(pointer.oid) else {
            return try await self.reader(for: pointer, wanted: wanted, from: origins)
        }
        try await prove(pointer, wanted)
        return stored
    }

    /// Fetches the blob without reading it: begins its download or takes part in the one that goes on.
    ///
    /// A caller that is cancelled leaves the download to those who read it or fetch it as well; where there are none, it
    /// ends, and what came stays for the next one.
    func bring(
        _ pointer: LFSPointer, wanted: BlobWant, from origins: [[BlobOrigin]],
        progress: @escaping @Sendable (_ bytes: Int64, _ upstream: String?) async -> Void
    ) async throws {
        while true {
            let isFetched: Bool? = try await take(pointer, wanted, origins, asJob: true) { download in
                defer { download.leave() }
                return try await download.follow(progress) ? true : nil
            }
            if isFetched != nil { return }
            if try await around.blobs.size(of: pointer.oid) != nil { return try await prove(pointer, wanted) }
        }
    }

    /// Takes part in the download of a blob, which is begun when there is none.
    /// - Parameter use: gives nil when the blob was here before a byte was asked for.
    /// - Returns: nil as `use` does, with the download at its end.
    private func take<Answer: Sendable>(
        _ pointer: LFSPointer, _ wanted: BlobWant, _ origins: [[BlobOrigin]], asJob: Bool,
        _ use: @Sendable (BlobDownload) async throws -> Answer?
    ) async throws -> Answer? {
        // What jobs fetch says nothing about how well people are served from here.
        var isCounted = asJob
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
                guard running.join(asJob: asJob, urgency: .current) else {
                    try await running.end()
                    continue
                }
                if !isCounted { around.metrics.cacheRequest(.coalesced) }
                download = running
            } else {
                guard !isShuttingDown else { throw HubError(.shuttingDown, "Weir is shutting down.", retryAfter: 5) }
                download = BlobDownload(pointer: pointer, wanted: wanted, around: around)
                // Between the check above and here nothing was awaited: this is the only download of the blob.
                downloads[pointer.oid] = download
                _ = download.join(asJob: asJob, urgency: .current)
                if !isCounted { around.metrics.cacheRequest(.miss) }
                download.start(origins: origins) { [weak self] in await self?.finished(pointer.oid) }
            }
            isCounted = true
            do {
                if let answer = try await use(download) { return answer }
                try await download.end()
                return nil
            } catch let error as HubError {
                // Another repository's upstream may refuse what ours gives; only our own answer is an answer to us.
                guard download.repository.key != wanted.repository.key, error.code != .shuttingDown else { throw error }
                try await download.end()
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
