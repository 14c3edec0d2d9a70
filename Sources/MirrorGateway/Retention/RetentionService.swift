import HubCore
import Logging
import ServiceLifecycle

/// Runs retention from time to time and when the limits come near, and writes down what was used.
struct RetentionService: Service {
    let retention: Retention
    let logger: Logger

    /// Between two runs that are asked for: many downloads that begin at once are one run.
    private static let pause = Duration.seconds(1)
    /// Of the time that passes, a run takes no more than one in so many parts when nothing calls for it.
    private static let share = 50
    /// A server that has just started has better things to do.
    private static let firstWait: Int64 = 30_000

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await remind() }
            group.addTask {
                while (try? await Task.sleep(for: Self.pause)) != nil { retention.lookForArrivals() }
            }
            for await _ in retention.wishes.cancelOnGracefulShutdown() {
                let start = ContinuousClock.now
                await once()
                // Where there is much to look through, it is looked through less often.
                let pause = max(Self.pause, (ContinuousClock.now - start) * 10)
                try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
            }
            group.cancelAll()
        }
        try? await retention.store.writeUses(all: true)
    }

    private func remind() async {
        var wait = Duration.milliseconds(min(Self.firstWait, retention.times.every))
        while (try? await Task.sleep(for: max(.milliseconds(100), wait))) != nil {
            retention.ask()
            wait = max(.milliseconds(retention.times.every), retention.took * Self.share)
        }
    }

    private func once() async {
        do {
            try await cancelWhenGracefulShutdown {
                try await retention.store.writeUses()
                try await retention.run()
            }
        } catch is CancellationError {
            // The next start goes on where this one ended.
        } catch {
            logger.warning("stored content could not be looked through", metadata: ["error": "\(error)"])
        }
    }
}
