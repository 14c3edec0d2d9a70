import Synchronization

/// Which blobs are open in this process: read, or arriving. Nobody takes away what somebody reads.
final class BlobLeases: Sendable {
    private let holders = Mutex<[BlobID: Int]>([:])

    /// Held for as long as the lease lives.
    func take(_ id: BlobID) -> BlobLease {
        holders.withLock { $0[id, default: 0] += 1 }
        return BlobLease(id, of: self)
    }

    func isHeld(_ id: BlobID) -> Bool { holders.withLock { $0[id] != nil } }

    fileprivate func release(_ id: BlobID) {
        holders.withLock { holders in
            let left = (holders[id] ?? 0) - 1
            holders[id] = left > 0 ? left : nil
        }
    }
}

/// That somebody has a blob open. It ends with its last holder.
final class BlobLease: Sendable {
    private let id: BlobID
    private let leases: BlobLeases

    fileprivate init(_ id: BlobID, of leases: BlobLeases) {
        self.id = id
        self.leases = leases
    }

    deinit { leases.release(id) }
}
