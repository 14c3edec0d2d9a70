package import HubCore
package import Policies
import Synchronization

/// What licences hold for what is here: found out from each commit once, and concluded with everything it was made from.
package final class Licensing: Sendable {
    private let hub: Hub
    private let policies: PolicyEngine?
    package let comparison: LicenseTextComparison
    private let isOffline: Bool
    /// How upstreams are reached; nil where nobody asks them.
    private let transport: (any UpstreamTransport)?
    /// Who brings small files that are not here yet.
    private let source = Mutex<(any RepositorySource)?>(nil)
    private let memory: ConclusionMemory
    /// Names that upstreams were asked about in vain.
    private let unknown: ExpiringMemory<String, Bool>
    private static let unknownFor = Duration.seconds(600)
    /// Licence files that were read at upstreams; nil where they could not be.
    private let remote: ExpiringMemory<String, RemoteLicenseTexts.Found?>

    package init(
        hub: Hub, policies: PolicyEngine?, comparison: LicenseTextComparison, isOffline: Bool,
        transport: (any UpstreamTransport)? = nil
    ) {
        self.hub = hub
        self.policies = policies
        self.comparison = comparison
        self.isOffline = isOffline
        self.transport = transport
        memory = ConclusionMemory(clock: hub.clock)
        unknown = ExpiringMemory(clock: hub.clock, limit: 10_000)
        remote = ExpiringMemory(clock: hub.clock, limit: 2_000)
    }

    /// From now on, licence files that are LFS objects are fetched where they are not here.
    func fetch(from source: any RepositorySource) { self.source.withLock { $0 = source } }

    /// Changes when a conclusion that was told before may no longer hold.
    package var generation: Int { memory.generation }

    // MARK: One commit

    /// What a commit that is stored says; nil when it is not stored.
    /// - Parameters:
    ///   - mayFetch: whether a small file that is not here may be fetched for it.
    ///   - contents: reads the commit; nil for the usual way.
    package func evidence(
        of repository: Repository, commit: CommitID, mayFetch: Bool = true,
        contents: (@Sendable () async throws -> CommitContents)? = nil
    ) async throws -> LicenseEvidence? {
        let version = await comparison.version()
        if let known = try await hub.licenseEvidence.evidence(of: commit, in: repository.key, foundWith: version) {
            return known.evidence
        }
        // A tag may stand for it.
        guard let commit = try await hub.git.peelToCommit(commit, in: repository.key) else { return nil }
        let read = try await (contents ?? { try await self.contents(of: commit, in: repository) })()
        let reader = EvidenceReader(
            git: hub.git, blobs: hub.blobs, comparison: comparison,
            fetch: mayFetch ? fetching(commit, of: repository) : nil)
        let reading = try await reader.read(read, in: repository.key)
        if reading.isWhole {
            try await hub.licenseEvidence.record(
                reading.evidence, of: commit, in: repository.key, foundWith: version)
        }
        memory.forget(Self.names(of: repository))
        return reading.evidence
    }

    private func contents(of commit: CommitID, in repository: Repository) async throws -> CommitContents {
        try await RepositoryService(store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil)
            .contents(ofAcquired: commit, in: repository)
    }

    private func fetching(_ commit: CommitID, of repository: Repository) -> (
        @Sendable (LFSPointer, String) async throws -> BlobReader
    )? {
        guard repository.isMirror, !isOffline, let source = source.withLock({ $0 }) else { return nil }
        return { pointer, path in try await source.fetch(pointer, path: path, at: commit, of: repository) }
    }

    private static func names(of repository: Repository) -> Set<LineageName> {
        var names: Set = [LineageName(kind: repository.id.kind, path: repository.id.path)]
        if case .mirror(let origin) = repository.origin {
            names.insert(LineageName(kind: repository.id.kind, path: origin.path))
        }
        return names
    }

    // MARK: Conclusions

    /// What was concluded a moment ago; nil where that may no longer hold.
    func remembered(_ repository: Repository, _ commit: CommitID) -> LicenseConclusion? {
        memory[ConclusionMemory.Key(repository: repository.key, commit: commit)]?.conclusion
    }

    /// What holds for a commit, all things considered; nil when it is not stored.
    package func conclusion(
        of repository: Repository, commit: CommitID, contents: (@Sendable () async throws -> CommitContents)? = nil
    ) async throws -> LicenseConclusion? {
        try await finding(of: repository, commit: commit, contents: contents)?.conclusion
    }

    /// The same with everything that led to it.
    package func finding(
        of repository: Repository, commit: CommitID, contents: (@Sendable () async throws -> CommitContents)? = nil
    ) async throws -> LicenseFinding? {
        let key = ConclusionMemory.Key(repository: repository.key, commit: commit)
        if let known = memory[key] { return known }
        guard let evidence = try await evidence(of: repository, commit: commit, contents: contents) else { return nil }
        let mark = memory.mark
        let gathered = try await gatherer.gather(.stored(repository, commit, evidence))
        let finding = Self.finding(gathered, evidence, comparison: await comparison.problem())
        let isPassing = evidence.texts?.contains { $0.unread != nil } ?? false
        memory.remember(finding, names: gathered.names, for: key, mark: mark, isPassing: isPassing)
        return finding
    }

    /// What holds for something that is not here, by what its upstream tells of it.
    func finding(of description: RemoteDescription, mirror: String) async throws -> LicenseFinding {
        let gathered = try await gatherer.gather(.told(description, mirror: mirror))
        return Self.finding(gathered, LicenseEvidence(), comparison: nil)
    }

    private static func finding(
        _ gathered: LineageGatherer.Gathered, _ evidence: LicenseEvidence, comparison: String?
    ) -> LicenseFinding {
        LicenseFinding(
            conclusion: LicenseLineage(gathered.nodes).conclusion(of: gathered.root), evidence: evidence,
            chain: gathered.links, remarks: gathered.remarks + [comparison].compactMap(\.self))
    }

    private var gatherer: LineageGatherer {
        LineageGatherer(hub: hub) { [self] repository, commit in
            try await evidence(of: repository, commit: commit)
        } ask: { [self] edge, place in
            try await asked(edge, place)
        } remoteTexts: { [self] entry in
            await remoteTexts(of: entry)
        }
    }

    // MARK: Upstreams

    /// Asks the upstreams of the mirror in whose cards a name is written what it means.
    ///
    /// Names written here are nobody's business above, and neither is what is local by its name.
    private func asked(_ edge: LineageEdge, _ place: Lineage.Place) async throws -> RemoteEntry? {
        guard case .mirror(let name) = place, let id = RepositoryID(kind: edge.kind, path: edge.path),
            let mirror = inheriting(name)
        else { return nil }
        let key = "\(name) \(edge.kind.rawValue) \(edge.pathKey)"
        guard unknown[key] == nil, try await !hub.store.isLocalNamespace(id.namespace) else { return nil }
        for case let upstream as any BrowsableUpstream in mirror.upstreams {
            // Who does not answer now leaves it unknown, and is asked again later.
            guard let found = try? await upstream.describe(UpstreamPath(id)) else { continue }
            try await hub.catalogue.record([.described(found)], mirror: name, upstream: upstream.name)
            if let entry = try await hub.lineage.told(edge, writtenIn: place) { return entry }
        }
        unknown.remember(true, for: key, lifetime: Self.unknownFor)
        return nil
    }

    /// A mirror whose upstreams may be asked about what something was made from.
    private func inheriting(_ name: String) -> ConnectedMirror? {
        guard !isOffline, let mirror = policies?.current.mirrors.first(where: { $0.name == name }), mirror.asksUpstream,
            mirror.document.license?.inheritsFromBaseModel == true
        else { return nil }
        return mirror
    }

    private func remoteTexts(of entry: RemoteEntry) async -> RemoteLicenseTexts.Found? {
        guard let transport, entry.state == .present,
            let upstream = inheriting(entry.mirror)?.upstreams.first(where: { $0.name == entry.upstream })
        else { return nil }
        let key = "\(entry.id) \(entry.description.commit?.hex ?? "") \(await comparison.version())"
        if let known = remote[key] { return known }
        do {
            let found = try await RemoteLicenseTexts(transport: transport, comparison: comparison)
                .read(entry, at: upstream)
            remote.remember(found, for: key, lifetime: .seconds(3_600))
            return found
        } catch {
            // Its declared licence counts until it can be read.
            remote.remember(nil, for: key, lifetime: .seconds(60))
            return nil
        }
    }
}
