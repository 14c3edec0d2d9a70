import HubCore
import Policies

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A repository that a mirror might bring.
struct SyncCandidate: Sendable {
    let mirror: ConnectedMirror
    /// As the upstream names it.
    let path: UpstreamPath
    /// As it is named here.
    let local: RepositoryID
    /// What its upstream told of it, where one did.
    var known: KnownRepository?
    /// Whether somebody named the repository, so that no rule needs to.
    var isNamed = false
}

/// A branch, tag or commit to look at.
struct SyncTarget: Sendable {
    /// As rules and clients name it.
    let revision: String
    /// The commit, or the tag that names it; nil when only the upstream knows.
    var want: ObjectID?
    var commit: CommitID?
}

/// Decides what is fetched ahead of a repository and lists its files: the one answer that dry runs show and jobs act on.
struct SyncPlanner: Sendable {
    let hub: Hub
    let policies: PolicyEngine
    let source: MirrorSource
    let known: any KnownRepositories
    let standing: StandingFacts
    /// Who knows what licences hold; nil where cards alone count.
    var licensing: Licensing?
    /// What lets content under review pass; nil where nothing does.
    var approvals: ApprovalRegister?

    /// Without upstreams and without a gate: it reads what is stored.
    private var reading: RepositoryService {
        RepositoryService(store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil)
    }

    // MARK: One repository

    /// What becomes of a repository.
    /// - Throws: what keeps its upstream from answering, and errors of our own.
    func entry(_ candidate: SyncCandidate, order: SyncOrder) async throws -> SyncPlan.Entry {
        let stored = try await stored(candidate.local)
        if let problem = try await conflict(candidate, stored) {
            return Self.entry(candidate, .skip, problem)
        }
        var candidate = candidate
        var known = candidate.known
        if known == nil { known = try await lookedUp(candidate) }
        candidate.known = known
        let overview = try await approvedOverview(candidate)
        let selection = policies.current.snapshot.select(mirror: candidate.mirror.document, facts: overview)
        let (verdict, reason) = Self.verdict(selection, isNamed: candidate.isNamed, mayWait: true)
        guard verdict == .fetch else { return Self.entry(candidate, verdict, reason) }
        var branches: [SyncPlan.Branch] = []
        for target in try await targets(candidate, stored, order: order, overview: overview) {
            branches.append(try await branch(target, of: candidate, stored, order: order))
        }
        let files = branches.lazy.flatMap(\.files)
        guard files.contains(where: { $0.verdict == .fetch }) else {
            // The strictest word on its files is the word on the repository.
            for verdict in [SyncPlan.Verdict.deny, .review] {
                if let file = files.first(where: { $0.verdict == verdict }) {
                    return Self.entry(candidate, verdict, file.reason, branches)
                }
            }
            let reason =
                branches.isEmpty ? "it has no revision that the rules name" : "it has no file that the rules let in"
            return Self.entry(candidate, .skip, reason, branches)
        }
        return Self.entry(candidate, .fetch, reason, branches)
    }

    /// The repository as it is here; nil when it is not.
    func stored(_ id: RepositoryID) async throws -> Repository? {
        do {
            return try await Authorizer(store: hub.store, source: nil).openAsOperator(.metaRead, id)
        } catch let error as HubError where error.code == .repositoryNotFound {
            return nil
        }
    }

    /// Why a name cannot be a repository of this mirror; nil when it can.
    func conflict(_ candidate: SyncCandidate, _ stored: Repository?) async throws -> String? {
        if let stored {
            guard case .mirror(let origin) = stored.origin else { return "a local repository has its name" }
            guard origin.mirror == candidate.mirror.name else { return "it came by the mirror '\(origin.mirror)'" }
            return nil
        }
        if RepositoryID.reservedNamespaces.contains(candidate.local.namespaceKey) { return "its namespace is reserved" }
        return try await hub.store.isLocalNamespace(candidate.local.namespace) ? "its namespace is local here" : nil
    }

