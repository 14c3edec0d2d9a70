/// Reads of repositories, for every surface: resolve a revision, list, open files and blobs, feed git.
///
/// Takes a `Repository` that the authorizer opened; asks the source for what a mirror lacks and the gate before
/// content leaves. A surface that uses this service cannot forget either.
package struct RepositoryService: Sendable {
    let store: RepositoryStore
    let git: GitStore
    let blobs: any BlobStore
    let source: (any RepositorySource)?
    let gate: (any ContentGate)?
    let metrics: MetricRegistry?
    let contents = CommitContentsCache()
    let turns = CommitTurns()
    let reachability = ReachabilityMemory()
    let unburiedTrees = UnburiedTrees()

    package init(
        store: RepositoryStore, git: GitStore, blobs: any BlobStore, source: (any RepositorySource)?,
        gate: (any ContentGate)?, metrics: MetricRegistry? = nil
    ) {
        self.metrics = metrics
        self.store = store
        self.git = git
        self.blobs = blobs
        self.source = source
        self.gate = gate
    }

    // MARK: Revisions

    /// Resolves a revision to a commit whose trees and small files are here.
    /// - Parameter revision: nil for the default branch.
    /// - Throws: `.revisionNotFound`, what the gate decides, or why the upstream cannot be asked.
    package func snapshot(of repository: Repository, at revision: Revision?) async throws -> Snapshot {
        if repository.isMirror, let source { return try await snapshot(of: repository, at: revision, from: source) }
        let asked = revision ?? .name(repository.defaultBranch)
        let commit = try await resolve(asked, in: repository)
        try await check(.metadata, commit: commit, revision: asked, of: repository)
        return Snapshot(repository: repository, commit: commit, revision: asked, freshness: .fresh)
    }

    /// Branches, tags and other refs, as fresh as policy wants.
    /// - Throws: what the gate decides by the name and on the default branch where that is stored, or why the upstream
    ///   cannot be asked.
    package func refs(of repository: Repository) async throws -> (refs: [Ref], freshness: Freshness) {
        guard repository.isMirror, let source else { return (try await store.refs(of: repository.key), .fresh) }
        try await checkName(of: repository, at: nil, .metadata)
        let freshness = try await source.refresh(repository, for: nil)
        var refs = try await store.refs(of: repository.key)
        let (present, shown) = try await current(repository)
        let head = RefName.branch(present.defaultBranch)
        guard let index = refs.firstIndex(where: { $0.name == head }),
            try await git.contains(refs[index].target, in: repository.key)
        else { return (refs, freshness) }
        let ref = refs[index]
        let (commit, revision) = (ref.peeled ?? ref.target, Revision.name(ref.name.shortName))
        do {
            try await check(.metadata, commit: commit, revision: revision, of: repository)
        } catch let error as HubError where error.code == .policyReview {
            guard let previous = try await previous(of: revision, before: commit, head: shown, in: present) else {
                throw error
            }
            refs[index] = Ref(name: ref.name, target: previous, peeled: nil)
            return (refs, .held(commit, reason: error.message))
        }
        return (refs, freshness)
    }

    private func snapshot(of opened: Repository, at revision: Revision?, from source: any RepositorySource) async throws
        -> Snapshot
    {
        try await checkName(of: opened, at: revision ?? .name(opened.defaultBranch), .metadata)
        var freshness = try await source.refresh(opened, for: revision ?? .name(opened.defaultBranch))
        // The upstream may just have told that its default branch is another one.
        let (repository, head) = try await current(opened)
        let asked = revision ?? .name(repository.defaultBranch)
        var commit: CommitID
        do {
            commit = try await acquire(asked, of: repository, from: source)
        } catch let error as HubError where error.code == .revisionNotFound {
            guard case .stale(_, let reason) = freshness else { throw error }
            // Nobody can say that it does not exist.
            throw HubError(
                .upstreamUnavailable,
                "The revision '\(asked)' of \(repository.id) is not known here, and its upstream cannot be asked: \(reason)."
            )
        } catch let error as HubError where error.code == .upstreamUnavailable {
            // The upstream named a new commit and fell silent before it gave it: the last one that is whole answers.
            guard let head, try await isDefaultBranch(asked, of: repository),
                let known = try await store.acquisition(of: head, in: repository.key)
            else { throw error }
            commit = head
            freshness = .stale(since: known.at, reason: error.message)
        }
        do {
            try await check(.metadata, commit: commit, revision: asked, of: repository)
        } catch let error as HubError where error.code == .policyReview {
            guard let previous = try await previous(of: asked, before: commit, head: head, in: repository) else {
                throw error
            }
            return Snapshot(
                repository: repository, commit: previous, revision: asked,
                freshness: .held(commit, reason: error.message))
        }
        try await notePassed(commit, as: asked, in: repository)
        if commit != head, try await isDefaultBranch(asked, of: repository) {
            try await store.noteHead(try await headFacts(of: commit, in: repository), of: repository.key)
        }
        return Snapshot(repository: repository, commit: commit, revision: asked, freshness: freshness)
    }

    /// What the name and the revision's name decide, before anything is asked of an upstream.
    func checkName(of repository: Repository, at revision: Revision?, _ scope: ContentRequest.Scope) async throws {
        guard repository.isMirror else { return }
        try await gate?.check(
            ContentRequest(repository: repository, revision: revision, commit: nil, scope: scope),
            contents: { throw HubError(.internalError, "Nothing was fetched yet.") })
    }

    /// A mirrored repository with the default branch it has now, and the commit lists show of it.
    func current(_ repository: Repository) async throws -> (repository: Repository, head: CommitID?) {
        guard let head = try await store.head(of: repository.key) else { return (repository, nil) }
        return (Repository(repository, defaultBranch: head.defaultBranch), head.commit)
    }

    private func isDefaultBranch(_ revision: Revision, of repository: Repository) async throws -> Bool {
        guard let branch = RefName.branch(repository.defaultBranch) else { return false }
        switch revision {
        case .commit: return false
        case .ref(let name): return name == branch
        case .name(let text), .abbreviated(let text):
            if text == repository.defaultBranch { return true }
            // The other usual name means it too, where there is no such branch or tag.
            guard text == "main" || text == "master" else { return false }
            for name in [RefName.branch(text), RefName.tag(text)].compactMap(\.self) {
                if try await store.ref(name, of: repository.key) != nil { return false }
            }
            return true
        }
    }

    /// Resolves a revision of a mirror and brings its commit here.
    private func acquire(_ revision: Revision, of repository: Repository, from source: any RepositorySource)
        async throws
        -> CommitID
    {
        if case .commit(let id) = revision {
            try await source.acquire([id], of: repository, history: false)
            // It may have been a tag object's.
            guard let commit = try await git.peelToCommit(id, in: repository.key) else {
                throw unknown(revision, repository)
            }
            return commit
        }
        let commit = try await resolve(revision, in: repository)
        do {
            try await source.acquire([commit], of: repository, history: false)
            return commit
        } catch let error as HubError where error.code == .revisionNotFound {
            // The branch was rewritten since its refs were read: once more, with the refs as they are now.
            _ = try await source.refresh(repository, for: revision)
            let moved = try await resolve(revision, in: repository)
            guard moved != commit else { throw error }
            try await source.acquire([moved], of: repository, history: false)
            return moved
        }
    }

    private func unknown(_ revision: Revision, _ repository: Repository) -> HubError {
        HubError(
            .revisionNotFound, "The revision '\(revision)' does not exist in \(repository.id).",
            remedy: "List the branches and tags to see what there is.")
    }

    private func resolve(_ revision: Revision, in repository: Repository) async throws -> CommitID {
        let key = repository.key
        switch revision {
        case .commit(let id):
            // A tag object's id is peeled.
            if let commit = try await git.peelToCommit(id, in: key), try await isShown(commit, in: repository) {
                return commit
            }
        case .ref(let name):
            if let ref = try await store.ref(name, of: key) { return ref.peeled ?? ref.target }
        case .name(let text), .abbreviated(let text):
            for name in [RefName.branch(text), RefName.tag(text)].compactMap(\.self) {
                if let ref = try await store.ref(name, of: key) { return ref.peeled ?? ref.target }
            }
            if case .abbreviated(let prefix) = revision,
                let commit = try await commit(beginning: prefix.lowercased(), in: repository)
            {
                return commit
            }
            // CSGHub and ModelScope clients ask for main or master whatever the branch is called (wire/csghub.md §3).
            if text == "main" || text == "master", text != repository.defaultBranch,
                let name = RefName.branch(repository.defaultBranch), let ref = try await store.ref(name, of: key)
            {
                return ref.peeled ?? ref.target
            }
        }
        throw unknown(revision, repository)
    }

    private func commit(beginning prefix: String, in repository: Repository) async throws -> CommitID? {
        let refs = try await store.refs(of: repository.key)
        var matches = Set(refs.map { $0.peeled ?? $0.target }.filter { $0.hex.hasPrefix(prefix) })
        if matches.isEmpty, let head = refs.first(where: { $0.name.shortName == repository.defaultBranch })?.target {
            // A mirror may hold its newest commit alone; which others begin like this only the whole history tells.
            if repository.isMirror, let source { try await source.acquire([head], of: repository, history: true) }
            let history = try await git.history(from: head, in: repository.key, path: nil, skip: 0, limit: 1_000)
            matches = Set(history.map(\.id).filter { $0.hex.hasPrefix(prefix) })
        }
        return matches.count == 1 ? matches.first : nil
    }

    // MARK: Gate

    func check(
        _ scope: ContentRequest.Scope, commit: CommitID, revision: Revision, of repository: Repository,
        digest: BlobID? = nil
    ) async throws {
        guard repository.isMirror, let gate else { return }
        try await gate.check(
            ContentRequest(
                repository: repository, revision: revision, commit: commit, scope: scope, digest: digest),
            contents: { try await contents(of: commit, in: repository) })
    }

    // MARK: Trees and commits

    /// Every file of a commit and its card, kept in memory for the next reader.
    package func contents(of snapshot: Snapshot) async throws -> CommitContents {
        snapshot.repository.readable(try await contents(of: snapshot.commit, in: snapshot.repository))
    }

    func contents(of commit: CommitID, in repository: Repository) async throws -> CommitContents {
        let key = CommitContentsCache.Key(repository: repository.key, commit: commit)
        if let known = contents[key] { return known }
        let entries = try await git.list(nil, commit: commit, in: repository.key, recursive: true) ?? []
        let files = entries.filter { $0.kind != .directory && $0.kind != .submodule }
        var card = Card.empty
        if let readme = files.first(where: { $0.path == "README.md" && $0.lfs == nil && $0.size <= 4 << 20 }) {
            card = Card(readme: try await git.blob(readme.id, in: repository.key, limit: 4 << 20))
        }
        let read = CommitContents(files: files, card: card)
        contents.insert(read, for: key)
        return read
    }

    /// The entry at a path.
    /// - Throws: `.entryNotFound`.
    package func entry(at path: String, in snapshot: Snapshot) async throws -> TreeEntry {
        try requireReadable(path, of: snapshot.repository)
        guard let path = GitPath(path),
            let entry = try await git.entry(at: path, commit: snapshot.commit, in: snapshot.repository.key)
        else { throw Self.entryNotFound(path, snapshot) }
        return entry
    }

    /// A part of a folder's listing, or of all below it, without submodules.
    /// - Parameters:
    ///   - path: nil or empty for the root.
    ///   - offset: entries before the part.
    /// - Throws: `.entryNotFound` when there is no such folder.
    package func page(_ path: String?, in snapshot: Snapshot, recursive: Bool, offset: Int, limit: Int) async throws
        -> TreePage
    {
        var folder: GitPath?
        if let path, !path.isEmpty {
            try requireReadable(path, of: snapshot.repository)
            guard let parsed = GitPath(path) else { throw Self.entryNotFound(path, snapshot) }
            folder = parsed
        }
        guard
            let page = try await git.page(
                folder, commit: snapshot.commit, in: snapshot.repository.key, recursive: recursive, offset: offset,
                limit: limit)
        else { throw Self.entryNotFound(path ?? "", snapshot) }
        return TreePage(entries: snapshot.repository.readable(page.entries), next: page.next)
    }

    /// The first files of a commit and its card, as many as one answer may name; all of them in most repositories.
    /// - Parameter limit: the most entries looked at, folders among them.
    /// - Returns: the contents, and whether they are all.
    package func overview(of snapshot: Snapshot, limit: Int) async throws -> (contents: CommitContents, isWhole: Bool) {
        let key = CommitContentsCache.Key(repository: snapshot.repository.key, commit: snapshot.commit)
        if let known = contents[key], known.files.count <= limit { return (snapshot.repository.readable(known), true) }
        let page = try await page(nil, in: snapshot, recursive: true, offset: 0, limit: limit)
        // With room for no more: what is kept would keep the room too.
        var files: [TreeEntry] = []
        files.reserveCapacity(page.entries.count)
        files.append(contentsOf: page.entries.lazy.filter { $0.kind != .directory })
        let card = try await headFacts(of: snapshot.commit, in: snapshot.repository).card
        let read = CommitContents(files: files, card: card)
        // What is kept for everybody has been read for somebody who may see all of it.
        if page.next == nil, !snapshot.repository.rules.limitsReading { contents.insert(read, for: key) }
        return (snapshot.repository.readable(read), page.next == nil)
    }

    /// The entries of a folder, or of the whole tree below it.
    /// - Parameter path: nil or empty for the root.
    /// - Throws: `.entryNotFound` when there is no such folder.
    package func list(_ path: String?, in snapshot: Snapshot, recursive: Bool) async throws -> [TreeEntry] {
        var folder: GitPath?
        if let path, !path.isEmpty {
            try requireReadable(path, of: snapshot.repository)
            guard let parsed = GitPath(path) else { throw Self.entryNotFound(path, snapshot) }
            folder = parsed
        }
        guard
            let entries = try await git.list(
                folder, commit: snapshot.commit, in: snapshot.repository.key, recursive: recursive)
        else { throw Self.entryNotFound(path ?? "", snapshot) }
        return snapshot.repository.readable(entries)
    }

    /// The commit itself.
    package func commit(of snapshot: Snapshot) async throws -> CommitInfo {
        guard let info = try await git.commit(snapshot.commit, in: snapshot.repository.key) else {
            throw HubError(.revisionNotFound, "The commit \(snapshot.commit) is not in \(snapshot.repository.id).")
        }
        return info
    }

    /// Commits from the snapshot backwards, newest first, with history fetched when a mirror lacks it.
    /// - Throws: `.entryNotFound` for what is no path.
    package func history(of snapshot: Snapshot, path: String?, skip: Int, limit: Int) async throws -> [CommitInfo] {
        let repository = snapshot.repository
        var folder: GitPath?
        if let path, !path.isEmpty {
            try requireReadable(path, of: repository)
            guard let parsed = GitPath(path) else { throw Self.entryNotFound(path, snapshot) }
            folder = parsed
        }
        if repository.isMirror, let source {
            try await source.acquire([snapshot.commit], of: repository, history: true)
        }
        return try await git.history(
            from: snapshot.commit, in: repository.key, path: folder, skip: skip, limit: limit)
    }

    /// The last commit that touched each entry of a folder, by full path.
    /// - Throws: `.entryNotFound` for what is no path.
    package func lastCommits(of path: String?, in snapshot: Snapshot) async throws -> [String: CommitInfo] {
        let repository = snapshot.repository
        var folder: GitPath?
        if let path, !path.isEmpty {
            try requireReadable(path, of: repository)
            guard let parsed = GitPath(path) else { throw Self.entryNotFound(path, snapshot) }
            folder = parsed
        }
        if repository.isMirror, let source {
            try await source.acquire([snapshot.commit], of: repository, history: true)
        }
        return try await git.lastCommits(
            of: folder, commit: snapshot.commit, in: repository.key)
    }

    private static func entryNotFound(_ path: some StringProtocol, _ snapshot: Snapshot) -> HubError {
        HubError(
            .entryNotFound,
            "'\(path)' does not exist in \(snapshot.repository.id) at \(snapshot.revision) (commit \(snapshot.commit))."
        )
    }

    private static func entryNotFound(_ path: GitPath?, _ snapshot: Snapshot) -> HubError {
        entryNotFound(path?.description ?? "", snapshot)
    }
}
