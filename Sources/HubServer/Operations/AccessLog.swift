import HTTPTypes
package import HubCore
package import Logging

/// Records every answered request: one line, one count, one duration.
package struct AccessLog: Sendable {
    private let logger: Logger
    private let metrics: MetricRegistry

    package init(logger: Logger, metrics: MetricRegistry) {
        self.logger = logger
        self.metrics = metrics
        metrics.describe("hub_http_requests_total", .counter, help: "Requests answered, by route template.")
        metrics.describe(
            "hub_http_request_duration_seconds", .histogram,
            help: "Seconds from a request's head to the end of its answer.")
        metrics.describe("hub_http_response_bytes_total", .counter, help: "Bytes of response bodies that left.")
        metrics.describe("hub_http_request_bytes_total", .counter, help: "Bytes of request bodies that came.")
        metrics.describe(
            "hub_http_responses_aborted_total", .counter, help: "Responses cut off before their end, by route template."
        )
    }

    func record(
        _ request: HubRequest, status: Int, sent: Int64, received: Int64, isAborted: Bool, took: Duration
    ) {
        // Templates only, never paths: series stay few and logs hold no names a caller chose (S80).
        let route = request.route.isEmpty ? "unmatched" : request.route
        let method = Self.known.contains(request.method.rawValue) ? request.method.rawValue : "other"
        metrics.counter(
            "hub_http_requests_total", labels: ["route": route, "method": method, "code": String(status)])
        metrics.observe("hub_http_request_duration_seconds", labels: ["route": route], took.inSeconds)
        if sent > 0 { metrics.counter("hub_http_response_bytes_total", by: Double(sent)) }
        if received > 0 { metrics.counter("hub_http_request_bytes_total", by: Double(received)) }
        if isAborted { metrics.counter("hub_http_responses_aborted_total", labels: ["route": route]) }
        guard logger.logLevel <= .info else { return }
        var metadata: Logger.Metadata = [
            "req": .string(request.id.text),
            "user": .string(request.caller.known?.label ?? "-"),
            "route": .string(route),
            "method": .string(method),
            "code": .stringConvertible(status),
            "ms": .stringConvertible((took.milliseconds * 1000).rounded() / 1000),
            "bytes_out": .stringConvertible(sent),
            "bytes_in": .stringConvertible(received),
        ]
        if isAborted { metadata["aborted"] = .stringConvertible(true) }
        logger.info("request", metadata: metadata)
    }

    private static let known: Set<String> = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE",
    ]
}
