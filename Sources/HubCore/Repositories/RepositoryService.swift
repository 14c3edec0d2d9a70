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
        let asked = revision ?? .name(repository.defaultBranch)
        var freshness = Freshness.fresh
        if repository.isMirror, let source {
            try await gate?.check(
                ContentRequest(repository: repository, revision: asked, commit: nil, scope: .metadata),
                contents: { throw HubError(.internalError, "Nothing was fetched yet.") })
            freshness = try await source.refresh(repository, for: asked)
        }
        let commit = try await resolve(asked, in: repository)
        if repository.isMirror, let source { try await source.acquire([commit], of: repository, history: false) }
        try await check(.metadata, commit: commit, revision: asked, of: repository)
        return Snapshot(repository: repository, commit: commit, revision: asked, freshness: freshness)
    }

    /// Branches, tags and other refs, as fresh as policy wants.
    /// - Throws: what the gate decides on the repository's name, and on its default branch where that is stored.
    package func refs(of repository: Repository) async throws -> (refs: [Ref], freshness: Freshness) {
        var freshness = Freshness.fresh
        try await checkName(of: repository, .metadata)
        if repository.isMirror, let source { freshness = try await source.refresh(repository, for: nil) }
        let refs = try await store.refs(of: repository.key)
        let head = RefName.branch(repository.defaultBranch)
        if repository.isMirror, let commit = refs.first(where: { $0.name == head }).map({ $0.peeled ?? $0.target }),
            try await git.contains(commit, in: repository.key)
        {
            try await check(.metadata, commit: commit, revision: .name(repository.defaultBranch), of: repository)
        }
        return (refs, freshness)
    }

    private func resolve(_ revision: Revision, in repository: Repository) async throws -> CommitID {
        let key = repository.key
        switch revision {
        case .commit(let id):
            // A tag object's id is peeled; an unknown id of a mirror is for the upstream to know.
            if try await git.contains(id, in: key) {
                if let commit = try await git.peelToCommit(id, in: key) { return commit }
            } else if repository.isMirror {
                return id
            }
        case .ref(let name):
            if let ref = try await store.ref(name, of: key) { return ref.peeled ?? ref.target }
        case .name(let text), .abbreviated(let text):
            for name in [RefName.branch(text), RefName.tag(text)].compactMap(\.self) {
                if let ref = try await store.ref(name, of: key) { return ref.peeled ?? ref.target }
            }
            if case .abbreviated(let prefix) = revision,
                let commit = try await commit(beginning: prefix, in: repository)
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
        throw HubError(
            .revisionNotFound, "The revision '\(revision)' does not exist in \(repository.id).",
            remedy: "List the branches and tags to see what there is.")
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

    func check(_ scope: ContentRequest.Scope, commit: CommitID, revision: Revision, of repository: Repository) async throws {
        guard repository.isMirror, let gate else { return }
        try await gate.check(
            ContentRequest(repository: repository, revision: revision, commit: commit, scope: scope),
            contents: { try await contents(of: commit, in: repository) })
    }

    /// Checks what can be decided before anything is fetched.
    func checkName(of repository: Repository, _ scope: ContentRequest.Scope) async throws {
        guard repository.isMirror, let gate else { return }
        try await gate.check(
            ContentRequest(
                repository: repository, revision: .name(repository.defaultBranch), commit: nil, scope: scope),
            contents: { throw HubError(.internalError, "Nothing was fetched yet.") })
    }

    // MARK: Trees and commits

    /// Every file of a commit and its card, kept in memory for the next reader.
    package func contents(of snapshot: Snapshot) async throws -> CommitContents {
        try await contents(of: snapshot.commit, in: snapshot.repository)
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
        guard let path = GitPath(path),
            let entry = try await git.entry(at: path, commit: snapshot.commit, in: snapshot.repository.key)
        else { throw Self.entryNotFound(path, snapshot) }
        return entry
    }

    /// The entries of a folder, or of the whole tree below it.
    /// - Parameter path: nil or empty for the root.
    /// - Throws: `.entryNotFound` when there is no such folder.
    package func list(_ path: String?, in snapshot: Snapshot, recursive: Bool) async throws -> [TreeEntry] {
        var folder: GitPath?
        if let path, !path.isEmpty {
            guard let parsed = GitPath(path) else { throw Self.entryNotFound(path, snapshot) }
            folder = parsed
        }
        guard
            let entries = try await git.list(
                folder, commit: snapshot.commit, in: snapshot.repository.key, recursive: recursive)
        else { throw Self.entryNotFound(path ?? "", snapshot) }
        return entries
    }

    /// The commit itself.
    package func commit(of snapshot: Snapshot) async throws -> CommitInfo {
        guard let info = try await git.commit(snapshot.commit, in: snapshot.repository.key) else {
            throw HubError(.revisionNotFound, "The commit \(snapshot.commit) is not in \(snapshot.repository.id).")
        }
        return info
    }

    /// Commits from the snapshot backwards, newest first, with history fetched when a mirror lacks it.
    package func history(of snapshot: Snapshot, path: String?, skip: Int, limit: Int) async throws -> [CommitInfo] {
        let repository = snapshot.repository
        if repository.isMirror, let source {
            try await source.acquire([snapshot.commit], of: repository, history: true)
        }
        return try await git.history(
            from: snapshot.commit, in: repository.key, path: path.flatMap { GitPath($0) }, skip: skip, limit: limit)
    }

    /// The last commit that touched each entry of a folder, by full path.
    /// - Throws: `.entryNotFound` for what is no path.
    package func lastCommits(of path: String?, in snapshot: Snapshot) async throws -> [String: CommitInfo] {
        let repository = snapshot.repository
        var folder: GitPath?
        if let path, !path.isEmpty {
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
            "'\(path)' does not exist in \(snapshot.repository.id) at \(snapshot.revision) (commit \(snapshot.commit)).")
    }

    private static func entryNotFound(_ path: GitPath?, _ snapshot: Snapshot) -> HubError {
        entryNotFound(path?.description ?? "", snapshot)
    }
}
