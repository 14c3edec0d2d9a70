package import HubCore
import Logging

/// Finds what is damaged of what is stored, keeps it from being served, and brings it back.
package struct Integrity: Sendable {
    private let hub: Hub
    private let source: MirrorSource?
    private let blobs: BlobHealer
    private let metrics: MetricRegistry
    private let logger: Logger
    package let scrubs: ScrubStore

    /// Between two notes of how far a scrub is.
    private static let noteEvery = Duration.seconds(2)

    /// - Parameter folders: where blobs may be found beside upstreams.
    init(
        hub: Hub, source: MirrorSource?, transport: any UpstreamTransport, folders: [String], metrics: MetricRegistry,
        logger: Logger
    ) {
        self.hub = hub
        self.source = source
        self.metrics = metrics
        self.logger = logger
        scrubs = ScrubStore(hub: hub)
        blobs = BlobHealer(
            hub: hub, scrubs: scrubs, source: source, transport: transport, folders: FolderSource(folders: folders),
            logger: logger)
        metrics.describe("weir_scrub_bytes_total", .counter, help: "Bytes that scrubs read.")
        metrics.describe("weir_scrub_damaged_total", .counter, help: "Stored things that were found damaged, by kind.")
        metrics.describe("weir_scrub_healed_total", .counter, help: "Damaged things that are right again, by kind.")
    }

    // MARK: Scrubbing

    /// Reads all that is stored, going on where an interrupted scrub ended.
    /// - Parameters:
    ///   - rate: bytes a second; nil for as fast as it goes.
    ///   - isRepair: whether what is damaged is taken out of the way and healed, or only told.
    ///   - progress: gets how far it is, now and then.
    /// - Returns: what it read and found.
    package func scrub(
        rate: Int64?, isRepair: Bool, progress: (ScrubPosition, ScrubCounts) async throws -> Void = { _, _ in }
    ) async throws -> ScrubCounts {
        let run = try await scrubs.begin()
        var noted = ContinuousClock.now
        var bytes = run.counts.bytes
        let scrubber = Scrubber(hub: hub, rate: rate)
        var reached = (run.position, run.counts)
        let counts: ScrubCounts
        do {
            counts = try await scrubber.run(from: run.position, counts: run.counts) { findings in
                try await handle(findings, scrubber, isRepair: isRepair)
            } reached: { position, counts in
                reached = (position, counts)
                metrics.counter("weir_scrub_bytes_total", by: Int(counts.bytes - bytes))
                bytes = counts.bytes
                guard noted.duration(to: .now) >= Self.noteEvery else { return }
                noted = .now
                try await scrubs.note(position, counts, of: run.id)
                try await progress(position, counts)
            }
        } catch {
            // A scrub that is stopped goes on here, not from its beginning.
            try? await scrubs.note(reached.0, reached.1, of: run.id)
            throw error
        }
        try await scrubs.note(reached.0, counts, of: run.id, isFinished: true)
        try await progress(reached.0, counts)
        return counts
    }

    /// Heals again what was found before and could not be healed then.
    package func retry() async throws {
        for damage in try await scrubs.damages(isOpen: true, limit: 10_000) {
            _ = try await heal([damage.finding], lost: [])
        }
    }

    /// A blob that was found damaged while it was read.
    package func found(_ finding: ScrubFinding) async {
        do {
            _ = try await handle([finding], Scrubber(hub: hub, rate: nil), isRepair: true)
        } catch {
            logger.error(
                "a damaged blob could not be put aside", metadata: ["blob": "\(finding.name)", "error": "\(error)"])
        }
    }

    /// - Returns: how many of the findings are right again.
    private func handle(_ findings: [ScrubFinding], _ scrubber: Scrubber, isRepair: Bool) async throws -> Int64 {
        for finding in findings {
            try await scrubs.note(finding)
            metrics.counter("weir_scrub_damaged_total", labels: ["kind": finding.kind.rawValue])
            logger.error(
                "something stored is damaged",
                metadata: [
                    "kind": "\(finding.kind.rawValue)", "name": "\(finding.name)",
                    "repository": "\(finding.repository)", "reason": "\(finding.reason)",
                ])
        }
        guard isRepair else { return 0 }
        // All of it goes before anything comes: what is damaged must not stand in for what is fetched.
        var lost: [ObjectID] = []
        for finding in findings { lost += try await scrubber.setAside(finding) ?? [] }
        return try await heal(findings, lost: lost)
    }

    // MARK: Healing

    /// Brings back a blob by its digest.
    /// - Returns: whether it is here and right.
    package func heal(_ id: BlobID) async throws -> Bool {
        if try await hub.blobs.size(of: id) != nil { return true }
        guard let place = try await blobs.heal(id) else { return false }
        try await note(ScrubFinding(.blob, id.hex, reason: ""), from: place)
        return true
    }

    private func heal(_ findings: [ScrubFinding], lost: [ObjectID]) async throws -> Int64 {
        var healed: Int64 = 0
        var ofGit: [ScrubFinding] = []
        for finding in findings {
            switch finding.kind {
            case .blob:
                if let id = BlobID(finding.name), try await heal(id) { healed += 1 }
            case .xorb:
                // Blobs hold what was uploaded; clients send chunks again that they want to build on.
                try await note(finding, from: "given up")
                healed += 1
            case .pack, .object, .derived: ofGit.append(finding)
            }
        }
        guard let key = ofGit.first?.repository else { return healed }
        guard let place = try await heal(repository: key, lost: lost) else { return healed }
        for finding in ofGit { try await note(finding, from: place) }
        return healed + Int64(ofGit.count)
    }

    /// Brings back what is missing of a git repository.
    /// - Returns: where it came from; nil when something it has to hold is still missing.
    private func heal(repository key: Int64, lost: [ObjectID]) async throws -> String? {
        guard let id = try await scrubs.repository(key) else { return "removed" }
        let repository = try await Authorizer(store: hub.store, source: nil).openAsOperator(.contentRead, id)
        let roots = try await scrubs.roots(of: key)
        let isWhole: @Sendable () async throws -> Bool = { [git = hub.git] in
            try await git.isWhole(key, from: roots.map(\.object))
        }
        if try await isWhole() { return "what is here" }
        var rest = lost
        for other in try await scrubs.repositories(beside: key) where !rest.isEmpty {
            rest = try await hub.git.adopt(rest, into: key, from: other)
        }
        if try await isWhole() { return "other repositories" }
        return try await source?.repair(roots, of: repository, until: isWhole)
    }

    private func note(_ finding: ScrubFinding, from place: String) async throws {
        try await scrubs.noteHealed(finding.kind, finding.name, in: finding.repository, from: place)
        metrics.counter("weir_scrub_healed_total", labels: ["kind": finding.kind.rawValue])
        logger.notice(
            "healed",
            metadata: ["kind": "\(finding.kind.rawValue)", "name": "\(finding.name)", "source": "\(place)"])
    }
}
