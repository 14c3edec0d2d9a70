import HubCore
import Logging
import Synchronization

/// Brings commits with their trees and small files into the object database: shallow first, with history when a git
/// client needs it. Checks that everything the commit names is there before the commit counts as acquired.
final class RepositoryFetcher: Sendable {
    private let store: RepositoryStore
    private let git: GitStore
    private let policies: PolicyEngine
    private let clock: WallClock
    private let logger: Logger
    private let isOffline: Bool
    private let flights = SingleFlight<String, Void>()
    /// The `shallow` file of a repository is read, changed and written by one fetch at a time.
    private let queues = SerialQueues<Int64>()
    /// What is known to be acquired, so that the common case asks no database.
    private let acquired = Mutex<Set<String>>([])
    /// What upstreams sent that could not be taken, until when (milliseconds since 1970): packs are dear to fetch and
    /// to check, and asking again at once brings the same.
    private let refused = Mutex<[String: (until: Int64, error: HubError)]>([:])
    private static let refusalPause: Int64 = 5_000
    private static let maximumRemembered = 100_000
    /// git's own number for "everything" (`INFINITE_DEPTH`).
    private static let infiniteDepth = 2_147_483_647

    init(
        store: RepositoryStore, git: GitStore, policies: PolicyEngine, clock: WallClock, logger: Logger, isOffline: Bool
    ) {
        self.store = store
        self.git = git
        self.policies = policies
        self.clock = clock
        self.logger = logger
        self.isOffline = isOffline
    }

    func cancelAll() { flights.cancelAll() }

    /// - Throws: `.revisionNotFound` when no upstream has what is wanted, or why it cannot be fetched.
    func acquire(_ wants: [ObjectID], of repository: Repository, history: Bool) async throws {
        var missing: [ObjectID] = []
        for want in Set(wants) where try await !isAcquired(want, of: repository.key, history: history) {
            missing.append(want)
        }
        guard !missing.isEmpty else { return }
        missing.sort()
        guard !isOffline else { throw MirrorSource.offline("The commit \(missing[0]) of \(repository.id)") }
        let key = "\(repository.key) \(history) \(missing.map(\.hex).joined(separator: " "))"
        if let known = refused.withLock({ $0[key] }), known.until > clock.now() { throw known.error }
        _ = try await flights.run(key) { [self, missing] in
            try await queues.run(repository.key) { [self] in
                do {
                    try await fetch(missing, of: repository, history: history)
                } catch let error as HubError where Self.isAboutContent(error.code) {
                    remember(error, for: key)
                    throw error
                }
            }
        }
    }

    private static func isAboutContent(_ code: HubError.Code) -> Bool {
        code == .upstreamCorrupt || code == .unprocessable || code == .payloadTooLarge
    }

    private func remember(_ error: HubError, for key: String) {
        let until = clock.now() + Self.refusalPause
        refused.withLock { refused in
            if refused.count >= Self.maximumRemembered { refused.removeAll() }
            refused[key] = (until, error)
        }
    }

    private func isAcquired(_ want: ObjectID, of key: Int64, history: Bool) async throws -> Bool {
        let name = "\(key) \(want.hex) \(history)"
        if acquired.withLock({ $0.contains(name) }) { return true }
        guard let known = try await store.acquisition(of: want, in: key), known.hasHistory || !history else {
            return false
        }
        acquired.withLock { acquired in
            if acquired.count >= Self.maximumRemembered { acquired.removeAll() }
            acquired.insert(name)
        }
        return true
    }

