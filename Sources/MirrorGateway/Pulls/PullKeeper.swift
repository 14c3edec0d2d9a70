import HubCore
import Logging
import ServiceLifecycle

/// Writes down twice a second who took what and who asked for what is held, and the rest at the end.
///
/// A crash forgets what came since: less than a second.
package struct PullKeeper: Service {
    let pulls: PullStore
    let approvals: ApprovalRegister
    let logger: Logger
    var interval = Duration.milliseconds(500)

    package func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { [interval] in try await Task.sleep(for: interval) }
            await save()
        }
        await save()
    }

    /// Writes down what came since the last time.
    package func save() async {
        do {
            try await pulls.flush()
            try await approvals.flush()
        } catch {
            logger.warning("who took what could not be written down", metadata: ["error": "\(error)"])
        }
    }
}
