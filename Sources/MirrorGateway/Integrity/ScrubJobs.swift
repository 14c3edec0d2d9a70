package import HubCore
import Logging
import ServiceLifecycle

/// A scrub as a durable job: it may be stopped at any moment, and goes on where it was.
package struct ScrubJobs: JobHandler {
    package var kind: String { Self.kind }
    static let kind = "scrub"

    let integrity: Integrity
    let jobs: JobStore
    /// Bytes a second where nobody says otherwise.
    let rate: Int64?

    package func run(_ job: Job, _ context: any JobContext) async throws {
        var rate = rate
        if case .integer(let wanted) = job.draft.payload["rate"] { rate = wanted }
        let counts = try await integrity.scrub(rate: rate, isRepair: true)
        try await integrity.retry()
        guard counts.damaged == counts.healed else {
            let open = try await integrity.scrubs.damages(isOpen: true, limit: 1_000).count
            guard open > 0 else { return }
            throw HubError(
                .storageCorrupt, "\(open) damaged things could not be healed.",
                remedy: "See GET /api/gateway/v1/scrub, and restore them from a backup.")
        }
    }

    /// Asks for a scrub, unless one is waiting or running.
    /// - Parameters:
    ///   - rate: bytes a second; nil for the usual rate.
    ///   - user: who asks; nil for the schedule.
    package func start(rate: Int64?, by user: String?) async throws -> Job {
        try await jobs.enqueue(
            JobDraft(
                kind: Self.kind, subject: "everything stored", uniqueKey: Self.kind, account: "hub",
                requestedBy: user, priority: .low,
                payload: .object(rate.map { [.init(key: "rate", value: .integer($0))] } ?? [])))
    }
}

/// Asks for a scrub whenever so much time has passed since the last one ended.
struct ScrubSchedule: Service {
    let jobs: ScrubJobs
    /// Milliseconds.
    let every: Int64
    let clock: WallClock
    let logger: Logger

    /// A server that has just started has better things to do.
    private static let firstWait: Int64 = 120_000

    func run() async throws {
        var wait = min(Self.firstWait, every)
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { [wait] in try await Task.sleep(for: .milliseconds(max(1_000, wait)))
            }
            if Task.isShuttingDownGracefully || Task.isCancelled { return }
            wait = min(every, 3_600_000)
            do {
                let last = try await jobs.integrity.scrubs.lastEnd() ?? 0
                if clock.now() - last >= every { _ = try await jobs.start(rate: nil, by: nil) }
            } catch {
                logger.warning("a scrub could not be asked for", metadata: ["error": "\(error)"])
            }
        }
    }
}
