import SQL

/// What merging a pull request did.
package enum MergeOutcome: Sendable, Equatable {
    case merged(CommitID)
    /// Paths that the base changed as well.
    case conflicts([String])
}

extension Discussions {
    /// Bytes of a difference that are shown.
    static let maximumDifference = 1 << 20
    /// Paths that are named to git at once.
    static let maximumPaths = 200

    /// Opens a pull request without commits, as a draft: its ref stands where the default branch does, and commits are
    /// made there later.
    /// - Parameter repository: opened for `.discuss`.
    /// - Throws: `.badRequest` for a repository nobody has committed to.
    package func openPullRequest(title: String, description: String?, in repository: Repository) async throws
        -> Discussion
    {
        try requireDiscuss(repository)
        let title = try CommunityText.title(title)
        let description = try CommunityText.optional(description)
        guard let base = RefName.branch(repository.defaultBranch),
            let head = try await store.ref(base, of: repository.key)?.target
        else {
            throw HubError(
                .badRequest, "\(repository.id) has no commit that a pull request could change.",
                remedy: "Commit a first file.")
        }
        let now = store.clock.now()
        return try await open(
            title: title, description: description, status: .draft, base: (base, head), in: repository
        ) { num, connection in
            try Self.insertRef(num, at: head, of: repository, now: now, in: connection)
        }
    }

    /// Opens a pull request with one commit: what a client that may not write to the branch asks for.
    /// - Parameters:
    ///   - draft: `ref` is the branch it is to be merged into, `expectedParent` the commit it is made on, when that is
    ///     not the branch's head.
    ///   - repository: opened for `.discuss`.
    /// - Throws: `.revisionNotFound` when the ref is no branch of the repository or the parent no commit of it, and
    ///   what building a commit throws.
    package func openPullRequest(from draft: CommitDraft, in repository: Repository) async throws
        -> (discussion: Discussion, commit: CommitID)
    {
        do {
            return try await openPullRequest(of: draft, in: repository)
        } catch {
            await draft.hold?.release()
            throw error
        }
    }

    private func openPullRequest(of draft: CommitDraft, in repository: Repository) async throws
        -> (discussion: Discussion, commit: CommitID)
    {
        try requireDiscuss(repository)
        // Whoever proposes content must be able to read what it is based on.
        _ = try await authorizer.open(repository.principal, .contentRead, repository.id)
        let title = try CommunityText.title(Self.padded(draft.summary))
        let description = try CommunityText.optional(draft.description)
        guard draft.ref.isBranch, let head = try await store.ref(draft.ref, of: repository.key)?.target else {
            throw HubError(
                .revisionNotFound, "'\(draft.ref.shortName)' is no branch of \(repository.id).",
                remedy: "Base the pull request on a branch.")
        }
        var base = head
        if let parent = draft.expectedParent, !parent.isEmpty {
            guard let revision = Revision(parent) else {
                throw HubError(.revisionNotFound, "'\(parent)' is no commit of \(repository.id).")
            }
            base = try await repositories.snapshot(of: repository, at: revision).commit
        }
        let (written, links) = try await repositories.build(draft, on: base, in: repository)
        let commit = written.id
        try await repositories.git.makeDurable(repository.key)
        let (start, subject) = (base, String(title.prefix(1_000)))
        let reservation = await draft.hold?.reservation
        let now = store.clock.now()
        let identifiers = store.identifiers
        let discussion = try await open(
            title: title, description: description, status: .open, base: (draft.ref, start), in: repository
        ) { num, connection in
            try Self.insertRef(num, at: commit, of: repository, now: now, in: connection)
            let linked = try RepositoryStore.insert(
                links, of: repository.key, by: repository.principal.user?.id, areProved: true, in: connection)
            try RepositoryStore.pay(
                linked: linked, git: draft.contentBytes, for: repository, endingReservation: reservation,
                in: connection)
            try DiscussionEventRows.append(
                // Made after the description's: events are ordered by their ids.
                .commit(subject: subject, id: commit.hex), id: CommunityID(key: identifiers.next()), to: num,
                of: repository, at: now, in: connection)
        }
        return (discussion, commit)
    }

