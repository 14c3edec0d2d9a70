import Synchronization

/// How much the journal of git objects may hold: more, and commits sync their own files, which is slower and so holds
/// the writers back until what is there has been settled.
package final class JournalRoom: Sendable {
    /// What one entry takes.
    package struct Claim: Sendable {
        let bytes: Int
    }

    private struct Used {
        var rows = 0
        var bytes = 0
    }

    private let used = Mutex(Used())
    private let rows: Int
    private let bytes: Int

    /// - Parameters:
    ///   - rows: the most entries.
    ///   - bytes: the most bytes of all entries together.
    package init(rows: Int = 16_384, bytes: Int = 64 << 20) {
        self.rows = rows
        self.bytes = bytes
    }

    /// Room for one entry with these objects; nil when there is none.
    func claim(for objects: [JournaledObject]) -> Claim? {
        let size = objects.reduce(0) { $0 + $1.encodedCount }
        return used.withLock { used in
            guard used.rows < rows, used.bytes + size <= bytes else { return nil }
            used.rows += 1
            used.bytes += size
            return Claim(bytes: size)
        }
    }

    func giveBack(_ claim: Claim) { giveBack(rows: 1, bytes: claim.bytes) }

    /// Notes entries that are gone.
    func giveBack(rows: Int, bytes: Int) {
        used.withLock { used in
            // Entries of an earlier process were never claimed here.
            used.rows = max(0, used.rows - rows)
            used.bytes = max(0, used.bytes - bytes)
        }
    }

    /// Notes entries that an earlier process left.
    func take(rows: Int, bytes: Int) {
        used.withLock { used in
            used.rows += rows
            used.bytes += bytes
        }
    }

    /// Whether so much is used that settling should not wait.
    package var isHalfFull: Bool { used.withLock { $0.rows >= rows / 2 || $0.bytes >= bytes / 2 } }
}
