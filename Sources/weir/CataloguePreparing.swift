import HubCore
import Logging
import ServiceLifecycle

/// Reads what lists are counted from once the hub is up, so that nobody's first page waits for it.
struct CataloguePreparing: Service {
    let catalogue: LocalCatalogue
    let logger: Logger

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await catalogue.prepare() }
        } catch is CancellationError {
            return
        } catch {
            // The first list tries again.
            logger.warning("the lists could not be prepared", metadata: ["error": "\(error)"])
        }
        // All of it was read as texts once.
        FreedMemory.giveBack()
        try? await gracefulShutdown()
    }
}
