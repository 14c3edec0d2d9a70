import Foundation
import Testing

@testable import HubCore

@Suite("Jobs: leases and steering")
struct JobLeaseTests {
    @Test("F15: many claimers in two stores never get one job twice")
    func exclusive() async throws {
        let fixture = try await JobFixture()
        try await fixture.jobs.enqueue((0..<60).map { JobFixture.draft("s\($0)") })
        let stores = [fixture.jobs, try fixture.other()]
        let claimed = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for index in 0..<8 {
                group.addTask {
                    var ids: [Int64] = []
                    while let lease = try await stores[index % 2].claim(by: "owner\(index)", lease: 15_000) {
                        ids.append(lease.job.id)
                    }
                    return ids
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(claimed.sorted() == Array(1...60))
    }

    @Test("F15: a holder that slept past its lease writes nothing, whether somebody else has the job by then or not")
    func fencing() async throws {
        let fixture = try await JobFixture()
        let other = try fixture.other()
        try await fixture.enqueue("s")
        let old = try #require(try await fixture.jobs.claim(by: "old", lease: 15_000))
        _ = try await fixture.jobs.plan([JobFile(path: "a", digest: nil, size: 10)], of: old)
        fixture.time.pass(15_001)
        let progress = JobProgress()
        await #expect(throws: JobLeaseLost.self) {
            try await fixture.jobs.write(progress, files: [], upstream: nil, waitsFor: nil, of: old)
        }
        #expect(try await fixture.jobs.standing(of: [old]) == [1: .lost])

        #expect(try await other.reclaim(lease: 15_000) == 1)
        let new = try #require(try await other.claim(by: "new", lease: 15_000))
        #expect(new.job.id == 1 && new.epoch > old.epoch)
        await #expect(throws: JobLeaseLost.self) {
            let file = JobFile(path: "a", digest: nil, size: 10, state: .done, bytes: 10)
            try await fixture.jobs.write(progress, files: [file], upstream: nil, waitsFor: nil, of: old)
        }
        await #expect(throws: JobLeaseLost.self) { try await fixture.jobs.plan([], of: old) }
        await #expect(throws: JobLeaseLost.self) { try await fixture.jobs.finish(old, .succeeded) }
        try await fixture.jobs.renew([old], for: 15_000)
        let job = try #require(try await other.job(1))
        #expect(job.state == .running && job.leaseOwner == "new" && job.progress.bytesDone == 0)
        #expect(try await other.files(of: 1, limit: 10).map(\.state) == [.waiting])
        #expect(try await other.finish(new, .succeeded).state == .succeeded)
    }

    @Test("a renewed lease holds, and one of a future that a clock set back made is taken")
    func renewal() async throws {
        let fixture = try await JobFixture()
        try await fixture.enqueue("s")
        let lease = try #require(try await fixture.jobs.claim(by: "me", lease: 15_000))
        for _ in 0..<5 {
            fixture.time.pass(10_000)
            try await fixture.jobs.renew([lease], for: 15_000)
            #expect(try await fixture.jobs.reclaim(lease: 15_000) == 0)
        }
        #expect(try await fixture.jobs.standing(of: [lease]) == [1: .held])
        fixture.time.pass(-3_600_000)
        #expect(try await fixture.jobs.reclaim(lease: 15_000) == 1)
    }

    @Test("what a dead owner did is taken up at once, with the files that were done")
    func dead() async throws {
        let fixture = try await JobFixture()
        try await fixture.enqueue("s")
        let lease = try #require(try await fixture.jobs.claim(by: "dead", lease: 15_000))
        let files = ["a", "b"].map { JobFile(path: $0, digest: nil, size: 10) }
        _ = try await fixture.jobs.plan(files, of: lease)
        var done = files
        done[0].state = .done
        done[1].state = .fetching
        try await fixture.jobs.write(JobProgress(), files: done, upstream: "hub", waitsFor: nil, of: lease)
        #expect(try await fixture.jobs.owners(otherThan: "me") == ["dead"])
        #expect(try await fixture.jobs.reclaim(from: ["dead"], lease: 15_000) == 1)
        let again = try #require(try await fixture.jobs.claim(by: "me", lease: 15_000))
        let planned = try await fixture.jobs.plan(files + [JobFile(path: "c", digest: nil, size: 1)], of: again)
        #expect(planned.map(\.state) == [.done, .waiting, .waiting])
        #expect(again.job.attempts == 0)
        let kinds = try await fixture.jobs.events(after: 0, limit: 10).map(\.kind)
        #expect(kinds.contains("test.interrupted"))
    }

