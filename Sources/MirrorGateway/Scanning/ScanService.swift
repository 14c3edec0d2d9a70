import HubCore
import Logging
import ServiceLifecycle

/// Looks for what is new and scans it, one blob or a few at a time.
struct ScanService: Service {
    let scanning: Scanning
    let revisions: RevisionScans
    let logger: Logger

    /// Commits with more entries are scanned when somebody asks for them.
    private static let mostFiles = 50_000
    /// Blobs of one look.
    private static let page = 1_000
    /// How long ago something may have been stored that was written down just now, in milliseconds.
    private static let overlap: Int64 = 60_000

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskCancellationHandler {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await survey() }
                    for _ in 0..<scanning.settings.workers { group.addTask { await work() } }
                    if scanning.settings.workers > 0 { group.addTask { await followHeads() } }
                }
            } onCancel: {
                // A thread that looks at a large file is not a task.
                scanning.stop.raise()
            }
        }
        await scanning.shutDown()
        await revisions.shutDown()
    }

    /// Puts into the queue what has no result yet: from the beginning after each start, then what is new.
    private func survey() async {
        var place: (storedAt: Int64, digest: String) = (0, "")
        while !Task.isCancelled {
            var isAtEnd = true
            do {
                try await scanning.noteNews()
                try await scanning.reclaim()
                if scanning.settings.workers > 0 {
                    let (lacking, next) = try await scanning.store.lacking(
                        version: BlobScans.version, wantsClamAV: scanning.clamd != nil, after: place,
                        limit: Self.page)
                    let (known, new) = (lacking.filter(\.isKnown), lacking.filter { !$0.isKnown })
                    try await scanning.store.enqueue(new.map(\.digest), .arrived, lacking: scanning.wanted)
                    try await scanning.store.enqueue(known.map(\.digest), .stale, lacking: scanning.wanted)
                    if let next {
                        place = next
                        isAtEnd = false
                    } else if place.storedAt > 0 {
                        // A transaction that was slow may have written an earlier time.
                        place = (max(0, min(place.storedAt, scanning.hub.clock.now()) - Self.overlap), "")
                    }
                }
                let backlog = try await scanning.store.backlog()
                scanning.metrics.gauge("hub_scan_queue", set: Double(backlog.waiting))
            } catch {
                tell(error)
            }
            let pause = isAtEnd ? scanning.settings.interval : 20
            guard (try? await Task.sleep(for: .milliseconds(pause))) != nil else { return }
        }
    }

    private func work() async {
        while !Task.isCancelled {
            var isIdle = true
            do {
                isIdle = try await !scanning.scanNext()
            } catch is CancellationError {
                return
            } catch let error as HubError where error.code == .blobNotFound {
                isIdle = false
            } catch {
                tell(error)
            }
            guard isIdle else { continue }
            guard (try? await Task.sleep(for: .milliseconds(scanning.settings.interval))) != nil else { return }
        }
    }

    /// Scans the files in git of default branches as they change.
    private func followHeads() async {
        var since: Int64 = 0
        var seen: [Int64: CommitID] = [:]
        while !Task.isCancelled {
            var isAtEnd = true
            do {
                let heads = try await scanning.store.heads(changedSince: since, limit: Self.page)
                for head in heads where seen[head.key] != head.commit {
                    try Task.checkCancellation()
                    seen[head.key] = head.commit
                    isAtEnd = false
                    do {
                        _ = try await revisions.scan(head.commit, of: head.key, atMost: Self.mostFiles)
                    } catch let error as HubError {
                        // Its repository may be gone, or its objects not here.
                        logger.debug("a revision was not scanned", metadata: ["error": "\(error)"])
                    }
                }
                if let last = heads.last {
                    if heads.count == Self.page, last.changedAt == since { since += 1 } else { since = last.changedAt }
                }
                if seen.count > 200_000 { seen.removeAll() }
            } catch {
                tell(error)
            }
            let pause = isAtEnd ? scanning.settings.interval * 2 : 20
            guard (try? await Task.sleep(for: .milliseconds(pause))) != nil else { return }
        }
    }

    private func tell(_ error: any Error) {
        guard !(error is CancellationError), !Task.isCancelled else { return }
        logger.warning("scans could not go on", metadata: ["error": "\(error)"])
    }
}
