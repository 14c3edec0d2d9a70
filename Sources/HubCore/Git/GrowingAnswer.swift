import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An answer that is being written into a file, and those who read it meanwhile.
final class GrowingAnswer: Sendable {
    private struct State: Sendable {
        var written: Int64 = 0
        var outcome: Result<Void, any Error>?
        var readers = 1
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter: UInt64 = 0
        var maker: Task<Void, Never>?
    }

    let path: String
    let file: OpenFile
    private let state = Mutex(State())

    /// Makes the file. Blocks.
    init(path: String) throws {
        let descriptor = try FileFailure.check("creation", path) {
            open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        }
        self.path = path
        file = OpenFile(descriptor: descriptor, size: 0)
    }

    var size: Int64 { state.withLock { $0.written } }

    /// Takes another reader; false when the last one has just left.
    func join() -> Bool {
        state.withLock { state in
            guard state.readers > 0 else { return false }
            state.readers += 1
            return true
        }
    }

    /// When nobody is left who reads, nobody needs to write.
    func leave() {
        let maker = state.withLock { state -> Task<Void, Never>? in
            state.readers -= 1
            return state.readers == 0 && state.outcome == nil ? state.maker : nil
        }
        maker?.cancel()
    }

    func start(_ body: @escaping @Sendable () async -> Void) {
        let maker = Task { await body() }
        let isLate = state.withLock { state in
            state.maker = maker
            return state.readers == 0
        }
        if isLate { maker.cancel() }
    }

    /// Appends bytes. Blocks; one caller at a time.
    func append(_ bytes: ArraySlice<UInt8>) throws {
        var offset = size
        var rest = bytes
        while !rest.isEmpty {
            let count = try FileFailure.check("write", path) {
                rest.withUnsafeBytes { pwrite(file.descriptor, $0.baseAddress, $0.count, off_t(offset)) }
            }
            rest = rest.dropFirst(count)
            offset += Int64(count)
        }
        change { [offset] in $0.written = offset }
    }

    func finish(_ outcome: Result<Void, any Error>) { change { $0.outcome = outcome } }

    /// Waits for more than `offset` bytes.
    /// - Returns: up to where may be read; nil at the end.
    /// - Throws: why there will be no more; `CancellationError`.
    func written(past offset: Int64) async throws -> Int64? {
        let key = state.withLock { state in
            state.nextWaiter &+= 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.written > offset || state.outcome != nil || Task.isCancelled { return true }
                    state.waiters[key] = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: key) }?.resume()
        }
        try Task.checkCancellation()
        let (written, outcome) = state.withLock { ($0.written, $0.outcome) }
        if written > offset { return written }
        try outcome?.get()
        return nil
    }

    private func change(_ body: (inout State) -> Void) {
        let waiters = state.withLock { state in
            body(&state)
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }
}
