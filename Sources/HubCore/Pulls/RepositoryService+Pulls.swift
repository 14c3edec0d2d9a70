/// Notes who took what, where it is handed out. A crash forgets the last second.
extension RepositoryService {
    /// - Parameter entry: a file that was opened for somebody who takes it.
    func notePull(of entry: TreeEntry, in snapshot: Snapshot) {
        AnswerConditions.bar()
        store.pullLedger.note(
            snapshot.repository, commit: snapshot.commit, digest: entry.lfs?.oid.hex ?? entry.id.hex,
            at: store.clock.now())
    }

    /// - Parameter link: an LFS object that somebody takes.
    package func notePull(of link: BlobLink, in repository: Repository) {
        AnswerConditions.bar()
        store.pullLedger.note(
            repository, commit: link.commit, digest: link.pointer.oid.hex, at: store.clock.now())
    }

    /// - Parameter wants: commits, or single objects, that a fetch is answered with.
    func notePulls(of wants: [ObjectID], in repository: Repository) async throws {
        for want in Set(wants) {
            let commit = try await git.peelToCommit(want, in: repository.key)
            store.pullLedger.note(
                repository, commit: commit, digest: commit == nil ? want.hex : "", at: store.clock.now())
        }
    }
}