    @Test("a file whose digest is another by now is to be fetched again, and one that is gone is forgotten")
    func planning() async throws {
        let fixture = try await JobFixture()
        try await fixture.enqueue("s")
        let lease = try #require(try await fixture.jobs.claim(by: "me", lease: 15_000))
        let (one, two) = (BlobID(hashing: [1]), BlobID(hashing: [2]))
        let done = JobFile(path: "a", digest: one, size: 1, state: .done, bytes: 1)
        _ = try await fixture.jobs.plan([done, JobFile(path: "b", digest: one, size: 1)], of: lease)
        let planned = try await fixture.jobs.plan([JobFile(path: "a", digest: two, size: 1)], of: lease)
        #expect(planned.map(\.state) == [.waiting])
        #expect(try await fixture.jobs.files(of: 1, limit: 10) == planned)
    }

    @Test("an owner's lock tells that it lives, and that it is gone")
    func owners() throws {
        let folder = try TemporaryDirectory()
        let owner = try JobOwner(in: folder.appending("jobs"))
        #expect(!JobOwner.isGone(owner.name, in: folder.appending("jobs")))
        #expect(!JobOwner.isGone("elsewhere-1-ab", in: folder.appending("jobs")))
        #expect(!JobOwner.isGone("../weir", in: folder.appending("jobs")))
        // As a killed process leaves it: the file without its lock.
        try folder.write([], to: "jobs/dead-1-ab.owner")
        #expect(JobOwner.sweep(folder.appending("jobs")) == ["dead-1-ab"])
        #expect(folder.names(in: "jobs") == ["\(owner.name).owner"])
        owner.end()
        #expect(folder.names(in: "jobs").isEmpty)
    }

    // MARK: Steering

    private enum Act: String, CaseIterable { case pause, resume, cancel, retry, prioritise }

    private func act(_ act: Act, _ jobs: JobStore) async throws -> Job {
        switch act {
        case .pause: try await jobs.pause(1, by: "amy")
        case .resume: try await jobs.resume(1, by: "amy")
        case .cancel: try await jobs.cancel(1, by: "amy")
        case .retry: try await jobs.retry(1, by: "amy")
        case .prioritise: try await jobs.prioritise(1, to: .urgent, by: "amy")
        }
    }

    /// A queue with one job in a state.
    private func fixture(in state: JobState) async throws -> JobFixture {
        let fixture = try await JobFixture()
        try await fixture.enqueue("s")
        switch state {
        case .queued: break
        case .paused: try await fixture.jobs.pause(1)
        case .cancelled: try await fixture.jobs.cancel(1)
        case .running, .succeeded, .failed:
            let lease = try #require(try await fixture.jobs.claim(by: "me", lease: 15_000))
            if state == .succeeded { _ = try await fixture.finish(lease) }
            if state == .failed {
                _ = try await fixture.finish(lease, .failed(HubError(.upstreamRefused, "No.")))
            }
        }
        return fixture
    }

    @Test("each act in each state does what it should, or is a conflict that changes nothing")
    func transitions() async throws {
        // Nil is a conflict.
        let table: [JobState: [JobState?]] = [
            .queued: [.paused, .queued, .cancelled, .queued, .queued],
            .running: [.paused, .running, .cancelled, .running, .running],
            .paused: [.paused, .queued, .cancelled, nil, .paused],
            .succeeded: [nil, nil, nil, nil, nil],
            .failed: [nil, nil, nil, .queued, nil],
            .cancelled: [nil, nil, .cancelled, .queued, nil],
        ]
        for state in JobState.allCases {
            for (index, what) in Act.allCases.enumerated() {
                let fixture = try await fixture(in: state)
                let before = try #require(try await fixture.jobs.job(1))
                let place: Comment = "\(what) of a \(state) job"
                guard let expected = try #require(table[state])[index] else {
                    let refused = await #expect(throws: HubError.self, place) { try await act(what, fixture.jobs) }
                    #expect(refused?.code == .conflict, place)
                    #expect(try await fixture.jobs.job(1)?.state == before.state, place)
                    continue
                }
                let job = try await act(what, fixture.jobs)
                #expect(job.state == expected, place)
                #expect((job.finishedAt != nil) == expected.isTerminal, place)
                #expect(job.draft.priority == (what == .prioritise ? .urgent : .normal), place)
                if what == .retry, state == .failed { #expect(job.failure == nil && job.attempts == 0) }
            }
        }
        let fixture = try await JobFixture()
        for what in Act.allCases {
            let missing = await #expect(throws: HubError.self) { try await act(what, fixture.jobs) }
            #expect(missing?.code == .notFound)
        }
    }

