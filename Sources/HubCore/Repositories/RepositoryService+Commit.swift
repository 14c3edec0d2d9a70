extension RepositoryService {
    /// How often a commit is built again because others moved the branch meanwhile.
    private static let maximumAttempts = 32

    /// Builds a commit on a branch and moves the branch to it: objects durable first, or in the one transaction.
    ///
    /// A branch that moves meanwhile is followed, unless the draft names the parent it expects.
    /// - Parameter repository: opened for `.contentWrite`; `.discuss` does for the ref of one's own pull request.
    /// - Throws: `.revisionNotFound` for a branch that does not exist, unless the repository is empty and it is the
    ///   default one; `.preconditionFailed` when the expected parent is not the head; `.entryNotFound` for deleting or
    ///   copying what is not there; `.badRequest` for a large file that was not uploaded to this repository;
    ///   `.quotaExceeded`;
    ///   `.unprocessable` for paths that contradict each other.
    package func commit(_ draft: CommitDraft, to repository: Repository) async throws -> CommitOutcome {
        do {
            try requireWritable(draft, in: repository)
            let outcome = try await commitInTurn(draft, to: repository)
            if outcome.isUnchanged { await draft.hold?.release() }
            return outcome
        } catch {
            await draft.hold?.release()
            throw error
        }
    }

    private func commitInTurn(_ draft: CommitDraft, to repository: Repository) async throws -> CommitOutcome {
        // The author of a pull request commits to its ref without a right to the rest; `PullRequestRefs` checks.
        if repository.verb != .discuss || PullRequest.number(of: draft.ref) == nil { try requireWrite(repository) }
        return try await turns.take(at: CommitTurns.Place(repository: repository.key, ref: draft.ref)) {
            for _ in 0..<Self.maximumAttempts {
                // Another process, a push or a merge was faster: the changes apply to what it made as well.
                if let outcome = try await tryCommit(draft, to: repository) { return outcome }
            }
            throw HubError(.conflict, "\(draft.ref.name) moves too fast.", status: 503, retryAfter: 1)
        }
    }

    /// A service method that writes was reached through a route that only reads: a mistake of ours, not of the caller.
    func requireWrite(_ repository: Repository) throws {
        guard repository.verb == .contentWrite, !repository.isMirror else {
            throw HubError(.internalError, "\(repository.id) was opened to \(repository.verb.rawValue), not to write.")
        }
    }

    /// - Returns: nil when the ref moved while the commit was built.
    private func tryCommit(_ draft: CommitDraft, to repository: Repository) async throws -> CommitOutcome? {
        let key = repository.key
        let head = try await store.ref(draft.ref, of: key)?.target
        try await check(draft, head: head, of: repository)
        try await check(draft.preconditions, head: head, in: repository)
        let (commit, links) = try await build(draft, on: head, in: repository)
        if let head, commit.isUnchanged { return CommitOutcome(commit: head, isUnchanged: true) }
        let isDefault = draft.ref == RefName.branch(repository.defaultBranch)
        let facts = isDefault ? try await headFacts(of: commit.id, in: repository) : nil
        let reservation = await draft.hold?.reservation
        do {
            let updates = try await judge([RefUpdate(draft.ref, from: head, to: commit.id)], of: repository)
            try await git.makeDurable(key, entry: store.identifiers.next()) { journal in
                try await store.updateRefs(
                    updates, of: repository, action: "repository.commit", changeLog: draft.summary, head: facts,
                    links: links, gitBytes: draft.contentBytes, endingReservation: reservation, alongside: journal)
            }
        } catch let error as HubError where error.code == .preconditionFailed {
            return nil
        }
        return CommitOutcome(commit: commit.id, isUnchanged: false)
    }

    /// The commit a draft makes on a head, not durable yet and named by no ref, and the large files it names.
    func build(_ draft: CommitDraft, on head: CommitID?, in repository: Repository) async throws -> (
        commit: WrittenCommit, links: [BlobLink]
    ) {
        var links: [BlobLink] = []
        var changes: [TreeChange] = []
        for operation in draft.operations {
            changes.append(try await change(operation, head: head, links: &links, in: repository))
        }
        // Who may write some paths only can do without git's clones knowing the large files among them.
        if let tracking = try await tracking(of: links, changes, head: head, in: repository),
            mayWrite(tracking.path, to: draft.ref, of: repository)
        {
            changes.append(tracking)
        }
        let author = signature(of: repository.principal)
        let commit = try await git.writeCommit(
            changes: changes, parents: head.map { [$0] } ?? [], author: author, committer: author,
            message: draft.message, in: repository.key)
        return (commit, links.map { BlobLink(pointer: $0.pointer, commit: commit.id, path: $0.path) })
    }

    private func check(_ draft: CommitDraft, head: ObjectID?, of repository: Repository) async throws {
        try await requireUnprotected(draft.ref, of: repository)
        if head == nil {
            let isEmpty = try await store.refs(of: repository.key).isEmpty
            guard isEmpty, draft.ref == RefName.branch(repository.defaultBranch) else {
                throw HubError(
                    .revisionNotFound, "The branch '\(draft.ref.shortName)' does not exist in \(repository.id).",
                    remedy: "Create it first.")
            }
            try await git.create(repository.key)
        }
        guard let expected = draft.expectedParent?.lowercased(), !expected.isEmpty else { return }
        guard expected.utf8.count >= 7, let head, head.hex.hasPrefix(expected) else {
            throw HubError(
                .preconditionFailed,
                "The branch was updated since you opened this page. Please refresh and try again.")
        }
    }

    private func change(
        _ operation: CommitOperation, head: CommitID?, links: inout [BlobLink], in repository: Repository
    ) async throws -> TreeChange {
        switch operation {
        case .write(let path, let bytes):
            let file = try await stage(bytes, at: path, in: repository)
            return try await change(.writeStaged(path: path, file: file), head: head, links: &links, in: repository)
        case .writeStaged(let path, let file):
            // Who writes a pointer as an ordinary file means the file it names.
            if let pointer = file.pointer {
                links.append(try await link(to: pointer.oid, size: pointer.size, path: path, in: repository))
            }
            return .put(path: path, blob: file.blob, executable: nil)
        case .writeLarge(let path, let oid, let size):
            let link = try await link(to: oid, size: size, path: path, in: repository)
            links.append(link)
            return .put(
                path: path, blob: try await git.writeBlob(link.pointer.encoded, in: repository.key), executable: nil)
        case .delete(let path):
            return .delete(path: path)
        case .copy(let source, let revision, let path):
            try requireReadable(source.path, of: repository)
            let entry = try await entry(at: source, revision: revision, head: head, in: repository)
            let burials = try await store.burials.current().index
            if let tombstone = entry.lfs.flatMap({ burials.tombstone(of: $0.oid) }) ?? burials.tombstone(of: entry.id) {
                throw tombstone.refusal
            }
            if let pointer = entry.lfs { links.append(BlobLink(pointer: pointer, commit: nil, path: path.path)) }
            return .put(path: path, blob: entry.id, executable: entry.kind == .executable)
        }
    }

    private func entry(at path: GitPath, revision: Revision?, head: CommitID?, in repository: Repository) async throws
        -> TreeEntry
    {
        var commit = head
        if let revision { commit = try await snapshot(of: repository, at: revision).commit }
        guard let commit, let entry = try await git.entry(at: path, commit: commit, in: repository.key),
            entry.kind != .directory, entry.kind != .submodule
        else {
            throw HubError(.entryNotFound, "A file with this name doesn't exist: '\(path)' in \(repository.id).")
        }
        return entry
    }

    /// Only a link of this repository lets a commit name a blob: knowing its digest does not (S13).
    private func link(to oid: BlobID, size: Int64?, path: GitPath, in repository: Repository) async throws -> BlobLink {
        try await store.requireUnburied(oid)
        if let staged = try await store.staged(oid, by: repository.principal, in: repository.key),
            size == nil || size == staged.size, try await blobs.size(of: oid) == staged.size
        {
            return BlobLink(pointer: staged, commit: nil, path: path.path)
        }
        // What no commit named yet was just uploaded; the rest has to be readable.
        var known = try await store.links(to: [oid], of: repository.key)[oid]
        if let link = known, link.path != nil, try await !mayRead(link, of: repository) { known = nil }
        guard let known, try await blobs.size(of: oid) == known.pointer.size,
            try await store.isProved(oid, for: repository), size == nil || size == known.pointer.size
        else {
            throw HubError(
                .badRequest, "The LFS object \(oid.hex) of '\(path)' was not uploaded to \(repository.id).",
                remedy: "Upload it first, then commit.")
        }
        return BlobLink(pointer: known.pointer, commit: nil, path: path.path)
    }

    /// The card of a commit that becomes the default branch's head.
    func headFacts(of commit: CommitID, in repository: Repository) async throws -> HeadFacts {
        try await git.headFacts(of: commit, in: repository.key, kind: repository.id.kind)
    }

    /// How commits made through an interface are signed.
    func signature(of principal: Principal) -> Signature {
        Signature(
            name: principal.label, email: "\(principal.label)@users.noreply.weir.invalid",
            seconds: store.clock.now() / 1_000)
    }
}
