@testable import HubCore
import Testing

@testable import MirrorGateway

@Suite("Jobs: when to try again, and who makes room")
struct JobDecisionTests {
    private let retries = JobRetries()
    private let now: Int64 = 1_700_000_000_000

    private func pause(_ outcome: JobOutcome) -> Int64? {
        if case .again(let at, _, _, _) = outcome { at - now } else { nil }
    }

    private func outcome(
        _ error: HubError, attempts: Int = 0, gotFurther: Bool = false, random: Double = 0.999_999
    ) -> JobOutcome {
        retries.outcome(of: error, attempts: attempts, gotFurther: gotFurther, now: now, random: random)
    }

    @Test("pauses grow with each failed attempt, and the tenth is the last")
    func growing() {
        let error = HubError(.upstreamUnavailable, "Silence.")
        let pauses = (0..<10).map { pause(outcome(error, attempts: $0)).map { ($0 + 999) / 1_000 } }
        #expect(pauses == [10, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, nil])
        guard case .failed(let given) = outcome(error, attempts: 9) else { return #expect(Bool(false)) }
        #expect(given.message == "Given up after 10 attempts. Silence." && given.code == .upstreamUnavailable)
    }

    @Test("what the upstream asks for counts when it is longer, up to a day")
    func asked() {
        #expect(pause(outcome(HubError(.upstreamUnavailable, "x", retryAfter: 500))) == 500_000)
        #expect(pause(outcome(HubError(.upstreamUnavailable, "x", retryAfter: 1), random: 0)) == 7_500)
        #expect(pause(outcome(HubError(.tooManyRequests, "x", retryAfter: 900_000))) == 86_400_000)
    }

    @Test("whoever is told to come later is not given up for it, and whoever got further begins anew")
    func counting() {
        guard case .again(_, _, let counts, _) = outcome(HubError(.tooManyRequests, "x", retryAfter: 5), attempts: 50)
        else { return #expect(Bool(false)) }
        #expect(!counts)
        guard
            case .again(let at, let why, true, true) = outcome(
                HubError(.upstreamUnavailable, "Silence."), attempts: 9, gotFurther: true)
        else { return #expect(Bool(false)) }
        #expect(at - now <= 10_000)
        #expect(why == "Tried again at \(JSONDate.text(milliseconds: at)) (attempt 2 of 10): Silence.")
    }

    @Test(
        "what no pause can help fails at once",
        arguments: [HubError.Code.upstreamRefused, .policyDenied, .upstreamCorrupt])
    func final(_ code: HubError.Code) {
        guard case .failed(let error) = outcome(HubError(code, "No.")) else { return #expect(Bool(false)) }
        #expect(error.code == code)
    }

    private func running(_ jobs: [(String, JobPriority)]) -> [JobPreemption.Running] {
        jobs.enumerated().map {
            .init(id: Int64($0.offset + 1), account: $0.element.0, priority: $0.element.1, order: $0.offset)
        }
    }

    private func next(_ account: String, _ priority: JobPriority, running: Int = 0) -> JobStore.Candidate {
        JobStore.Candidate(id: 99, account: account, priority: priority, running: running)
    }

    @Test("an urgent job takes the place of the least important, youngest one; an urgent one stays")
    func urgent() {
        let jobs = running([("a", .low), ("a", .low), ("b", .high), ("c", .urgent)])
        #expect(JobPreemption.victim(for: next("z", .urgent), among: jobs)?.id == 2)
        #expect(JobPreemption.victim(for: next("z", .urgent), among: running([("a", .urgent)])) == nil)
        #expect(JobPreemption.victim(for: next("z", .high), among: running([("a", .low)])) == nil)
    }

    @Test(
        "S79: an account with all workers gives one to another that has none, and none to itself or to less important work"
    )
    func fair() {
        let flood = running([("a", .normal), ("a", .normal), ("a", .normal), ("a", .normal)])
        #expect(JobPreemption.victim(for: next("b", .normal), among: flood)?.id == 4)
        #expect(JobPreemption.victim(for: next("b", .low), among: flood) == nil)
        #expect(JobPreemption.victim(for: next("a", .normal, running: 4), among: flood) == nil)
        let shared = running([("a", .normal), ("a", .normal), ("b", .normal)])
        #expect(JobPreemption.victim(for: next("b", .normal, running: 1), among: shared) == nil)
        #expect(JobPreemption.victim(for: next("c", .normal), among: shared)?.id == 2)
    }
}
