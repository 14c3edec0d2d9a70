import SQL
import Synchronization

/// What is buried, in memory: looked at again when anything in the database has changed, by this process or another; within
/// a second where a database does not tell.
package final class TombstoneRegister: Sendable {
    private struct State {
        var version: Int64 = -1
        /// Milliseconds since 1970; the least number: to be read before the next answer.
        var checkedAt = Int64.min
        /// Of the database when it was read.
        var stamp: DatabaseVersion?
        var index = TombstoneIndex()
    }

    private let database: any Database
    private let clock: WallClock
    private let state = Mutex(State())
    /// SHA-256 of what git holds, by its names there: each is read once.
    private let contentDigests = Mutex<[ObjectID: BlobID]>([:])
    /// Milliseconds for which what was read holds.
    private static let lifetime: Int64 = 1_000
    private static let maximumDigests = 200_000

    init(database: any Database, clock: WallClock) {
        self.database = database
        self.clock = clock
    }

    /// What is buried now.
    package func current() async throws -> (index: TombstoneIndex, version: Int64) {
        let now = clock.now()
        let stamp = database.version
        let (index, known, isDue) = state.withLock { state in
            if stamp != nil { return (state.index, state.version, state.stamp != stamp) }
            let isDue =
                state.checkedAt == .min || now < state.checkedAt || now - state.checkedAt >= Self.lifetime
            // The others of this moment go by what is known, unless nothing is.
            if isDue, state.version >= 0, state.checkedAt != .min { state.checkedAt = now }
            return (state.index, state.version, isDue)
        }
        guard isDue else { return (index, known) }
        let store = TombstoneStore(database: database, clock: clock, register: nil)
        if known >= 0, try await store.version() == known {
            state.withLock { state in
                state.checkedAt = now
                if state.version == known { state.stamp = stamp }
            }
            return (index, known)
        }
        let (version, standing) = try await store.standing()
        let next = TombstoneIndex(standing)
        return state.withLock { state in
            if version >= state.version {
                state.version = version
                state.index = next
                state.checkedAt = now
                state.stamp = stamp
            }
            return (state.index, state.version)
        }
    }

    /// Has it read before the next answer.
    func expire() { state.withLock { $0.checkedAt = .min } }

    func contentDigest(of object: ObjectID) -> BlobID? { contentDigests.withLock { $0[object] } }

    func note(_ digest: BlobID, of object: ObjectID) {
        contentDigests.withLock { digests in
            if digests.count >= Self.maximumDigests { digests.removeAll() }
            digests[object] = digest
        }
    }
}

extension RepositoryStore {
    /// What is served nowhere any more.
    package var tombstones: TombstoneStore {
        TombstoneStore(database: database, clock: clock, register: burials)
    }

    /// What buries a repository by its names, or its author.
    package func tombstone(of id: RepositoryID, origin: Repository.Origin) async throws -> Tombstone? {
        try await burials.current().index.tombstone(of: id, origin: origin)
    }

    /// - Throws: `.buried` for a repository of which nothing may leave, or be fetched.
    package func requireUnburied(_ id: RepositoryID, origin: Repository.Origin) async throws {
        if let tombstone = try await tombstone(of: id, origin: origin) { throw tombstone.refusal }
    }

    /// - Throws: `.buried` for a commit that may not be fetched, nor anything else of its repository.
    package func requireUnburied(_ commits: [ObjectID], of repository: Repository) async throws {
        let index = try await burials.current().index
        guard !index.isEmpty else { return }
        if let tombstone = index.tombstone(of: repository.id, origin: repository.origin) { throw tombstone.refusal }
        for commit in commits {
            if let tombstone = index.tombstone(of: commit, in: repository.id, origin: repository.origin) {
                throw tombstone.refusal
            }
        }
    }

    /// - Throws: `.buried` for bytes that may not be taken in, fetched or given out.
    package func requireUnburied(_ blob: BlobID) async throws {
        if let tombstone = try await burials.current().index.tombstone(of: blob) { throw tombstone.refusal }
    }
}
