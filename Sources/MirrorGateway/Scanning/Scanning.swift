package import HubCore
package import Logging
import Policies
import Synchronization

/// How scans are done.
package struct ScanningSettings: Sendable, Hashable {
    /// How many blobs are scanned at once in the background; 0: only what somebody waits for.
    package var workers = 1
    /// The socket of ClamAV's daemon; nil: nobody looks for malware.
    package var clamdSocket: String?
    /// Milliseconds between two looks for what is new.
    package var interval: Int64 = 1_000

    package init() {}
}

/// Scans what is stored: in the background as it comes, and at once where somebody waits for it.
///
/// Each blob is scanned once, by one process, and known by its digest from then on.
package final class Scanning: Sendable {
    let hub: Hub
    let settings: ScanningSettings
    let clamd: ClamdClient?
    let metrics: MetricRegistry
    let logger: Logger
    let stop = ScanStopSign()
    /// Names this process as the holder of leases; made when the first one is taken.
    private let owner = Mutex<JobOwner?>(nil)
    private let flights = SingleFlight<BlobID, BlobScans>()
    /// For what somebody waits for: never behind what is scanned in the background.
    let urgent = ScanWorkers(threads: 2)
    let background: ScanWorkers
    private let changes = Mutex((count: 0, newest: Int64(0)))

    /// Milliseconds that a lease lasts which is not kept.
    static let lease: Int64 = 30_000
    private static let longestPause: Int64 = 300_000

    package init(hub: Hub, settings: ScanningSettings, metrics: MetricRegistry, logger: Logger) {
        self.hub = hub
        self.settings = settings
        self.metrics = metrics
        self.logger = logger
        clamd = settings.clamdSocket.map { [stop] in ClamdClient(path: $0, stop: stop) }
        background = ScanWorkers(threads: max(1, settings.workers), isYielding: true)
        metrics.describe("hub_scans_total", .counter, help: "Blobs that were scanned, by what was found.")
        metrics.describe("hub_scan_queue", .gauge, help: "Blobs that wait to be scanned.")
        metrics.describe("hub_scan_seconds", .histogram, help: "How long the scan of one blob took.")
        metrics.describe("hub_scan_failures_total", .counter, help: "Scans that came to no result.")
    }

    var store: ScanStore { hub.scans }

    /// Changes whenever something was found that is not clean, or is to be looked at anew.
    package var generation: Int { changes.withLock { $0.count } }

    func noteChange() { changes.withLock { $0.count += 1 } }

    /// Learns that other processes found something.
    func noteNews() async throws {
        let newest = try await store.newestFinding()
        changes.withLock { changes in
            if newest != changes.newest { changes = (changes.count + 1, newest) }
        }
    }

    // MARK: What is known

    /// What is known of a blob, whether it was looked at or not.
    package func report(of digest: BlobID) async throws -> BlobScans {
        BlobScans(digest, try await store.records(of: digest))
    }

    /// The same of several.
    package func reports(of digests: [BlobID]) async throws -> [BlobID: BlobScans] {
        let records = try await store.records(of: digests)
        var found: [BlobID: BlobScans] = [:]
        for digest in digests { found[digest] = BlobScans(digest, records[digest] ?? []) }
        return found
    }

    /// Whether nothing is left to be found out about a blob for now.
    func isSettled(_ scans: BlobScans) -> Bool { scans.report != nil && (clamd == nil || scans.malware != nil) }

    /// Of whom results are wanted.
    var wanted: (version: String, clamAV: Bool) { (BlobScans.version, clamd != nil) }

    /// Which virus scanner there is, and what is wrong with it; nil when none is configured.
    package func malwareScanner() async -> (version: String?, problem: String?)? {
        guard let clamd else { return nil }
        do {
            return (try await urgent.run { try clamd.version() }, nil)
        } catch {
            return (nil, (error as? HubError)?.line ?? "\(error)")
        }
    }

    // MARK: Scanning

    /// Has blobs scanned anew, soon.
    package func rescan(_ digests: [BlobID]) async throws {
        try await store.rescan(digests)
        noteChange()
    }

    /// Scans a stored blob, unless that was done: shared by all who wait for it, here and in other processes.
    /// - Throws: `.blobNotFound` when it is not stored, `.storageCorrupt` when its bytes are not those of its name.
    package func scan(_ digest: BlobID) async throws -> BlobScans {
        try await flights.run(digest) { [self] in
            while true {
                try Task.checkCancellation()
                let known = try await report(of: digest)
                if known.isCurrent, isSettled(known) { return known }
                try await store.enqueue([digest], .asked, lacking: wanted)
                if let lease = try await store.claim(digest, by: name(), lease: Self.lease) {
                    if let found = try await perform(lease, on: urgent) { return found }
                } else if try await store.waiting(digest) == nil {
                    continue
                }
                // Somebody else scans it, or it could not be scanned just now.
                try await Task.sleep(for: .milliseconds(250))
            }
        }.value
    }

    /// Scans what goes next.
    /// - Returns: false when nothing waits.
    func scanNext() async throws -> Bool {
        guard let lease = try await store.claim(by: name(), lease: Self.lease) else { return false }
        _ = try await perform(lease, on: background)
        return true
    }

    /// Scans a leased blob, and keeps the lease meanwhile.
    /// - Returns: nil when there was no result.
    private func perform(_ lease: ScanLease, on workers: ScanWorkers) async throws -> BlobScans? {
        guard let reader = try await hub.blobs.open(lease.digest) else {
            try await store.drop(lease)
            throw HubError(.blobNotFound, "The blob \(lease.digest) is not stored.")
        }
        let (file, stop, blobs) = (reader.file, stop, hub.blobs)
        let examination = BlobExamination(digest: lease.digest, clamd: clamd, clock: hub.clock) {
            blobs.isVerified(lease.digest, in: file)
        }
        let keeper = Task { [store] in
            while !Task.isCancelled {
                try await Task.sleep(for: .milliseconds(Self.lease / 3))
                guard try await store.renew(lease, for: Self.lease) else { return }
            }
        }
        defer { keeper.cancel() }
        do {
            let outcome = try await workers.run { try examination.run(file, stop: stop) }
            // Whoever has it scanned anew wants to know what is on the disk then.
            blobs.forgetVerification(of: lease.digest)
            return try await settle(lease, outcome)
        } catch let mismatch as BlobExamination.Mismatch {
            try await store.drop(lease)
            try await reject(mismatch.digest)
            throw HubError(
                .storageCorrupt, "The bytes stored as \(mismatch.digest) are others; they were taken out of the store.")
        } catch {
            let failure = error is CancellationError ? nil : "\(error)"
            try await store.release(lease, failure: failure, pause: failure == nil ? 0 : Self.pause(lease.attempts))
            guard failure != nil else { throw error }
            metrics.counter("hub_scan_failures_total", by: 1)
            logger.warning("a blob could not be scanned", metadata: ["sha256": "\(lease.digest)", "error": "\(error)"])
            return nil
        }
    }

    private func settle(_ lease: ScanLease, _ outcome: BlobExamination.Outcome) async throws -> BlobScans? {
        if let failure = outcome.malwareFailure {
            // What our own scanners found counts at once; ClamAV is asked again.
            try await store.note(outcome.records)
            try await store.release(lease, failure: failure, pause: Self.pause(lease.attempts))
            metrics.counter("hub_scan_failures_total", by: 1)
            logger.warning("the virus scanner could not be asked", metadata: ["error": "\(failure)"])
            noteChange()
            return nil
        }
        guard try await store.finish(lease, outcome.records) else { return nil }
        let scans = BlobScans(lease.digest, outcome.records)
        count(outcome.records, scans.verdict ?? .unknown)
        // What is clean takes nothing back that was said before.
        if scans.verdict != .clean { noteChange() }
        return scans
    }

    func count(_ records: [ScanRecord], _ verdict: ScanVerdict) {
        metrics.counter("hub_scans_total", labels: ["verdict": verdict.rawValue], by: 1)
        let milliseconds = records.reduce(0) { $0 + $1.milliseconds }
        metrics.observe("hub_scan_seconds", Double(milliseconds) / 1_000)
    }

    /// Takes a blob out of the store whose bytes are not those of its name, so that the right ones can come.
    private func reject(_ digest: BlobID) async throws {
        metrics.counter("hub_scan_failures_total", by: 1)
        logger.error("a stored blob is damaged", metadata: ["sha256": "\(digest)"])
        try await hub.blobs.quarantine(digest)
        noteChange()
    }

    private static func pause(_ attempts: Int64) -> Int64 {
        min(1_000 << min(max(attempts, 0), 12), longestPause)
    }

    // MARK: Leases

    /// Where processes show that they live: not beside those that do jobs, who clear away what the dead left.
    private var folder: String { hub.directory.jobs + "/scans" }

    func name() throws -> String {
        try owner.withLock { owner in
            if let owner { return owner.name }
            let new = try JobOwner(in: folder)
            owner = new
            return new.name
        }
    }

    /// Takes up at once what processes had leased that were killed.
    func reclaim() async throws {
        let folder = folder
        let dead = try await store.owners(otherThan: name()).filter { JobOwner.isGone($0, in: folder) }
        _ = try await store.reclaim(from: dead)
    }

    /// Ends what is under way; what was not finished is scanned after the next start.
    func shutDown() async {
        stop.raise()
        await flights.shutDown()
        owner.withLock { owner in
            owner?.end()
            owner = nil
        }
    }
}
