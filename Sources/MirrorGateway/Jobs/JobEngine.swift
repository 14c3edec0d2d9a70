import HubCore
import Logging
import ServiceLifecycle

/// Does long work: leases jobs, runs their handlers, and lets go of what was paused, cancelled or lost.
///
/// Each attempt is a child task. Other engines may work on the same database: who does which job is decided there.
struct JobEngine: Service {
    /// How often the engine looks, and how long a lease lasts without a sign of life.
    struct Pace: Sendable {
        /// Milliseconds.
        var lease: Int64 = 15_000
        var renewal = Duration.seconds(5)
        /// Between looks at the database, for what other processes did.
        var look = Duration.seconds(1)
        /// Between writes of one job's progress.
        var progress = Duration.seconds(1)

        init() {}
    }

    private let jobs: JobStore
    private let handlers: [String: any JobHandler]
    private let workerCount: Int
    /// Where owners of leases show that they live.
    private let folder: String
    private let retries: JobRetries
    private let pace: Pace
    private let rates: JobRates
    private let metrics: JobMetrics
    private let clock: WallClock
    private let logger: Logger

    init(
        jobs: JobStore, handlers: [any JobHandler], workers: Int, folder: String, retries: JobRetries = JobRetries(),
        pace: Pace = Pace(), rates: JobRates, metrics: MetricRegistry, clock: WallClock, logger: Logger
    ) {
        self.jobs = jobs
        self.handlers = Dictionary(handlers.map { ($0.kind, $0) }, uniquingKeysWith: { $1 })
        workerCount = max(1, workers)
        self.folder = folder
        self.retries = retries
        self.pace = pace
        self.rates = rates
        self.metrics = JobMetrics(registry: metrics)
        self.clock = clock
        self.logger = logger
    }

