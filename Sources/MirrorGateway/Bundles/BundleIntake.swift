import Crypto
import HubCore
import Policies

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The second half of an import: all bytes lie on the shelf, and commits, policy and names are looked at before anything
/// is published.
struct BundleIntake: Sendable {
    let hub: Hub
    let repositories: RepositoryService
    let gate: PolicyGate?
    let policies: PolicyEngine?
    let authorizer: Authorizer
    let archive: BundleArchive
    let shelf: BundleShelf
    let signer: VerifyingKey
    let options: BundleImportOptions
    let tombstones: (any BundleTombstones)?

    /// Commits of a history that are written down as being here.
    private static let mostCommits = 100_000

    /// A repository whose git objects lie in a folder of their own.
    private struct Staged: Sendable {
        let plan: BundlePlan
        /// The key of that folder.
        let key: Int64
        /// Whether that folder becomes the repository's.
        let isOwn: Bool
        let pack: PackIntakeResult?
    }

    private struct Judged {
        var accepted: [BundlePlan.Wanted] = []
        var leftOut: [String] = []
        /// Blobs of accepted refs, and where they were first seen.
        var links: [BlobLink] = []
        var refusal: HubError?
    }

    func run(_ plans: [BundlePlan], bytes: Int64) async throws -> BundleImportReport {
        var staged: [Staged] = []
        do {
            for plan in plans where plan.refusal == nil { staged.append(try await stage(plan)) }
            return try await publish(plans, staged, bytes: bytes)
        } catch {
            for one in staged where one.key != one.plan.existing { try? await hub.git.remove(one.key) }
            throw error
        }
    }

    // MARK: git

    private func stage(_ plan: BundlePlan) async throws -> Staged {
        guard let digest = plan.entry.git.flatMap({ BlobID($0) }) else {
            guard plan.entry.git == nil, let key = plan.existing else {
                throw BundleLayout.wrong("\(plan.id) comes without its commits")
            }
            try await requireRefs(plan, in: key)
            return Staged(plan: plan, key: key, isOwn: false, pack: nil)
        }
        guard archive.statement.predicate.contains.contains(where: { $0.digest == digest.hex && $0.role == "git" })
        else {
            throw BundleLayout.wrong("the commits of \(plan.id) are not in it")
        }
        let key = hub.store.reserveKey()
        try await hub.git.create(key)
        do {
            if let existing = plan.existing { try await hub.git.borrow(from: existing, by: key) }
            let pack = try await intake(plan, digest, into: key)
            try await requireRefs(plan, in: key)
            return Staged(plan: plan, key: key, isOwn: plan.existing == nil, pack: pack)
        } catch {
            try? await hub.git.remove(key)
            throw error
        }
    }

    private func intake(_ plan: BundlePlan, _ digest: BlobID, into key: Int64) async throws -> PackIntakeResult {
        let file = try await shelf.open(digest)
        let (header, length) = try await hub.blobs.blocking { try Self.header(of: file) }
        let said = Set(plan.wanted.map { "\($0.ref.name.name) \($0.ref.target.hex)" })
        guard Set(header.refs.map { "\($0.name.name) \($0.target.hex)" }) == said,
            Set(header.prerequisites) == Set(plan.prerequisites)
        else { throw BundleLayout.wrong("the git bundle of \(plan.id) has other refs than it says") }
        do {
            return try await hub.git.intakePack(
                in: key, keepMessage: "bundle \(archive.statement.predicate.bundleId)", limits: PackLimits(),
                chunks: FileChunks(file: file, offset: length, blobs: hub.blobs))
        } catch let error as HubError where error.code == .upstreamCorrupt {
            throw HubError(.unprocessable, "The commits of \(plan.id) cannot be taken: \(error.message)")
        }
    }

