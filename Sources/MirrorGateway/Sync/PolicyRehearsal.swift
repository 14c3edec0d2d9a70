package import HubCore
package import Policies

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What would change if other policy files were in force: decided over what is stored and what the catalogue knows, and
/// nothing is asked of an upstream.
package struct PolicyRehearsal: Sendable {
    /// A repository of which something would change.
    package struct Change: Sendable {
        package let mirror: String
        /// As it is named here.
        package let repository: RepositoryID
        /// Nil where no policy file has the mirror.
        package let before: Decision.Outcome?
        package let after: Decision.Outcome?
        /// The rule that decides then, as people read it.
        package let reason: String?
        /// Files of the default branch that would no longer be given out, and some of their paths.
        package let blockedFiles: Int
        package let examples: [String]
        package let isStored: Bool
        /// Downloads from here, ever.
        package let downloads: Int64
        /// Whether it would be fetched ahead, and was not before.
        package let isNewlyMirrored: Bool

        /// Whether something that is given out now would not be.
        package var isNewlyBlocked: Bool { before == .allow && (after != .allow || blockedFiles > 0) }
        package var isNewlyAllowed: Bool { before != .allow && after == .allow }
    }

    package let digest: String
    package let currentDigest: String
    package let changes: [Change]
    package let repositories: Int
    /// Bytes of repositories that would be fetched ahead and are not stored, as far as upstreams told.
    package let bytesToFetch: Int64
    /// Repositories among them of which nobody told the size.
    package let unknownSizes: Int
    package let estimatedDuration: Duration?
    /// What could not be looked at.
    package let remarks: [String]
}

/// Rehearses policies.
struct PolicyRehearser: Sendable {
    let planner: SyncPlanner
    let selection: SyncSelection
    let runs: SyncStore

    /// Files of which a change tells the paths.
    private static let shownFiles = 20

    /// One repository with what is known of it.
    private struct Subject {
        let local: RepositoryID
        let path: UpstreamPath
        let known: KnownRepository?
        let stored: Repository?
    }

    /// - Throws: `PolicyLoadFailure` when the files are wrong.
    func rehearse(_ texts: [String: String?]) async throws -> PolicyRehearsal {
        let current = planner.policies.current.snapshot
        let candidate = try planner.policies.rehearse(texts)
        var changes: [PolicyRehearsal.Change] = []
        var count = 0
        var bytes: Int64 = 0
        var unknown = 0
        var remarks = [
            "No log of who used what is kept; `downloads` counts what was given out since the repository came."
        ]
        var loads: [UpstreamDocument: SyncEstimate.Load] = [:]
        var names = current.mirrors.map(\.name)
        names += candidate.mirrors.map(\.name).filter { !names.contains($0) }
        for name in names {
            let (before, after) = (current.mirror(named: name), candidate.mirror(named: name))
            guard let document = after ?? before else { continue }
            var met = 0
            try await forEach(name, document) { subject in
                met += 1
                guard let change = try await change(subject, name, before, after, current, candidate) else { return }
                changes.append(change)
                guard change.isNewlyMirrored, !change.isStored, let after, let upstream = after.upstreams.first else {
                    return
                }
                guard let size = subject.known?.description.totalSize else {
                    unknown += 1
                    return
                }
                bytes = bytes.addingReportingOverflow(size).overflow ? .max : bytes + size
                let files = Int(clamping: subject.known?.description.fileCount ?? 1)
                loads[upstream, default: SyncEstimate.Load()] =
                    loads[upstream, default: SyncEstimate.Load()]
                    + SyncEstimate.Load(bytes: size, apiRequests: 1, contentRequests: files + 1)
            }
            count += met
            if met == 0 { remarks.append("Nothing is known yet of what the upstreams of mirror '\(name)' have.") }
        }
        let now = planner.hub.clock.now() / 1_000
        let seconds = loads.compactMap { upstream, load in
            SyncEstimate.seconds(for: load, under: EgressLimits(upstream.limits), from: now)
        }
        return PolicyRehearsal(
            digest: candidate.digest, currentDigest: current.digest, changes: changes, repositories: count,
            bytesToFetch: bytes, unknownSizes: unknown, estimatedDuration: seconds.max().map { .seconds($0) },
            remarks: remarks)
    }