    func run() async throws {
        let owner = try JobOwner(in: folder)
        defer { owner.end() }
        let workers = JobWorkers()
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let changes = jobs.signal.changes()
        await reclaim(from: JobOwner.sweep(folder))
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { for await _ in changes { wake.yield() } }
                group.addTask { await every(pace.look) { wake.yield() } }
                group.addTask { await every(pace.renewal) { await renew(workers, of: owner) } }
                group.addTask { await keepHouse() }
                wake.yield()
                await withDiscardingTaskGroup { attempts in
                    for await _ in wakes {
                        await look(workers)
                        await fill(workers, of: owner) { run in
                            attempts.addTask {
                                await attempt(run)
                                workers.end(run)
                                wake.yield()
                            }
                        }
                    }
                    for run in workers.runs { run.stop(.shutdown) }
                }
                group.cancelAll()
            }
        } onGracefulShutdown: {
            wake.finish()
        }
    }

    private func every(_ pause: Duration, _ act: () async -> Void) async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: pause) } catch { return }
            await act()
        }
    }

    // MARK: Taking jobs

    /// Stops what somebody stopped, here or in another process.
    private func look(_ workers: JobWorkers) async {
        do {
            let standings = try await jobs.standing(of: workers.runs.map(\.lease))
            for (id, standing) in standings {
                switch standing {
                case .held: break
                case .stopped: workers[id]?.stop(.steered)
                case .lost: workers[id]?.stop(.lost)
                }
            }
        } catch {
            logger.warning("jobs could not be looked at", metadata: ["error": "\(error)"])
        }
    }

    private func fill(_ workers: JobWorkers, of owner: JobOwner, _ start: (JobRun) -> Void) async {
        do {
            while !Task.isCancelled, workers.count < workerCount {
                guard let lease = try await jobs.claim(by: owner.name, lease: pace.lease) else { return }
                let run = workers.begin { JobRun(lease, order: $0, store: jobs, metrics: metrics) }
                start(run)
            }
            try await makeRoom(workers)
        } catch {
            logger.warning("jobs could not be taken", metadata: ["error": "\(error)"])
        }
    }

    /// Has a running job make room for the next one, where that is so much more important.
    private func makeRoom(_ workers: JobWorkers) async throws {
        let runs = workers.runs
        // One that lets go already makes room enough for now.
        guard runs.allSatisfy({ $0.stop == nil }), let next = try await jobs.next() else { return }
        let running = runs.map { run in
            JobPreemption.Running(
                id: run.lease.job.id, account: run.lease.job.draft.account, priority: run.lease.job.draft.priority,
                order: run.order)
        }
        guard let (id, why) = JobPreemption.victim(for: next, among: running) else { return }
        workers[id]?.stop(.preempted(why))
    }

    // MARK: Leases

    private func renew(_ workers: JobWorkers, of owner: JobOwner) async {
        do {
            try await jobs.renew(workers.runs.filter { $0.stop != .lost }.map(\.lease), for: pace.lease)
            let gone = try await jobs.owners(otherThan: owner.name).filter { JobOwner.isGone($0, in: folder) }
            await reclaim(from: gone)
        } catch {
            logger.warning("leases of jobs could not be renewed", metadata: ["error": "\(error)"])
        }
    }

    private func reclaim(from dead: [String]) async {
        do {
            let count = try await jobs.reclaim(from: dead, lease: pace.lease)
            if count > 0 { logger.notice("took up interrupted jobs", metadata: ["jobs": "\(count)"]) }
        } catch {
            logger.warning("interrupted jobs could not be taken up", metadata: ["error": "\(error)"])
        }
    }

    /// Counts jobs for the metrics, and forgets old ones.
    private func keepHouse() async {
        var rounds = 0
        while !Task.isCancelled {
            do {
                metrics.standing(try await jobs.counts())
                if rounds % 240 == 0 { try await jobs.prune() }
            } catch {
                logger.warning("old jobs could not be forgotten", metadata: ["error": "\(error)"])
            }
            rounds += 1
            do { try await Task.sleep(for: .seconds(15)) } catch { return }
        }
    }

    // MARK: One attempt

    private func attempt(_ run: JobRun) async {
        let job = run.lease.job
        let began = ContinuousClock.now
        guard let handler = handlers[job.draft.kind] else {
            let until = clock.now() + 60_000
            return await finish(
                run,
                .again(
                    at: until, why: "Nothing here does jobs of kind '\(job.draft.kind)'.", counts: false,
                    startsAnew: false))
        }
        let result = await handle(job, run, handler)
        rates.forget(job.id)
        await run.flush()
        let outcome = outcome(of: result, run)
        let duration = began.duration(to: .now) / .seconds(1)
        metrics.ended(job.draft.kind, Self.word(of: outcome), after: duration)
        guard let outcome else { return }
        if case .failed(let error) = outcome {
            logger.notice(
                "a job failed",
                metadata: ["job": "\(job.id)", "subject": "\(job.draft.subject)", "error": "\(error)"])
        }
        await finish(run, outcome)
    }

    /// Runs the handler until it ends, which it is told to when the job is stopped.
    private func handle(_ job: Job, _ run: JobRun, _ handler: any JobHandler) async -> Result<Void, any Error> {
        let urgency: EgressUrgency = job.draft.priority == .urgent ? .urgentSync : .sync
        return await withTaskGroup(of: Result<Void, any Error>?.self) { group in
            group.addTask {
                do {
                    try await EgressUrgency.$current.withValue(urgency) { try await handler.run(job, run) }
                    return .success(())
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                await run.untilStopped()
                return nil
            }
            group.addTask {
                await every(pace.progress) {
                    rates.record(run.progress.bytesFetched, of: job.id, at: clock.now())
                    await run.flush()
                }
                return nil
            }
            rates.record(run.progress.bytesFetched, of: job.id, at: clock.now())
            for await result in group {
                group.cancelAll()
                if let result { return result }
            }
            return .failure(CancellationError())
        }
    }

    /// Nil when nothing may be written.
    private func outcome(of result: Result<Void, any Error>, _ run: JobRun) -> JobOutcome? {
        if run.stop == .lost { return nil }
        let error: any Error
        switch result {
        case .success: return .succeeded
        case .failure(is JobLeaseLost): return nil
        case .failure(let failure): error = failure
        }
        switch run.stop {
        case .preempted(let why): return .released(why: why)
        case .steered, .shutdown: return .released(why: nil)
        case .lost, nil: break
        }
        if error is CancellationError { return .released(why: nil) }
        let failure =
            error as? HubError ?? HubError(ofDatabase: error)
            ?? HubError(.internalError, "The job ended unexpectedly: \(error)")
        return retries.outcome(
            of: failure, attempts: run.lease.job.attempts, gotFurther: run.gotFurther, now: clock.now(),
            random: .random(in: 0..<1))
    }

    private func finish(_ run: JobRun, _ outcome: JobOutcome) async {
        // Without this the job would only go on when its lease has run out.
        for pause in [200, 1_000, 5_000] {
            do {
                try await jobs.finish(run.lease, outcome)
                return
            } catch is JobLeaseLost {
                return
            } catch {
                logger.warning(
                    "a job's end could not be written", metadata: ["job": "\(run.lease.job.id)", "error": "\(error)"])
                try? await Task.sleep(for: .milliseconds(pause))
            }
        }
    }

    private static func word(of outcome: JobOutcome?) -> String {
        switch outcome {
        case .succeeded: "succeeded"
        case .failed: "failed"
        case .again: "again"
        case .released: "released"
        case nil: "lost"
        }
    }
}
