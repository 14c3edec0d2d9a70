extension Discussions {
    /// Opens a pull request with the commits of a branch that is there already.
    /// - Parameters:
    ///   - head: the branch whose commits are proposed.
    ///   - base: the branch that they are to be merged into.
    ///   - repository: opened for `.discuss`.
    /// - Throws: `.revisionNotFound` for what is no branch, `.badRequest` when the base has all of it.
    package func openPullRequest(
        title: String, description: String?, from head: RefName, into base: RefName, in repository: Repository
    ) async throws -> Discussion {
        try requireDiscuss(repository)
        let title = try CommunityText.title(title)
        let description = try CommunityText.optional(description)
        // Whoever proposes content must be able to read it.
        let readable = try await authorizer.open(repository.principal, .contentRead, repository.id)
        guard head.isBranch, base.isBranch else {
            throw HubError(.revisionNotFound, "A pull request goes from a branch of \(repository.id) into another.")
        }
        let proposed = try await repositories.snapshot(of: readable, at: .ref(head)).commit
        let target = try await repositories.snapshot(of: readable, at: .ref(base)).commit
        let start = try await repositories.git.mergeBase(of: target, and: proposed, in: repository.key)
        guard start != proposed else {
            throw HubError(.badRequest, "'\(base.shortName)' has everything of '\(head.shortName)' already.")
        }
        let subject = try await repositories.git.commit(proposed, in: repository.key)?.title ?? head.shortName
        let now = store.clock.now()
        let identifiers = store.identifiers
        return try await open(
            title: title, description: description, status: .open, base: (base, target), in: repository
        ) { num, connection in
            try Self.insertRef(num, at: proposed, of: repository, now: now, in: connection)
            try DiscussionEventRows.append(
                .commit(subject: String(subject.prefix(1_000)), id: proposed.hex),
                id: CommunityID(key: identifiers.next()), to: num, of: repository, at: now, in: connection)
        }
    }
}
