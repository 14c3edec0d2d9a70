import HubCore
import Synchronization

/// One attempt at one job: what its handler tells, gathered and written once a second, and whether it is to stop.
final class JobRun: JobContext {
    /// Why a handler is cancelled.
    enum Stop: Sendable, Equatable {
        /// Somebody paused or cancelled it.
        case steered
        /// The lease is lost: nothing may be written any more.
        case lost
        case preempted(String)
        case shutdown
    }

    fileprivate struct State {
        var files: [String: JobFile] = [:]
        var progress: JobProgress
        var upstream: String?
        var waitsFor: String?
        var changed: Set<String> = []
        var isChanged = false
        var stop: Stop?
    }

    let lease: JobLease
    /// Grows with each job that was begun here.
    let order: Int
    private let store: JobStore
    private let metrics: JobMetrics
    private let state: Mutex<State>
    private let stops: AsyncStream<Void>
    private let stopping: AsyncStream<Void>.Continuation

    init(_ lease: JobLease, order: Int, store: JobStore, metrics: JobMetrics) {
        self.lease = lease
        self.order = order
        self.store = store
        self.metrics = metrics
        state = Mutex(State(progress: lease.job.progress, upstream: lease.job.upstream))
        (stops, stopping) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Has the handler cancelled; the first reason counts, but that the lease is lost counts more.
    func stop(_ reason: Stop) {
        state.withLock { state in
            if state.stop == nil || reason == .lost { state.stop = reason }
        }
        stopping.yield()
        stopping.finish()
    }

    var stop: Stop? { state.withLock { $0.stop } }
    var progress: JobProgress { state.withLock { $0.progress } }
    /// Whether more is here than before this attempt.
    var gotFurther: Bool {
        let (now, before) = (progress, lease.job.progress)
        return now.filesDone > before.filesDone || now.bytesDone > before.bytesDone
    }

    /// Returns when the handler is to stop, or when the task is cancelled.
    func untilStopped() async {
        for await _ in stops { return }
    }

    // MARK: What the handler tells

    func plan(_ files: [JobFile]) async throws {
        let planned: [JobFile]
        do {
            planned = try await store.plan(files, of: lease)
        } catch let error as JobLeaseLost {
            stop(.lost)
            throw error
        }
        state.withLock { state in
            state.files = Dictionary(planned.map { ($0.path, $0) }, uniquingKeysWith: { $1 })
            let fetched = state.progress.bytesFetched
            state.progress = JobProgress()
            state.progress.bytesFetched = fetched
            for file in planned { state.progress.count(file, by: 1) }
            state.changed = []
            state.isChanged = true
        }
        await flush()
    }

    func report(_ files: [JobFile]) async {
        state.withLock { state in
            for file in files { state.set(file) }
        }
    }

    func advance(_ path: String, bytes: Int64, fetched: Int64, from upstream: String?) async {
        state.withLock { state in
            if var file = state.files[path] {
                file.bytes = max(0, bytes)
                if file.state == .waiting { file.state = .fetching }
                state.set(file)
            }
            state.progress.bytesFetched += max(0, fetched)
            if let upstream { state.upstream = upstream }
            state.isChanged = true
        }
        metrics.fetched(fetched, kind: lease.job.draft.kind)
    }

    func wait(for reason: String?) async {
        state.withLock { state in
            state.isChanged = state.isChanged || state.waitsFor != reason
            state.waitsFor = reason
        }
    }

    // MARK: What is written of it

    /// Writes what changed since the last time.
    func flush() async {
        let (progress, files, upstream, waitsFor) = state.withLock {
            state -> (JobProgress?, [JobFile], String?, String?) in
            guard state.isChanged || !state.changed.isEmpty, state.stop != .lost else { return (nil, [], nil, nil) }
            defer {
                state.isChanged = false
                state.changed = []
            }
            return (state.progress, state.changed.compactMap { state.files[$0] }, state.upstream, state.waitsFor)
        }
        guard let progress else { return }
        do {
            try await store.write(progress, files: files, upstream: upstream, waitsFor: waitsFor, of: lease)
        } catch is JobLeaseLost {
            stop(.lost)
        } catch {
            // The database may have no room just now; the next time tells it all.
            state.withLock { state in
                state.isChanged = true
                state.changed.formUnion(files.map(\.path))
            }
        }
    }
}

extension JobRun.State {
    fileprivate mutating func set(_ file: JobFile) {
        if let old = files[file.path] {
            guard old != file else { return }
            progress.count(old, by: -1)
        }
        files[file.path] = file
        progress.count(file, by: 1)
        changed.insert(file.path)
    }
}

extension JobProgress {
    fileprivate mutating func count(_ file: JobFile, by sign: Int64) {
        filesTotal += sign
        bytesTotal += sign * file.size
        switch file.state {
        case .done:
            filesDone += sign
            bytesDone += sign * file.size
        case .failed:
            filesFailed += sign
            bytesDone += sign * min(file.bytes, file.size)
        case .waiting, .fetching: bytesDone += sign * min(file.bytes, file.size)
        }
    }
}
