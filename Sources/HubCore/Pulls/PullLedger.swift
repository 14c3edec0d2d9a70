import SQL
import Synchronization

/// Who took what, as it is noted while content is handed out: in memory, written down in batches off the path of
/// requests. A crash forgets what came since the last batch.
package final class PullLedger: Sendable {
    struct Key: Hashable, Sendable {
        let repository: Int64
        let commit: String
        let digest: String
        let account: Int64
    }

    struct Entry: Sendable {
        let account: String
        let name: String
        let firstAt: Int64
        var lastAt: Int64
        var pulls: Int64
    }

    private let pending = Mutex<[Key: Entry]>([:])
    private static let batch = 500

    init() {}

    func note(_ repository: Repository, commit: CommitID?, digest: String, at now: Int64) {
        let user = repository.principal.user
        let key = Key(
            repository: repository.key, commit: commit?.hex ?? "", digest: digest, account: user?.id ?? 0)
        pending.withLock { pending in
            var entry =
                pending[key]
                ?? Entry(
                    account: repository.principal.label, name: repository.id.description, firstAt: now, lastAt: now,
                    pulls: 0)
            entry.lastAt = max(entry.lastAt, now)
            entry.pulls += 1
            pending[key] = entry
        }
    }

    /// Writes down what is not written yet. What cannot be is kept for the next time.
    func flush(to database: any Database) async throws {
        let due = pending.withLock { pending in
            defer { pending = [:] }
            return Array(pending)
        }
        var done = 0
        do {
            for start in stride(from: 0, to: due.count, by: Self.batch) {
                let part = due[start..<min(start + Self.batch, due.count)]
                try await database.write { connection in
                    for (key, entry) in part { try Self.write(key, entry, connection) }
                }
                done = start + part.count
            }
        } catch {
            pending.withLock { pending in
                for (key, entry) in due[done...] {
                    guard let newer = pending[key] else {
                        pending[key] = entry
                        continue
                    }
                    pending[key] = Entry(
                        account: entry.account, name: newer.name, firstAt: entry.firstAt, lastAt: newer.lastAt,
                        pulls: entry.pulls + newer.pulls)
                }
            }
            throw error
        }
    }

    private static func write(_ key: Key, _ entry: Entry, _ connection: any Connection) throws {
        let place: [Value] = [
            .integer(key.repository), .text(key.commit), .text(key.digest), .integer(key.account),
        ]
        let changed = try connection.execute(
            """
            UPDATE pulls SET pulls = pulls + ?, last_at = ?, repository = ?, account = ?
            WHERE repository_key = ? AND commit_id = ? AND digest = ? AND account_id = ?
            """, [.integer(entry.pulls), .integer(entry.lastAt), .text(entry.name), .text(entry.account)] + place)
        guard changed == 0 else { return }
        try connection.execute(
            """
            INSERT INTO pulls (repository_key, commit_id, digest, account_id, account, repository, first_at, last_at, pulls)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            place + [
                .text(entry.account), .text(entry.name), .integer(entry.firstAt), .integer(entry.lastAt),
                .integer(entry.pulls),
            ])
    }
}