    /// Asks the first upstream that can tell for what is known of a repository nobody told of yet.
    private func lookedUp(_ candidate: SyncCandidate) async throws -> KnownRepository? {
        let names = candidate.mirror.upstreams.map(\.name)
        let found = try await known.known(candidate.path, mirror: candidate.mirror.name, upstreams: names)
        if let found, found.isDescribed { return found }
        for case let upstream as any BrowsableUpstream in candidate.mirror.upstreams {
            guard let description = try await upstream.describe(candidate.path) else { continue }
            try await known.record(description, mirror: candidate.mirror.name, upstream: upstream.name)
            standing.forget(candidate.path, mirror: candidate.mirror.name)
            return KnownRepository(
                upstream: upstream.name, description: description, isPresent: true, isDescribed: true,
                seenAt: hub.clock.now())
        }
        return found
    }

    /// The facts of a repository as a whole, with what was approved of all of it.
    func approvedOverview(_ candidate: SyncCandidate) async throws -> Facts {
        var facts = overview(candidate)
        facts.approvals = try await approvals?.facts(of: candidate.local, commit: nil, scope: .metadata)
        return facts
    }

    /// The facts of a repository as a whole, before any of its commits is looked at.
    func overview(_ candidate: SyncCandidate) -> Facts {
        var facts = facts(of: candidate)
        if let known = candidate.known { facts.addOverview(known.description) }
        return facts
    }

    /// The facts that the gate would have of a repository for somebody of whom it knows nothing.
    private func facts(of candidate: SyncCandidate) -> Facts {
        var facts = Facts(kind: candidate.path.kind.rawValue, repository: candidate.path.path)
        facts.user = ""
        facts.now = Date(timeIntervalSince1970: Double(policies.now) / 1_000)
        if let known = candidate.known { facts.addStanding(known.description) }
        return facts
    }

    static func verdict(_ selection: Selection, isNamed: Bool, mayWait: Bool) -> (SyncPlan.Verdict, String?) {
        let decision = selection.decision
        switch decision.outcome {
        case .deny: return (.deny, decision.explanation)
        case .review: return (.review, decision.explanation)
        case .allow: break
        }
        let isIn = mayWait ? selection.mayBeLetIn : selection.isLetIn
        guard isIn || isNamed else { return (.skip, "no rule of the mirror names it") }
        return (.fetch, decision.determining.first?.explanation)
    }

    // MARK: Revisions

    /// The revisions that rules or a request name.
    /// - Parameter stored: the repository as it is here, its refs renewed where that is wanted.
    func targets(
        _ candidate: SyncCandidate, _ stored: Repository?, order: SyncOrder, overview: Facts
    ) async throws -> [SyncTarget] {
        if case .commit(let commit)? = order.revision {
            return [SyncTarget(revision: commit.hex, want: commit, commit: commit)]
        }
        var patterns = policies.current.snapshot.revisions(of: candidate.mirror.document, facts: overview)
        if candidate.isNamed, patterns.isEmpty { patterns = [nil] }
        // What can be listed tells its default branch's commit along with the files.
        if stored == nil, order.revision == nil, patterns == [nil], let known = candidate.known,
            let branch = known.description.defaultBranch, browsable(candidate) != nil
        {
            return [SyncTarget(revision: branch, want: nil, commit: nil)]
        }
        let (refs, head) = try await refs(candidate, stored)
        let branchesAndTags = refs.filter { $0.name.isBranch || $0.name.isTag }
        func target(_ ref: Ref) -> SyncTarget {
            SyncTarget(revision: ref.name.shortName, want: ref.target, commit: ref.peeled ?? ref.target)
        }
        func named(_ text: String) -> Ref? {
            branchesAndTags.first { $0.name.isBranch && $0.name.shortName == text }
                ?? branchesAndTags.first { $0.name.shortName == text }
        }
        if let revision = order.revision {
            let text = revision.description
            if let ref = named(text) ?? refs.first(where: { $0.name.name == text }) {
                return [SyncTarget(revision: text, want: ref.target, commit: ref.peeled ?? ref.target)]
            }
            guard ["main", "master"].contains(text), let ref = named(head) else {
                throw HubError(.revisionNotFound, "The revision '\(text)' does not exist in \(candidate.local).")
            }
            return [SyncTarget(revision: text, want: ref.target, commit: ref.peeled ?? ref.target)]
        }
        var chosen: [String: SyncTarget] = [:]
        for pattern in patterns {
            if let pattern {
                for ref in branchesAndTags where pattern.matches(ref.name.shortName) {
                    // Where a branch and a tag have one name, the branch is what clients get.
                    if let ref = named(ref.name.shortName) { chosen[ref.name.shortName] = target(ref) }
                }
            } else if let ref = named(head) {
                chosen[ref.name.shortName] = target(ref)
            }
        }
        return chosen.values.sorted {
            ($0.revision != head ? 1 : 0, $0.revision) < ($1.revision != head ? 1 : 0, $1.revision)
        }
    }

