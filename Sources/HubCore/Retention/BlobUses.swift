import SQL
import Synchronization

/// When blobs of mirrors were last served. Serving notes it in memory; it is written down in batches, for one blob at
/// most once an hour.
package final class BlobUses: Sendable {
    private struct Use {
        /// Milliseconds since 1970.
        var at: Int64
        /// Times since it was last written down.
        var unwritten: Int64
        /// Milliseconds since 1970; nil when it was not written by this process.
        var writtenAt: Int64?
    }

    private let uses = Mutex<[BlobID: Use]>([:])
    /// Milliseconds between two writes about one blob.
    private static let interval: Int64 = 3_600_000
    /// Blobs that are remembered; of more, those that were written down are forgotten.
    private static let limit = 200_000
    /// Rows of one transaction.
    private static let batch = 500

    init() {}

    /// - Parameter now: milliseconds since 1970.
    package func note(_ id: BlobID, at now: Int64) {
        uses.withLock { uses in
            if uses[id] == nil, uses.count >= Self.limit { return }
            var use = uses[id] ?? Use(at: now, unwritten: 0, writtenAt: nil)
            use.at = max(use.at, now)
            use.unwritten += 1
            uses[id] = use
        }
    }

    /// When a blob was last used as far as this process remembers.
    func lastUse(of id: BlobID) -> Int64? { uses.withLock { $0[id]?.at } }

    /// Writes down what is due.
    /// - Parameter all: also what was written within the hour: at the end of the process.
    func write(to database: any Database, now: Int64, all: Bool = false) async throws {
        let due = uses.withLock { uses in
            uses.filter { _, use in
                use.unwritten > 0 && (all || use.writtenAt.map { now - $0 >= Self.interval } ?? true)
            }
        }
        let ordered = due.sorted { $0.key.hex < $1.key.hex }
        for start in stride(from: 0, to: ordered.count, by: Self.batch) {
            let part = Array(ordered[start..<min(start + Self.batch, ordered.count)])
            try await database.write { connection in
                for (id, use) in part {
                    let known = try connection.first(
                        "SELECT used_at, uses FROM blob_uses WHERE sha256 = ?", [.text(id.hex)])
                    try connection.upsert(
                        into: "blob_uses", key: [("sha256", .text(id.hex))],
                        values: [
                            ("used_at", .integer(max(use.at, try known?.integer("used_at") ?? 0))),
                            ("uses", .integer((try known?.integer("uses") ?? 0).addingClamped(use.unwritten))),
                        ])
                }
            }
            uses.withLock { uses in
                for (id, use) in part {
                    uses[id]?.unwritten -= use.unwritten
                    uses[id]?.writtenAt = now
                }
            }
        }
        uses.withLock { uses in
            guard uses.count >= Self.limit else { return }
            uses = uses.filter { $0.value.unwritten > 0 }
        }
    }
}

extension RepositoryStore {
    /// Writes down when blobs of mirrors were last served.
    /// - Parameter all: also what was written within the hour.
    package func writeUses(all: Bool = false) async throws {
        try await uses.write(to: database, now: clock.now(), all: all)
    }
}
