import HTTPTypes
package import HubCore

/// What those who run the hub ask it: `/livez`, `/readyz`, `/metrics`.
package struct OperationsRoutes: Sendable {
    private let metrics: MetricRegistry
    private let checks: [ReadinessCheck]

    package init(metrics: MetricRegistry, readiness checks: [ReadinessCheck]) {
        self.metrics = metrics
        self.checks = checks
        ProcessMetrics.describe(in: metrics)
    }

    package var routes: [Route] {
        let errors = PlainErrorRendering()
        return [
            Route(.get, "/livez", .open, head: true, errors: errors) { _ in .text("ok\n") },
            Route(.get, "/readyz", .open, head: true, errors: errors) { [checks] _ in await Self.readiness(checks) },
            Route(.get, "/metrics", .open, errors: errors) { [metrics] _ in
                ProcessMetrics.record(in: metrics)
                return HubResponse(
                    headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                    body: .text(metrics.render()))
            },
        ]
    }

    /// 200 or 503 with every check's result; it names what fails.
    private static func readiness(_ checks: [ReadinessCheck]) async -> HubResponse {
        let results = await ReadinessCheck.run(checks)
        let isReady = results.allSatisfy { $0.problem == nil }
        return HubResponse.json(status: isReady ? 200 : 503) { json in
            json.object {
                $0.member("ready", isReady)
                $0.member("failing", results.filter { $0.problem != nil }.map(\.name))
                $0.object("checks") {
                    for (name, problem) in results { $0.member(name, problem ?? "ok") }
                }
            }
        }
    }
}
