import HubCore
import Policies

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Takes a bundle in: checked as a whole in a quarantine first, then published at once, or not at all (S74).
package struct BundleImporter: Sendable {
    let hub: Hub
    let repositories: RepositoryService
    let gate: PolicyGate?
    let policies: PolicyEngine?
    let authorizer: Authorizer
    var tombstones: (any BundleTombstones)?

    /// Bytes that have to stay free beside what comes in.
    private static let reserve: Int64 = 64 << 20
    /// Milliseconds that clocks may differ.
    private static let clockDifference: Int64 = 86_400_000

    /// Reads a bundle, and publishes it unless it is only to be looked at.
    ///
    /// What a policy refuses is left out and told; everything else that is wrong refuses the whole bundle. After a kill
    /// the same call goes on where it was.
    /// - Throws: `.forbidden` for a signature or recipient that is not right, `.conflict` for a bundle that was here,
    ///   `.preconditionFailed` for one that is older or needs what is not here, `.unprocessable` for a damaged one.
    package func run(_ paths: [String], _ options: BundleImportOptions) async throws -> BundleImportReport {
        let archive = try await hub.blobs.blocking { try BundleArchive(paths: paths) }
        let key = try options.trust.require(archive.envelope, of: "The bundle '\(archive.path)'")
        let statement = archive.statement
        try await check(statement, key, options)
        var plans = try await plans(statement)
        let missing = try await missing(statement, plans)
        let bytes = try await newBytes(of: archive)
        if options.isDryRun {
            for index in plans.indices where plans[index].refusal == nil {
                plans[index].refusal = await refusal(ofDescribed: plans[index], options)
            }
            return report(archive, key, plans, missing: missing + faults(of: archive), bytes: bytes)
        }
        guard missing.isEmpty else {
            throw HubError(
                .preconditionFailed,
                "The bundle needs \(missing.count) things that are not here, such as \(missing[0]).",
                remedy: "Import \(Self.bases(statement)) first, or have a bundle made without a base.")
        }
        guard let name = BlobID(statement.predicate.bundleId) else { throw BundleLayout.wrong("it has no id") }
        let shelf = try await hub.blobs.shelf(for: name)
        do {
            try await take(archive, to: shelf)
            let work = BundleIntake(
                hub: hub, repositories: repositories, gate: gate, policies: policies, authorizer: authorizer,
                archive: archive, shelf: shelf, signer: key, options: options, tombstones: tombstones)
            let report = try await work.run(plans, bytes: bytes)
            await shelf.clear()
            return report
        } catch let error as HubError where error.code != .shuttingDown {
            // What came of a bundle whose other parts are still to come is kept for them.
            if archive.faults.isEmpty { await shelf.clear() }
            throw error
        }
    }

    // MARK: Before anything is written

    private func check(
        _ statement: BundleStatement, _ key: VerifyingKey, _ options: BundleImportOptions
    ) async throws {
        let predicate = statement.predicate
        if let recipient = predicate.recipient, recipient != options.site {
            throw HubError(
                .forbidden,
                "The bundle is for '\(recipient.prefix(128).description.onOneLine)', and this is "
                    + (options.site.map { "'\($0)'." } ?? "a site without a name."),
                remedy: "Say what this site is called with --site.")
        }
        let now = hub.clock.now()
        guard let made = statement.createdAt else { throw BundleLayout.wrong("it has no time") }
        guard made <= now + Self.clockDifference else {
            throw HubError(.preconditionFailed, "The bundle was made in the future: \(predicate.createdAt).")
        }
        if let text = predicate.expiresAt {
            guard let end = BundleTime.milliseconds(text) else { throw BundleLayout.wrong("its end is no time") }
            guard now < end else {
                throw HubError(
                    .preconditionFailed, "The bundle has expired: it was to be taken until \(text).",
                    remedy: "Have a new one made.")
            }
        }
        if let seen = try await hub.bundles.bundle(predicate.bundleId, .incoming), seen.state == .complete {
            throw HubError(
                .conflict, "The bundle was imported already, at \(JSONDate.text(milliseconds: seen.handledAt)).")
        }
        if !options.allowsOlder, let last = try await hub.bundles.newest(from: key.id),
            last.bundleID != predicate.bundleId, predicate.seq <= last.sequence || made < last.madeAt
        {
            throw HubError(
                .preconditionFailed,
                "The bundle (number \(predicate.seq), \(predicate.createdAt)) is older than the last one of its exporter "
                    + "(number \(last.sequence), \(JSONDate.text(milliseconds: last.madeAt))).",
                remedy: "Say --allow-older if that is meant.")
        }
        for tombstone in predicate.tombstones {
            if tombstone.type == "ref", let ref = tombstone.ref, RefName(ref) != nil { continue }
            guard tombstone.type != "ref", tombstones?.takes(tombstone) ?? false else {
                throw BundleLayout.wrong("it removes something that this version cannot remove")
            }
        }
    }

    private func plans(_ statement: BundleStatement) async throws -> [BundlePlan] {
        var seen: Set<RepositoryID> = []
        var names: Set<String> = []
        var places: Set<String> = []
        var plans: [BundlePlan] = []
        for entry in statement.predicate.repos {
            var plan = try BundlePlan(entry)
            guard names.insert("\(plan.id.kind):\(plan.id.namespaceKey)/\(plan.id.nameKey)").inserted,
                seen.insert(plan.id).inserted
            else { throw BundleLayout.wrong("it has \(plan.id) twice") }
            do {
                try await place(&plan)
                let local = "\(plan.local.kind):\(plan.local.namespaceKey)/\(plan.local.nameKey)"
                guard places.insert(local).inserted else {
                    throw HubError(
                        .conflict, "\(plan.id) and another repository of the bundle would both be \(plan.local) here.",
                        remedy: "Map their owners to different namespaces.")
                }
            } catch let error as HubError {
                plan.refusal = error
            }
            plans.append(plan)
        }
        return plans
    }

    /// Finds the mirror that a repository comes by, and what is here under its name.
    private func place(_ plan: inout BundlePlan) async throws {
        if let policies {
            let id = plan.id
            let found = policies.current.mirrors.lazy.compactMap { mirror -> (String, String, RepositoryID)? in
                guard mirror.document.isEnabled,
                    let upstream = mirror.document.upstreams.first(where: { $0.type == .bundle }),
                    let owner = mirror.document.namespace.localNamespace(forOwner: id.namespace),
                    let local = RepositoryID(kind: id.kind, namespace: owner, name: id.name)
                else { return nil }
                return (mirror.name, upstream.name, local)
            }.first
            guard let (mirror, upstream, local) = found else {
                throw HubError(
                    .policyDenied, "No mirror takes \(plan.id) from bundles.",
                    remedy: "Give a mirror whose namespaces hold it an upstream of type 'bundle'.")
            }
            plan.local = local
            plan.mirror = Repository.Mirror(mirror: mirror, upstream: upstream, path: plan.id.path)
        } else {
            plan.mirror = Repository.Mirror(mirror: "bundle", upstream: "bundle", path: plan.id.path)
        }
        switch try await hub.store.standing(ofBundled: plan.local) {
        case .absent: break
        case .local:
            throw HubError(
                .conflict, "\(plan.local) is a local name here: what is local wins.",
                remedy: "Map the bundle's owner to another namespace in the mirror's 'namespace.map'.")
        case .mirrored(let key, let mirror, _):
            guard mirror.mirror == plan.mirror?.mirror else {
                throw HubError(
                    .conflict,
                    "\(plan.local) came here by the mirror '\(mirror.mirror)', which a bundle does not change.",
                    remedy: "Give that mirror an upstream of type 'bundle', or remove the repository.")
            }
            plan.existing = key
        }
    }

    /// What the bundle builds on and is not here.
    private func missing(_ statement: BundleStatement, _ plans: [BundlePlan]) async throws -> [String] {
        let needed = try statement.predicate.requires.map { required in
            guard let id = BlobID(required.digest), required.size >= 0 else {
                throw BundleLayout.wrong("it needs a blob that is none")
            }
            return (id: id, size: required.size)
        }
        let held = try await hub.bundles.held(among: needed.map(\.id))
        var missing: [String] = []
        for one in needed {
            // The sizes have to agree: a pointer with another size is another file.
            guard held.contains(one.id), try await hub.blobs.size(of: one.id) == one.size else {
                missing.append("the blob \(one.id)")
                continue
            }
        }
        for plan in plans where plan.refusal == nil {
            for commit in plan.prerequisites {
                if let key = plan.existing, try await hub.store.acquisition(of: commit, in: key)?.hasHistory == true,
                    try await hub.git.contains(commit, in: key)
                {
                    continue
                }
                missing.append("the commit \(commit) of \(plan.id)")
            }
        }
        return missing
    }

    private static func bases(_ statement: BundleStatement) -> String {
        let base = statement.predicate.base
        return base.isEmpty ? "what it builds on" : "the bundle \(base.prefix(3).joined(separator: ", "))"
    }

    /// Bytes that the bundle brings; refuses it when the disk has no room for them.
    private func newBytes(of archive: BundleArchive) async throws -> Int64 {
        var bytes: Int64 = 0
        for content in archive.statement.predicate.contains where content.role == "lfs" || content.role == "git" {
            guard let id = BlobID(content.digest) else { continue }
            if content.role == "lfs", try await hub.blobs.size(of: id) != nil { continue }
            // A pack is here three times for a moment.
            for _ in 0..<(content.role == "git" ? 3 : 1) {
                let (sum, overflow) = bytes.addingReportingOverflow(content.size)
                bytes = overflow ? .max : sum
            }
        }
        let free = try hub.blobs.space().free
        guard bytes <= max(0, free - Self.reserve) else {
            throw HubError(
                .storageFull, "The bundle brings \(bytes) bytes, and \(max(0, free - Self.reserve)) are free.",
                remedy: "Free space on the data volume.")
        }
        return bytes
    }

    private func faults(of archive: BundleArchive) -> [String] {
        archive.faults.map { fault in
            fault.path.map { "part \(fault.part): '\($0)' is damaged" } ?? "part \(fault.part)"
        } + archive.strangers.map { "'\($0)' is no part of this bundle, or damaged" }
    }

    // MARK: Reading

    /// Compares everything in the archive with the statement, and copies what is new to the shelf.
    private func take(_ archive: BundleArchive, to shelf: BundleShelf) async throws {
        let roles = Dictionary(
            archive.statement.predicate.contains.map { ($0.digest, $0.role) }, uniquingKeysWith: { first, _ in first })
        for item in archive.layout.items {
            try Task.checkCancellation()
            guard archive.isHere(item) else { continue }
            let role = item.name.hasPrefix(BundleLayout.blobFolder) ? roles[item.digest.hex] : nil
            try await hub.blobs.blocking { try archive.requireFrame(of: item) }
            do {
                let isNew: Bool
                switch role {
                case "lfs": isNew = try await hub.blobs.size(of: item.digest) == nil
                case "git": isNew = true
                default: isNew = false
                }
                let read: @Sendable (Int64, Int) throws -> [UInt8] = {
                    try archive.read(at: item.content + $0, count: $1)
                }
                if isNew {
                    if try await shelf.holds(item.digest, size: item.size) { continue }
                    try await shelf.take(item.digest, size: item.size, read: read)
                } else {
                    try await hub.blobs.check(item.digest, size: item.size, read: read)
                }
            } catch let error as HubError where error.code == .unprocessable {
                throw BundleArchive.damaged("'\(item.name)'\(archive.within(item.content)): \(error.message)")
            }
        }
        if let fault = archive.faults.first {
            let what = fault.path.map { "is damaged: '\($0)'" } ?? "is not here"
            throw HubError(
                .unprocessable, "Part \(fault.part) of the bundle \(what).",
                remedy: "Bring it again; what the other parts hold is kept until then.")
        }
        guard archive.strangers.isEmpty else {
            throw HubError(.unprocessable, "'\(archive.strangers[0])' is no part of the bundle '\(archive.path)'.")
        }
        try await hub.blobs.blocking { try archive.requireEnd() }
    }

    // MARK: Looking only

    /// What policy says to a repository by what the statement tells of it.
    private func refusal(ofDescribed plan: BundlePlan, _ options: BundleImportOptions) async -> HubError? {
        guard let gate, let mirror = plan.mirror else { return nil }
        let described = authorizer.provisional(
            BundleArrival.Repository(
                id: plan.local, key: hub.store.reserveKey(), mirror: mirror, visibility: plan.visibility,
                defaultBranch: plan.entry.defaultBranch, refs: [], removed: [], commits: [], links: [], provenance: [],
                head: nil), for: options.principal)
        for wanted in plan.wanted {
            let contents = Self.described(wanted)
            do {
                for scope in [ContentRequest.Scope.metadata, .tree] {
                    var request = ContentRequest(
                        repository: described, revision: .name(wanted.ref.name.shortName), commit: wanted.commit,
                        scope: scope)
                    request.isStored = false
                    try await gate.check(request, contents: { contents })
                }
            } catch let error as HubError {
                return error
            } catch {
                return HubError(.internalError, "Policy could not be asked about \(plan.id).")
            }
        }
        return nil
    }

    private static func described(_ wanted: BundlePlan.Wanted) -> CommitContents {
        let files = wanted.files.map { file in
            TreeEntry(
                path: file.path, kind: .file, id: ObjectID(file.oid) ?? .zero, size: max(0, file.size),
                lfs: file.lfs ? BlobID(file.oid).map { LFSPointer(oid: $0, size: max(0, file.size)) } : nil)
        }
        let licenses = (try? CanonicalJSON.encode(wanted.license)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
        return CommitContents(files: files, card: Card(readme: Array("---\nlicense: \(licenses)\n---\n".utf8)))
    }

    private func report(
        _ archive: BundleArchive, _ key: VerifyingKey, _ plans: [BundlePlan], missing: [String], bytes: Int64
    ) -> BundleImportReport {
        BundleImportReport(
            bundleId: archive.statement.predicate.bundleId, seq: archive.statement.predicate.seq, key: key.id,
            dryRun: true,
            repositories: plans.map { plan in
                .init(
                    repository: plan.local.description, outcome: plan.refusal == nil ? "publish" : "refused",
                    commit: plan.entry.commit, refs: plan.wanted.map(\.ref.name.name), leftOut: [],
                    reason: plan.refusal?.line)
            }, missing: missing, bytes: bytes)
    }
}
