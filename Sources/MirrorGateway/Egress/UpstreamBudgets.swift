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
    fileprivate enum Kind: String, CaseIterable {
        case api, resolve

        init(_ purpose: EgressRequest.Purpose) { self = purpose == .api ? .api : .resolve }
    }

    private struct Entry {
        var windows: [Kind: SlidingWindow] = [:]
        var allowance: DailyAllowance
        var remote: [Kind: RemoteBudget] = [:]
        /// Requests that were sent and have no answer yet.
        var pending: [Kind: Int] = [:]
        /// Bytes by day that no database knows of yet.
        var unsaved: [Int64: Int64] = [:]
    }

    /// What the answer to an admitted request may still bring.
    final class Promise: Sendable {
        fileprivate let name: String
        private let kind: Kind
        private let budgets: UpstreamBudgets
        private let state: Mutex<(left: Int64, isPending: Bool)>

        fileprivate init(_ name: String, _ kind: Kind, _ bytes: Int64, _ budgets: UpstreamBudgets) {
            self.name = name
            self.kind = kind
            self.budgets = budgets
            state = Mutex((bytes, true))
        }

        /// The upstream answered, or will not: what it says of its budget from now on counts this request.
        func answered() {
            let wasPending = state.withLock { state in
                defer { state.isPending = false }
                return state.isPending
            }
            if wasPending { budgets.answered(name, kind) }
        }

        /// Takes in what an answer said about the upstream's own budget.
        /// - Parameter pause: how long it asked to be left alone.
        func note(_ limit: RateLimit?, pause: Duration?) { budgets.note(limit, pause: pause, name, kind) }

        /// Bytes of the answer came.
        func receive(_ bytes: Int) {
            let share = state.withLock { state in
                let share = min(state.left, Int64(bytes))
                state.left -= share
                return share
            }
            budgets.receive(Int64(bytes), ofPromise: share, name)
        }

        deinit {
            answered()
            budgets.release(state.withLock { $0.left }, name)
        }
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

    /// Asks to send one request, and counts it when it may go. What is left at the end of a budget is for people.
    /// - Parameter expected: bytes of its answer; zero where nobody knows.
    func admit(
        _ connection: UpstreamConnection, _ purpose: EgressRequest.Purpose, for urgency: EgressUrgency = .people,
        expecting expected: Int64
    ) -> Admission {
        let limits = connection.limits
        let now = time.now()
        let second = Int64(time.unixSeconds())
        let kind = Kind(purpose)
        let limit = kind == .api ? limits.apiRequestsPer5Minutes : limits.resolveRequestsPer5Minutes
        let name = connection.name
        return change(name, second) { entry in
            let bytes = max(0, expected)
            if connection.retries.honourRateLimitHeader, let wait = entry.remote[kind]?.wait(of: urgency, at: now) {
                return .wait(wait, Self.asked(name, urgency, wait))
            }
            if let limit, let wait = Self.look(&entry.windows, kind, limit, urgency, now) {
                return .wait(wait, Self.tooMany(name, limit, urgency, wait))
            }
            let reserve = limits.bytesPerDay.map(urgency.reserve) ?? 0
            guard entry.allowance.promise(bytes, of: limits.bytesPerDay, leaving: reserve, on: second / 86_400) else {
                let wait = Duration.seconds(86_400 - second % 86_400)
                return .wait(wait, Self.tooMuch(name, limits.bytesPerDay ?? 0, urgency, wait))
            }
            if limit != nil { entry.windows[kind]?.count(at: now) }
            entry.remote[kind]?.count()
            entry.pending[kind, default: 0] += 1
            return .pass(Promise(name, kind, bytes, self))
        }
    }

    /// How long until a request fits; nil when one does. Nothing is counted.
    private static func look(
        _ windows: inout [Kind: SlidingWindow], _ kind: Kind, _ limit: Int, _ urgency: EgressUrgency, _ now: Duration
    ) -> Duration? {
        var window = windows[kind] ?? SlidingWindow(limit: limit, length: .seconds(300))
        window.change(limit: limit)
        defer { windows[kind] = window }
        return window.wait(at: now, leaving: urgency.reserve(of: limit))
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
                bandwidth: limits.bandwidth.answer(at: second).bytesPerSecond,
                apiRequestsReserved: limits.apiRequestsPer5Minutes.map(EgressUrgency.sync.reserve),
                resolveRequestsReserved: limits.resolveRequestsPer5Minutes.map(EgressUrgency.sync.reserve),
                bytesReserved: limits.bytesPerDay.map(EgressUrgency.sync.reserve),
                remote: Kind.allCases.compactMap { kind in
                    entry.remote[kind].map { remote in
                        UpstreamBudget.Remote(
                            kind: kind.rawValue, limit: remote.limit, remaining: remote.left(at: now),
                            resetsIn: remote.opens(at: now).map(Self.seconds), isShut: remote.isShut(at: now))
                    }
                })
        }
    }

    // MARK: Over restarts

    /// Takes in what came today before this process began.
    func restore(_ bytes: [String: Int64], on day: Int64) {
        for (name, bytes) in bytes {
            change(name, day * 86_400) { $0.allowance.receive(bytes, ofPromise: 0, on: day) }
        }
    }

    /// Bytes that came since this was last called, by upstream and day.
    func takeUnsaved() -> [(name: String, day: Int64, bytes: Int64)] {
        entries.withLock { entries in
            var taken: [(name: String, day: Int64, bytes: Int64)] = []
            for name in entries.keys {
                for (day, bytes) in entries[name]?.unsaved ?? [:] { taken.append((name, day, bytes)) }
                entries[name]?.unsaved = [:]
            }
            return taken
        }
    }

    // MARK: What happens to what was admitted

    private func answered(_ name: String, _ kind: Kind) {
        entries.withLock { $0[name]?.pending[kind, default: 1] -= 1 }
    }

    private func note(_ limit: RateLimit?, pause: Duration?, _ name: String, _ kind: Kind) {
        guard limit != nil || pause != nil else { return }
        let now = time.now()
        change(name, Int64(time.unixSeconds())) { entry in
            var remote = entry.remote[kind] ?? RemoteBudget()
            if let limit { remote.note(limit, pending: max(0, entry.pending[kind] ?? 0), at: now) }
            if let pause { remote.shut(for: pause, at: now) }
            entry.remote[kind] = remote
        }
    }

    private func receive(_ bytes: Int64, ofPromise share: Int64, _ name: String) {
        let second = Int64(time.unixSeconds())
        change(name, second) { entry in
            entry.allowance.receive(bytes, ofPromise: share, on: second / 86_400)
            entry.unsaved[second / 86_400, default: 0] += bytes
        }
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

    // MARK: Words

    private static func asked(_ name: String, _ urgency: EgressUrgency, _ wait: Duration) -> HubError {
        HubError(
            .upstreamUnavailable,
            urgency == .people
                ? "Upstream \(name) asks to be left alone for another \(seconds(wait)) s."
                : "Upstream \(name) has few requests left for us, which are kept for people.",
            remedy: "Try again later; what is stored here is still served.", retryAfter: seconds(wait))
    }

    private static func tooMany(_ name: String, _ limit: Int, _ urgency: EgressUrgency, _ wait: Duration) -> HubError {
        HubError(
            .upstreamUnavailable,
            urgency == .people
                ? "Upstream \(name) has had the \(limit) requests that five minutes may bring it."
                : "Upstream \(name) has few left of the \(limit) requests of five minutes, which are kept for people.",
            remedy: "Try again later, or raise limits.requestsPer5m in the mirror file.",
            retryAfter: seconds(wait))
    }

    private static func tooMuch(_ name: String, _ limit: Int64, _ urgency: EgressUrgency, _ wait: Duration) -> HubError
    {
        HubError(
            .upstreamUnavailable,
            urgency == .people
                ? "Upstream \(name) has given what a day may bring: \(limit) bytes."
                : "Upstream \(name) has little left of the \(limit) bytes of a day, which are kept for people.",
            remedy: "Try again after midnight UTC, or raise limits.bytesPerDay in the mirror file.",
            retryAfter: seconds(wait))
    }

    private static func seconds(_ wait: Duration) -> Int { (wait.wholeMilliseconds + 999) / 1000 }
}
