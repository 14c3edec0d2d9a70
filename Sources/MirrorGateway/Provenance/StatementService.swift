import HubCore
import Logging
import ServiceLifecycle

/// Signs what is due behind writers' backs. What a crash leaves is done after the next start.
struct StatementService: Service {
    let statements: RevisionStatements
    let logger: Logger

    private static let pause = Duration.seconds(2)
    private static let batch = 16

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                if try await statements.settle(limit: Self.batch) == Self.batch { continue }
            } catch {
                logger.warning("statements could not be signed", metadata: ["error": "\(error)"])
            }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.pause) }
        }
    }
}
