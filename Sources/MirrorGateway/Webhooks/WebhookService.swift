import HubCore
import Logging
import ServiceLifecycle

/// Sends what is queued for webhooks, through the one way out.
struct WebhookService: Service {
    let dispatcher: WebhookDispatcher
    let logger: Logger
    let interval: Duration

    func run() async throws {
        var rounds = 0
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                // A full round means that there is more.
                while try await dispatcher.dispatchDue() > 0, !Task.isShuttingDownGracefully {}
                if rounds % 3_600 == 0 { try await dispatcher.forgetOld() }
            } catch {
                logger.warning("webhooks could not be sent", metadata: ["error": "\(error)"])
            }
            rounds += 1
            // Returns early when the service is asked to stop.
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: interval) }
        }
    }
}

/// Posts messages of webhooks: no redirect is followed.
struct EgressWebhookTransport: WebhookTransport {
    let egress: EgressClient
    /// Whether receivers may stand on private addresses; the operator's decision.
    let allowPrivate: Bool

    func post(_ body: [UInt8], headers: [(String, String)], to url: String) async throws -> Int {
        let target = try EgressURL(parsing: url)
        // One name for all: receivers are named by users, and neither metrics nor breakers may grow with them. A failing
        // one is left alone by the queue's own pauses, so the breaker, which would stop the others too, never opens.
        let connection = UpstreamConnection(
            name: "webhooks", allowPrivate: allowPrivate, retries: RetryPolicy(maxAttempts: 1),
            breaker: BreakerPolicy(failures: .max))
        let response = try await egress.send(
            EgressRequest(
                method: "POST", url: target, headers: headers, body: body, followRedirects: 0, maximumBody: 64 << 10,
                purpose: .api, retryable: false, deadline: .seconds(20)), via: connection)
        // What a receiver says is nobody's business; reading a little lets the connection be used again.
        _ = try? await response.body.collect(upTo: 64 << 10)
        return response.status
    }
}
