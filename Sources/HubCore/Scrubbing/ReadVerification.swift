import Foundation
import Synchronization

/// Hashes every stored blob while it is served, and holds the end of each answer back until the digest has matched.
///
/// It reads each blob once more than it is sent; what was right a moment ago, and was not touched since, is not hashed
/// again for each of many ranges.
package final class ReadVerification: Sendable {
    private struct Verified: Sendable {
        let stamp: Int64
        let at: ContinuousClock.Instant
    }

    /// For how long a digest that matched is taken for granted.
    private static let lifetime = Duration.seconds(60)

    private let known = Mutex(LeastRecentlyUsedCache<BlobID, Verified>(capacity: 10_000))
    private let onDamage: @Sendable (ScrubFinding) async -> Void

    /// - Parameter onDamage: gets a blob that is not what its name says, before the reader's answer is cut off.
    package init(onDamage: @escaping @Sendable (ScrubFinding) async -> Void) { self.onDamage = onDamage }

    func following(_ id: BlobID, _ file: OpenFile, _ workers: BlobWorkers) -> (any BlobFollowing)? {
        let stamp = Self.stamp(of: file)
        let isKnown = known.withLock { known in
            known.value(for: id).map { $0.stamp == stamp && $0.at.duration(to: .now) < Self.lifetime } ?? false
        }
        return isKnown ? nil : VerifyingRead(id: id, file: file, workers: workers, stamp: stamp, owner: self)
    }

    fileprivate func remember(_ id: BlobID, _ stamp: Int64) {
        known.withLock { $0.insert(Verified(stamp: stamp, at: .now), for: id) }
    }

    fileprivate func tell(_ finding: ScrubFinding) async { await onDamage(finding) }

    /// When the file was last written, in nanoseconds.
    private static func stamp(of file: OpenFile) -> Int64 {
        var status = stat()
        guard fstat(file.descriptor, &status) == 0 else { return .min }
        return Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
    }
}

/// A stored blob that is hashed while somebody reads it.
private actor VerifyingRead: BlobFollowing {
    private let id: BlobID
    private let file: OpenFile
    private let workers: BlobWorkers
    private let stamp: Int64
    private let owner: ReadVerification
    private var work: Task<Void, any Error>?

    init(id: BlobID, file: OpenFile, workers: BlobWorkers, stamp: Int64, owner: ReadVerification) {
        self.id = id
        self.file = file
        self.workers = workers
        self.stamp = stamp
        self.owner = owner
    }

    func released(past offset: Int64) async throws -> Int64 {
        let work = work ?? Task { try await verify() }
        self.work = work
        // Everything but the last byte may be read; how much of an answer is held back is the reader's rule.
        if offset < file.size - 1 { return file.size - 1 }
        try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            work.cancel()
        }
        return file.size
    }

    private func verify() async throws {
        let hashing = BlobHashing(file)
        var reason = "The bytes do not match the digest."
        do {
            while try await workers.run({ try hashing.next(ScrubPace.slice) }) { try Task.checkCancellation() }
            if hashing.digest == id { return owner.remember(id, stamp) }
        } catch let error as HubError where error.code == .storageCorrupt {
            reason = error.message
        }
        await owner.tell(ScrubFinding(.blob, id.hex, reason: reason))
        throw HubError(.storageCorrupt, "The stored blob \(id) is damaged.", remedy: "Ask again: it is fetched anew.")
    }
}
