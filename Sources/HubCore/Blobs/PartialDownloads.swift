import Synchronization

/// The blobs that this process is downloading: never two writers of one, and never more than there is room for.
final class PartialDownloads: Sendable {
    /// Bytes that each still wants.
    private let remaining = Mutex<[BlobID: Int64]>([:])

    /// - Throws: `HubError` `conflict` when somebody is writing this blob.
    func begin(_ id: BlobID) throws {
        let isFirst = remaining.withLock { remaining in
            guard remaining[id] == nil else { return false }
            remaining[id] = 0
            return true
        }
        guard isFirst else { throw HubError(.conflict, "The blob \(id) is being downloaded already.") }
    }

    func update(_ id: BlobID, remaining bytes: Int64) {
        remaining.withLock { if $0[id] != nil { $0[id] = bytes } }
    }

    func end(_ id: BlobID) {
        remaining.withLock { $0[id] = nil }
    }

    /// Bytes that all downloads still want.
    var promised: Int64 {
        remaining.withLock { $0.values.reduce(0) { sum, bytes in sum.addingClamped(bytes) } }
    }
}

extension Int64 {
    /// The sum of two counts of bytes, neither negative; the largest number where there is none.
    func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
