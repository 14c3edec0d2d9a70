import Foundation
import HTTPTypes
import HubCore
import HubServer
import Logging
import Synchronization
import Testing

/// A hub on a port of its own for the length of one test.
struct TestServer: Sendable {
    let port: Int
    let metrics: MetricRegistry
    let log: CollectedLog

    /// Serves `routes` while `body` runs.
    static func run(
        _ routes: [Route], limits: ServerLimits = ServerLimits(), usesSendfile: Bool = true,
        baseURL: BaseURL = BaseURL(), answers: AnswerCache? = nil,
        authenticator: @escaping Authenticator = { _ in .anonymous },
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        let metrics = MetricRegistry()
        let log = CollectedLog()
        let (ports, found) = AsyncStream<Int>.makeStream()
        let application = try HubApplication(
            routes: routes,
            configuration: ServingConfiguration(
                port: 0, baseURL: baseURL, limits: limits, usesSendfile: usesSendfile),
            authenticator: authenticator, answers: answers, metrics: metrics, logger: log.logger,
            onRunning: { found.yield($0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            defer { group.cancelAll() }
            try await body(TestServer(port: port, metrics: metrics, log: log))
        }
    }

    /// Runs a blocking client on a thread of its own, so that it takes none from the server.
    func client<Value: Sendable>(_ body: @escaping @Sendable (TestClient) throws -> Value) async throws -> Value {
        try await Self.onThread { [port] in
            let client = try TestClient(port: port)
            defer { client.close() }
            return try body(client)
        }
    }

    static func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }
}

/// Keeps log lines for a test to look at.
final class CollectedLog: Sendable {
    private let lines = Mutex<[(message: String, metadata: Logger.Metadata)]>([])

    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    /// The metadata of lines with this message.
    func metadata(of message: String) -> [Logger.Metadata] {
        lines.withLock { $0.filter { $0.message == message }.map(\.metadata) }
    }

    private struct Handler: LogHandler {
        let log: CollectedLog
        var logLevel: Logger.Level = .info
        var metadata: Logger.Metadata = [:]
        var metadataProvider: Logger.MetadataProvider?

        subscript(metadataKey key: String) -> Logger.MetadataValue? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.lines.withLock {
                $0.append((event.message.description, metadata.merging(event.metadata ?? [:]) { $1 }))
            }
        }
    }
}
