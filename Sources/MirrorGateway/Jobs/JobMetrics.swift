import HubCore

/// What is counted of jobs.
struct JobMetrics: Sendable {
    private let registry: MetricRegistry

    init(registry: MetricRegistry) {
        self.registry = registry
        registry.describe("hub_jobs", .gauge, help: "Jobs by state.")
        registry.describe("hub_job_seconds", .histogram, help: "How long attempts at jobs took, by outcome.")
        registry.describe("hub_job_bytes_total", .counter, help: "Bytes that jobs fetched from upstreams.")
    }

    func standing(_ counts: [JobState: Int]) {
        for state in JobState.allCases {
            registry.gauge("hub_jobs", labels: ["state": state.rawValue], set: Double(counts[state] ?? 0))
        }
    }

    func fetched(_ bytes: Int64, kind: String) {
        registry.counter("hub_job_bytes_total", labels: ["kind": kind], by: Double(max(0, bytes)))
    }

    func ended(_ kind: String, _ outcome: String, after seconds: Double) {
        registry.observe("hub_job_seconds", labels: ["kind": kind, "outcome": outcome], seconds)
    }
}