    private func fetch(_ wants: [ObjectID], of repository: Repository, history: Bool) async throws {
        guard let path = UpstreamPath(of: repository) else { return }
        var missing: [ObjectID] = []
        // Whoever was before us in the queue may have brought some of it.
        for want in wants where try await !isAcquired(want, of: repository.key, history: history) { missing.append(want) }
        guard !missing.isEmpty else { return }
        if await !git.exists(repository.key) { try await git.create(repository.key) }
        var failure = HubError(.upstreamUnavailable, "No upstream of \(repository.id) is configured.")
        for upstream in try policies.upstreams(of: repository) {
            do {
                try await receive(missing, of: repository, path: path, history: history, from: upstream)
                for want in missing { try await record(want, of: repository, history: history, upstream: upstream) }
                return
            } catch let error as HubError {
                // What a tree names and the pack lacks is the upstream's fault, not a file that never was.
                failure =
                    error.code == .blobNotFound
                    ? HubError(
                        .upstreamCorrupt, "\(upstream.name) sent \(repository.id) with holes: \(error.message)") : error
                logger.warning(
                    "commits could not be fetched",
                    metadata: [
                        "repository": "\(repository.id)", "wants": "\(missing.count)", "upstream": "\(upstream.name)",
                        "error": "\(error)",
                    ])
            }
        }
        throw failure
    }

    private func receive(
        _ wants: [ObjectID], of repository: Repository, path: UpstreamPath, history: Bool, from upstream: any Upstream
    ) async throws {
        let key = repository.key
        let boundary = try await git.shallowBoundary(key)
        let haves = history ? [] : try await recentTips(of: repository)
        // Lifting every boundary at once leaves no half-shallow repository for git clients to trip over.
        let pack = try await upstream.pack(
            of: path, wants: history ? Array(Set(wants).union(boundary)).sorted() : wants, haves: haves,
            depth: history ? (boundary.isEmpty ? nil : Self.infiniteDepth) : 1, shallow: boundary)
        let intake = try await git.intakePack(
            in: key, keepMessage: "fetched from \(upstream.name)", limits: PackLimits(), chunks: pack.chunks)
        let shallow = Set(boundary).union(pack.shallow).subtracting(pack.unshallow)
        if shallow != Set(boundary) {
            try await git.setShallowBoundary(shallow.sorted(), key)
        }
        for want in wants where try await !git.contains(want, in: key) {
            throw HubError(
                .upstreamCorrupt, "\(upstream.name) sent a pack without the object \(want) of \(repository.id).")
        }
        try await git.releaseKeep(intake, in: key)
    }

    /// Commits that need not be sent again. Only what was acquired whole counts.
    private func recentTips(of repository: Repository) async throws -> [CommitID] {
        try await store.acquiredCommits(of: repository.key, limit: 16)
    }

    /// Walks the commit, so that a pack with holes is found now and not by a reader, and writes what came in.
    private func record(_ want: ObjectID, of repository: Repository, history: Bool, upstream: any Upstream) async throws {
        let key = repository.key
        // A single tree or blob that a client named has nothing to walk.
        guard let commit = try await git.peelToCommit(want, in: key) else { return }
        guard let entries = try await git.list(nil, commit: commit, in: key, recursive: true) else {
            throw HubError(.upstreamCorrupt, "The tree of \(commit) from \(upstream.name) cannot be read.")
        }
        let files = entries.filter { $0.kind != .directory && $0.kind != .submodule }
        let links = files.compactMap { entry in
            entry.lfs.map { BlobLink(pointer: $0, commit: commit, path: entry.path) }
        }
        var record: ProvenanceRecord?
        var card = Card.empty
        let isNew = try await store.acquisition(of: commit, in: key) == nil
        if isNew {
            if let readme = files.first(where: { $0.path == "README.md" && $0.lfs == nil }) {
                card = Card(readme: try await git.blob(readme.id, in: key, limit: RepositoryService.maximumObjectSize))
            }
            record = try await ProvenanceWriter(git: git, store: store, clock: clock).record(
                commit, of: repository, files: files, card: card, upstream: upstream, policies: policies.current)
        }
        try await store.noteAcquisition(of: commit, in: key, hasHistory: history, links: links, provenance: record)
        if want != commit {
            try await store.noteAcquisition(of: want, in: key, hasHistory: history, links: [], provenance: nil)
        }
        if isNew, let name = RefName.branch(repository.defaultBranch),
            try await store.ref(name, of: key)?.target == commit
        {
            try await store.noteHead(commit, card: card, tags: card.tags(for: repository.id.kind), of: key)
        }
        logger.info(
            "acquired a commit",
            metadata: [
                "repository": "\(repository.id)", "commit": "\(commit)", "files": "\(files.count)",
                "history": "\(history)", "upstream": "\(upstream.name)",
            ])
    }
}
