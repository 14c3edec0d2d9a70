package import HubCore

/// What the gateway counts (names: reference security-reliability.md §6).
package struct GatewayMetrics: Sendable, EgressMetering {
    /// How a request for stored content was answered.
    package enum CacheResult: String, Sendable {
        case hit, miss, coalesced, stale
    }

    private let registry: MetricRegistry

    package init(registry: MetricRegistry) {
        self.registry = registry
        registry.describe(
            "hub_cache_requests_total", .counter, help: "Requests for blobs of mirrors, by how they were answered.")
        registry.describe("hub_upstream_bytes_total", .counter, help: "Bytes received from upstreams.")
        registry.describe(
            "hub_upstream_used_bytes_total", .counter,
            help: "Bytes of blobs from upstreams that went into files, without those that came twice.")
        registry.describe(
            "hub_upstream_wrong_blobs_total", .counter, help: "Blobs of which an upstream sent wrong bytes.")
        registry.describe("hub_upstream_requests_total", .counter, help: "Requests to upstreams, by outcome.")
        registry.describe(
            "hub_upstream_circuit_open", .gauge, help: "1 while an upstream is left alone after failures.")
        for result in [CacheResult.hit, .miss, .coalesced, .stale] {
            registry.counter("hub_cache_requests_total", labels: ["result": result.rawValue], by: 0)
        }
    }

    func cacheRequest(_ result: CacheResult) {
        registry.counter("hub_cache_requests_total", labels: ["result": result.rawValue], by: 1)
    }

    package func received(bytes: Int, upstream: String, purpose: EgressRequest.Purpose) {
        registry.counter(
            "hub_upstream_bytes_total", labels: ["upstream": upstream, "purpose": purpose.rawValue], by: bytes)
    }

    func used(bytes: Int, upstream: String) {
        registry.counter("hub_upstream_used_bytes_total", labels: ["upstream": upstream], by: bytes)
    }

    func lied(upstream: String) {
        registry.counter("hub_upstream_wrong_blobs_total", labels: ["upstream": upstream], by: 1)
    }

    package func finished(upstream: String, outcome: String, purpose: EgressRequest.Purpose) {
        registry.counter(
            "hub_upstream_requests_total",
            labels: ["upstream": upstream, "purpose": purpose.rawValue, "outcome": outcome], by: 1)
    }

    package func breaker(upstream: String, open: Bool) {
        registry.gauge("hub_upstream_circuit_open", labels: ["upstream": upstream], set: open ? 1 : 0)
    }
}
