import HubCore
import Logging
import ServiceLifecycle

/// Makes the files of journaled commits durable behind their writers' backs, and once more at the end.
struct JournalSettling: Service {
    let journal: ObjectJournal
    let logger: Logger

    /// Long enough for a burst to share one sync, short enough for the journal to stay small.
    private static let interval = Duration.seconds(2)
    /// How often a journal that fills faster is looked for.
    private static let glance = Duration.milliseconds(200)

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { try await pause() }
            do {
                try await journal.settle()
            } catch {
                // Nothing is lost: the entries stay, and the next round tries again.
                logger.warning("journaled commits could not be settled", metadata: ["error": "\(error)"])
            }
        }
    }

    private func pause() async throws {
        let end = ContinuousClock.now + Self.interval
        while ContinuousClock.now < end, !journal.room.isHalfFull { try await Task.sleep(for: Self.glance) }
    }
}