    /// Clients send summaries such as `.` that are no titles.
    private static func padded(_ summary: String) -> String {
        let title = CommunityText.trimmed(summary.split(whereSeparator: \.isNewline).first.map(String.init) ?? "")
        if title.count < CommunityText.titleLengths.lowerBound { return "Changes: \(title.isEmpty ? "…" : title)" }
        return String(title.prefix(CommunityText.titleLengths.upperBound))
    }

    static func insertRef(
        _ num: Int64, at target: CommitID, of repository: Repository, now: Int64, in connection: any Connection
    ) throws {
        try connection.execute(
            "INSERT INTO refs (repository_id, name, target) VALUES (?, ?, ?)",
            [.integer(repository.key), .text(try PullRequest.ref(num).name), .text(target.hex)])
        try TransparencyLog.append(
            .ref(
                try PullRequest.ref(num).name, of: repository.key, named: repository.id.description, from: nil,
                to: target.hex), at: now, in: connection)
    }

    // MARK: Comparing

    /// Paths on which an open pull request cannot be merged as things stand; empty for any other discussion.
    package func conflicts(of discussion: Discussion, in repository: Repository) async throws -> [String] {
        guard let pull = discussion.pullRequest, discussion.status.isOpen,
            let head = try await store.ref(pull.ref, of: repository.key)?.target,
            let base = try await store.ref(pull.base, of: repository.key)?.target
        else { return [] }
        let paths = try await repositories.git.conflicts(between: base, and: head, in: repository.key)
        return Self.shown(paths, of: repository)
    }

    /// A conflict stays one for somebody who may not know where it is.
    private static func shown(_ paths: [String], of repository: Repository) -> [String] {
        let known = paths.filter { repository.rules.denialOfReading($0) == nil }
        return known.isEmpty && !paths.isEmpty ? ["a file that you may not see"] : known
    }

    /// What a pull request changes, as `git diff` writes it; nil for any other discussion, and for whoever may see that
    /// the repository is there but not read it.
    package func difference(of discussion: Discussion, in repository: Repository) async throws -> String? {
        guard let pull = discussion.pullRequest, try await mayRead(repository),
            let head = try await store.ref(pull.ref, of: repository.key)?.target
        else { return nil }
        let git = repositories.git
        var base = pull.baseCommit
        if discussion.status.isOpen, let now = try await store.ref(pull.base, of: repository.key)?.target { base = now }
        let start = try await git.mergeBase(of: base, and: head, in: repository.key) ?? base
        guard repository.rules.limitsReading else {
            return try await git.difference(from: start, to: head, limit: Self.maximumDifference, in: repository.key)
        }
        return try await git.difference(
            from: start, to: head, of: try await readablePaths(from: start, to: head, in: repository),
            limit: Self.maximumDifference, in: repository.key)
    }

    /// The paths that differ between two commits and that the reader may know of, as many as a difference can show.
    private func readablePaths(from start: CommitID, to head: CommitID, in repository: Repository) async throws
        -> [String]
    {
        let old = try await repositories.contents(of: start, in: repository)
        let new = try await repositories.contents(of: head, in: repository)
        let changes = TreeComparison(
            from: repository.readable(old).files, to: repository.readable(new).files)
        // What is a file on one side may be a folder on the other, with something in it that is kept from the reader.
        var folders: Set<String> = []
        for file in old.files + new.files where repository.rules.denialOfReading(file.path) != nil {
            var folder = GitPath(file.path)?.parent
            while let path = folder, folders.insert(path.path).inserted { folder = path.parent }
        }
        return Array(changes.paths.lazy.filter { !folders.contains($0) }.prefix(Self.maximumPaths))
    }

    private func mayRead(_ repository: Repository) async throws -> Bool {
        do {
            _ = try await authorizer.open(repository.principal, .contentRead, repository.id)
            return true
        } catch let error as HubError where error.status < 500 {
            return false
        }
    }

    // MARK: Merging

