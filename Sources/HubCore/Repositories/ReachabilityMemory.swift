import Synchronization

/// Which commits of which repositories some ref was found to reach, and at which state of the refs.
final class ReachabilityMemory: Sendable {
    struct Place: Hashable, Sendable {
        let repository: Int64
        let commit: CommitID
    }

    private struct Answer: Sendable {
        var isReached: Bool
        /// What all refs named.
        var targets: [ObjectID]
        /// When the repository was changed last before they were read, in milliseconds; nil when that may be too recent
        /// to tell two changes apart.
        var changedAt: Int64?
    }

    private let answers = Mutex(LeastRecentlyUsedCache<Place, Answer>(capacity: 20_000, lifetime: .seconds(600)))

    /// Whether a commit was found to be reached, when nothing in the repository has changed since.
    func isReached(_ place: Place, changedAt: Int64) -> Bool {
        answers.withLock { $0.value(for: place).map { $0.isReached && $0.changedAt == changedAt } ?? false }
    }

    /// What was found out when the refs named the same.
    func answer(_ place: Place, targets: [ObjectID]) -> Bool? {
        answers.withLock { answers in
            answers.value(for: place).flatMap { $0.targets == targets ? $0.isReached : nil }
        }
    }

    func remember(_ isReached: Bool, _ place: Place, targets: [ObjectID], changedAt: Int64?) {
        // A repository of very many refs would fill the memory with them.
        guard targets.count <= 1_000 else { return }
        let answer = Answer(isReached: isReached, targets: targets, changedAt: changedAt)
        answers.withLock { $0.insert(answer, for: place) }
    }
}

extension RepositoryService {
    /// Whether a stored commit of a local repository belongs to what its refs show: what a forced push or a deleted
    /// branch took away is not read by its id (S34). A mirror shows every commit that its upstream gave.
    ///
    /// - Complexity: a look into memory while nothing changes; otherwise one walk over the history, once for each state of
    ///   the refs.
    func isShown(_ commit: CommitID, in repository: Repository) async throws -> Bool {
        guard !repository.isMirror else { return true }
        let place = ReachabilityMemory.Place(repository: repository.key, commit: commit)
        if reachability.isReached(place, changedAt: repository.updatedAt) { return true }
        let refs = try await store.refs(of: repository.key)
        let targets = Array(Set(refs.map { $0.peeled ?? $0.target })).sorted()
        // Two changes of one millisecond cannot be told apart afterwards.
        let changedAt = store.clock.now() - repository.updatedAt > 1_000 ? repository.updatedAt : nil
        var isReached = targets.contains(commit)
        if !isReached {
            if let known = reachability.answer(place, targets: targets) {
                isReached = known
            } else {
                isReached = try await git.isReached(commit, from: targets, in: repository.key)
            }
        }
        reachability.remember(isReached, place, targets: targets, changedAt: changedAt)
        return isReached
    }

    /// Refuses commits that the refs of a local repository do not show, in git's words. Single trees and blobs, for which a
    /// partial clone comes back, are given while they are stored.
    func requireShown(_ wants: [ObjectID], in repository: Repository) async throws {
        guard !repository.isMirror else { return }
        for want in Set(wants) {
            guard let commit = try await git.peelToCommit(want, in: repository.key) else { continue }
            guard try await isShown(commit, in: repository) else {
                throw HubError(.revisionNotFound, "not our ref \(want)")
            }
        }
    }
}
