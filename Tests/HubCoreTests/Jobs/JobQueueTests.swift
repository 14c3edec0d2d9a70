import Foundation
import Testing

@testable import HubCore

@Suite("Jobs: queueing and claiming")
struct JobQueueTests {
    @Test("a job comes back as it was asked for")
    func roundTrip() async throws {
        let fixture = try await JobFixture()
        let draft = JobDraft(
            kind: "sync", subject: "model:acme/demo@main", uniqueKey: "k", account: "user:amy", requestedBy: "amy",
            mirror: "hf", run: 7, priority: .high, payload: .object([.init(key: "a", value: .array([.string("b")]))]),
            notBefore: fixture.time.now + 5_000)
        let queued = try await fixture.jobs.enqueue(draft)
        let job = try #require(try await fixture.jobs.job(queued.id))
        #expect(job.id == 1 && job.state == .queued && job.attempts == 0)
        #expect(job.draft.payload == draft.payload && job.draft.mirror == "hf" && job.draft.run == 7)
        #expect(job.draft.notBefore == draft.notBefore && job.draft.priority == .high)
        #expect(try await fixture.jobs.job(2) == nil)
    }

    @Test("the job with the same unique key is given until it has ended")
    func unique() async throws {
        let fixture = try await JobFixture()
        let jobs = fixture.jobs
        let first = try await jobs.enqueue(JobFixture.draft(key: "demo"))
        #expect(try await jobs.enqueue(JobFixture.draft(key: "demo")).id == first.id)
        let both = try await jobs.enqueue([JobFixture.draft(key: "demo"), JobFixture.draft(key: "x")])
        #expect(both.map(\.id) == [1, 2])
        let lease = try #require(try await jobs.claim(by: "me", lease: 15_000))
        #expect(try await jobs.enqueue(JobFixture.draft(key: "demo")).id == first.id)
        _ = try await fixture.finish(lease)
        #expect(try await jobs.enqueue(JobFixture.draft(key: "demo")).id == 3)
    }

    @Test("two stores that queue the same at the same time make one job")
    func uniqueRace() async throws {
        let fixture = try await JobFixture()
        let stores = [fixture.jobs, try fixture.other()]
        let ids = try await withThrowingTaskGroup(of: Int64.self) { group in
            for index in 0..<40 {
                group.addTask { try await stores[index % 2].enqueue(JobFixture.draft(key: "same")).id }
            }
            return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
    }

    @Test("20,000 jobs are queued in one transaction, told as one event, and claimed at once")
    func bulk() async throws {
        let fixture = try await JobFixture()
        let queued = try await fixture.jobs.enqueue(
            (0..<20_000).map { JobFixture.draft("model:acme/m\($0)", key: "k\($0)", account: "mirror:hf", run: 1) })
        #expect(queued.count == 20_000 && queued.last?.id == 20_000)
        #expect(try await fixture.jobs.counts(JobQuery(run: 1)) == [.queued: 20_000])
        #expect(try await fixture.jobs.events(after: 0, limit: 10).map(\.kind) == ["test.queued"])
        let began = ContinuousClock.now
        #expect(try await fixture.jobs.claim(by: "me", lease: 15_000)?.job.id == 1)
        #expect(began.duration(to: .now) < .seconds(1))
    }

    @Test("an account has a cap, which says so and leaves nothing half queued; others go on")
    func cap() async throws {
        let fixture = try await JobFixture(activePerAccount: 3)
        try await fixture.jobs.enqueue([JobFixture.draft("a"), JobFixture.draft("b")])
        let refused = await #expect(throws: HubError.self) {
            try await fixture.jobs.enqueue([JobFixture.draft("c"), JobFixture.draft("d")])
        }
        #expect(refused?.code == .tooManyRequests && refused?.retryAfter != nil)
        #expect(refused?.message == "'org:acme' has 2 jobs that have not ended; 3 are allowed.")
        #expect(try await fixture.jobs.counts() == [.queued: 2])
        try await fixture.jobs.enqueue(JobFixture.draft("c", account: "org:other"))
        try await fixture.jobs.cancel(1)
        try await fixture.jobs.enqueue([JobFixture.draft("c"), JobFixture.draft("d")])
    }

