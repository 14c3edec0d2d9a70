import HubCore
import Synchronization

/// What the transfer thread and the one who waits for an answer share: the head, the waiting chunks, the end.
///
/// The thread fills, the task takes; neither waits for the other longer than a lock is held.
final class TransferExchange: Sendable {
    /// The response's status and headers.
    struct Head: Sendable {
        var status: Int
        var headers: EgressHeaders
    }

    typealias HeadResult = Result<Head, TransferFailure>
    typealias ChunkResult = Result<[UInt8]?, TransferFailure>
    /// nil when the body came whole.
    typealias Ending = TransferFailure?

    /// What the task wants of the thread.
    enum Wish: Sendable { case deliver, discard, cancel }

    private struct State {
        var head: HeadResult?
        var headWaiter: CheckedContinuation<HeadResult, Never>?
        var buffer = ChunkBuffer()
        var chunkWaiter: CheckedContinuation<ChunkResult, Never>?
        var ending: Ending?
        var endObserver: (@Sendable (Ending) -> Void)?
        var isPaused = false
        var wish = Wish.deliver
    }

    private let state = Mutex(State())
    private let inbox: TransferInbox
    let place: TransferFailure.Place

    init(inbox: TransferInbox, place: TransferFailure.Place) {
        self.inbox = inbox
        self.place = place
    }

    // MARK: The waiting task

    /// The head of the answer; cancelling the task cancels the transfer.
    func head() async -> HeadResult {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state -> HeadResult? in
                    if let head = state.head { return head }
                    if state.wish == .cancel { return .failure(.cancelled(place)) }
                    state.headWaiter = continuation
                    return nil
                }
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            cancel()
        }
    }

    /// The next chunk, nil at the end of the body; cancelling the task cancels the transfer.
    func next() async -> ChunkResult {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now = EngineClock.now
                let (ready, needsThread) = state.withLock { state -> (ChunkResult?, Bool) in
                    // First of all: what a cancelled transfer has left must never look like the end of a whole body.
                    if state.wish != .deliver || state.chunkWaiter != nil {
                        return (.failure(.cancelled(place)), false)
                    }
                    if let ready = Self.take(&state, at: now) { return (ready, state.isPaused && state.buffer.isLow) }
                    state.chunkWaiter = continuation
                    // Bytes that lie here but are not ripe: the thread must know that their time now counts.
                    return (nil, state.buffer.count > 0)
                }
                if needsThread { inbox.send(.attend(self)) }
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            cancel()
        }
    }

    /// Ends the transfer now; whoever waits is told.
    func cancel() { wish(.cancel) }

    /// The body is of no interest: a short rest is read so that the connection can be used again.
    func discard() { wish(.discard) }

    /// Calls `observer` once with how the transfer ended, at once when it has.
    func observeEnd(_ observer: @escaping @Sendable (Ending) -> Void) {
        let ended = state.withLock { state -> Ending? in
            if state.ending == nil { state.endObserver = observer }
            return state.ending
        }
        if let ended { observer(ended) }
    }

    private func wish(_ wish: Wish) {
        let woken = state.withLock { state -> Woken in
            if state.wish == .cancel { return Woken() }
            state.wish = wish
            state.buffer.removeAll()
            defer { (state.headWaiter, state.chunkWaiter) = (nil, nil) }
            return Woken(head: state.headWaiter, chunk: state.chunkWaiter, thread: state.ending == nil)
        }
        woken.head?.resume(returning: .failure(.cancelled(place)))
        woken.chunk?.resume(returning: .failure(.cancelled(place)))
        if woken.thread { inbox.send(.attend(self)) }
    }

    /// Who has to hear of a change, once the lock is released.
    private struct Woken {
        var head: CheckedContinuation<HeadResult, Never>?
        var chunk: CheckedContinuation<ChunkResult, Never>?
        var thread = false
    }

    // MARK: The transfer thread

    var wish: Wish { state.withLock { $0.wish } }

    func arrive(_ head: Head) {
        let waiter = state.withLock { state -> CheckedContinuation<HeadResult, Never>? in
            state.head = .success(head)
            defer { state.headWaiter = nil }
            return state.headWaiter
        }
        waiter?.resume(returning: .success(head))
    }

    /// Takes bytes in; false when too much waits already, and then nothing is taken and the transfer counts as paused.
    func append(_ bytes: UnsafeRawBufferPointer, at now: Duration, expected: Int64?, mayPause: Bool) -> Bool {
        state.withLock { state in
            guard state.wish == .deliver else { return true }
            if mayPause, state.buffer.isFull {
                state.isPaused = true
                return false
            }
            state.buffer.append(bytes, at: now, expected: expected)
            return true
        }
    }

    /// Hands a ripe chunk to a waiting task. Returns how long until one is ripe while someone waits, else nil.
    func flush(at now: Duration) -> Duration? {
        let (waiter, ready, pause) = state.withLock { state in
            guard let waiter = state.chunkWaiter else {
                return (nil as CheckedContinuation<ChunkResult, Never>?, nil as ChunkResult?, nil as Duration?)
            }
            guard let ready = Self.take(&state, at: now) else {
                return (nil, nil, state.buffer.ripe(at: now, ended: false))
            }
            state.chunkWaiter = nil
            return (waiter, ready, nil)
        }
        if let waiter, let ready { waiter.resume(returning: ready) }
        return pause
    }

    /// Whether a paused transfer may go on; it then no longer counts as paused.
    func takeResume() -> Bool {
        state.withLock { state in
            guard state.isPaused, state.buffer.isLow || state.wish != .deliver else { return false }
            state.isPaused = false
            return true
        }
    }

    /// The end, once. Chunks that wait are still handed out before a failure is.
    func finish(_ ending: Ending) {
        let (headWaiter, observer) = state.withLock { state in
            guard state.ending == nil else {
                return (nil as CheckedContinuation<HeadResult, Never>?, nil as (@Sendable (Ending) -> Void)?)
            }
            state.ending = .some(ending)
            if state.head == nil { state.head = .failure(ending ?? .unavailable(place, "it closed without an answer")) }
            defer { (state.headWaiter, state.endObserver) = (nil, nil) }
            return (state.headWaiter, state.endObserver)
        }
        headWaiter?.resume(returning: .failure(ending ?? .unavailable(place, "it closed without an answer")))
        // Whoever waits for the end may ask at once what was made of it.
        observer?(ending)
        _ = flush(at: EngineClock.now)
    }

    private static func take(_ state: inout State, at now: Duration) -> ChunkResult? {
        if let chunk = state.buffer.take(at: now, ended: state.ending != nil) { return .success(chunk) }
        guard let ending = state.ending else { return nil }
        if let failure = ending { return .failure(failure) }
        return .success(nil)
    }
}