    private func refs(_ candidate: SyncCandidate, _ stored: Repository?) async throws -> (refs: [Ref], head: String) {
        if let stored {
            if case .stale(_, let reason) = try await source.refresh(stored, for: nil),
                try await hub.store.refs(of: stored.key).isEmpty
            {
                throw HubError(.upstreamUnavailable, "The refs of \(stored.id) are not known: \(reason)")
            }
            return (
                try await hub.store.refs(of: stored.key), try await reading.defaultBranch(of: stored)
            )
        }
        var failures = FailureRanking()
        for upstream in candidate.mirror.upstreams {
            do {
                let answer = try await upstream.references(
                    of: candidate.path, prefixes: ["HEAD", "refs/heads/", "refs/tags/"])
                let head = answer.head?.shortName ?? candidate.known?.description.defaultBranch ?? "main"
                return (answer.refs, head)
            } catch let error as HubError {
                failures.note(error)
            }
        }
        throw failures.verdict(
            nothing: HubError(.upstreamUnavailable, "No upstream of \(candidate.local) is configured."))
    }

    private func browsable(_ candidate: SyncCandidate) -> (any BrowsableUpstream)? {
        let all = candidate.mirror.upstreams.compactMap { $0 as? any BrowsableUpstream }
        return all.first { $0.name == candidate.known?.upstream } ?? all.first
    }

    // MARK: Files

    /// The files of a revision with what becomes of each.
    func branch(
        _ target: SyncTarget, of candidate: SyncCandidate, _ stored: Repository?, order: SyncOrder
    ) async throws -> SyncPlan.Branch {
        var stored = stored
        var target = target
        if let repository = stored, let commit = target.commit, try await isAcquired(commit, repository) {
            return try await acquired(target, commit, of: candidate, repository, order: order)
        }
        if let upstream = browsable(candidate) {
            let listing = try await upstream.files(of: candidate.path, at: target.commit?.hex ?? target.revision)
            if let commit = listing.commit, let repository = stored, try await isAcquired(commit, repository) {
                return try await acquired(target, commit, of: candidate, repository, order: order)
            }
            let description =
                candidate.known?.description
                ?? RemoteDescription(kind: candidate.path.kind, path: candidate.path.path)
            return try await judge(
                listing.files, of: candidate, facts: CommitFacts(description, listing: listing),
                terms: try await licensing?.finding(of: description, mirror: candidate.mirror.name).conclusion, target,
                commit: listing.commit ?? target.commit, isAcquired: false, order: order)
        }
        // Nothing lists it: its tree has to be fetched to be seen.
        if stored == nil {
            guard try await source.adopt(candidate.local, from: candidate.mirror) else {
                throw HubError(
                    .repositoryNotFound, "No upstream of the mirror '\(candidate.mirror.name)' has \(candidate.path).")
            }
            stored = try await self.stored(candidate.local)
        }
        guard let repository = stored else {
            throw HubError(.repositoryNotFound, "\(candidate.local) vanished while it was looked at.")
        }
        if target.want == nil, let ref = try await reading.storedCommit(of: .name(target.revision), in: repository) {
            target.want = ref
            target.commit = ref
        }
        guard let want = target.want else {
            throw HubError(.revisionNotFound, "The revision '\(target.revision)' of \(candidate.local) is not known.")
        }
        try await source.acquire([want], of: repository, history: false)
        guard let commit = try await hub.git.peelToCommit(want, in: repository.key) else {
            throw HubError(.revisionNotFound, "'\(target.revision)' of \(candidate.local) names no commit.")
        }
        return try await acquired(target, commit, of: candidate, repository, order: order)
    }

