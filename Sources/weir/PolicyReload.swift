import Logging
import MirrorGateway
import ServiceLifecycle
import UnixSignals

/// Reads the policy files again on SIGHUP. What is wrong with them is logged and leaves the policy in force.
struct PolicyReload: Service {
    let policies: PolicyEngine
    let logger: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            do {
                try policies.reload()
                logger.notice("policy reloaded", metadata: ["digest": "\(policies.current.digest)"])
            } catch let failure as PolicyLoadFailure {
                for problem in failure.problems {
                    logger.error(
                        "policy refused; the last good one stays in force", metadata: ["problem": "\(problem)"])
                }
            }
        }
    }
}
