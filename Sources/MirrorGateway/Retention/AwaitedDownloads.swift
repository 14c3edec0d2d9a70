import HubCore

/// Downloads that were begun and that no look at what is stored has found yet: one that begins while such a look goes on
/// is part of the next.
struct AwaitedDownloads: Sendable {
    private struct Download {
        let size: Int64
        /// Whether a look has found it neither arriving nor stored. What has just arrived is recorded a moment later, so
        /// it is given up at the second such look.
        var isMissing = false
    }

    private var downloads: [BlobID: Download] = [:]
    /// Of all of them; the largest number where there is no sum.
    private(set) var bytes: Int64 = 0

    var blobs: some Sequence<BlobID> & Sendable { downloads.keys }

    /// - Parameter size: bytes of the whole blob.
    mutating func add(_ id: BlobID, size: Int64) {
        remove(id)
        downloads[id] = Download(size: max(0, size))
        count(max(0, size))
    }

    /// Forgets what is stored, and what failed.
    /// - Parameters:
    ///   - asked: those that were awaited before the look began, with whether they were on their way then.
    ///   - stored: those of them that the look found.
    mutating func settle(_ asked: [BlobID: Bool], stored: Set<BlobID>) {
        for (id, isArriving) in asked {
            if stored.contains(id) || (!isArriving && downloads[id]?.isMissing == true) {
                remove(id)
            } else if !isArriving {
                downloads[id]?.isMissing = true
            }
        }
    }

    private mutating func remove(_ id: BlobID) {
        guard let old = downloads.removeValue(forKey: id) else { return }
        if bytes < .max { return bytes -= old.size }
        bytes = 0
        for download in downloads.values { count(download.size) }
    }

    private mutating func count(_ size: Int64) {
        let (sum, overflow) = bytes.addingReportingOverflow(size)
        bytes = overflow ? .max : sum
    }
}