    /// Merges an open pull request into its base: the branch and the status change in one transaction.
    ///
    /// A base that moves meanwhile is followed; a head that moves is not, for nobody has looked at it (S10).
    /// - Parameter repository: opened for `.contentWrite`.
    /// - Throws: `.badRequest` for what is not open or changes nothing, `.conflict` when its head moved.
    package func merge(_ num: Int64, comment: String?, in repository: Repository) async throws -> MergeOutcome {
        try repositories.requireWrite(repository)
        let comment = try CommunityText.optional(comment)
        let key = repository.key
        let seen = try await store.database.read { connection in
            try DiscussionRows.discussion(num, of: key, in: connection)
        }
        guard let pull = seen.pullRequest else {
            throw HubError(.badRequest, "The discussion \(num) is no pull request.")
        }
        guard seen.status == .open else {
            throw HubError(
                .badRequest, "The pull request \(num) is \(seen.status.rawValue).",
                remedy: seen.status == .draft ? "Open it first." : nil)
        }
        guard let head = try await store.ref(pull.ref, of: key)?.target else {
            throw HubError(.storageCorrupt, "The pull request \(num) of \(repository.id) has no ref.")
        }
        try await repositories.requireUnprotected(pull.base, of: repository)
        for _ in 0..<16 {
            do {
                return try await merge(seen, pull, head: head, comment: comment, in: repository)
            } catch let error as HubError where error.code == .preconditionFailed {
                // Somebody committed to the base. The pull request may still fit.
                continue
            }
        }
        throw HubError(.conflict, "\(pull.base.name) moves too fast.", status: 503, retryAfter: 1)
    }

    private func merge(
        _ seen: Discussion, _ pull: PullRequest, head: CommitID, comment: String?, in repository: Repository
    ) async throws -> MergeOutcome {
        let (key, num) = (repository.key, seen.num)
        guard let base = try await store.ref(pull.base, of: key)?.target else {
            throw HubError(.conflict, "The branch \(pull.base.shortName) of the pull request \(num) is gone.")
        }
        let merged = try await repositories.git.merge(
            head, into: base, author: repositories.signature(of: repository.principal),
            message: "\(seen.title) (#\(num))\n\nMerge \(pull.ref.name) into \(pull.base.shortName)", in: key)
        let result: CommitID
        switch merged {
        case .alreadyMerged: throw HubError(.badRequest, "The pull request \(num) changes nothing.")
        case .conflicts(let paths): return .conflicts(Self.shown(paths, of: repository))
        case .commit(let commit): result = commit
        }
        let identifiers = store.identifiers
        let isDefault = pull.base == RefName.branch(repository.defaultBranch)
        let ids = [CommunityID(key: store.identifiers.next()), CommunityID(key: store.identifiers.next())]
        let now = store.clock.now()
        try await store.updateRefs(
            try await repositories.judge([RefUpdate(pull.base, from: base, to: result)], of: repository),
            of: repository, action: "pull-request.merge",
            changeLog: seen.title,
            head: isDefault ? try await repositories.headFacts(of: result, in: repository) : nil, links: []
        ) { connection in
            let current = try DiscussionRows.discussion(num, of: key, in: connection)
            let row = try connection.first(
                "SELECT target FROM refs WHERE repository_id = ? AND name = ?", [.integer(key), .text(pull.ref.name)])
            guard current.status == .open, try row?.text("target") == head.hex else {
                throw HubError(
                    .conflict, "The pull request \(num) changed while it was being merged.", remedy: "Look at it again."
                )
            }
            if let comment {
                try DiscussionEventRows.append(
                    .comment(text: comment, edits: 0, isHidden: false), id: ids[0], to: num, of: repository, at: now,
                    in: connection)
            }
            try DiscussionEventRows.append(
                .status(.merged), id: ids[1], to: num, of: repository, at: now, in: connection)
            try DiscussionRows.noteMerge(result, onto: base, of: num, in: key, at: now, connection: connection)
            try Self.audit("discussion.status", num, of: repository, at: now, in: connection)
            let merged = try DiscussionRows.discussion(num, of: key, in: connection)
            try WebhookEvent.discussion(merged, "update", in: repository.id).queue(
                for: repository, at: now, identifiers: identifiers, in: connection)
        }
        return .merged(result)
    }
}
