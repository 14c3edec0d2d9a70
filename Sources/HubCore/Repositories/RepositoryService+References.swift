extension RepositoryService {
    /// Makes a branch.
    /// - Parameters:
    ///   - start: where it begins; nil for the default branch.
    ///   - repository: opened for `.contentWrite`.
    /// - Throws: `.badRequest` for what is no branch's name, `.conflict` for one that exists, `.revisionNotFound`.
    package func createBranch(_ name: String, from start: Revision?, in repository: Repository) async throws {
        try requireWrite(repository)
        // `refs/pr/5` as a branch's short name would be a ref of the same name in another place.
        guard !name.hasPrefix("refs/"), let ref = RefName.branch(name) else { throw Self.invalid(name, "branch") }
        let commit = try await commit(at: start, in: repository)
        try await git.hold([commit], in: repository.key)
        try await requirePlace(for: ref, in: repository)
        // A commit may be known by its id before a ref names it.
        try await git.makeDurable(repository.key)
        try await store.updateRefs(
            try await judge([.creation(ref, at: commit)], of: repository), of: repository,
            action: "repository.branch.create",
            changeLog: "Create branch \(name)", head: nil, links: [])
    }

    /// Removes a branch.
    /// - Throws: `.forbidden` for the default branch, `.revisionNotFound` in the words clients look for.
    package func deleteBranch(_ name: String, in repository: Repository) async throws {
        try requireWrite(repository)
        guard name != repository.defaultBranch else {
            throw HubError(.forbidden, "Cannot delete refs/heads/\(name)", remedy: "It is the default branch.")
        }
        try await delete(RefName.branch(name), action: "repository.branch.delete", in: repository)
    }

    /// Tags a commit: with a message as an object of its own, without one as a mere name.
    /// - Throws: `.badRequest` for what is no tag's name, `.conflict` for one that exists, `.revisionNotFound`.
    package func createTag(_ name: String, of revision: Revision?, message: String?, in repository: Repository)
        async throws
    {
        try requireWrite(repository)
        // The order of the community's hub: of a missing revision and a bad name, clients are told the revision.
        let commit = try await commit(at: revision, in: repository)
        guard !name.hasPrefix("refs/"), let ref = RefName.tag(name) else { throw Self.invalid(name, "tag") }
        guard try await store.ref(ref, of: repository.key) == nil else {
            throw HubError(.conflict, "Reference \(ref.name) already exists")
        }
        try await git.hold([commit], in: repository.key)
        try await requirePlace(for: ref, in: repository)
        var target: ObjectID = commit
        if let message, !message.isEmpty {
            target = try await git.writeTag(
                name, of: commit, tagger: signature(of: repository.principal), message: message, in: repository.key)
        }
        try await git.makeDurable(repository.key)
        try await store.updateRefs(
            try await judge([.creation(ref, at: target, peeled: target == commit ? nil : commit)], of: repository),
            of: repository,
            action: "repository.tag.create", changeLog: "Create tag \(name)", head: nil, links: [])
    }

    /// Removes a tag.
    /// - Throws: `.revisionNotFound`.
    package func deleteTag(_ name: String, in repository: Repository) async throws {
        try requireWrite(repository)
        try await delete(RefName.tag(name), action: "repository.tag.delete", in: repository)
    }

    /// Replaces a ref's whole history by one commit of what it holds.
    /// - Throws: `.revisionNotFound` for what is not a ref, `.preconditionFailed` when it moves meanwhile.
    package func squash(_ name: String, message: String, in repository: Repository) async throws -> CommitID {
        try requireWrite(repository)
        let ref = try await target(named: name, of: repository)
        guard let head = try await store.ref(ref, of: repository.key)?.target,
            let commit = try await git.commit(head, in: repository.key)
        else { throw HubError(.revisionNotFound, "'\(name)' is not a branch of \(repository.id).") }
        // What a squash takes away is what a protection keeps.
        try await requireUnprotected(ref, isDeleted: true, of: repository)
        let squashed = try await git.writeCommit(
            of: commit.tree, parents: [], author: signature(of: repository.principal), message: message,
            in: repository.key)
        let isDefault = ref == RefName.branch(repository.defaultBranch)
        try await store.updateRefs(
            try await judge([RefUpdate(ref, from: head, to: squashed)], of: repository), of: repository,
            action: "repository.squash", changeLog: message,
            head: isDefault ? try await headFacts(of: squashed, in: repository) : nil, links: [])
        return squashed
    }

    private func commit(at revision: Revision?, in repository: Repository) async throws -> CommitID {
        try await snapshot(of: repository, at: revision).commit
    }

    private func delete(_ ref: RefName?, action: String, in repository: Repository) async throws {
        guard let ref, let current = try await store.ref(ref, of: repository.key) else {
            throw HubError(.revisionNotFound, "Invalid rev id")
        }
        try await requireUnprotected(ref, isDeleted: true, of: repository)
        try await store.updateRefs(
            try await judge([RefUpdate(ref, from: current.target, to: nil)], of: repository), of: repository,
            action: action,
            changeLog: "Delete \(ref.shortName)", head: nil, links: [])
    }

    /// git keeps refs as files somewhere: `a` and `a/b` cannot both be.
    private func requirePlace(for ref: RefName, in repository: Repository) async throws {
        let names = try await store.refs(of: repository.key).map(\.name.name)
        let rival = names.first { $0.hasPrefix(ref.name + "/") || ref.name.hasPrefix($0 + "/") }
        if let rival {
            throw HubError(
                .badRequest, "The reference \(ref.name) cannot be made beside \(rival).", remedy: "Choose another name."
            )
        }
    }

    private static func invalid(_ name: String, _ what: String) -> HubError {
        HubError(.badRequest, "'\(name)' is not a valid \(what) name.")
    }
}
