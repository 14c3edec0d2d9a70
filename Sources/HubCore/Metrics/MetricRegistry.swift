import Synchronization

/// Counters, gauges and histograms of the process, rendered as Prometheus text.
///
/// Recording takes one short lock for the family's name and one for the family, so it can be called from anywhere.
/// Label values must come from closed sets (route templates, outcomes), never from outside; a family that exceeds
/// ``seriesLimit`` collapses further series into one whose label values are all `other` (S80).
package final class MetricRegistry: Sendable {
    /// Seconds, as Prometheus' own defaults reach them, and further up for large transfers.
    package static let defaultBuckets: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800,
    ]

    /// How many series one family may have.
    package let seriesLimit: Int
    private let families = Mutex<[String: MetricFamily]>([:])

    package init(seriesLimit: Int = 2_000) {
        self.seriesLimit = seriesLimit
    }

    /// Declares a family's kind and help text before its first value, and a histogram's upper bounds.
    package func describe(_ name: String, _ kind: MetricKind, help: String, buckets: [Double]? = nil) {
        families.withLock { families in
            if let family = families[name] {
                family.describe(help: help)
            } else {
                families[name] = MetricFamily(
                    name: name, kind: kind, help: help, buckets: buckets ?? Self.defaultBuckets,
                    seriesLimit: seriesLimit)
            }
        }
    }

    /// Adds `amount` to a counter; negative amounts are ignored.
    package func counter(_ name: String, labels: [String: String] = [:], by amount: Int = 1) {
        counter(name, labels: labels, by: Double(amount))
    }

    /// Adds `amount` to a counter; negative amounts are ignored.
    package func counter(_ name: String, labels: [String: String] = [:], by amount: Double) {
        guard amount >= 0 else { return }
        family(name, .counter).add(amount, labels: labels)
    }

    /// Sets a gauge.
    package func gauge(_ name: String, labels: [String: String] = [:], set value: Double) {
        family(name, .gauge).set(value, labels: labels)
    }

    /// Moves a gauge by `amount`, which may be negative.
    package func gauge(_ name: String, labels: [String: String] = [:], by amount: Double) {
        family(name, .gauge).add(amount, labels: labels)
    }

    /// Records one value of a histogram, in base units (seconds, bytes).
    package func observe(_ name: String, labels: [String: String] = [:], _ value: Double) {
        family(name, .histogram).observe(value, labels: labels)
    }

    /// The present value of a counter or gauge, or the number of values a histogram has seen; nil if never recorded.
    package func value(_ name: String, labels: [String: String] = [:]) -> Double? {
        families.withLock { $0[name] }?.value(labels: labels)
    }

    /// Everything, in the Prometheus text format 0.0.4, ordered by name.
    package func render() -> String {
        let all = families.withLock { Array($0.values) }.sorted { $0.name < $1.name }
        var text = ""
        for family in all { family.render(into: &text) }
        return text
    }

    private func family(_ name: String, _ kind: MetricKind) -> MetricFamily {
        families.withLock { families in
            if let family = families[name] { return family }
            let family = MetricFamily(
                name: name, kind: kind, help: "", buckets: Self.defaultBuckets, seriesLimit: seriesLimit)
            families[name] = family
            return family
        }
    }
}