    /// What is stored first, then what the catalogue knows beside it.
    private func forEach(_ mirror: String, _ document: Mirror, _ body: (Subject) async throws -> Void) async throws {
        let upstreams = document.upstreams.map(\.name)
        var seen: Set<RepositoryID> = []
        for row in try await runs.mirrored(by: mirror) {
            let path = UpstreamPath(kind: row.id.kind, path: row.path)
            let known = try await planner.known.known(path, mirror: mirror, upstreams: upstreams)
            seen.insert(row.id)
            guard let stored = try await planner.stored(row.id) else { continue }
            try await body(Subject(local: row.id, path: path, known: known, stored: stored))
        }
        var cursor: Int64?
        repeat {
            try Task.checkCancellation()
            let (page, next) = try await planner.known.page(of: mirror, after: cursor, limit: SyncSelection.pageSize)
            for known in page where known.isPresent {
                guard let above = RepositoryID(kind: known.description.kind, path: known.description.path),
                    let owner = document.namespace.localNamespace(forOwner: above.namespace),
                    let local = RepositoryID(kind: above.kind, namespace: owner, name: above.name),
                    seen.insert(local).inserted
                else { continue }
                try await body(Subject(local: local, path: UpstreamPath(above), known: known, stored: nil))
            }
            cursor = next
        } while cursor != nil
    }

    private func change(
        _ subject: Subject, _ name: String, _ before: Mirror?, _ after: Mirror?, _ current: PolicySnapshot,
        _ candidate: PolicySnapshot
    ) async throws -> PolicyRehearsal.Change? {
        var facts = Facts(kind: subject.path.kind.rawValue, repository: subject.path.path)
        facts.user = ""
        facts.now = Date(timeIntervalSince1970: Double(planner.policies.now) / 1_000)
        if let known = subject.known { facts.addOverview(known.description) }
        var files: [TreeEntry] = []
        if let stored = subject.stored, let (commit, contents) = try await planner.head(of: stored) {
            facts.add(CommitFacts(contents, kind: subject.path.kind))
            facts.licenseConclusion = try await planner.licensing?.conclusion(
                of: stored, commit: commit, contents: { contents })
            facts.revision = stored.defaultBranch
            facts.commit = commit.hex
            files = contents.files
        }
        let first = before.map { current.select(mirror: $0, facts: facts) }
        let second = after.map { candidate.select(mirror: $0, facts: facts) }
        var blocked: [String] = []
        if let before, let after, first?.decision.isAllowed == true, second?.decision.isAllowed == true {
            for file in files {
                facts.file = file.path
                facts.fileSize = file.contentSize
                if current.decide(mirror: before, facts: facts).isAllowed,
                    !candidate.decide(mirror: after, facts: facts).isAllowed
                {
                    blocked.append(file.path)
                }
            }
        }
        let isMirrored = before?.mode == .mirror && first?.mayBeLetIn == true
        let willBeMirrored = after?.mode == .mirror && second?.mayBeLetIn == true
        guard first?.decision.outcome != second?.decision.outcome || !blocked.isEmpty || (willBeMirrored && !isMirrored)
        else { return nil }
        return PolicyRehearsal.Change(
            mirror: name, repository: subject.local, before: first?.decision.outcome, after: second?.decision.outcome,
            reason: second?.decision.explanation ?? "no policy file has the mirror '\(name)' any more",
            blockedFiles: blocked.count, examples: Array(blocked.prefix(Self.shownFiles)),
            isStored: subject.stored != nil, downloads: subject.stored?.downloads ?? 0,
            isNewlyMirrored: willBeMirrored && !isMirrored)
    }
}

extension SyncPlanner {
    /// The commit of the default branch with its files and card, where they are here.
    func head(of repository: Repository) async throws -> (commit: CommitID, contents: CommitContents)? {
        let reading = RepositoryService(store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil)
        let name = try await reading.defaultBranch(of: repository)
        guard let commit = try await reading.storedCommit(of: .name(name), in: repository),
            try await hub.git.contains(commit, in: repository.key)
        else { return nil }
        return (commit, try await reading.contents(ofAcquired: commit, in: repository))
    }
}

extension SyncService {
    /// What would change if other policy files were in force.
    /// - Parameter texts: by the names of files in the folder; nil leaves a file out.
    /// - Throws: `.unprocessable` with everything that is wrong with the files, `.notFound` without policy files.
    package func rehearse(_ texts: [String: String?]) async throws -> PolicyRehearsal {
        do {
            return try await attempt(texts)
        } catch let failure as PolicyLoadFailure {
            throw HubError(.unprocessable, "The policy files are wrong: " + failure.problems.joined(separator: "; "))
        }
    }

    /// The same, with each thing that is wrong by itself.
    /// - Throws: `PolicyLoadFailure`, `.notFound` without policy files.
    package func attempt(_ texts: [String: String?]) async throws -> PolicyRehearsal {
        guard let parts = core else { throw HubError(.notFound, "This hub has no policy files.") }
        return try await PolicyRehearser(planner: parts.planner, selection: parts.selection, runs: parts.runs)
            .rehearse(texts)
    }
}
