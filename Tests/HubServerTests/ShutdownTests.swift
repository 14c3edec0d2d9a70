import HTTPTypes
import HubCore
import HubServer
import ServiceLifecycle
import Testing

@Suite("Shutdown")
struct ShutdownTests {
    /// Starts a hub whose only route waits, and calls `body` when a request is being answered.
    private static func whileAnswering(
        drain: Duration,
        _ body: @escaping @Sendable (ServiceGroup, _ answer: @escaping @Sendable () -> Void) async throws -> Void
    ) async throws -> WireResponse? {
        let (entries, enter) = AsyncStream<Void>.makeStream()
        let (answers, answer) = AsyncStream<Void>.makeStream()
        let (ports, found) = AsyncStream<Int>.makeStream()
        let route = Route(.get, "/wait", .open, errors: PlainErrorRendering()) { _ in
            enter.yield()
            for await _ in answers { break }
            try Task.checkCancellation()
            return .text("done")
        }
        var limits = ServerLimits()
        limits.drain = drain
        let log = CollectedLog()
        let application = try HubApplication(
            routes: [route], configuration: ServingConfiguration(port: 0, limits: limits),
            authenticator: { _ in .anonymous }, metrics: MetricRegistry(), logger: log.logger,
            onRunning: { found.yield($0) })
        let group = ServiceGroup(services: [application], logger: log.logger)
        async let running: Void = group.run()
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        async let response = TestServer.onThread {
            let client = try TestClient(port: port)
            defer { client.close() }
            return try? client.get("/wait")
        }
        for await _ in entries { break }
        try await body(group) { answer.yield() }
        try await running
        return try await response
    }

    @Test("a request in flight is finished before the server ends", .timeLimit(.minutes(1)))
    func drains() async throws {
        let response = try await Self.whileAnswering(drain: .seconds(60)) { group, answer in
            await group.triggerGracefulShutdown()
            answer()
        }
        #expect(response?.text == "done")
    }

    @Test("a request that does not end is cut off after the bound", .timeLimit(.minutes(1)))
    func cutsOff() async throws {
        let response = try await Self.whileAnswering(drain: .milliseconds(100)) { group, _ in
            await group.triggerGracefulShutdown()
        }
        #expect(response?.text != "done")
    }
}