    @Test("a job that was paused while it ran goes on with nobody else before its holder let go")
    func pausedWhileRunning() async throws {
        let fixture = try await JobFixture()
        let other = try fixture.other()
        try await fixture.enqueue("s")
        let lease = try #require(try await fixture.jobs.claim(by: "me", lease: 15_000))
        try await other.pause(1, by: "amy")
        #expect(try await fixture.jobs.standing(of: [lease]) == [1: .stopped(.paused)])
        var progress = JobProgress()
        progress.bytesDone = 5
        try await fixture.jobs.write(progress, files: [], upstream: nil, waitsFor: "x", of: lease)
        #expect(try await other.job(1)?.waitsFor == "Paused by amy until it is resumed.")
        try await other.resume(1)
        #expect(try await other.claim(by: "new", lease: 15_000) == nil)
        #expect(try await fixture.finish(lease, .released(why: nil)).state == .queued)
        #expect(try await other.claim(by: "new", lease: 15_000)?.job.progress.bytesDone == 5)
    }

    @Test("a job that was cancelled while it ran stays so, though its holder ends well")
    func cancelledWhileRunning() async throws {
        let fixture = try await JobFixture()
        try await fixture.enqueue("s")
        let lease = try #require(try await fixture.jobs.claim(by: "me", lease: 15_000))
        try await fixture.jobs.cancel(1)
        let job = try await fixture.finish(lease)
        #expect(job.state == .cancelled && job.leaseOwner == nil)
        #expect(
            try await fixture.jobs.events(after: 0, of: 1, limit: 10).map(\.kind)
                == ["test.queued", "test.started", "test.cancelled"])
    }

    @Test("a job that waits to be tried again says so, and can be tried at once")
    func waiting() async throws {
        let fixture = try await JobFixture()
        try await fixture.enqueue("s")
        let lease = try #require(try await fixture.jobs.claim(by: "me", lease: 15_000))
        let job = try await fixture.finish(
            lease, .again(at: fixture.time.now + 60_000, why: "Later.", counts: true, startsAnew: false))
        #expect(job.state == .queued && job.attempts == 1 && job.waitsFor == "Later.")
        #expect(try await fixture.claimAll().isEmpty)
        let now = try await fixture.jobs.retry(1)
        #expect(now.waitsFor == nil && now.attempts == 0)
        #expect(try await fixture.claimAll() == ["s"])
    }

    @Test("what failed is not retried while another does the same")
    func retriedTwice() async throws {
        let fixture = try await JobFixture()
        try await fixture.jobs.enqueue(JobFixture.draft(key: "k"))
        try await fixture.jobs.cancel(1)
        try await fixture.jobs.enqueue(JobFixture.draft(key: "k"))
        let refused = await #expect(throws: HubError.self) { try await fixture.jobs.retry(1) }
        #expect(refused?.message == "The job 2 does the same as 1.")
        try await fixture.jobs.cancel(2)
        #expect(try await fixture.jobs.retry(1).state == .queued)
        #expect(try await fixture.jobs.enqueue(JobFixture.draft(key: "k")).id == 1)
    }

    @Test("a rate is of the last seconds, and begins anew with a new start or clock")
    func rate() {
        var rate = JobRate(window: 10_000)
        #expect(rate.bytesPerSecond == nil)
        rate.record(1_000_000, at: 0)
        #expect(rate.bytesPerSecond == nil && rate.seconds(for: 0) == 0)
        rate.record(1_500_000, at: 1_000)
        #expect(rate.bytesPerSecond == 500_000)
        #expect(rate.seconds(for: 1_000_001) == 3)
        for second in 2...30 { rate.record(1_500_000, at: Int64(second) * 1_000) }
        #expect(rate.bytesPerSecond == 0 && rate.seconds(for: 1) == nil)
        rate.record(10, at: 31_000)
        #expect(rate.bytesPerSecond == nil)
    }
}