    @Test("what is too long is refused by name")
    func bounds() async throws {
        let fixture = try await JobFixture()
        let refused = await #expect(throws: HubError.self) {
            try await fixture.jobs.enqueue(JobFixture.draft(String(repeating: "x", count: 513)))
        }
        #expect(refused?.message == "The subject of a job has at most 512 bytes.")
    }

    @Test("priority goes first, then age")
    func order() async throws {
        let fixture = try await JobFixture()
        for (subject, priority) in [
            ("low", JobPriority.low), ("first", .normal), ("second", .normal), ("high", .high), ("urgent", .urgent),
        ] {
            try await fixture.enqueue(subject, priority: priority)
        }
        #expect(try await fixture.claimAll() == ["urgent", "high", "first", "second", "low"])
    }

    @Test("S79: accounts take turns, whoever queued how much before")
    func fairness() async throws {
        let fixture = try await JobFixture()
        for index in 0..<5 { try await fixture.enqueue("a\(index)", account: "org:a") }
        for index in 0..<2 { try await fixture.enqueue("b\(index)", account: "org:b") }
        try await fixture.enqueue("c0", account: "org:c")
        #expect(try await fixture.claimAll() == ["a0", "b0", "c0", "a1", "b1", "a2", "a3", "a4"])
    }

    @Test("S79: one who floods 100,000 jobs does not hold up another's: it is the next, and found in milliseconds")
    func flood() async throws {
        let fixture = try await JobFixture()
        for _ in 0..<10 {
            try await fixture.jobs.enqueue((0..<10_000).map { JobFixture.draft("flood\($0)", account: "org:flood") })
        }
        _ = try await fixture.jobs.claim(by: "me", lease: 15_000)
        fixture.time.pass(1_000)
        try await fixture.enqueue("mine", account: "user:amy")
        let began = ContinuousClock.now
        let next = try #require(try await fixture.jobs.claim(by: "me", lease: 15_000))
        #expect(next.job.draft.subject == "mine")
        #expect(began.duration(to: .now) < .milliseconds(500))
    }

    @Test("a job waits for its time, and others go meanwhile")
    func notBefore() async throws {
        let fixture = try await JobFixture()
        try await fixture.jobs.enqueue(
            JobFixture.draft("later", priority: .urgent, notBefore: fixture.time.now + 60_000))
        try await fixture.enqueue("now")
        #expect(try await fixture.claimAll() == ["now"])
        fixture.time.pass(60_000)
        #expect(try await fixture.claimAll() == ["later"])
    }

    @Test("lists are filtered, and paged from the newest")
    func lists() async throws {
        let fixture = try await JobFixture()
        for index in 0..<5 {
            try await fixture.jobs.enqueue(
                JobFixture.draft(
                    "s\(index)", account: index < 3 ? "org:acme" : "user:amy", by: index == 0 ? "amy" : nil))
        }
        let page = try await fixture.jobs.jobs(JobQuery(limit: 2))
        #expect(page.jobs.map(\.id) == [5, 4])
        let rest = try await fixture.jobs.jobs(JobQuery(after: page.next, limit: 10))
        #expect(rest.jobs.map(\.id) == [3, 2, 1] && rest.next == nil)
        #expect(try await fixture.jobs.jobs(JobQuery(account: "user:amy")).jobs.map(\.id) == [5, 4])
        #expect(try await fixture.jobs.jobs(JobQuery(subject: "s2")).jobs.map(\.id) == [3])
        let hers = JobQuery(audience: .init(user: "amy", accounts: ["user:amy"]))
        #expect(try await fixture.jobs.jobs(hers).jobs.map(\.id) == [5, 4, 1])
        #expect(try await fixture.jobs.jobs(JobQuery(states: [.paused])).jobs.isEmpty)
        await #expect(throws: HubError.self) { try await fixture.jobs.jobs(JobQuery(after: "x")) }
    }

    @Test("events and jobs that ended are forgotten after a while; numbers are never given twice")
    func pruning() async throws {
        let fixture = try await JobFixture()
        for index in 0..<3 { try await fixture.enqueue("s\(index)") }
        for _ in 0..<3 {
            let lease = try #require(try await fixture.jobs.claim(by: "me", lease: 15_000))
            _ = try await fixture.jobs.plan([JobFile(path: "a", digest: nil, size: 1)], of: lease)
            _ = try await fixture.finish(lease)
        }
        fixture.time.pass(1_000)
        #expect(try await fixture.jobs.prune(olderThan: 60_000) == 0)
        #expect(try await fixture.jobs.prune(jobs: 2, olderThan: 60_000) == 1)
        fixture.time.pass(120_000)
        #expect(try await fixture.jobs.prune(olderThan: 60_000) == 1)
        #expect(try await fixture.jobs.jobs(JobQuery()).jobs.map(\.id) == [3])
        #expect(try await fixture.jobs.files(of: 1, limit: 10).isEmpty)
        let last = try await fixture.jobs.lastEvent()
        #expect(last == 9)
        #expect(try await fixture.jobs.events(after: 0, limit: 10).map(\.sequence) == [9])
        #expect(try await fixture.enqueue("new").id == 4)
        #expect(try await fixture.jobs.lastEvent() == 10)
    }
}
