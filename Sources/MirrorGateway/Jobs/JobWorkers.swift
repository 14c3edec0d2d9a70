import HubCore
import Synchronization

/// The attempts that run in this process.
final class JobWorkers: Sendable {
    private struct State {
        var began = 0
        var runs: [Int64: JobRun] = [:]
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.runs.count } }
    var runs: [JobRun] { state.withLock { Array($0.runs.values) } }

    /// Takes a job in.
    func begin(_ make: (Int) -> JobRun) -> JobRun {
        state.withLock { state in
            state.began += 1
            let run = make(state.began)
            state.runs[run.lease.job.id] = run
            return run
        }
    }

    func end(_ run: JobRun) {
        state.withLock { state in
            if state.runs[run.lease.job.id] === run { state.runs[run.lease.job.id] = nil }
        }
    }

    subscript(_ job: Int64) -> JobRun? { state.withLock { $0.runs[job] } }
}
