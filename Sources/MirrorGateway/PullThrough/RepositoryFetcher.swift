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
    private let statements: RevisionStatements?
    private let flights = SingleFlight<String, Void>()
    /// The `shallow` file of a repository is read, changed and written by one fetch at a time.
    private let queues = SerialQueues<Int64>()
    /// What is known to be acquired, so that the common case asks no database.
    private let acquired = Mutex<Set<String>>([])
    private static let refusalPause = Duration.seconds(5)
    private static let maximumRemembered = 100_000
    /// Commits that no upstream has, or none in a form that can be taken, so that asking for them again costs nothing
    /// for a while.
    private let absent: ExpiringMemory<String, HubError>
    /// Told when an upstream lacks a commit that its own refs named.
    private let onOutdatedRefs: @Sendable (Int64) -> Void
    /// git's own number for "everything" (`INFINITE_DEPTH`).
    private static let infiniteDepth = 2_147_483_647

    init(
        store: RepositoryStore, git: GitStore, policies: PolicyEngine, clock: WallClock, logger: Logger,
        isOffline: Bool, statements: RevisionStatements? = nil,
        onOutdatedRefs: @escaping @Sendable (Int64) -> Void
    ) {
        self.onOutdatedRefs = onOutdatedRefs
        absent = ExpiringMemory(clock: clock)
        self.store = store
        self.git = git
        self.policies = policies
        self.clock = clock
        self.logger = logger
        self.isOffline = isOffline
        self.statements = statements
    }

    func shutDown() async { await flights.shutDown() }

    /// Commits that no upstream had may be there now.
    func forgetAbsence(of key: Int64) { absent.forget { $0.hasPrefix("\(key) ") } }

    /// - Throws: `.revisionNotFound` when no upstream has what is wanted, or why it cannot be fetched.
    func acquire(_ wants: [ObjectID], of repository: Repository, history: Bool) async throws {
        var missing: [ObjectID] = []
        for want in Set(wants) where try await !isAcquired(want, of: repository.key, history: history) {
            missing.append(want)
        }
        guard !missing.isEmpty else { return }
        missing.sort()
        let key = "\(repository.key) \(history) \(missing.map(\.hex).joined(separator: " "))"
        if let known = absent[key] { throw known }
        _ = try await flights.run(key) { [self, missing] in
            try await queues.run(repository.key) { [self] in
                do {
                    try await fetch(missing, of: repository, history: history)
                } catch let error as HubError where Self.isAboutContent(error.code) {
                    // Packs are dear to fetch and to check, and asking again at once brings the same.
                    absent.remember(error, for: key, lifetime: Self.refusalPause)
                    throw error
                } catch let error as HubError where error.code == .revisionNotFound {
                    let lifetime = policies.current.mirror(of: repository)?.negativeLifetime ?? .zero
                    absent.remember(error, for: key, lifetime: lifetime)
                    let refs = try await store.refs(of: repository.key)
                    if refs.contains(where: { missing.contains($0.target) || $0.peeled.map(missing.contains) == true })
                    {
                        onOutdatedRefs(repository.key)
                    }
                    throw error
                }
            }
        }
    }

    /// Fetches commits again that are here in part, with all they name, as if nothing of them were here.
    /// - Parameters:
    ///   - ways: upstreams and what they call the repository, in the order in which they are asked.
    ///   - isWhole: asked after each upstream; the rest is not asked once it says so.
    func repair(
        _ roots: [(object: ObjectID, hasHistory: Bool)], of repository: Repository,
        from ways: [(upstream: any Upstream, path: UpstreamPath)], until isWhole: @Sendable () async throws -> Bool
    ) async throws -> String? {
        acquired.withLock { acquired in acquired = acquired.filter { !$0.hasPrefix("\(repository.key) ") } }
        for (upstream, path) in ways {
            for history in [true, false] {
                let wants = roots.filter { $0.hasHistory == history }.map(\.object)
                // An upstream that no longer has one of them is asked for the others.
                if try await refetch(wants, of: repository, path: path, history: history, from: upstream) { continue }
                for want in wants {
                    _ = try await refetch([want], of: repository, path: path, history: history, from: upstream)
                }
            }
            if try await isWhole() { return upstream.name }
        }
        return nil
    }

    private func refetch(
        _ wants: [ObjectID], of repository: Repository, path: UpstreamPath, history: Bool, from upstream: any Upstream
    ) async throws -> Bool {
        guard !wants.isEmpty else { return true }
        do {
            try await queues.run(repository.key) { [self] in
                try await receive(
                    wants.sorted(), of: repository, path: path, history: history, from: upstream, isRepair: true)
            }
            return true
        } catch let error as HubError {
            if FailureRanking.isOurs(error) { throw error }
            logger.notice(
                "commits could not be fetched again",
                metadata: ["repository": "\(repository.id)", "upstream": "\(upstream.name)", "error": "\(error)"])
            return false
        }
    }

    private static func isAboutContent(_ code: HubError.Code) -> Bool {
        code == .upstreamCorrupt || code == .unprocessable || code == .payloadTooLarge
    }

    private func isAcquired(_ want: ObjectID, of key: Int64, history: Bool) async throws -> Bool {
        let name = "\(key) \(want.hex) \(history)"
        if acquired.withLock({ $0.contains(name) }) { return true }
        guard let known = try await store.acquisition(of: want, in: key), known.hasHistory || !history else {
            return false
        }
        // Looked at once by each process: a lost git directory costs time and nothing else (law 2).
        guard await git.exists(key), try await git.contains(want, in: key) else { return false }
        acquired.withLock { acquired in
            if acquired.count >= Self.maximumRemembered { acquired.removeAll() }
            acquired.insert(name)
        }
        return true
    }

    private func fetch(_ wants: [ObjectID], of repository: Repository, history: Bool) async throws {
        guard let path = UpstreamPath(of: repository) else { return }
        if await !git.exists(repository.key) { try await git.create(repository.key) }
        let upstreams = try policies.upstreams(of: repository)
        var missing: [ObjectID] = []
        // Whoever was before us in the queue may have brought some of it.
        for want in wants where try await !isAcquired(want, of: repository.key, history: history) {
            guard let origin = upstreams.first, try await isWhole(want, in: repository.key) else {
                missing.append(want)
                continue
            }
            try await record(want, of: repository, history: true, upstream: origin)
        }
        guard !missing.isEmpty else { return }
        try await store.requireUnburied(missing, of: repository)
        guard !isOffline else { throw MirrorSource.offline("The commit \(missing[0]) of \(repository.id)") }
        var failures = FailureRanking()
        for upstream in upstreams {
            do {
                try await receive(missing, of: repository, path: path, history: history, from: upstream)
                for want in missing { try await record(want, of: repository, history: history, upstream: upstream) }
                return
            } catch let error as HubError {
                logger.warning(
                    "commits could not be fetched",
                    metadata: [
                        "repository": "\(repository.id)", "wants": "\(missing.count)", "upstream": "\(upstream.name)",
                        "error": "\(error)",
                    ])
                if FailureRanking.isOurs(error) { throw error }
                // What a tree names and the pack lacks is the upstream's fault, not a file that never was.
                failures.note(
                    error.code == .blobNotFound
                        ? HubError(
                            .upstreamCorrupt, "\(upstream.name) sent \(repository.id) with holes: \(error.message)")
                        : error)
            }
        }
        throw failures.verdict(
            nothing: HubError(.upstreamUnavailable, "No upstream of \(repository.id) is configured."))
    }

    /// Whether a commit came along with the history of another one, with its own: then there is nothing to ask, and
    /// asking for it alone would cut the history of what descends from it.
    private func isWhole(_ want: ObjectID, in key: Int64) async throws -> Bool {
        guard try await git.contains(want, in: key), try await git.shallowBoundary(key).isEmpty,
            try await git.peelToCommit(want, in: key) != nil
        else { return false }
        // Something is acquired with its history; what is here only because a fetch broke off has no such company.
        return try await store.hasHistory(key)
    }

    private func receive(
        _ wants: [ObjectID], of repository: Repository, path: UpstreamPath, history: Bool, from upstream: any Upstream,
        isRepair: Bool = false
    ) async throws {
        let key = repository.key
        let boundary = try await git.shallowBoundary(key)
        let pack = try await pack(
            wants, of: repository, path: path, history: history, boundary: boundary, from: upstream,
            isRepair: isRepair)
        // Only what is new here is cut: a commit whose parents are here must not hide them.
        var cuts: Set<ObjectID> = []
        for commit in Set(pack.shallow).subtracting(boundary) where try await !hasParents(commit, in: key) {
            cuts.insert(commit)
        }
        // A cut is written down before the commit is there, and lifted after its parents are: at no moment does a git
        // client meet a commit whose parents are missing without a reason.
        let whole = Set(boundary).union(cuts)
        if whole != Set(boundary) { try await git.setShallowBoundary(whole.sorted(), key) }
        let intake: PackIntakeResult
        do {
            intake = try await git.intakePack(
                in: key, keepMessage: "fetched from \(upstream.name)", limits: PackLimits(), chunks: pack.chunks)
        } catch {
            if whole != Set(boundary) { try await git.setShallowBoundary(boundary, key) }
            throw error
        }
        let left = whole.subtracting(pack.unshallow)
        if left != whole { try await git.setShallowBoundary(left.sorted(), key) }
        try await git.releaseKeep(intake, in: key)
        try await git.noteArrival(in: key)
        for want in wants where try await !git.contains(want, in: key) {
            throw HubError(
                .upstreamCorrupt, "\(upstream.name) sent a pack without the object \(want) of \(repository.id).")
        }
    }

    /// Asks for the pack. History lifts every boundary at once, so that no half-shallow repository is left for git
    /// clients to trip over; a boundary that a rewritten branch left behind is asked for in vain and then left alone.
    private func pack(
        _ wants: [ObjectID], of repository: Repository, path: UpstreamPath, history: Bool, boundary: [ObjectID],
        from upstream: any Upstream, isRepair: Bool
    ) async throws -> UpstreamPack {
        // Over a cut history "I have this" would promise its parents too, and over a damaged one all it names.
        let haves = isRepair || history && !boundary.isEmpty ? [] : try await recentTips(of: repository)
        let depth = history ? (boundary.isEmpty ? nil : Self.infiniteDepth) : 1
        guard history, !boundary.isEmpty else {
            return try await upstream.pack(of: path, wants: wants, haves: haves, depth: depth, shallow: boundary)
        }
        do {
            return try await upstream.pack(
                of: path, wants: Array(Set(wants).union(boundary)).sorted(), haves: haves, depth: depth,
                shallow: boundary)
        } catch let error as HubError where error.code == .revisionNotFound {
            return try await upstream.pack(of: path, wants: wants, haves: haves, depth: depth, shallow: boundary)
        }
    }

    private func hasParents(_ commit: ObjectID, in key: Int64) async throws -> Bool {
        guard let parents = try await git.commit(commit, in: key)?.parents else { return false }
        for parent in parents where try await !git.contains(parent, in: key) { return false }
        return true
    }

    /// Commits that need not be sent again. Only what was acquired whole counts, and is still here.
    private func recentTips(of repository: Repository) async throws -> [CommitID] {
        var tips: [CommitID] = []
        for tip in try await store.acquiredCommits(of: repository.key, limit: 16)
        where try await git.contains(tip, in: repository.key) {
            tips.append(tip)
        }
        return tips
    }

    /// Walks the commit, so that a pack with holes is found now and not by a reader, and writes what came in.
    private func record(_ want: ObjectID, of repository: Repository, history: Bool, upstream: any Upstream) async throws
    {
        let key = repository.key
        // A single tree or blob that a client named has nothing to walk.
        guard let commit = try await git.peelToCommit(want, in: key) else { return }
        guard let entries = try await git.list(nil, commit: commit, in: key, recursive: true) else {
            throw HubError(.upstreamCorrupt, "The tree of \(commit) from \(upstream.name) cannot be read.")
        }
        let files = entries.filter { $0.kind != .directory && $0.kind != .submodule }
        if let hole = files.first(where: { $0.size < 0 }) {
            throw HubError(
                .upstreamCorrupt,
                "\(upstream.name) sent the commit \(commit) of \(repository.id) without its file '\(hole.path)'.")
        }
        let links = files.compactMap { entry in
            entry.lfs.map { BlobLink(pointer: $0, commit: commit, path: entry.path) }
        }
        var outcome: ProvenanceWriter.Outcome?
        var card = Card.empty
        let isNew = try await store.acquisition(of: commit, in: key) == nil
        if isNew {
            if let readme = files.first(where: { $0.path == "README.md" && $0.lfs == nil }) {
                card = Card(readme: try await git.blob(readme.id, in: key, limit: RepositoryService.maximumObjectSize))
            }
            let writer = ProvenanceWriter(
                git: git, store: store, clock: clock, signer: statements?.signer, logger: logger)
            outcome = try await writer.record(
                commit, of: repository, files: files, card: card, upstream: upstream, policies: policies.current)
        }
        try await store.noteAcquisition(
            of: commit, in: key, hasHistory: history, links: links, provenance: outcome?.record,
            statements: outcome?.statements ?? [], digests: outcome?.digests ?? [])
        if isNew { await statements?.attach(to: repository, commit: commit) }
        if want != commit {
            try await store.noteAcquisition(of: want, in: key, hasHistory: history, links: [], provenance: nil)
        }
        logger.info(
            "acquired a commit",
            metadata: [
                "repository": "\(repository.id)", "commit": "\(commit)", "files": "\(files.count)",
                "history": "\(history)", "upstream": "\(upstream.name)",
            ])
    }
}
