import HubCore
package import Policies
import Synchronization

/// What one upstream may be asked for: requests in five minutes, bytes in a day. Bandwidth is held by the transfer thread.
package struct EgressLimits: Sendable, Hashable {
    package var bandwidth: BandwidthPlan
    package var apiRequestsPer5Minutes: Int?
    package var resolveRequestsPer5Minutes: Int?
    package var bytesPerDay: Int64?

    package init(_ limits: UpstreamLimits = UpstreamLimits()) {
        bandwidth = BandwidthPlan(limits)
        apiRequestsPer5Minutes = limits.apiRequestsPer5Minutes
        resolveRequestsPer5Minutes = limits.resolveRequestsPer5Minutes
        bytesPerDay = limits.bytesPerDay
    }
}

/// What every upstream's budgets have left. They are kept by the upstream's name, through changes of its limits.
final class UpstreamBudgets: Sendable {
    /// Which of an upstream's two request budgets pays: what describes, or content.
    private enum Kind: Hashable {
        case api, resolve

        init(_ purpose: EgressRequest.Purpose) { self = purpose == .api ? .api : .resolve }
    }

    private struct Entry {
        var windows: [Kind: SlidingWindow] = [:]
        var allowance: DailyAllowance
    }

    /// What the answer to an admitted request may still bring.
    final class Promise: Sendable {
        fileprivate let name: String
        private let budgets: UpstreamBudgets
        private let left: Mutex<Int64>

        fileprivate init(_ name: String, _ bytes: Int64, _ budgets: UpstreamBudgets) {
            self.name = name
            self.budgets = budgets
            left = Mutex(bytes)
        }

        /// Bytes of the answer came.
        func receive(_ bytes: Int) {
            let share = left.withLock { left in
                let share = min(left, Int64(bytes))
                left -= share
                return share
            }
            budgets.receive(Int64(bytes), ofPromise: share, name)
        }

        deinit { budgets.release(left.withLock { $0 }, name) }
    }

    enum Admission {
        case pass(Promise)
        /// Nothing may be sent before that.
        case wait(Duration, HubError)
    }

    private let entries = Mutex<[String: Entry]>([:])
    private let time: EgressTime

    init(time: EgressTime) {
        self.time = time
    }

    /// Asks to send one request, and counts it when it may go.
    /// - Parameter expected: bytes of its answer; zero where nobody knows.
    func admit(_ connection: UpstreamConnection, _ purpose: EgressRequest.Purpose, expecting expected: Int64)
        -> Admission
    {
        let limits = connection.limits
        let now = time.now()
        let second = Int64(time.unixSeconds())
        let kind = Kind(purpose)
        let limit = kind == .api ? limits.apiRequestsPer5Minutes : limits.resolveRequestsPer5Minutes
        return change(connection.name, second) { entry in
            let bytes = max(0, expected)
            if let limit, let wait = Self.look(&entry.windows, kind, limit, now) {
                return .wait(wait, Self.tooMany(connection.name, limit, wait))
            }
            guard entry.allowance.promise(bytes, of: limits.bytesPerDay, on: second / 86_400) else {
                let wait = Duration.seconds(86_400 - second % 86_400)
                return .wait(wait, Self.tooMuch(connection.name, limits.bytesPerDay ?? 0, wait))
            }
            if limit != nil { entry.windows[kind]?.count(at: now) }
            return .pass(Promise(connection.name, bytes, self))
        }
    }

    /// How long until a request fits; nil when one does. Nothing is counted.
    private static func look(
        _ windows: inout [Kind: SlidingWindow], _ kind: Kind, _ limit: Int, _ now: Duration
    ) -> Duration? {
        var window = windows[kind] ?? SlidingWindow(limit: limit, length: .seconds(300))
        window.change(limit: limit)
        defer { windows[kind] = window }
        return window.wait(at: now)
    }

    /// What an upstream has left, for people to look at.
    func budget(of name: String, _ limits: EgressLimits) -> UpstreamBudget {
        let now = time.now()
        let second = Int64(time.unixSeconds())
        return change(name, second) { entry in
            UpstreamBudget(
                apiRequestsLeft: limits.apiRequestsPer5Minutes.map {
                    entry.windows[.api]?.left(at: now) ?? $0
                },
                resolveRequestsLeft: limits.resolveRequestsPer5Minutes.map {
                    entry.windows[.resolve]?.left(at: now) ?? $0
                },
                bytesToday: entry.allowance.used(on: second / 86_400),
                bytesLeftToday: limits.bytesPerDay.map { entry.allowance.left(of: $0, on: second / 86_400) },
                bandwidth: limits.bandwidth.answer(at: second).bytesPerSecond)
        }
    }

    private func receive(_ bytes: Int64, ofPromise share: Int64, _ name: String) {
        let second = Int64(time.unixSeconds())
        change(name, second) { $0.allowance.receive(bytes, ofPromise: share, on: second / 86_400) }
    }

    private func release(_ bytes: Int64, _ name: String) {
        entries.withLock { $0[name]?.allowance.release(bytes) }
    }

    private func change<Result>(_ name: String, _ second: Int64, _ body: (inout sending Entry) -> Result) -> Result {
        entries.withLock { entries in
            var entry = entries[name] ?? Entry(allowance: DailyAllowance(day: second / 86_400))
            defer { entries[name] = entry }
            return body(&entry)
        }
    }

    private static func tooMany(_ name: String, _ limit: Int, _ wait: Duration) -> HubError {
        HubError(
            .upstreamUnavailable,
            "Upstream \(name) has had the \(limit) requests that five minutes may bring it.",
            remedy: "Try again later, or raise limits.requestsPer5m in the mirror file.",
            retryAfter: seconds(wait))
    }

    private static func tooMuch(_ name: String, _ limit: Int64, _ wait: Duration) -> HubError {
        HubError(
            .upstreamUnavailable, "Upstream \(name) has given what a day may bring: \(limit) bytes.",
            remedy: "Try again after midnight UTC, or raise limits.bytesPerDay in the mirror file.",
            retryAfter: seconds(wait))
    }

    private static func seconds(_ wait: Duration) -> Int { (wait.wholeMilliseconds + 999) / 1000 }
}
