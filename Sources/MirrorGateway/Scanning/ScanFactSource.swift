package import HubCore
package import Policies
import Synchronization

/// Tells the gate what scans found, and has done what was not done yet.
package final class ScanFactSource: FactSource, Sendable {
    private struct Place: Hashable, Sendable {
        let key: Int64
        let commit: CommitID
    }

    /// Where the files of a commit are.
    private struct Index: Sendable {
        /// LFS objects by path.
        let objects: [String: LFSPointer]
        /// Files in git.
        let files: Set<String>
        /// When it was first asked for: from then on its scan is waited for.
        let since: Int64
        let order: UInt64

        var weight: Int { objects.count + files.count + 1 }
    }

    private struct Indexes {
        var all: [Place: Index] = [:]
        var weight = 0
        var counter: UInt64 = 0
    }

    private let scanning: Scanning
    private let revisions: RevisionScans
    private let upstreams: UpstreamScans
    private let policies: PolicyEngine
    private let indexes = Mutex(Indexes())
    private let findings: ExpiringMemory<String, RevisionFindings>
    /// Brings a blob here that is not; set once there is somebody who can.
    private let bringer = Mutex<(@Sendable (LFSPointer, String, CommitID, Repository) async throws -> Void)?>(nil)
    private let arrivals = SingleFlight<BlobID, Void>()

    private static let maximumWeight = 500_000
    /// A whole tree is looked through for as long as `git` waits.
    private static let treePatience = Duration.seconds(60)

    init(scanning: Scanning, revisions: RevisionScans, upstreams: UpstreamScans, policies: PolicyEngine) {
        self.scanning = scanning
        self.revisions = revisions
        self.upstreams = upstreams
        self.policies = policies
        findings = ExpiringMemory(clock: scanning.hub.clock, limit: 256)
    }

    /// Says who brings blobs that are to be scanned before they are served.
    func bring(by bring: @escaping @Sendable (LFSPointer, String, CommitID, Repository) async throws -> Void) {
        bringer.withLock { $0 = bring }
    }

    package var generation: Int { scanning.generation }

    package func add(
        to facts: inout Facts, for request: ContentRequest, contents: @Sendable () async throws -> CommitContents
    ) async throws {
        guard let settings = policies.current.mirror(of: request.repository)?.document.scan else { return }
        switch request.scope {
        case .metadata: return
        case .tree:
            guard let commit = request.commit else { return }
            facts.scan = try await treeFacts(commit, request, settings, contents)
        case .file(let path, _):
            facts.scan = try await fileFacts(path, request, settings, contents)
        }
    }

    package func settle(
        _ facts: inout Facts, for request: ContentRequest, contents: @Sendable () async throws -> CommitContents
    ) async throws {
        guard let mirror = policies.current.mirror(of: request.repository), let settings = mirror.document.scan,
            let commit = request.commit
        else { return }
        let index = try await index(commit, request.repository.key, contents)
        var patience = min(ScanPatience.current, settings.effectiveDelay)
        let work: @Sendable () async throws -> Void
        let (repository, revisions) = (request.repository, revisions)
        if let (pointer, path) = object(of: request, index) {
            // Nothing is brought here for who does not wait: he comes back for the bytes.
            if patience <= .zero, try await scanning.hub.blobs.size(of: pointer.oid) == nil { return }
            work = { [self] in try await scanStored(pointer, path, commit, repository) }
        } else {
            if case .tree = request.scope, patience > .zero {
                patience = min(Self.treePatience, settings.effectiveDelay)
            }
            work = { _ = try await revisions.scan(commit, of: repository.key) }
        }
        let upstreams = upstreams
        let isDue =
            settings.importUpstreamStatus ? try await upstreams.known(commit, of: repository.key).isDue : false
        let failure = await Self.wait(patience) { [work] in
            if isDue { _ = try await upstreams.ask(commit, of: repository) }
            try await work()
        }
        // Why it cannot be had is told as it is.
        if let failure { throw failure }
        try await add(to: &facts, for: request, contents: contents)
    }

    // MARK: Facts

    /// What is known of all that git transports beside its files, which are judged one by one.
    private func treeFacts(
        _ commit: CommitID, _ request: ContentRequest, _ settings: ScanSettings,
        _ contents: @Sendable () async throws -> CommitContents
    ) async throws -> ScanFacts {
        let key = request.repository.key
        guard let found = try await revisionFindings(commit, key), !awaitsMalware(found, settings) else {
            return pending(since: try await index(commit, key, contents).since, [])
        }
        return ScanFacts(state: .done, verdict: found.whole.worst, findings: found.whole.worstFirst)
    }

    private func fileFacts(
        _ path: String, _ request: ContentRequest, _ settings: ScanSettings,
        _ contents: @Sendable () async throws -> CommitContents
    ) async throws -> ScanFacts? {
        guard let commit = request.commit else { return nil }
        let key = request.repository.key
        let index = try await index(commit, key, contents)
        var told: [ScanFinding] = []
        var awaitsUpstream = false
        if settings.importUpstreamStatus {
            let (record, isDue) = try await upstreams.known(commit, of: key)
            if let finding = UpstreamScans.finding(record, path) { told.append(finding) }
            awaitsUpstream = isDue && record == nil
            if isDue, settings.serveBeforeScan {
                let (upstreams, repository) = (upstreams, request.repository)
                Task { _ = try? await upstreams.ask(commit, of: repository) }
            }
        }
        let facts: ScanFacts
        if let (pointer, path) = object(of: request, index) {
            let whole = try await revisionFindings(commit, key)?.whole(about: path) ?? []
            facts = try await objectFacts(pointer.oid, path, settings, told + whole)
        } else if index.files.contains(path) {
            facts = try await gitFacts(path, commit, key, since: index.since, settings, told)
        } else {
            // Which bytes these are nobody can say.
            facts = Self.done([Self.unknown("content", "is not a file of the commit")] + told)
        }
        guard awaitsUpstream, facts.state == .done else { return facts }
        return pending(since: index.since, facts.findings)
    }

    private func objectFacts(
        _ digest: BlobID, _ path: String, _ settings: ScanSettings, _ told: [ScanFinding]
    ) async throws -> ScanFacts {
        let scans = try await scanning.report(of: digest)
        guard let report = scans.report, scans.malware != nil || scanning.clamd == nil || !settings.requiresMalware
        else {
            let waiting = try await scanning.store.waiting(digest)
            return pending(since: waiting?.since, scans.findings(under: path) + told)
        }
        var findings = scans.findings(under: path) + told
        if scans.malware == nil, settings.requiresMalware { findings.append(Self.unlooked) }
        let facts = Self.done(findings)
        // A report may be worse than what is kept of it.
        return ScanFacts(state: .done, verdict: max(facts.verdict, report.verdict), findings: facts.findings)
    }

    private func gitFacts(
        _ path: String, _ commit: CommitID, _ key: Int64, since: Int64, _ settings: ScanSettings, _ told: [ScanFinding]
    ) async throws -> ScanFacts {
        guard let found = try await revisionFindings(commit, key), !awaitsMalware(found, settings) else {
            return pending(since: since, told)
        }
        let file = found.files[path]
        var findings = (file?.findings ?? []) + found.whole(about: path) + told
        if found.malwareVersion == nil, settings.requiresMalware { findings.append(Self.unlooked) }
        let facts = Self.done(findings)
        return ScanFacts(
            state: .done, verdict: max(facts.verdict, file?.verdict ?? .clean), findings: facts.findings)
    }

    /// Whether the virus scanner is still to be asked, which could not answer before.
    private func awaitsMalware(_ found: RevisionFindings, _ settings: ScanSettings) -> Bool {
        settings.requiresMalware && scanning.clamd != nil && found.malwareVersion == nil
    }

    private static func done(_ findings: [ScanFinding]) -> ScanFacts {
        ScanFacts(state: .done, verdict: findings.worst, findings: findings.worstFirst)
    }

    private func pending(since: Int64?, _ findings: [ScanFinding]) -> ScanFacts {
        let waited = since.map { Duration.milliseconds(max(0, scanning.hub.clock.now() - $0)) }
        return ScanFacts(
            state: .pending, verdict: max(.unknown, findings.worst), findings: findings.worstFirst, pendingFor: waited)
    }

    private static let unlooked = ScanFinding(
        scanner: "malware", verdict: .unknown, code: "malware.not-looked", place: "",
        text: "nobody looked for malware in it: no virus scanner has seen it")

    private static func unknown(_ scanner: String, _ text: String) -> ScanFinding {
        ScanFinding(scanner: scanner, verdict: .unknown, code: "\(scanner).unknown", place: "", text: text)
    }

    // MARK: Commits

    /// The LFS object that is asked for, and under which path; nil for a file in git.
    private func object(of request: ContentRequest, _ index: Index) -> (LFSPointer, String)? {
        guard case .file(let path, let size) = request.scope else { return nil }
        if let pointer = index.objects[path] { return (pointer, path) }
        guard path.isEmpty, let digest = request.digest else { return nil }
        return (LFSPointer(oid: digest, size: size), path)
    }

    private func revisionFindings(_ commit: CommitID, _ key: Int64) async throws -> RevisionFindings? {
        let name = "\(key) \(commit.hex) \(generation)"
        if let known = findings[name] { return known }
        let found = try await revisions.known(commit, of: key)
        if let found { findings.remember(found, for: name, lifetime: .seconds(600)) }
        return found
    }

    private func index(
        _ commit: CommitID, _ key: Int64, _ contents: @Sendable () async throws -> CommitContents
    ) async throws -> Index {
        let place = Place(key: key, commit: commit)
        if let known = indexes.withLock({ $0.all[place] }) { return known }
        var objects: [String: LFSPointer] = [:]
        var files: Set<String> = []
        for file in try await contents().files {
            if let pointer = file.lfs { objects[file.path] = pointer } else { files.insert(file.path) }
        }
        let now = scanning.hub.clock.now()
        return indexes.withLock { indexes in
            if let known = indexes.all[place] { return known }
            indexes.counter += 1
            let index = Index(objects: objects, files: files, since: now, order: indexes.counter)
            indexes.all[place] = index
            indexes.weight += index.weight
            while indexes.weight > Self.maximumWeight, indexes.all.count > 1,
                let oldest = indexes.all.min(by: { $0.value.order < $1.value.order }), oldest.key != place
            {
                indexes.weight -= oldest.value.weight
                indexes.all[oldest.key] = nil
            }
            return index
        }
    }

    // MARK: Work

    /// Scans an LFS object, which is brought here first where it is not.
    private func scanStored(
        _ pointer: LFSPointer, _ path: String, _ commit: CommitID, _ repository: Repository
    ) async throws {
        let (scanning, bring) = (scanning, bringer.withLock { $0 })
        _ = try await arrivals.run(pointer.oid) {
            if try await scanning.hub.blobs.size(of: pointer.oid) == nil {
                guard let bring else { return }
                try await bring(pointer, path, commit, repository)
            }
            _ = try await scanning.scan(pointer.oid)
        }
    }

    /// Waits for work that goes on by itself, for a time.
    /// - Returns: why it failed within that time.
    private static func wait(_ patience: Duration, _ work: @escaping @Sendable () async throws -> Void) async
        -> HubError?
    {
        let (stream, continuation) = AsyncStream<HubError>.makeStream()
        Task {
            do { try await work() } catch { if let error = error as? HubError { continuation.yield(error) } }
            continuation.finish()
        }
        guard patience > .zero else { return nil }
        return await withTaskGroup(of: HubError?.self) { group in
            group.addTask {
                for await error in stream { return error }
                return nil
            }
            group.addTask {
                try? await Task.sleep(for: patience)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    func shutDown() async { await arrivals.shutDown() }
}

extension ScanSettings {
    fileprivate var requiresMalware: Bool { required.contains(.malware) }
}
