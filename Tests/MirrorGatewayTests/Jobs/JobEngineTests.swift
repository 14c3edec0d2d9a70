import Foundation
import HubCore
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import MirrorGateway

/// A handler that does what the test says, by subject.
private final class Deeds: JobHandler {
    let kind = "test"
    typealias Deed = @Sendable (Job, any JobContext) async throws -> Void
    private let deed: Deed
    private let began = Mutex<[String]>([])
    private let cancelled = Mutex<[String]>([])

    init(_ deed: @escaping Deed) { self.deed = deed }

    /// Subjects of the jobs that were begun, in order; and of those that were cancelled.
    var starts: [String] { began.withLock { $0 } }
    var stops: [String] { cancelled.withLock { $0 } }

    func run(_ job: Job, _ context: any JobContext) async throws {
        began.withLock { $0.append(job.draft.subject) }
        do {
            try await deed(job, context)
        } catch let error as CancellationError {
            cancelled.withLock { $0.append(job.draft.subject) }
            throw error
        }
    }

    static func forever() async throws { try await Task.sleep(for: .seconds(600)) }
}

@Suite("Jobs: the engine", .timeLimit(.minutes(2)))
struct JobEngineTests {
    private let folder: String
    private let hub: Hub
    private let time = TestTime()

    private final class TestTime: Sendable {
        private let ahead = Mutex<Int64>(0)
        var now: Int64 { WallClock.system.now() + ahead.withLock { $0 } }
        func pass(_ milliseconds: Int64) { ahead.withLock { $0 += milliseconds } }
    }

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("weir-\(UUID().uuidString)").path
        hub = try await Hub(path: folder, clock: WallClock { [time] in time.now })
    }

    private func engine(
        _ handler: any JobHandler, workers: Int = 2, jobs: JobStore? = nil, metrics: MetricRegistry = MetricRegistry(),
        rates: JobRates = JobRates(), retries: JobRetries = JobRetries()
    ) -> JobEngine {
        var pace = JobEngine.Pace()
        pace.look = .milliseconds(20)
        pace.renewal = .milliseconds(50)
        pace.progress = .milliseconds(20)
        return JobEngine(
            jobs: jobs ?? hub.jobs, handlers: [handler], workers: workers, folder: hub.directory.jobs, retries: retries,
            pace: pace, rates: rates, metrics: metrics, clock: hub.clock, logger: Logger(label: "test"))
    }

    /// Runs an engine while `body` does.
    private func running(_ engines: JobEngine..., body: () async throws -> Void) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let group = ServiceGroup(
            configuration: .init(
                services: engines.map { .init(service: $0, successTerminationBehavior: .ignore) }, logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            do {
                try await body()
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        try? FileManager.default.removeItem(atPath: folder)
    }

    @discardableResult
    private func enqueue(_ subject: String, account: String = "a", priority: JobPriority = .normal) async throws -> Job
    {
        try await hub.jobs.enqueue(
            JobDraft(kind: "test", subject: subject, account: account, priority: priority, payload: .null))
    }

    private func until(_ id: Int64, _ condition: (Job) -> Bool) async throws -> Job {
        for _ in 0..<3_000 {
            if let job = try await hub.jobs.job(id), condition(job) { return job }
            try await Task.sleep(for: .milliseconds(10))
        }
        return try #require(try await hub.jobs.job(id))
    }

    @Test("a job is done soon after it was asked for, and its files, bytes and events are told")
    func done() async throws {
        let metrics = MetricRegistry()
        let handler = Deeds { _, context in
            try await context.plan([
                JobFile(path: "a", digest: nil, size: 10), JobFile(path: "b", digest: nil, size: 20),
            ])
            await context.advance("a", bytes: 10, fetched: 10, from: "hub")
            await context.report([
                JobFile(path: "a", digest: nil, size: 10, state: .done, bytes: 10),
                JobFile(path: "b", digest: nil, size: 20, state: .failed, bytes: 5, failure: "No."),
            ])
        }
        try await running(engine(handler, metrics: metrics)) {
            let id = try await enqueue("s").id
            let job = try await until(id) { $0.state.isTerminal }
            #expect(job.state == .succeeded && job.upstream == "hub" && job.leaseOwner == nil)
            #expect(job.progress.filesTotal == 2 && job.progress.filesDone == 1 && job.progress.filesFailed == 1)
            #expect(job.progress.bytesTotal == 30 && job.progress.bytesDone == 15 && job.progress.bytesFetched == 10)
            #expect(try await hub.jobs.files(of: id, limit: 10).map(\.state) == [.done, .failed])
            #expect(
                try await hub.jobs.events(after: 0, limit: 10).map(\.kind)
                    == ["test.queued", "test.started", "test.succeeded"])
        }
        #expect(metrics.value("hub_job_bytes_total", labels: ["kind": "test"]) == 10)
        #expect(metrics.value("hub_job_seconds", labels: ["kind": "test", "outcome": "succeeded"]) == 1)
    }

    @Test("a job that is paused by another process stops within a second or so, and goes on where it was")
    func paused() async throws {
        let other = JobStore(database: hub.database, clock: hub.clock)
        let handler = Deeds { job, context in
            if job.progress.bytesFetched > 0 { return }
            try await context.plan([JobFile(path: "a", digest: nil, size: 10)])
            await context.advance("a", bytes: 5, fetched: 5, from: "hub")
            try await Deeds.forever()
        }
        try await running(engine(handler)) {
            let id = try await enqueue("s").id
            _ = try await until(id) { $0.progress.bytesFetched == 5 }
            try await other.pause(id, by: "amy")
            let paused = try await until(id) { $0.leaseOwner == nil }
            #expect(paused.state == .paused && handler.stops == ["s"])
            #expect(paused.progress.bytesDone == 5)
            try await other.resume(id)
            #expect(try await until(id) { $0.state.isTerminal }.state == .succeeded)
        }
    }

    @Test("a job whose lease is lost is cancelled, and another engine does it alone")
    func lost() async throws {
        let stolen = Latch()
        let handler = Deeds { _, _ in
            do {
                try await Deeds.forever()
            } catch {
                // The only worker is busy until the thief has come: it would take the job again itself.
                await stolen.pass()
                throw error
            }
        }
        try await running(engine(handler, workers: 1)) {
            let id = try await enqueue("s").id
            let owner = try #require(try await until(id) { $0.state == .running }.leaseOwner)
            try await hub.jobs.pause(try await enqueue("other").id)
            // As another process does that believes the owner dead.
            #expect(try await hub.jobs.reclaim(from: [owner], lease: 15_000) == 1)
            defer { stolen.open() }
            let taken = try #require(try await hub.jobs.claim(by: "thief", lease: 15_000))
            #expect(taken.job.id == id)
            stolen.open()
            await Latch.until { handler.stops == ["s"] }
            #expect(try await hub.jobs.job(id)?.leaseOwner == "thief")
            #expect(try await hub.jobs.finish(taken, .succeeded).state == .succeeded)
        }
    }

    @Test("two engines on one queue do each job once")
    func twoEngines() async throws {
        let handler = Deeds { _, _ in
            try await Task.sleep(for: .milliseconds(2))
        }
        let other = JobStore(database: hub.database, clock: hub.clock)
        try await hub.jobs.enqueue(
            (0..<40).map { JobDraft(kind: "test", subject: "s\($0)", account: "a", payload: .null) })
        try await running(engine(handler), engine(handler, jobs: other)) {
            for _ in 0..<3_000 where try await hub.jobs.counts()[.succeeded] != 40 {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        #expect(handler.starts.count == 40 && Set(handler.starts).count == 40)
    }

    @Test("an urgent job takes the place of a running one, which goes on afterwards with what it had")
    func preemption() async throws {
        let release = Latch()
        let handler = Deeds { job, context in
            if job.draft.subject == "urgent" { return await release.pass() }
            if job.progress.bytesFetched > 0 { return }
            await context.advance("a", bytes: 5, fetched: 5, from: "hub")
            try await Deeds.forever()
        }
        try await running(engine(handler, workers: 1)) {
            let id = try await enqueue("slow").id
            _ = try await until(id) { $0.progress.bytesFetched == 5 }
            let urgent = try await enqueue("urgent", account: "b", priority: .urgent).id
            let waiting = try await until(id) { $0.state == .queued }
            #expect(waiting.waitsFor == "Gave its place to an urgent job." && waiting.attempts == 0)
            _ = try await until(urgent) { $0.state == .running }
            release.open()
            #expect(try await until(id) { $0.state.isTerminal }.progress.bytesFetched == 5)
            #expect(handler.starts == ["slow", "urgent", "slow"])
        }
    }

    @Test("S79: with every worker busy for one account, another's job starts within seconds")
    func fairShare() async throws {
        let handler = Deeds { job, _ in if job.draft.account == "flood" { try await Deeds.forever() } }
        try await hub.jobs.enqueue(
            (0..<5_000).map { JobDraft(kind: "test", subject: "f\($0)", account: "flood", payload: .null) })
        try await running(engine(handler, workers: 4)) {
            await Latch.until { handler.starts.count == 4 }
            let began = ContinuousClock.now
            let id = try await enqueue("mine", account: "amy").id
            #expect(try await until(id) { $0.state.isTerminal }.state == .succeeded)
            #expect(began.duration(to: .now) < .seconds(5))
        }
    }

    @Test("a failed attempt is made again when its time has come, and at last given up")
    func retries() async throws {
        var retries = JobRetries()
        retries.pauses = [10_000, 30_000]
        let handler = Deeds { _, _ in throw HubError(.upstreamUnavailable, "Silence.", retryAfter: 20) }
        try await running(engine(handler, retries: retries)) {
            let id = try await enqueue("s").id
            var job = try await until(id) { $0.attempts == 1 && $0.leaseOwner == nil }
            #expect(job.state == .queued)
            #expect(job.waitsFor?.hasSuffix("(attempt 2 of 3): Silence.") == true, "\(job.waitsFor ?? "")")
            #expect(job.draft.notBefore >= time.now + 15_000)
            time.pass(21_000)
            job = try await until(id) { $0.attempts == 2 && $0.leaseOwner == nil }
            time.pass(31_000)
            job = try await until(id) { $0.state.isTerminal }
            #expect(job.state == .failed && job.failure?.code == "upstream-unavailable")
            #expect(job.failure?.message == "Given up after 3 attempts. Silence.")
        }
    }

    @Test("a shutdown gives leases back at once, and the next engine goes on")
    func shutdown() async throws {
        let handler = Deeds { _, _ in try await Deeds.forever() }
        let id = try await enqueue("s").id
        try await running(engine(handler)) {
            _ = try await until(id) { $0.state == .running }
        }
        let job = try #require(try await hub.jobs.job(id))
        #expect(job.state == .queued && job.leaseOwner == nil && job.attempts == 0)
        let next = Deeds { _, _ in }
        try await running(engine(next)) { _ = try await until(id) { $0.state == .succeeded } }
        #expect(next.starts == ["s"])
    }

    @Test("what a killed process did is taken up at the start, before its lease has run out")
    func killed() async throws {
        try FileManager.default.createDirectory(atPath: hub.directory.jobs, withIntermediateDirectories: true)
        _ = FileManager.default.createFile(atPath: "\(hub.directory.jobs)/dead-1-ab.owner", contents: nil)
        let id = try await enqueue("s").id
        _ = try await hub.jobs.claim(by: "dead-1-ab", lease: 15_000)
        let began = ContinuousClock.now
        try await running(engine(Deeds { _, _ in })) { _ = try await until(id) { $0.state == .succeeded } }
        #expect(began.duration(to: .now) < .seconds(5))
    }

    @Test("a kind that nobody here does waits and says so")
    func unknownKind() async throws {
        try await running(engine(Deeds { _, _ in })) {
            let id = try await hub.jobs.enqueue(JobDraft(kind: "odd", subject: "s", account: "a", payload: .null)).id
            let job = try await until(id) { $0.waitsFor != nil }
            #expect(job.state == .queued && job.waitsFor == "Nothing here does jobs of kind 'odd'.")
        }
    }
}
