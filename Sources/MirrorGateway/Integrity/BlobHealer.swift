import HubCore
import Logging

/// Brings a blob back that was found damaged, by its digest, from wherever it is to be had.
struct BlobHealer: Sendable {
    let hub: Hub
    let scrubs: ScrubStore
    /// Nil where nothing is mirrored.
    let source: MirrorSource?
    let transport: any UpstreamTransport
    let folders: FolderSource
    let logger: Logger

    /// - Returns: where it came from, for people; nil when nobody has it.
    /// - Throws: `storage-full`, `CancellationError`, `DatabaseError`.
    func heal(_ id: BlobID) async throws -> String? {
        // What is nearest goes first.
        for attempt in [fromGit, fromXet, fromFolders, fromUpstreams] {
            try Task.checkCancellation()
            do {
                if let place = try await attempt(id) { return place }
            } catch let error as HubError {
                if error.code == .storageFull || error.code == .shuttingDown { throw error }
                logger.notice(
                    "a blob could not be healed in one way", metadata: ["blob": "\(id)", "error": "\(error)"])
            }
        }
        return nil
    }

    /// A repository that has the same bytes as a file in git itself.
    private func fromGit(_ id: BlobID) async throws -> String? {
        guard let (key, object) = try await scrubs.gitObject(holding: id) else { return nil }
        let bytes = try await hub.git.blob(object, in: key, limit: RepositoryService.maximumObjectSize)
        guard BlobID(hashing: bytes) == id else { return nil }
        try await store(id, size: Int64(bytes.count), [bytes])
        return "git object \(object) of \(try await scrubs.repository(key)?.description ?? "a repository")"
    }

    /// The chunks of which it was uploaded.
    private func fromXet(_ id: BlobID) async throws -> String? {
        guard let chunks = try await hub.xetContent(of: id, scrubs) else { return nil }
        _ = try await hub.blobs.store(id, size: nil, from: chunks)
        return "xet"
    }

    private func fromFolders(_ id: BlobID) async throws -> String? {
        guard let file = folders.file(of: id) else { return nil }
        _ = try await hub.blobs.store(fileAt: file, expecting: id)
        return file
    }

    private func fromUpstreams(_ id: BlobID) async throws -> String? {
        guard let source else { return nil }
        let authorizer = Authorizer(store: hub.store, source: nil)
        for link in try await scrubs.links(to: id) {
            guard let name = try await scrubs.repository(link.repository),
                let repository = try? await authorizer.openAsOperator(.contentRead, name),
                let ways = try? source.ways(to: repository)
            else { continue }
            let pointer = LFSPointer(oid: id, size: link.size)
            for (upstream, path) in ways {
                do {
                    let requests = try await upstream.blobRequests(
                        for: pointer, of: path, commit: link.commit ?? .zero, path: link.path)
                    for request in requests where try await take(request, pointer) {
                        return "\(upstream.name) (\(path))"
                    }
                } catch let error as HubError {
                    if error.code == .storageFull { throw error }
                    logger.notice(
                        "an upstream did not heal a blob",
                        metadata: ["blob": "\(id)", "upstream": "\(upstream.name)", "error": "\(error)"])
                }
            }
        }
        return nil
    }

    private func take(_ request: BlobRequest, _ pointer: LFSPointer) async throws -> Bool {
        do {
            let response = try await transport.send(try await request.make(), via: request.connection)
            guard response.status == 200 else { return false }
            _ = try await hub.blobs.store(pointer.oid, size: pointer.size, from: response.body)
            return true
        } catch let error as HubError where error.code != .storageFull {
            // Another way may have the right bytes.
            logger.notice("a way to a blob failed", metadata: ["blob": "\(pointer.oid)", "error": "\(error)"])
            return false
        }
    }

    private func store(_ id: BlobID, size: Int64, _ chunks: [[UInt8]]) async throws {
        let stream = AsyncThrowingStream<[UInt8], any Error> { continuation in
            for chunk in chunks { continuation.yield(chunk) }
            continuation.finish()
        }
        _ = try await hub.blobs.store(id, size: size, from: stream)
    }
}
