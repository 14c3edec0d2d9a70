package import HubCore
import Synchronization

/// How fast the jobs go that run in this process.
package final class JobRates: Sendable {
    private let rates = Mutex<[Int64: JobRate]>([:])

    package init() {}

    /// Nil for a job that does not run here, or has only begun.
    package subscript(_ job: Int64) -> JobRate? { rates.withLock { $0[job] } }

    func record(_ bytes: Int64, of job: Int64, at time: Int64) {
        rates.withLock { $0[job, default: JobRate()].record(bytes, at: time) }
    }

    func forget(_ job: Int64) {
        rates.withLock { rates in _ = rates.removeValue(forKey: job) }
    }
}
