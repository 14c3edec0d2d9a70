import HubCore
import NIOCore
import ServiceLifecycle

/// When a stream of events looks for what is new: whenever something happened here, and at times for what other
/// processes did. It ends with the server, and with the client.
enum WakeLoop {
    private static let look = Duration.seconds(1)

    /// - Parameter body: goes through the wakes; those that come while it is busy are one.
    static func run(
        on changes: AsyncStream<Void>, _ body: @Sendable (AsyncStream<Void>) async throws -> Void
    ) async throws {
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for await _ in changes { wake.yield() } }
                group.addTask {
                    while !Task.isCancelled {
                        wake.yield()
                        try? await Task.sleep(for: look)
                    }
                }
                defer { group.cancelAll() }
                try await body(wakes)
            }
        } onGracefulShutdown: {
            wake.finish()
        }
    }
}
