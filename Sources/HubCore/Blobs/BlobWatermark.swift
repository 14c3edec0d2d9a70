import Synchronization

/// How far a growing blob may be read, and those who wait for more.
///
/// Waiting costs one continuation, so a thousand readers of one download are cheap.
final class BlobWatermark: BlobFollowing {
    private enum Outcome {
        case arriving
        case verified
        case failed(HubError)
    }

    private struct Waiter {
        let offset: Int64
        let continuation: CheckedContinuation<Int64, any Error>
    }

    private struct State {
        var written: Int64
        /// Bytes behind those, with gaps before them.
        var islands = ByteRanges()
        var outcome = Outcome.arriving
        var waiters: [UInt64: Waiter] = [:]
        var nextWaiter: UInt64 = 0
    }

    private let size: Int64
    private let state: Mutex<State>

    init(size: Int64, written: Int64 = 0, islands: ByteRanges = ByteRanges()) {
        self.size = size
        state = Mutex(State(written: written, islands: islands))
    }

    /// Bytes that are in the file and in the hash.
    var written: Int64 { state.withLock { $0.written } }

    /// - Throws: the error with which the writer failed; `conflict` when the blob is verified already.
    func checkArriving() throws {
        switch state.withLock({ $0.outcome }) {
        case .arriving: return
        case .verified: throw HubError(.conflict, "The blob is complete already.")
        case .failed(let error): throw error
        }
    }

    /// Whether the digest has matched.
    /// - Throws: the error with which the writer failed.
    func isVerified() throws -> Bool {
        switch state.withLock({ $0.outcome }) {
        case .arriving: return false
        case .verified: return true
        case .failed(let error): throw error
        }
    }

    /// All bytes that are in the file.
    var present: ByteRanges {
        state.withLock { state in
            var present = state.islands
            present.insert(0..<state.written)
            return present
        }
    }

    /// Where readers wait for bytes that are not here, in order. Those who wait for the digest wait for no place.
    var wanted: [Int64] {
        state.withLock { state in
            let end = size - min(size, BlobReader.withheld)
            return state.waiters.values.map(\.offset).filter { $0 < end }.sorted()
        }
    }

    func advance(to written: Int64, islands: ByteRanges = ByteRanges()) {
        change { state in
            state.written = written
            state.islands = islands
        }
    }

    func verify() {
        change { if case .arriving = $0.outcome { $0.outcome = .verified } }
    }

    /// - Returns: false when the blob was verified or had failed before.
    @discardableResult
    func fail(_ error: HubError) -> Bool {
        change { state in
            guard case .arriving = state.outcome else { return false }
            state.outcome = .failed(error)
            return true
        }
    }

    func released(past offset: Int64) async throws -> Int64 {
        let key = state.withLock { state in
            state.nextWaiter &+= 1
            return state.nextWaiter
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer = state.withLock { state -> Result<Int64, any Error>? in
                    if let answer = self.answer(to: offset, state) { return answer }
                    // Cancellation marks the task before it calls the handler: either it is seen here, or the handler
                    // finds the waiter.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.waiters[key] = Waiter(offset: offset, continuation: continuation)
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: key) }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    /// What a reader that has `offset` bytes is told; nil when it has to wait.
    private func answer(to offset: Int64, _ state: State) -> Result<Int64, any Error>? {
        switch state.outcome {
        case .verified: return .success(size)
        case .failed(let error): return .failure(error)
        case .arriving:
            // Who reads a part from the middle follows what has come there.
            let end = offset < state.written ? state.written : state.islands.range(at: offset)?.upperBound
            let released = min(end ?? 0, size - min(size, BlobReader.withheld))
            return released > offset ? .success(released) : nil
        }
    }

    private func change<Answer: Sendable>(_ body: (inout State) -> Answer) -> Answer {
        let (answer, ready) = state.withLock { state -> (Answer, [(Waiter, Result<Int64, any Error>)]) in
            let answer = body(&state)
            var ready: [(Waiter, Result<Int64, any Error>)] = []
            for (key, waiter) in state.waiters {
                guard let result = self.answer(to: waiter.offset, state) else { continue }
                state.waiters[key] = nil
                ready.append((waiter, result))
            }
            return (answer, ready)
        }
        for (waiter, result) in ready { waiter.continuation.resume(with: result) }
        return answer
    }
}
