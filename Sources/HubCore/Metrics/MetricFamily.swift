import Synchronization

/// What a metric family counts.
package enum MetricKind: String, Sendable {
    case counter, gauge, histogram
}

/// All series of one metric name.
final class MetricFamily: Sendable {
    private struct Series {
        var value = 0.0
        var count = 0
        var buckets: [Int] = []
    }

    private struct State {
        var help: String
        var series: [[String: String]: Series] = [:]
    }

    let name: String
    private let kind: MetricKind
    private let buckets: [Double]
    private let seriesLimit: Int
    private let state: Mutex<State>

    init(name: String, kind: MetricKind, help: String, buckets: [Double], seriesLimit: Int) {
        self.name = name
        self.kind = kind
        self.buckets = buckets
        self.seriesLimit = seriesLimit
        state = Mutex(State(help: help))
    }

    func describe(help: String) {
        state.withLock { $0.help = help }
    }

    func add(_ amount: Double, labels: [String: String]) {
        update(labels) { $0.value += amount }
    }

    func set(_ value: Double, labels: [String: String]) {
        update(labels) { $0.value = value }
    }

    func observe(_ value: Double, labels: [String: String]) {
        let bucket = buckets.firstIndex { value <= $0 }
        update(labels) { series in
            if series.buckets.isEmpty { series.buckets = Array(repeating: 0, count: buckets.count) }
            series.value += value
            series.count += 1
            if let bucket { series.buckets[bucket] += 1 }
        }
    }

    func value(labels: [String: String]) -> Double? {
        state.withLock { state in
            state.series[labels].map { kind == .histogram ? Double($0.count) : $0.value }
        }
    }

    func render(into text: inout String) {
        let (help, series) = state.withLock { ($0.help, $0.series) }
        if !help.isEmpty { text += "# HELP \(name) \(MetricText.help(help))\n" }
        text += "# TYPE \(name) \(kind.rawValue)\n"
        let ordered = series.map { (labels: MetricText.labels($0.key), series: $0.value) }
            .sorted { $0.labels < $1.labels }
        for (labels, series) in ordered {
            if kind == .histogram {
                render(series, labels: labels, into: &text)
            } else {
                text += "\(name)\(MetricText.braced(labels)) \(MetricText.number(series.value))\n"
            }
        }
    }

    private func render(_ series: Series, labels: String, into text: inout String) {
        let prefix = labels.isEmpty ? "" : labels + ","
        var running = 0
        for (bound, count) in zip(buckets, series.buckets) {
            running += count
            text += "\(name)_bucket{\(prefix)le=\"\(MetricText.number(bound))\"} \(running)\n"
        }
        text += "\(name)_bucket{\(prefix)le=\"+Inf\"} \(series.count)\n"
        text += "\(name)_sum\(MetricText.braced(labels)) \(MetricText.number(series.value))\n"
        text += "\(name)_count\(MetricText.braced(labels)) \(series.count)\n"
    }

    private func update(_ labels: [String: String], _ change: (inout Series) -> Void) {
        state.withLock { state in
            var key = labels
            if state.series[key] == nil, state.series.count >= seriesLimit {
                key = labels.mapValues { _ in "other" }
            }
            change(&state.series[key, default: Series()])
        }
    }
}
