import Logging
import ServiceLifecycle

/// Keeps what recommendations are made from fresh while somebody asks for them.
struct RecommendationService: Service {
    let recommender: Recommender
    let logger: Logger
    let interval: Duration

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: interval) }
            guard !Task.isShuttingDownGracefully, !Task.isCancelled else { break }
            do {
                try await cancelWhenGracefulShutdown { try await recommender.renewIfWanted() }
            } catch is CancellationError {
                break
            } catch {
                logger.warning("recommendations could not be renewed", metadata: ["error": "\(error)"])
            }
        }
        await recommender.shutDown()
    }
}
