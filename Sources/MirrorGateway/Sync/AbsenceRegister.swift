package import HubCore
import Synchronization

/// Which mirrored repositories are no longer to be had above, for whoever serves them: in memory, read again now and
/// then because other processes write it too.
package final class AbsenceRegister: Sendable {
    private let store: SyncStore
    private let clock: WallClock
    private let absences = Mutex<[Int64: MirrorAbsence]>([:])
    /// Milliseconds since 1970 of the last reading.
    private let readAt = Mutex<Int64>(.min)
    /// Milliseconds for which what was read holds.
    private static let lifetime: Int64 = 10_000

    package init(store: SyncStore, clock: WallClock) {
        self.store = store
        self.clock = clock
    }

    /// Reads what is written down.
    package func reload() async throws {
        let now = clock.now()
        let read = try await store.absences()
        absences.withLock { $0 = read }
        readAt.withLock { $0 = now }
    }

    /// Nil for what is to be had above, as far as anybody noticed.
    package func absence(of key: Int64) -> MirrorAbsence? { absences.withLock { $0[key] } }

    /// Why a repository is not served, where policy leaves a tombstone for what disappeared.
    func refusal(of repository: Repository) async throws -> HubError? {
        let now = clock.now()
        let isDue = readAt.withLock { readAt in
            guard readAt == .min || now - readAt >= Self.lifetime else { return false }
            // The others of this moment go by what is known.
            readAt = readAt == .min ? .min : now
            return true
        }
        if isDue { try await reload() }
        guard let absence = absence(of: repository.key), absence.treatment == .tombstone else { return nil }
        let day = JSONDate.text(milliseconds: absence.since).prefix(10)
        let what = absence.state == .gone ? "was removed from" : "is no longer given out by"
        return HubError(
            .repositoryNotFound,
            "\(repository.id) \(what) its upstream (seen on \(day)), and the policy of its mirror refuses what disappeared: \(absence.message)",
            remedy: "Ask whoever keeps the mirror file for `deletions: keep`; what was fetched is still stored.")
    }

    func note(
        _ state: MirrorAbsence.State, _ treatment: MirrorAbsence.Treatment, message: String, of key: Int64
    ) async throws {
        try await store.note(state, treatment, message: message, of: key)
        try await reload()
    }

    func forget(_ key: Int64) async throws {
        guard absence(of: key) != nil else { return }
        try await store.forgetAbsence(of: key)
        absences.withLock { absences in absences[key] = nil }
    }
}
