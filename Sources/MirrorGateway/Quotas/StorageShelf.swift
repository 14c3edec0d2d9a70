import HubCore
import Policies
import Synchronization

/// How much of what mirrors hold was fetched for whom, with the files that are on their way.
final class StorageShelf: Sendable {
    let store: StoredShareStore
    private let turns = SerialQueues<String>()
    /// Files for which room was made: those whose download is about to begin, counted, and those that may be running.
    private let underway = Mutex<(beginning: [BlobID: Int], begun: Set<BlobID>)>(([:], []))

    init(store: StoredShareStore) {
        self.store = store
    }

    /// Makes room for a file. Whoever calls it calls ``began(_:)`` once the download has begun or failed, unless it was
    /// refused.
    /// - Returns: whose share is full; nil when there is room, or nothing to make room for.
    func take(
        _ pointer: LFSPointer, for shares: [QuotaShare], isUnderway: @Sendable (BlobID) async -> Bool
    ) async throws -> QuotaShare? {
        guard let mirror = shares.first?.key.mirror else { return nil }
        return try await turns.run(mirror) {
            let coming = await files(isUnderway)
            var fresh: [QuotaShare] = []
            for share in shares {
                let subject = share.key.subject.description
                let limit = share.terms.storedBytes ?? .max
                if coming.contains(pointer.oid), try await store.has(pointer.oid, for: subject, in: mirror) { continue }
                let held = try await store.bytes(of: subject, in: mirror, underway: coming)
                guard pointer.size <= limit, held <= limit - pointer.size else { return share }
                fresh.append(share)
            }
            try await store.note(pointer, for: fresh.map(\.key.subject.description), in: mirror)
            underway.withLock { $0.beginning[pointer.oid, default: 0] += 1 }
            return nil
        }
    }

    /// The download of a file has begun, or will not.
    func began(_ id: BlobID) {
        underway.withLock { underway in
            guard let count = underway.beginning[id] else { return }
            underway.beginning[id] = count > 1 ? count - 1 : nil
            underway.begun.insert(id)
        }
    }

    /// What is on its way now.
    private func files(_ isUnderway: @Sendable (BlobID) async -> Bool) async -> Set<BlobID> {
        let begun = underway.withLock { $0.begun }
        for id in begun where await !isUnderway(id) { underway.withLock { _ = $0.begun.remove(id) } }
        return underway.withLock { $0.begun.union($0.beginning.keys) }
    }

    /// Forgets shares of files that never came or were evicted.
    func tidy() async throws {
        try await store.forgetAbsent(but: underway.withLock { $0.begun.union($0.beginning.keys) })
    }
}
