extension RepositoryService {
    /// Makes another branch the default one: lists and searches show its card from now on.
    /// - Parameter repository: opened for `.settings`.
    /// - Throws: `.badRequest` for what is no branch's name, `.revisionNotFound` for a branch that is not there.
    package func setDefaultBranch(_ name: String, of repository: Repository) async throws {
        guard repository.verb == .settings, !repository.isMirror else {
            throw HubError(.internalError, "\(repository.id) was opened to \(repository.verb.rawValue).")
        }
        guard !name.hasPrefix("refs/"), name.utf8.count <= 255, let ref = RefName.branch(name) else {
            throw HubError(.badRequest, "'\(name)' is not a valid branch name.")
        }
        guard name != repository.defaultBranch else { return }
        var head: HeadFacts?
        if let target = try await store.ref(ref, of: repository.key)?.target {
            head = try await headFacts(of: target, in: repository)
        } else if try await !store.refs(of: repository.key).isEmpty {
            throw HubError(
                .revisionNotFound, "The branch '\(name)' does not exist in \(repository.id).",
                remedy: "Create it first.")
        }
        try await store.setDefaultBranch(name, head: head, of: repository)
    }

    /// Commits to a branch that is made for it, or is there already.
    ///
    /// A branch that was made is taken away again when the commit fails.
    /// - Parameter start: where the branch begins; nil for the default branch.
    package func commit(
        _ draft: CommitDraft, toNewBranch name: String, from start: Revision?, in repository: Repository
    )
        async throws -> CommitOutcome
    {
        let refs = try await store.refs(of: repository.key)
        let isThere = refs.contains { $0.name == draft.ref } || refs.isEmpty
        guard !isThere else { return try await commit(draft, to: repository) }
        try await createBranch(name, from: start, in: repository)
        do {
            var draft = draft
            // The branch is new: a file that it began with is nobody's work on it.
            draft.preconditions.removeAll { if case .absent = $0 { true } else { false } }
            return try await commit(draft, to: repository)
        } catch {
            try? await deleteBranch(name, in: repository)
            throw error
        }
    }
}
