package import HubCore

/// Decides which running job makes room when every worker is busy: arithmetic only.
package enum JobPreemption {
    /// A job that runs here.
    package struct Running: Sendable {
        package let id: Int64
        package let account: String
        package let priority: JobPriority
        /// Grows with each job that was begun.
        package let order: Int

        package init(id: Int64, account: String, priority: JobPriority, order: Int) {
            self.id = id
            self.account = account
            self.priority = priority
            self.order = order
        }
    }

    /// Which job makes room, and why for people; nil when the next one waits for a worker.
    ///
    /// An urgent job takes the place of one of lower priority. Besides, an account that has two jobs more than the next
    /// one's gives up one that is not more important (S79): afterwards it still has as many.
    /// The youngest goes: it loses least.
    package static func victim(for next: JobStore.Candidate, among running: [Running]) -> (id: Int64, why: String)? {
        if next.priority == .urgent {
            let lower = running.filter { $0.priority > .urgent }
            if let victim = lower.max(by: { ($0.priority.rawValue, $0.order) < ($1.priority.rawValue, $1.order) }) {
                return (victim.id, "Gave its place to an urgent job.")
            }
        }
        var counts: [String: Int] = [:]
        for job in running { counts[job.account, default: 0] += 1 }
        let greedy = running.filter { job in
            job.account != next.account && job.priority >= next.priority
                && counts[job.account, default: 0] >= next.running + 2
        }
        let victim = greedy.max { left, right in
            (left.priority.rawValue, counts[left.account, default: 0], left.order)
                < (right.priority.rawValue, counts[right.account, default: 0], right.order)
        }
        return victim.map { ($0.id, "Gave its place to a job of another account.") }
    }
}
