/// Reads everything that is stored, at a pace, and tells what is not what its name says.
package struct Scrubber: Sendable {
    private let store: RepositoryStore
    private let git: GitStore
    private let blobs: FileBlobStore
    private let xet: String
    private let pace: ScrubPace

    /// - Parameter rate: bytes a second; nil for as fast as it goes.
    package init(hub: Hub, rate: Int64?) {
        store = hub.store
        git = hub.git
        blobs = hub.blobs
        xet = hub.directory.xet
        pace = ScrubPace(rate: rate)
    }

    /// Goes through all of it from a position on.
    /// - Parameters:
    ///   - found: gets what is damaged, of a repository all at once, and does what is to be done about it before
    ///     anything else is read; says how many of them are right again.
    ///   - reached: gets how far it is after each blob, repository and xorb.
    /// - Throws: `CancellationError`, `DatabaseError`, or what the two throw.
    package func run(
        from start: ScrubPosition = ScrubPosition(), counts: ScrubCounts = ScrubCounts(),
        found: ([ScrubFinding]) async throws -> Int64,
        reached: (ScrubPosition, ScrubCounts) async throws -> Void
    ) async throws -> ScrubCounts {
        var (position, counts) = (start, counts)
        func tell(_ findings: [ScrubFinding]) async throws {
            guard !findings.isEmpty else { return }
            counts.damaged += Int64(findings.count)
            counts.healed += try await found(findings)
        }
        if position.part == .blobs {
            for try await id in blobs.allIDs() where id.hex > position.after {
                switch try await blobs.check(id, pace: pace) {
                case .absent: continue
                case .good(let bytes): counts.bytes += bytes
                case .damaged(let bytes, let reason):
                    counts.bytes += bytes
                    try await tell([ScrubFinding(.blob, id.hex, reason: reason)])
                }
                counts.blobs += 1
                position.after = id.hex
                try await reached(position, counts)
            }
            position.part = .git
            position.after = ""
        }
        if position.part == .git {
            let done = Int64(position.after) ?? 0
            for repository in try await store.everyRepository() where repository.key > done {
                var findings: [ScrubFinding] = []
                for file in try await git.scrubbedFiles(of: repository.key) {
                    let problem = try await git.problem(of: file, in: repository.key, pace: pace)
                    counts.gitFiles += 1
                    counts.bytes += file.bytes
                    guard let problem else { continue }
                    findings.append(ScrubFinding(file.kind, file.name, in: repository.key, reason: problem))
                }
                try await tell(findings)
                counts.repositories += 1
                position.after = String(repository.key)
                try await reached(position, counts)
            }
            position.part = .xorbs
            position.after = ""
        }
        guard XorbStore.exists(at: xet) else { return counts }
        let xorbs = try XorbStore(root: xet)
        for prefix in UInt8.min ... .max {
            for name in try await xorbs.names(beginningWith: prefix) where name.text > position.after {
                let (bytes, problem) = try await xorbs.check(name, pace: pace)
                counts.xorbs += 1
                counts.bytes += bytes
                if let problem { try await tell([ScrubFinding(.xorb, name.text, reason: problem)]) }
                position.after = name.text
                try await reached(position, counts)
            }
        }
        return counts
    }

    /// Takes what is damaged out of the way, so that nothing of it is served, and mends what can be made of what is
    /// here.
    /// - Returns: git objects that are gone with it; nil when nothing is, or it is no git file.
    package func setAside(_ finding: ScrubFinding) async throws -> [ObjectID]? {
        switch finding.kind {
        case .blob:
            guard let id = BlobID(finding.name) else { return nil }
            do {
                try await blobs.quarantine(id)
            } catch let error as HubError where error.code == .notFound {
                // Somebody was faster.
            }
            return nil
        case .xorb:
            guard let name = XetHash(finding.name) else { return nil }
            try await XorbStore(root: xet).lose(name)
            return nil
        case .pack: return try await git.rescue(pack: finding.name, in: finding.repository).lost
        case .object, .derived: return try await setAsideFile(finding)
        }
    }

    private func setAsideFile(_ finding: ScrubFinding) async throws -> [ObjectID]? {
        let files = try await git.scrubbedFiles(of: finding.repository)
        guard let file = files.first(where: { $0.kind == finding.kind && $0.name == finding.name }) else { return nil }
        if let id = file.object {
            try await git.setAside(file, in: finding.repository)
            let lost = try await git.missing([id], in: finding.repository)
            return lost.isEmpty ? nil : lost
        }
        guard file.path.hasSuffix(".idx") else {
            // Git does without it, and upkeep makes it anew.
            try await git.setAside(file, in: finding.repository)
            return nil
        }
        let pack = String(file.name.dropLast("idx".count)) + "pack"
        guard let packFile = files.first(where: { $0.name == pack }) else { return nil }
        if try await git.problem(of: packFile, in: finding.repository, pace: ScrubPace(rate: nil)) != nil {
            // Both are damaged: what the index says is lost is what the pack is looked through for.
            return try await git.rescue(pack: pack, in: finding.repository).lost
        }
        try await git.setAside(file, in: finding.repository)
        if try await git.rebuildIndex(ofPack: pack, in: finding.repository) { return nil }
        return try await git.rescue(pack: pack, in: finding.repository).lost
    }
}
