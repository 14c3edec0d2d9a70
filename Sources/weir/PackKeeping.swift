import HubCore
import Logging
import ServiceLifecycle

/// Puts packs together where a mirror has fetched many, and lets go of what has not been used for a while.
struct PackKeeping: Service {
    let git: GitStore
    let logger: Logger

    private static let interval = Duration.seconds(30)

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while (try? await Task.sleep(for: Self.interval)) != nil { await git.rest() }
            }
            for await key in git.gathered.cancelOnGracefulShutdown() { await consolidate(key) }
            group.cancelAll()
        }
    }

    private func consolidate(_ key: Int64) async {
        do {
            try await cancelWhenGracefulShutdown { try await git.consolidate(key) }
        } catch is CancellationError {
            // The next arrival, or the collector, asks again.
        } catch {
            logger.warning("packs could not be put together", metadata: ["repository": "\(key)", "error": "\(error)"])
        }
    }
}
