import HubCore
import Logging
import ServiceLifecycle

/// Signs what the transparency log is from time to time, and when the server stops.
struct CheckpointKeeping: Service {
    let log: TransparencyLog
    /// Milliseconds between two checkpoints.
    let every: Int64
    let logger: Logger

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            await sign()
            try? await cancelWhenGracefulShutdown { [every] in
                try await Task.sleep(for: .milliseconds(max(1_000, every)))
            }
        }
        await sign()
    }

    private func sign() async {
        do {
            try await log.checkpoint()
        } catch {
            // A log that was tampered with is told in every interval until somebody looks.
            logger.error("the transparency log was not signed", metadata: ["error": "\(error)"])
        }
    }
}
