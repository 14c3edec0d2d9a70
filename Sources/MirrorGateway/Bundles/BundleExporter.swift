import Crypto
import HubCore
import Policies

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Writes what policy allows of a hub into a signed bundle.
package struct BundleExporter: Sendable {
    let hub: Hub
    let repositories: RepositoryService
    let gate: PolicyGate?
    let policies: PolicyEngine?
    let attachments: [any BundleAttachments]
    var tombstones: (any BundleTombstones)?

    /// Bytes that are copied in one job.
    private static let slice: Int64 = 32 << 20
    /// Bytes of the smallest part.
    private static let smallestPart: Int64 = 1 << 16
    private static let mostParts: Int64 = 100_000

    /// Where the bytes of a blob are.
    private enum Source: Sendable {
        case stored(OpenFile)
        case made([UInt8])

        func read(at offset: Int64, count: Int) throws -> [UInt8] {
            switch self {
            case .stored(let file): try file.read(at: offset, count: count)
            case .made(let bytes): Array(bytes[Int(offset)..<min(bytes.count, Int(offset) + count)])
            }
        }
    }

    /// What is gathered before anything is written.
    private struct Gathered {
        var repos: [BundleStatement.Repository] = []
        var blobs: [BlobID: (size: Int64, role: String, source: Source)] = [:]
        var required: [String: Int64] = [:]
        var manifests: [BundleManifest.Descriptor] = []
        var leftOut: [BundleExportReport.LeftOut] = []
        var temporary: [String] = []
        /// Repositories of which every branch and tag was asked for.
        var whole: Set<String> = []

        mutating func add(_ made: BundleManifest.Made) {
            guard blobs[made.digest] == nil else { return }
            blobs[made.digest] = (Int64(made.bytes.count), made.role, .made(made.bytes))
        }

        mutating func leaveOut(_ id: RepositoryID, ref: String? = nil, file: String? = nil, _ reason: String) {
            leftOut.append(.init(repository: id.description, ref: ref, file: file, reason: reason.onOneLine))
        }
    }

    /// - Parameter progress: told how many bytes of how many are written.
    /// - Throws: `.badRequest`, `.notFound` when there is nothing to write, `.storageCorrupt` that names a stored blob whose
    ///   bytes are not those of its name.
    package func run(
        _ request: BundleRequest, progress: @Sendable (_ done: Int64, _ total: Int64) async -> Void = { _, _ in }
    ) async throws -> BundleExportReport {
        if let size = request.partSize, size < Self.smallestPart {
            throw HubError(.badRequest, "A part has at least \(Self.smallestPart) bytes.")
        }
        let key = try request.key ?? hub.signingKeys.current()
        let have = try await have(request)
        var gathered = Gathered()
        defer { for path in gathered.temporary { try? FileManager.default.removeItem(atPath: path) } }
        for named in try await named(request.selection) {
            do {
                try await gather(named, request, have, &gathered)
            } catch let error as HubError where error.code != .storageCorrupt && error.code != .storageFull {
                gathered.leaveOut(named.id, error.line)
            }
        }
        guard !gathered.repos.isEmpty else {
            let why = gathered.leftOut.first.map { "\($0.repository): \($0.reason)" } ?? "nothing was chosen"
            throw HubError(.notFound, "There is nothing to export: \(why)")
        }
        return try await write(gathered, request, have, key, progress)
    }

    // MARK: What goes in

    private func have(_ request: BundleRequest) async throws -> BundleHave {
        guard request.since == nil || request.receipt == nil else {
            throw HubError(.badRequest, "Either an earlier bundle or a receipt tells what the reader has, not both.")
        }
        if let since = request.since { return try await BundleHave(since: since, hub: hub) }
        if let path = request.receipt {
            return BundleHave(try BundleReceipt(file: path, trust: try BundleTrust(hub.directory)))
        }
        return BundleHave()
    }

    private func named(_ selection: BundleSelection) async throws -> [BundleSelection.Named] {
        var named = selection.repositories
        for mirror in selection.mirrors {
            let ids = try await hub.bundles.repositories(ofMirror: mirror)
            named += ids.map { BundleSelection.Named(id: $0, revision: nil) }
        }
        // The same repository twice would be two of one name: a whole one counts more than a part.
        var byName: [String: BundleSelection.Named] = [:]
        for one in named {
            let name = "\(one.id.kind.rawValue):\(one.id.namespaceKey)/\(one.id.nameKey)"
            if let other = byName[name], other.revision == nil { continue }
            byName[name] = one
        }
        return byName.sorted { $0.key < $1.key }.map(\.value)
    }

    private func open(_ id: RepositoryID, _ principal: Principal?) async throws -> Repository {
        let stored = Authorizer(store: hub.store, source: nil)
        guard let principal else { return try await stored.openAsOperator(.contentRead, id) }
        return try await stored.open(principal, .contentRead, id)
    }

    private func gather(
        _ named: BundleSelection.Named, _ request: BundleRequest, _ have: BundleHave, _ gathered: inout Gathered
    ) async throws {
        let repository = try await open(named.id, request.principal)
        try repositories.requireWholeReading(repository, for: "a bundle")
        let wanted = try await refs(of: repository, revision: named.revision)
        if named.revision == nil { gathered.whole.insert(repository.id.description) }
        guard !wanted.isEmpty else {
            throw HubError(
                .revisionNotFound,
                named.revision.map { "It has no branch or tag called '\($0)' here." } ?? "Nothing of it is here.")
        }
        var kept: [(ref: Ref, files: [BundleStatement.File], license: [String], verdict: String)] = []
        var links: [BlobID: (size: Int64, path: String, file: OpenFile)] = [:]
        for ref in wanted {
            do {
                let (found, blobs) = try await examine(ref, of: repository, &gathered)
                kept.append((ref, found.files, found.license, found.verdict))
                links.merge(blobs) { first, _ in first }
            } catch let error as HubError where error.code != .storageCorrupt {
                gathered.leaveOut(repository.id, ref: ref.name.name, error.line)
            }
        }
        guard !kept.isEmpty else { return }
        let head = RefName.branch(repository.defaultBranch)
        let first = kept.first { $0.ref.name == head } ?? kept[0]
        let name = repository.id.description
        let git = try await bundle(kept.map(\.ref), of: repository, have.refs[name] ?? [:], request, &gathered)
        let manifests = try await manifests(
            kept.map { ($0.ref.peeled ?? $0.ref.target, $0.files, $0.license) }, of: repository, git: git.blob, have,
            &gathered)
        for (digest, link) in links {
            if have.digests.contains(digest.hex) {
                gathered.required[digest.hex] = link.size
            } else {
                gathered.blobs[digest] = (link.size, "lfs", .stored(link.file))
            }
        }
        gathered.repos.append(
            BundleStatement.Repository(
                kind: repository.id.kind.rawValue, id: repository.id.path,
                visibility: repository.visibility.rawValue, defaultBranch: repository.defaultBranch,
                refs: kept.map { one in
                    BundleStatement.Ref(
                        name: one.ref.name.name, target: one.ref.target.hex, peeled: one.ref.peeled?.hex,
                        files: one.files, license: one.license, verdict: one.verdict, approval: nil)
                }, commit: (first.ref.peeled ?? first.ref.target).hex, git: git.blob?.digest.hex,
                prerequisites: git.prerequisites.map(\.hex), manifests: manifests))
    }

    /// Branches and tags, or the one that is named.
    private func refs(of repository: Repository, revision: Revision?) async throws -> [Ref] {
        let all = try await hub.store.refs(of: repository.key).filter { $0.name.isBranch || $0.name.isTag }
            .map { Ref(name: $0.name, target: $0.target, peeled: $0.peeled == $0.target ? nil : $0.peeled) }
        switch revision {
        case nil: return all
        case .ref(let name): return all.filter { $0.name == name }
        case .name(let text), .abbreviated(let text): return all.filter { $0.name.shortName == text }
        case .commit(let id): return all.filter { $0.target == id || $0.peeled == id }
        }
    }

    private typealias Found = (files: [BundleStatement.File], license: [String], verdict: String)

    /// Looks at the commit of a ref: whether policy lets it go, and whether all of it is here.
    private func examine(
        _ ref: Ref, of repository: Repository, _ gathered: inout Gathered
    ) async throws -> (Found, [BlobID: (size: Int64, path: String, file: OpenFile)]) {
        try await repositories.acquireHistory(of: [ref.target], in: repository)
        guard let commit = try await hub.git.peelToCommit(ref.target, in: repository.key) else {
            throw HubError(.revisionNotFound, "Its commit is not here.", remedy: "Sync the repository first.")
        }
        let contents = try await repositories.contents(ofAcquired: commit, in: repository)
        let revision = Revision.name(ref.name.shortName)
        func check(_ scope: ContentRequest.Scope) async throws {
            try await gate?.check(
                ContentRequest(repository: repository, revision: revision, commit: commit, scope: scope),
                contents: { contents })
        }
        try await check(.metadata)
        try await check(.tree)
        var files: [BundleStatement.File] = []
        var blobs: [BlobID: (size: Int64, path: String, file: OpenFile)] = [:]
        for file in contents.files {
            guard let pointer = file.lfs else {
                files.append(.init(path: file.path, oid: file.id.hex, size: file.size, lfs: false, withheld: nil))
                continue
            }
            var one = BundleStatement.File(
                path: file.path, oid: pointer.oid.hex, size: pointer.size, lfs: true, withheld: nil)
            do {
                try await check(.file(path: file.path, size: pointer.size))
                blobs[pointer.oid] = (pointer.size, file.path, try await stored(pointer, at: file.path, of: repository))
            } catch let error as HubError where error.code == .policyDenied || error.code == .policyReview {
                one.withheld = error.message.onOneLine
                gathered.leaveOut(repository.id, ref: ref.name.name, file: file.path, error.line)
            }
            files.append(one)
        }
        let verdict = try await gate?.explain(
            ContentRequest(repository: repository, revision: revision, commit: commit, scope: .metadata), user: nil,
            contents: { contents })
        let found = (
            files: files, license: contents.card.licenses,
            verdict: verdict.map { "\($0.outcome.rawValue): \($0.explanation)" } ?? "allow: the content is local"
        )
        return (found, blobs)
    }

    private func stored(_ pointer: LFSPointer, at path: String, of repository: Repository) async throws -> OpenFile {
        guard let reader = try await hub.blobs.open(pointer.oid), reader.isComplete,
            try await hub.store.isProved(pointer.oid, for: repository)
        else {
            throw HubError(
                .blobNotFound, "The LFS object of '\(path)' is not stored here.",
                remedy: repository.isMirror ? "Fetch it with 'weir sync' first." : nil)
        }
        guard reader.size == pointer.size else {
            throw HubError(.unprocessable, "'\(path)' has \(reader.size) bytes and its pointer says \(pointer.size).")
        }
        return reader.file
    }

    // MARK: git

    private func bundle(
        _ refs: [Ref], of repository: Repository, _ had: [String: String], _ request: BundleRequest,
        _ gathered: inout Gathered
    ) async throws -> (blob: (digest: BlobID, size: Int64)?, prerequisites: [CommitID]) {
        let key = repository.key
        let known = Set(had.values.compactMap { ObjectID($0) })
        var prerequisites: Set<CommitID> = []
        for id in known where try await hub.git.contains(id, in: key) {
            if let commit = try await hub.git.peelToCommit(id, in: key) { prerequisites.insert(commit) }
        }
        let sorted = prerequisites.sorted()
        if refs.allSatisfy({ known.contains($0.target) }) { return (nil, sorted) }
        let path = "\(request.output).git-\(gathered.repos.count).unfinished"
        gathered.temporary.append(path)
        let header = GitBundleHeader(prerequisites: sorted, refs: refs.map { ($0.name, $0.target) })
        let file = BundleOutput(path: path, partSize: nil)
        let hashing = RunningDigest()
        let first = header.encoded(head: RefName.branch(repository.defaultBranch))
        hashing.update(first)
        try await hub.blobs.blocking { try file.write(head: first) }
        do {
            try await hub.git.bundlePack(of: refs.map(\.target), excluding: sorted, in: key) { bytes in
                let bytes = Array(bytes)
                hashing.update(bytes)
                try await hub.blobs.blocking { try file.write(bytes) }
            }
            try await hub.blobs.blocking { try file.commit() }
        } catch {
            file.discard()
            throw error
        }
        let digest = hashing.digest
        let opened = try await hub.blobs.blocking { try OpenFile(path: path) }
        gathered.blobs[digest] = (opened.size, "git", .stored(opened))
        return ((digest, opened.size), sorted)
    }

    // MARK: OCI

    private func manifests(
        _ commits: [(commit: CommitID, files: [BundleStatement.File], license: [String])], of repository: Repository,
        git: (digest: BlobID, size: Int64)?, _ have: BundleHave, _ gathered: inout Gathered
    ) async throws -> [String] {
        var digests: [String] = []
        var seen: Set<CommitID> = []
        for (commit, files, license) in commits where seen.insert(commit).inserted {
            var layers: [BundleManifest.Descriptor] = []
            if let git { layers.append(BundleManifest.gitLayer(git.digest, size: git.size)) }
            for file in files where file.lfs && file.withheld == nil && !have.digests.contains(file.oid) {
                guard let digest = BlobID(file.oid) else { continue }
                layers.append(
                    BundleManifest.layer(file.path, digest: digest, size: file.size, kind: repository.id.kind))
            }
            let made = try BundleManifest.make(
                repository.id, commit: commit.hex, license: license, layers: layers)
            gathered.add(made.config)
            gathered.add(made.manifest)
            gathered.manifests.append(made.descriptor)
            digests.append(made.manifest.digest.hex)
            for source in attachments {
                for document in try await source.attachments(of: repository, commit: commit) {
                    let (blobs, descriptor) = try BundleManifest.referrer(
                        document.bytes, type: document.type, to: made.descriptor)
                    for blob in blobs { gathered.add(blob) }
                    gathered.manifests.append(descriptor)
                }
            }
        }
        return digests
    }

    // MARK: Writing

    private func write(
        _ gathered: Gathered, _ request: BundleRequest, _ have: BundleHave, _ key: SigningKey,
        _ progress: @Sendable (_ done: Int64, _ total: Int64) async -> Void
    ) async throws -> BundleExportReport {
        let now = request.createdAt ?? hub.clock.now()
        let sequence: Int64
        if let given = request.sequence { sequence = given } else { sequence = try await hub.bundles.nextSequence() }
        let index = try BundleManifest.index(gathered.manifests)
        let previous = try CanonicalJSON.encode(
            Previous(base: have.base, previous: try await hub.bundles.outgoing(sequence: sequence - 1), seq: sequence))
        let blobs = gathered.blobs.sorted { $0.key.hex < $1.key.hex }
        let entries = [
            (name: BundleLayout.previousName, bytes: previous), (name: BundleLayout.indexName, bytes: index),
        ]
        let offsets = try BundleLayout.offsets(
            entries: entries.map { ($0.name, Int64($0.bytes.count)) }, blobs: blobs.map { ($0.key, $0.value.size) })
        var predicate = BundleStatement.Predicate(
            bundleId: "", seq: sequence, base: have.base, recipient: request.recipient,
            createdAt: JSONDate.text(milliseconds: now),
            expiresAt: request.lifetime.map {
                let (end, overflow) = now.addingReportingOverflow($0)
                return JSONDate.text(milliseconds: overflow ? .max : end)
            }, policyDigest: policies?.current.digest ?? "",
            repos: gathered.repos,
            entries: entries.map {
                .init(name: $0.name, size: Int64($0.bytes.count), digest: BlobID(hashing: $0.bytes).hex)
            },
            contains: zip(blobs, offsets).map { blob, offset in
                .init(digest: blob.key.hex, size: blob.value.size, offset: offset, role: blob.value.role)
            },
            requires: gathered.required.sorted { $0.key < $1.key }.map { .init(digest: $0.key, size: $0.value) },
            tombstones: Self.tombstones(gathered, have) + (try await tombstones?.all() ?? []), parts: [])
        let layout = try BundleLayout(predicate)
        if let size = request.partSize, layout.length / size >= Self.mostParts {
            throw HubError(
                .badRequest, "There would be more than \(Self.mostParts) parts.", remedy: "Make them larger.")
        }
        let output = BundleOutput(path: request.output, partSize: request.partSize)
        do {
            if request.partSize == nil { try await writeHead(predicate, key, output) }
            for (entry, item) in zip(entries, layout.items) {
                try await copy(.made(entry.bytes), as: item, to: output)
            }
            for (blob, item) in zip(blobs, layout.items.dropFirst(entries.count)) {
                try await copy(blob.value.source, as: item, to: output)
                await progress(item.end, layout.length)
            }
            try await hub.blobs.blocking { try output.write(TarEntry.end) }
            if request.partSize != nil {
                try await hub.blobs.blocking { try output.closePart() }
                predicate.parts = output.parts.enumerated().map {
                    .init(n: $0.offset + 1, sha256: $0.element.sha256, size: $0.element.size)
                }
                try await writeHead(predicate, key, output)
            }
            try await hub.blobs.blocking { try output.commit() }
        } catch {
            output.discard()
            throw error
        }
        return try await note(predicate, gathered, request, key, output)
    }

    private struct Previous: Codable {
        let base: [String]
        let previous: String?
        let seq: Int64
    }

    private func writeHead(
        _ predicate: BundleStatement.Predicate, _ key: SigningKey, _ output: BundleOutput
    ) async throws {
        let envelope = try DSSEEnvelope(signing: try BundleStatement(predicate).encoded(), with: [key]).json
        let size = Int64(envelope.count)
        guard size <= BundleLayout.largestStatement else {
            throw HubError(.payloadTooLarge, "The bundle has too many files for one statement.")
        }
        let head = BundleLayout.head(statement: size) + envelope + TarEntry.padding(size)
        try await hub.blobs.blocking { try output.write(head: head) }
    }

    /// Copies a blob and compares every byte of it with its name on the way.
    private func copy(_ source: Source, as item: BundleLayout.Item, to output: BundleOutput) async throws {
        let hashing = RunningDigest()
        try await hub.blobs.blocking { try output.write(TarEntry.header(item.name, size: item.size)) }
        var offset: Int64 = 0
        while offset < item.size {
            try Task.checkCancellation()
            let start = offset
            offset = try await hub.blobs.blocking {
                var offset = start
                let end = min(item.size, start + Self.slice)
                while offset < end {
                    let bytes = try source.read(at: offset, count: Int(min(1 << 20, end - offset)))
                    guard !bytes.isEmpty else { throw Self.spoilt(item) }
                    hashing.update(bytes)
                    try output.write(bytes)
                    offset += Int64(bytes.count)
                }
                return offset
            }
        }
        guard hashing.digest == item.digest else { throw Self.spoilt(item) }
        try await hub.blobs.blocking { try output.write(TarEntry.padding(item.size)) }
    }

    private static func spoilt(_ item: BundleLayout.Item) -> HubError {
        HubError(
            .storageCorrupt,
            "The stored blob \(item.digest) has other bytes than its name says; no bundle was written.",
            remedy: "Run 'weir verify' and have it fetched again.")
    }

    /// Refs that the reader was given and that are gone, of repositories that are exported as a whole.
    private static func tombstones(_ gathered: Gathered, _ have: BundleHave) -> [BundleStatement.Tombstone] {
        var tombstones: [BundleStatement.Tombstone] = []
        let out = Set(gathered.leftOut.map { "\($0.repository) \($0.ref ?? "")" })
        for repository in gathered.repos {
            let name = "\(repository.kind):\(repository.id)"
            let kept = Set(repository.refs.map(\.name))
            for ref in (have.refs[name] ?? [:]).keys.sorted() where !kept.contains(ref) {
                // What was only left out is still there.
                guard !out.contains("\(name) \(ref)"), gathered.whole.contains(name) else { continue }
                tombstones.append(.init(type: "ref", subject: name, ref: ref, reason: "removed at the exporter"))
            }
        }
        return tombstones
    }

    private func note(
        _ predicate: BundleStatement.Predicate, _ gathered: Gathered, _ request: BundleRequest, _ key: SigningKey,
        _ output: BundleOutput
    ) async throws -> BundleExportReport {
        let statement = try BundleStatement(predicate)
        let id = statement.predicate.bundleId
        let ids = gathered.repos.compactMap { repo in
            RepositoryKind(rawValue: repo.kind).flatMap { RepositoryID(kind: $0, path: repo.id) }
                .map { BundleRecord.Repository(id: $0, commit: repo.commit, outcome: "exported") }
        }
        try await hub.bundles.note(
            BundleRecord(
                bundleID: id, direction: .outgoing, sequence: predicate.seq, keyID: key.publicKey.id,
                recipient: predicate.recipient, madeAt: statement.createdAt ?? hub.clock.now(),
                handledAt: hub.clock.now(), handledBy: request.requestedBy ?? request.principal?.label ?? "operator",
                bytes: output.total,
                state: .complete, file: request.output,
                statement: String(decoding: try statement.encoded(), as: UTF8.self)),
            contents: predicate.contains.filter { $0.role == "lfs" }.compactMap { content in
                BlobID(content.digest).map { ($0, content.size) }
            }, repositories: ids)
        let files =
            request.partSize == nil
            ? [request.output] : (0...output.parts.count).map { BundleOutput.name(request.output, part: $0) }
        return BundleExportReport(
            bundleId: id, seq: predicate.seq, files: files, bytes: output.total,
            repositories: ids.map(\.id.description), blobs: predicate.contains.count,
            required: predicate.requires.count, leftOut: gathered.leftOut)
    }
}

/// A digest that several jobs, one after the other, add to.
///
/// `@unchecked Sendable`: used by one job after the other.
final class RunningDigest: @unchecked Sendable {
    private var hash = SHA256()

    func update(_ bytes: [UInt8]) { hash.update(data: bytes) }

    /// Nil never: a SHA-256 has 32 bytes.
    var digest: BlobID { BlobID(digest: hash.finalize()) ?? BlobID(hashing: []) }
}
