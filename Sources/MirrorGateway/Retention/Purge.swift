package import HubCore

/// What is to be removed of a mirrored repository's stored content.
package struct Purge: Sendable {
    package var revision: Revision?
    package var blob: BlobID?
    /// Whether only what would go is told.
    package var isDryRun: Bool
    /// Whether what no upstream may give again goes too.
    package var isForced: Bool

    package init(revision: Revision? = nil, blob: BlobID? = nil, isDryRun: Bool = false, isForced: Bool = false) {
        self.revision = revision
        self.blob = blob
        self.isDryRun = isDryRun
        self.isForced = isForced
    }

    /// What went, or would go.
    package struct Report: Sendable {
        package var isDryRun = false
        package var removed = RetentionReport.Amount()
        /// What others link too.
        package var shared = RetentionReport.Amount()
        package var held: [RetentionHold: RetentionReport.Amount] = [:]

        package var json: JSONValue {
            .object([
                .init(key: "dryRun", value: .boolean(isDryRun)), .init(key: "removed", value: removed.json),
                .init(key: "shared", value: shared.json), .init(key: "held", value: RetentionReport.json(held)),
            ])
        }
    }
}

extension Retention {
    /// Removes stored content of a mirrored repository at once. Its links stay: who asks has it fetched again.
    /// - Parameters:
    ///   - repository: opened for `.mirrorSync`.
    ///   - principal: for the audit log.
    /// - Throws: `.badRequest` for a local repository, `.revisionNotFound`, `.blobNotFound`, `.conflict` when all there
    ///   is to remove are only copies, or is pinned.
    package func purge(_ purge: Purge, of repository: Repository) async throws -> Purge.Report {
        try await exclusively { try await self.remove(purge, of: repository) }
    }

    private func remove(_ purge: Purge, of repository: Repository) async throws -> Purge.Report {
        guard repository.verb == .mirrorSync else {
            throw HubError(.internalError, "\(repository.id) was opened to \(repository.verb.rawValue), not to purge.")
        }
        guard repository.isMirror else {
            throw HubError(
                .badRequest, "\(repository.id) is a repository of this hub, not of a mirror.",
                remedy: "Delete the files, or the repository.")
        }
        let eviction = BlobEviction(store: store, blobs: blobs)
        try await eviction.settle()
        let (pins, version) = try await content.pins()
        let inventory = try await store.retentionInventory(ofRepository: repository.key)
        let chosen = try await chosen(by: purge, in: inventory, of: repository)
        let standings = try await standings(of: inventory.mirrors.values, pins: pins)
        // What was fetched a moment ago goes too, and who reads it reads on.
        let judge = RetentionJudge(standings: standings, grace: 0) { _ in false }
        let (now, isForced, key) = (clock.now(), purge.isForced, repository.key)
        let mayGo: @Sendable (StoredBlob, [Int64: MirroredRepository]) -> Bool = { blob, mirrors in
            guard blob.repositories == [key] else { return false }
            switch judge.hold(blob, mirrors, now: .max) {
            case nil, .unlimited, .inUse, .young: return true
            case .onlyCopy: return isForced
            case .local, .uploaded, .pinned: return false
            }
        }
        var report = Purge.Report()
        report.isDryRun = purge.isDryRun
        var going: [StoredBlob] = []
        for blob in chosen {
            if blob.repositories != [key] {
                report.shared.add(blob.bytes)
            } else if mayGo(blob, inventory.mirrors) {
                going.append(blob)
            } else {
                report.held[judge.hold(blob, inventory.mirrors, now: now) ?? .onlyCopy, default: .init()].add(
                    blob.bytes)
            }
        }
        if purge.isDryRun {
            for blob in going { report.removed.add(blob.bytes) }
            return report
        }
        if going.isEmpty, report.held[.onlyCopy] != nil {
            throw HubError(
                .conflict, "What is stored of \(repository.id) are only copies: no upstream may give them again.",
                remedy: "Ask with force to remove them for ever.")
        }
        if going.isEmpty, report.held[.pinned] != nil {
            throw HubError(.conflict, "What is stored of \(repository.id) is pinned.", remedy: "Remove the pin first.")
        }
        let removed = try await eviction.remove(going.map(\.id), pins: version, mayGo: mayGo)
        for bytes in removed.values { report.removed.add(bytes) }
        try await store.noteEviction(
            .object([
                .init(key: "revision", value: purge.revision.map { .string($0.description) } ?? .null),
                .init(key: "digest", value: purge.blob.map { .string($0.hex) } ?? .null),
                .init(key: "force", value: .boolean(isForced)), .init(key: "removed", value: report.removed.json),
            ]), action: "retention.purge", of: repository.id.description, by: repository.principal)
        return report
    }

    private func chosen(by purge: Purge, in inventory: RetentionInventory, of repository: Repository) async throws
        -> [StoredBlob]
    {
        var blobs = inventory.blobs
        if let revision = purge.revision {
            guard let named = try await content.blobs(at: revision, in: repository.key) else {
                throw HubError(.revisionNotFound, "Nothing of '\(revision)' in \(repository.id) is here.")
            }
            blobs.removeAll { !named.contains($0.id) }
        }
        if let blob = purge.blob {
            blobs.removeAll { $0.id != blob }
            guard !blobs.isEmpty else {
                throw HubError(.blobNotFound, "\(repository.id) has no stored object \(blob.hex) there.")
            }
        }
        return blobs
    }
}
