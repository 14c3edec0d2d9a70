/// While a new commit of a branch waits for a review, the last one that passed may answer for the branch.
extension RepositoryService {
    /// The last commit of a branch that passed, where it still does; nil where none answers.
    /// - Parameter head: what lists show of the default branch: it passed once.
    func previous(of revision: Revision, before commit: CommitID, head: CommitID?, in repository: Repository)
        async throws -> CommitID?
    {
        guard let gate, gate.servesPrevious(of: repository),
            let branch = try await branch(of: revision, in: repository)
        else { return nil }
        var known = try await store.servedHead(of: branch, in: repository.key)
        if known == nil, branch.shortName == repository.defaultBranch { known = head }
        guard let known, known != commit, try await git.contains(known, in: repository.key) else { return nil }
        do {
            // An approval may have ended since, or a rule changed.
            try await check(.metadata, commit: known, revision: revision, of: repository)
        } catch let error as HubError where error.code == .policyReview || error.code == .policyDenied {
            return nil
        }
        return known
    }

    /// Remembers that a commit of a branch passed.
    func notePassed(_ commit: CommitID, as revision: Revision, in repository: Repository) async throws {
        guard let gate, gate.servesPrevious(of: repository),
            let branch = try await branch(of: revision, in: repository)
        else { return }
        try await store.note(servedHead: commit, of: branch, in: repository.key)
    }

    private func branch(of revision: Revision, in repository: Repository) async throws -> RefName? {
        switch revision {
        case .commit: return nil
        case .ref(let name): return name.isBranch ? name : nil
        case .name(let text), .abbreviated(let text):
            guard let name = RefName.branch(text) else { return nil }
            if try await store.ref(name, of: repository.key) != nil { return name }
            return text == "main" || text == "master" ? RefName.branch(repository.defaultBranch) : nil
        }
    }
}