    private static func header(of file: OpenFile) throws -> (header: GitBundleHeader, length: Int64) {
        var size = 64 << 10
        while true {
            let bytes = try file.read(at: 0, count: size)
            if let (header, length) = try GitBundleHeader.parse(bytes) { return (header, Int64(length)) }
            guard bytes.count == size, size < GitBundleHeader.largest else {
                throw HubError(.unprocessable, "A git bundle has no end of its header.")
            }
            size = min(size * 4, GitBundleHeader.largest)
        }
    }

    /// Checks that what the refs name is here, whole, and what the statement says it is.
    private func requireRefs(_ plan: BundlePlan, in key: Int64) async throws {
        for wanted in plan.wanted {
            let commit =
                try await hub.git.contains(wanted.ref.target, in: key)
                ? try await hub.git.peelToCommit(wanted.ref.target, in: key) : nil
            guard commit == wanted.commit, wanted.ref.peeled != nil || wanted.ref.target == wanted.commit else {
                throw BundleLayout.wrong("\(wanted.ref.name) of \(plan.id) names a commit that is not in it")
            }
        }
        try await hub.git.requireConnected(
            plan.wanted.map(\.ref.target), excluding: plan.prerequisites, in: key)
    }

    // MARK: Files

    /// Reads the tree of a commit and compares it with the statement: every pointer has to have its bytes.
    private func contents(
        of wanted: BundlePlan.Wanted, _ staged: Staged, _ sizes: [String: Int64]
    ) async throws -> CommitContents {
        let contents = try await repositories.contents(ofStaged: wanted.commit, in: staged.key)
        guard contents.files.count == wanted.files.count else {
            throw BundleLayout.wrong("\(staged.plan.id) has other files at \(wanted.commit) than it says")
        }
        let said = Dictionary(wanted.files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        for file in contents.files {
            guard let one = said[file.path], one.oid == (file.lfs?.oid.hex ?? file.id.hex),
                one.size == file.contentSize, one.lfs == (file.lfs != nil), file.size >= 0
            else { throw BundleLayout.wrong("'\(file.path)' of \(staged.plan.id) is another file than it says") }
            if one.lfs, one.withheld == nil, sizes[one.oid] != one.size {
                throw BundleLayout.wrong(
                    "the bytes of '\(file.path)' of \(staged.plan.id) are neither in it nor needed")
            }
        }
        return contents
    }

    // MARK: Policy

    private func judge(_ staged: Staged, _ sizes: [String: Int64]) async throws -> Judged {
        var judged = Judged()
        let plan = staged.plan
        guard let mirror = plan.mirror else { return judged }
        let repository = authorizer.provisional(
            BundleArrival.Repository(
                id: plan.local, key: plan.existing ?? staged.key, mirror: mirror, visibility: plan.visibility,
                defaultBranch: plan.entry.defaultBranch, refs: [], removed: [], commits: [], links: [], provenance: [],
                head: nil), for: options.principal)
        let before = plan.existing == nil ? [] : try await hub.store.refs(of: plan.existing ?? 0)
        var seen: Set<BlobID> = []
        for wanted in plan.wanted {
            let contents = try await contents(of: wanted, staged, sizes)
            do {
                try await requireForward(wanted, from: before, in: staged.key)
                try await check(.metadata, wanted, repository, contents)
                try await check(.tree, wanted, repository, contents)
            } catch let error as HubError {
                judged.refusal = judged.refusal ?? error
                judged.leftOut.append("\(wanted.ref.name): \(error.line)")
                continue
            }
            judged.accepted.append(wanted)
            let withheld = Set(wanted.files.filter { $0.withheld != nil }.map(\.path))
            for file in contents.files {
                guard let pointer = file.lfs else { continue }
                if withheld.contains(file.path) {
                    judged.leftOut.append("\(file.path): the exporter did not give it")
                    continue
                }
                do {
                    try await check(.file(path: file.path, size: pointer.size), wanted, repository, contents)
                } catch let error as HubError {
                    judged.leftOut.append("\(file.path): \(error.line)")
                    continue
                }
                if seen.insert(pointer.oid).inserted {
                    judged.links.append(BlobLink(pointer: pointer, commit: wanted.commit, path: file.path))
                }
            }
        }
        return judged
    }

    private func check(
        _ scope: ContentRequest.Scope, _ wanted: BundlePlan.Wanted, _ repository: Repository, _ contents: CommitContents
    ) async throws {
        try await gate?.check(
            ContentRequest(
                repository: repository, revision: .name(wanted.ref.name.shortName), commit: wanted.commit, scope: scope),
            contents: { contents })
    }

    private func requireForward(_ wanted: BundlePlan.Wanted, from before: [Ref], in key: Int64) async throws {
        guard !options.allowsRewinding, let old = before.first(where: { $0.name == wanted.ref.name }),
            old.target != wanted.ref.target
        else { return }
        let was = old.peeled ?? old.target
        guard try await hub.git.contains(was, in: key),
            try await hub.git.descends(wanted.commit, from: was, in: key)
        else {
            throw HubError(
                .preconditionFailed,
                "\(wanted.ref.name) would move to \(wanted.commit), which does not descend from \(was).",
                remedy: "Say --allow-rewind if that is meant.")
        }
    }

    // MARK: Publishing

    private func publish(_ plans: [BundlePlan], _ staged: [Staged], bytes: Int64) async throws -> BundleImportReport {
        var sizes: [String: Int64] = [:]
        for content in archive.statement.predicate.contains where content.role == "lfs" {
            sizes[content.digest] = content.size
        }
        let carried = Set(sizes.keys)
        for required in archive.statement.predicate.requires { sizes[required.digest] = required.size }
        var arrivals: [BundleArrival.Repository] = []
        var outcomes: [BundleImportReport.Repository] = []
        var kept: [(key: Int64, pack: PackIntakeResult)] = []
        for one in staged {
            let judged = try await judge(one, sizes)
            // git gives out any object that it has: what one branch may not show must not come in with another.
            guard judged.refusal == nil, let arrival = try await arrival(one, judged, &kept) else {
                outcomes.append(Self.outcome(one.plan, "refused", judged, judged.refusal))
                continue
            }
            arrivals.append(arrival)
            let isMoved = arrival.refs.contains { $0.ref.target != $0.from } || !arrival.removed.isEmpty
            outcomes.append(Self.outcome(one.plan, isMoved ? "published" : "unchanged", judged, nil))
        }
        for plan in plans {
            if let refusal = plan.refusal { outcomes.append(Self.outcome(plan, "refused", Judged(), refusal)) }
        }
        outcomes.sort { $0.repository < $1.repository }
        if arrivals.isEmpty, let first = outcomes.first {
            throw HubError(
                .policyDenied, "Nothing of the bundle may come in. \(first.repository): \(first.reason ?? "")")
        }
        let wanted = Set(arrivals.flatMap { $0.links.map(\.pointer.oid) }).filter { carried.contains($0.hex) }
        var new: [BlobID] = []
        for id in wanted.sorted(by: { $0.hex < $1.hex }) where try await hub.blobs.size(of: id) == nil {
            new.append(id)
        }
        try await shelf.publish(new)
        let arrival = BundleArrival(
            record: try record(outcomes), principal: options.principal, repositories: arrivals,
            outcomes: plans.map { plan in
                let outcome = outcomes.first { $0.repository == plan.local.description }
                return BundleRecord.Repository(
                    id: plan.local, commit: plan.entry.commit, outcome: outcome?.outcome ?? "refused",
                    reason: outcome?.reason)
            },
            contents: carried.sorted().compactMap { digest in
                BlobID(digest).map { ($0, sizes[digest] ?? 0) }
            })
        // First, so that nothing of the bundle is seen that the bundle itself buries.
        for tombstone in archive.statement.predicate.tombstones where tombstone.type != "ref" {
            try await tombstones?.bury(tombstone, by: archive.statement.predicate.bundleId)
        }
        try await hub.store.publish(arrival)
        for (key, pack) in kept { try? await hub.git.releaseKeep(pack, in: key) }
        let published = Set(arrivals.map(\.key))
        for one in staged where one.key != one.plan.existing && !published.contains(one.key) {
            try? await hub.git.remove(one.key)
        }
        return BundleImportReport(
            bundleId: archive.statement.predicate.bundleId, seq: archive.statement.predicate.seq, key: signer.id,
            dryRun: false, repositories: outcomes, missing: [], bytes: bytes)
    }

    private static func outcome(
        _ plan: BundlePlan, _ outcome: String, _ judged: Judged, _ refusal: HubError?
    ) -> BundleImportReport.Repository {
        .init(
            repository: plan.local.description, outcome: outcome, commit: plan.entry.commit,
            refs: judged.accepted.map(\.ref.name.name), leftOut: judged.leftOut, reason: refusal?.line)
    }

    /// Makes the objects of a repository durable under its own key, and says what becomes visible.
    private func arrival(
        _ staged: Staged, _ judged: Judged, _ kept: inout [(key: Int64, pack: PackIntakeResult)]
    ) async throws -> BundleArrival.Repository? {
        let plan = staged.plan
        guard let mirror = plan.mirror else { return nil }
        let key = plan.existing ?? staged.key
        if let existing = plan.existing, staged.key != existing, let digest = plan.entry.git.flatMap({ BlobID($0) }) {
            kept.append((existing, try await intake(plan, digest, into: existing)))
        } else if let pack = staged.pack {
            kept.append((key, pack))
        }
        let before = plan.existing == nil ? [] : try await hub.store.refs(of: key)
        var commits: [CommitID] = []
        var seen: Set<CommitID> = []
        for wanted in judged.accepted {
            let history = try await hub.git.history(
                from: wanted.commit, in: key, path: nil, skip: 0, limit: Self.mostCommits)
            commits += history.map(\.id).filter { seen.insert($0).inserted }
            if seen.insert(wanted.ref.target).inserted { commits.append(wanted.ref.target) }
        }
        let branch = RefName.branch(plan.entry.defaultBranch)
        let head = judged.accepted.first { $0.ref.name == branch }
        let isMoved = head.map { head in before.first { $0.name == head.ref.name }?.target != head.ref.target } ?? false
        var facts: HeadFacts?
        if let head, isMoved {
            facts = try await repositories.facts(ofHead: head.commit, in: key, kind: plan.local.kind)
        }
        var records: [(commit: CommitID, record: ProvenanceRecord)] = []
        for commit in Set(judged.accepted.map(\.commit)).sorted() {
            records.append((commit, try await provenance(of: commit, judged, plan, key)))
        }
        let named = Set(before.map(\.name.name))
        let removed = archive.statement.predicate.tombstones.compactMap { tombstone -> RefName? in
            guard tombstone.subject == plan.id.description, let ref = tombstone.ref, named.contains(ref) else {
                return nil
            }
            return RefName(ref)
        }
        return BundleArrival.Repository(
            id: plan.local, key: key, mirror: mirror, visibility: plan.visibility,
            defaultBranch: plan.entry.defaultBranch,
            refs: judged.accepted.map { wanted in
                (wanted.ref, before.first { $0.name == wanted.ref.name }?.target)
            }, removed: removed, commits: commits, links: judged.links, provenance: records, head: facts)
    }

    private func record(_ outcomes: [BundleImportReport.Repository]) throws -> BundleRecord {
        let predicate = archive.statement.predicate
        let isComplete = outcomes.allSatisfy { $0.outcome != "refused" && $0.leftOut.isEmpty }
        return BundleRecord(
            bundleID: predicate.bundleId, direction: .incoming, sequence: predicate.seq, keyID: signer.id,
            recipient: predicate.recipient, madeAt: archive.statement.createdAt ?? 0, handledAt: hub.clock.now(),
            handledBy: options.principal?.label ?? "operator", bytes: archive.size,
            state: isComplete ? .complete : .partial,
            file: archive.path, statement: String(decoding: archive.envelope.payload, as: UTF8.self))
    }

    // MARK: Provenance

    private struct Origin: Encodable {
        struct Source: Encodable {
            let name: String
            let type: String
            let url: String
            let repository: String
        }
        struct Bundle: Encodable {
            let id: String
            let seq: Int64
            let key: String
            let createdAt: String
            let policyDigest: String
            let verdict: String
        }
        struct Policy: Encodable {
            let mirror: String
            let digest: String
            let decision: String
            let explanation: String
        }
        struct File: Encodable {
            let path: String
            let size: Int64
            let sha256: String
            let gitObject: String
            let lfs: Bool
        }
        let version: Int
        let repository: String
        let commit: String
        let refs: [String]
        let upstream: Source
        let bundle: Bundle
        let acquiredAt: String
        let requestedBy: String
        let licenses: [String]
        let policy: Policy
        let files: [File]
    }

    /// The record of how a commit came here, as other acquisitions have one, with the bundle that brought it.
    private func provenance(
        of commit: CommitID, _ judged: Judged, _ plan: BundlePlan, _ key: Int64
    ) async throws -> ProvenanceRecord {
        let predicate = archive.statement.predicate
        let named = judged.accepted.filter { $0.commit == commit }
        let contents = try await repositories.contents(ofStaged: commit, in: key)
        var files: [Origin.File] = []
        for file in contents.files {
            let digest: String
            if let pointer = file.lfs {
                digest = pointer.oid.hex
            } else {
                digest =
                    BlobID(
                        hashing: try await hub.git.blob(file.id, in: key, limit: RepositoryService.maximumObjectSize)
                    ).hex
            }
            files.append(
                .init(
                    path: file.path, size: file.contentSize, sha256: digest, gitObject: file.id.hex,
                    lfs: file.lfs != nil))
        }
        let verdict = plan.entry.refs.first { $0.commit == commit.hex }?.verdict ?? ""
        let origin = Origin(
            version: 1, repository: plan.local.description, commit: commit.hex, refs: named.map(\.ref.name.shortName),
            upstream: .init(
                name: plan.mirror?.upstream ?? "bundle", type: "bundle", url: "hubpack:\(predicate.bundleId)",
                repository: plan.id.path),
            bundle: .init(
                id: predicate.bundleId, seq: predicate.seq, key: signer.id, createdAt: predicate.createdAt,
                policyDigest: predicate.policyDigest, verdict: verdict),
            acquiredAt: JSONDate.text(milliseconds: hub.clock.now()),
            requestedBy: options.principal?.label ?? "operator",
            licenses: contents.card.licenses,
            policy: .init(
                mirror: plan.mirror?.mirror ?? "bundle", digest: policies?.current.digest ?? "", decision: "allow",
                explanation: "passed when the bundle was imported"), files: files)
        let json = try CanonicalJSON.encode(origin)
        return ProvenanceRecord(json: String(decoding: json, as: UTF8.self), sha256: BlobID(hashing: json).hex)
    }
}

/// A file from an offset on, in pieces.
struct FileChunks: AsyncSequence, Sendable {
    let file: OpenFile
    let offset: Int64
    let blobs: FileBlobStore

    struct AsyncIterator: AsyncIteratorProtocol {
        let file: OpenFile
        var offset: Int64
        let blobs: FileBlobStore

        mutating func next() async throws -> [UInt8]? {
            let (file, start) = (file, offset)
            let bytes = try await blobs.blocking { try file.read(at: start, count: 1 << 20) }
            offset += Int64(bytes.count)
            return bytes.isEmpty ? nil : bytes
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> [UInt8]? {
            try await next()
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(file: file, offset: offset, blobs: blobs) }
}
