package import HubCore
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// The HTTP server as a service: listens, answers by its routes, and on shutdown lets requests finish up to a bound.
package struct HubApplication: Service {
    /// What the `Server` header says.
    static let serverName = "weir"

    private let configuration: ServingConfiguration
    private let responder: HubResponder
    private let registry: ConnectionRegistry
    private let metrics: MetricRegistry
    private let logger: Logger
    private let onRunning: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - authenticator: finds the principal of a request; called once per request, when a handler asks.
    ///   - errors: renders what happens before a route is found.
    ///   - answers: keeps answers to give them again; nil to make each anew.
    ///   - onRunning: gets the port that was bound.
    /// - Throws: ``RouteTable/Mistake`` when the routes contradict each other.
    package init(
        routes: [Route], configuration: ServingConfiguration, authenticator: @escaping Authenticator,
        errors: any ErrorRendering = PlainErrorRendering(), answers: AnswerCache? = nil, metrics: MetricRegistry,
        logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws {
        self.configuration = configuration
        self.metrics = metrics
        self.logger = logger
        self.onRunning = onRunning
        let registry = ConnectionRegistry()
        self.registry = registry
        responder = HubResponder(
            dispatcher: RequestDispatcher(table: try RouteTable(routes), errors: errors, logger: logger),
            answers: answers,
            registry: registry, authenticator: authenticator, baseURL: configuration.baseURL,
            inflation: configuration.limits.inflation, usesSendfile: configuration.usesSendfile,
            accessLog: AccessLog(logger: logger, metrics: metrics))
        metrics.describe(
            "hub_http_connections_closed_total", .counter, help: "Connections closed for being slow, by reason.")
    }

    package func run() async throws {
        let limits = configuration.limits
        let application = makeApplication()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            group.addTask { [logger, registry] in
                // Returns early only when the group is done.
                try? await gracefulShutdown()
                try await Task.sleep(for: limits.drain)
                logger.warning("requests cut off at shutdown", metadata: ["connections": "\(registry.count)"])
                registry.closeAll()
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func makeApplication() -> Application<HubResponder> {
        let limits = configuration.limits
        let patience = limits.patience
        var quiet = logger
        quiet.logLevel = max(.notice, logger.logLevel)
        let application = Application(
            responder: responder,
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [
                        ConnectionGuard(limits: patience, registry: registry) { [metrics] reason in
                            metrics.counter(
                                "hub_http_connections_closed_total", labels: ["reason": reason.rawValue])
                        }, KeptAnswerHandler(responder),
                    ],
                    httpDecoderConfiguration: limits.decoder)),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: Self.serverName,
                backlog: 1024,
                availableConnectionsDelegate: .maximum(limits.connections, logger: quiet)),
            onServerRunning: { [onRunning] channel in await onRunning(channel.localAddress?.port ?? 0) },
            logger: quiet)
        return application
    }
}