    private func isAcquired(_ commit: CommitID, _ repository: Repository) async throws -> Bool {
        guard try await hub.store.acquisition(of: commit, in: repository.key) != nil else { return false }
        return try await hub.git.contains(commit, in: repository.key)
    }

    /// The same for a commit that is here: decided by its own card, as the gate does.
    private func acquired(
        _ target: SyncTarget, _ commit: CommitID, of candidate: SyncCandidate, _ repository: Repository,
        order: SyncOrder
    ) async throws -> SyncPlan.Branch {
        let contents = try await reading.contents(ofAcquired: commit, in: repository)
        let files = contents.files.map { RemoteFile(path: $0.path, size: $0.contentSize, digest: $0.lfs?.oid) }
        return try await judge(
            files, of: candidate, facts: CommitFacts(contents, kind: candidate.path.kind),
            terms: try await licensing?.conclusion(of: repository, commit: commit, contents: { contents }), target,
            commit: commit, isAcquired: true, order: order)
    }

    private func judge(
        _ files: [RemoteFile], of candidate: SyncCandidate, facts known: CommitFacts, terms: LicenseConclusion?,
        _ target: SyncTarget,
        commit: CommitID?, isAcquired: Bool, order: SyncOrder
    ) async throws -> SyncPlan.Branch {
        let snapshot = policies.current.snapshot
        var facts = facts(of: candidate)
        facts.revision = target.revision
        facts.commit = commit?.hex
        facts.add(known)
        facts.licenseConclusion = terms
        var judged: [SyncPlan.File] = []
        for file in files {
            facts.file = file.path
            facts.fileSize = file.size
            facts.approvals = try await approvals?.facts(
                of: candidate.local, commit: commit, scope: .file(path: file.path, size: file.size))
            var (verdict, reason) = Self.verdict(
                snapshot.select(mirror: candidate.mirror.document, facts: facts), isNamed: candidate.isNamed,
                mayWait: false)
            if verdict == .fetch, !order.names(file.path) {
                (verdict, reason) = (.skip, "the request does not name it")
            }
            var isHere = isAcquired
            if let digest = file.digest { isHere = try await hub.blobs.size(of: digest) != nil }
            judged.append(
                SyncPlan.File(
                    path: file.path, size: file.size, digest: file.digest, verdict: verdict, reason: reason,
                    isHere: isHere))
        }
        return SyncPlan.Branch(revision: target.revision, commit: commit, files: judged)
    }

    private static func entry(
        _ candidate: SyncCandidate, _ verdict: SyncPlan.Verdict, _ reason: String?, _ branches: [SyncPlan.Branch] = []
    ) -> SyncPlan.Entry {
        SyncPlan.Entry(
            mirror: candidate.mirror.name,
            upstream: candidate.known?.upstream ?? candidate.mirror.upstreams.first?.name ?? "", path: candidate.path,
            local: candidate.local, verdict: verdict, reason: reason, branches: branches, problem: nil)
    }
}

extension SyncOrder {
    /// Whether a file is among those that were asked for.
    func names(_ path: String) -> Bool {
        (files.isEmpty || files.contains { $0.matches(path) }) && !notFiles.contains { $0.matches(path) }
    }
}
