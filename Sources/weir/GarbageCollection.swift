import HubCore
import Logging
import ServiceLifecycle

/// Collects garbage from time to time and when an administrator asks for it, resting between batches.
struct GarbageCollection: Service {
    let hub: Hub
    let settings: ReclaimSettings
    /// Milliseconds from the end of one run to the next; nil for only when asked.
    let every: Int64?
    let logger: Logger

    /// A server that has just started has better things to do.
    private static let firstWait: Int64 = 60_000
    /// Between two batches.
    private static let pause = Duration.milliseconds(20)

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await remind() }
            for await _ in hub.reclaimRequests.stream.cancelOnGracefulShutdown() { await collect() }
            group.cancelAll()
        }
    }

    /// Asks for a run whenever the time has come, by the record of the last one: a restart does not put it off.
    private func remind() async {
        guard let every else { return }
        var wait = Self.firstWait
        if let last = try? await Reclaimer(hub: hub, settings: settings).lastRun() {
            wait = min(max(wait, last.at + every - hub.clock.now()), every)
        }
        while (try? await Task.sleep(for: .milliseconds(max(1, wait)))) != nil {
            hub.reclaimRequests.ask()
            wait = every
        }
    }

    private func collect() async {
        do {
            let report = try await cancelWhenGracefulShutdown {
                try await Reclaimer(hub: hub, settings: settings, pause: Self.pause).run()
            }
            logger.notice(
                "collected garbage",
                metadata: [
                    "bytes": "\(report.removedBytes)",
                    "removed": "\(report.removed.values.reduce(0) { $0 + $1.count })",
                    "consolidated": "\(report.consolidated)", "skipped": "\(report.skipped)",
                ])
            for problem in report.problems {
                logger.warning("garbage could not be collected", metadata: ["problem": "\(problem)"])
            }
        } catch is CancellationError {
            // The next run goes on where this one ended.
        } catch {
            logger.warning("garbage could not be collected", metadata: ["error": "\(error)"])
        }
    }
}
