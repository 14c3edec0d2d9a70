import Foundation
import Glibc
import HubCore

/// The `process_*` metrics every Prometheus client has, read from `/proc`.
enum ProcessMetrics {
    static func describe(in metrics: MetricRegistry) {
        metrics.describe("process_resident_memory_bytes", .gauge, help: "Resident memory in bytes.")
        metrics.describe("process_virtual_memory_bytes", .gauge, help: "Virtual memory in bytes.")
        metrics.describe("process_cpu_seconds_total", .gauge, help: "User and system CPU time in seconds.")
        metrics.describe("process_open_fds", .gauge, help: "Open file descriptors.")
        metrics.describe("process_max_fds", .gauge, help: "How many file descriptors may be open.")
        metrics.describe("process_threads", .gauge, help: "Threads.")
        metrics.describe(
            "process_start_time_seconds", .gauge, help: "When the process started, in seconds since 1970.")
    }

    /// Sets them to what they are now.
    static func record(in metrics: MetricRegistry) {
        if let stat = text("/proc/self/stat"), let facts = Statistics(stat) {
            let ticks = Double(sysconf(CInt(_SC_CLK_TCK)))
            metrics.gauge(
                "process_resident_memory_bytes", set: facts.residentPages * Double(sysconf(CInt(_SC_PAGESIZE))))
            metrics.gauge("process_virtual_memory_bytes", set: facts.virtualBytes)
            metrics.gauge("process_cpu_seconds_total", set: facts.cpuTicks / ticks)
            metrics.gauge("process_threads", set: facts.threads)
            if let boot = bootTime() {
                metrics.gauge("process_start_time_seconds", set: boot + facts.startTicks / ticks)
            }
        }
        if let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            metrics.gauge("process_open_fds", set: Double(descriptors.count))
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            metrics.gauge("process_max_fds", set: Double(limit.rlim_cur))
        }
    }

    private static func bootTime() -> Double? {
        text("/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }
            .flatMap { Double($0.dropFirst(6)) }
    }

    private static func text(_ path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }
}

/// The fields of `/proc/self/stat` that matter, counted behind the command's closing parenthesis (proc(5)).
private struct Statistics {
    let cpuTicks: Double
    let threads: Double
    let startTicks: Double
    let virtualBytes: Double
    let residentPages: Double

    init?(_ text: String) {
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ").map { Double($0) ?? 0 }
        guard fields.count > 21 else { return nil }
        cpuTicks = fields[11] + fields[12]
        threads = fields[17]
        startTicks = fields[19]
        virtualBytes = fields[20]
        residentPages = fields[21]
    }
}
