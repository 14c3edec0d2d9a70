import HubCore
import Testing

@testable import HubServer

@Suite("Jobs on pages")
struct JobViewsTests {
    private func job(fetched: Int64, from start: Int64, to end: Int64) -> Job {
        var progress = JobProgress()
        progress.bytesFetched = fetched
        return Job(
            id: 1, draft: JobDraft(kind: "sync", subject: "model:a/b", account: "user:amy", payload: .null),
            state: .succeeded, attempts: 0, waitsFor: nil, progress: progress, upstream: nil, failure: nil,
            leaseOwner: nil, createdAt: start, startedAt: start, updatedAt: end, finishedAt: end)
    }

    @Test("what a job fetched is spread over the minutes in which it ran, as far as they are of the last hour")
    func throughput() {
        let now: Int64 = 10 * 3_600_000
        let recent = JobViews.throughput([job(fetched: 600, from: now - 120_000, to: now)], now: now)
        #expect(recent.count == 60)
        #expect(recent[58] == 300 && recent[59] == 300 && recent[57] == 0)
        // Half of it came before.
        let old = JobViews.throughput([job(fetched: 1_000, from: now - 7_200_000, to: now)], now: now)
        #expect(abs(old.reduce(0, +) - 500) < 1)
        #expect(JobViews.throughput([job(fetched: 9, from: 0, to: 10)], now: now).allSatisfy { $0 == 0 })
    }

    @Test("nobody keeps more pages fresh than his share, and a place that is given back is free")
    func limits() throws {
        let limits = LiveLimits(perCaller: 2, inAll: 3)
        try limits.enter("amy")
        try limits.enter("amy")
        #expect(throws: HubError.self) { try limits.enter("amy") }
        try limits.enter("bob")
        #expect(throws: HubError.self) { try limits.enter("eve") }
        limits.leave("amy")
        try limits.enter("eve")
    }

    @Test("what was done is told where one goes back to, in the place of what was done before")
    func addresses() {
        #expect(WebAddress.adding(done: "paused", to: "/console/sync") == "/console/sync?done=paused")
        #expect(
            WebAddress.adding(done: "paused", to: "/console/sync?state=failed&done=old#x")
                == "/console/sync?state=failed&done=paused#x")
    }
}
