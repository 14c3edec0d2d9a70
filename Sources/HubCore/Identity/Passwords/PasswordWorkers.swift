import NIOPosix
import Synchronization

/// The threads that hash passwords: few, because each hash takes 19 MiB and a core for some 20 ms, and never on an event
/// loop. Work that finds too many waiting is turned away.
final class PasswordWorkers: Sendable {
    private let pool: NIOThreadPool
    private let waiting = Atomic<Int>(0)
    private let waitingLimit: Int

    init(threads: Int = 2, waitingLimit: Int = 64) {
        self.waitingLimit = waitingLimit
        pool = NIOThreadPool(numberOfThreads: max(1, threads))
        pool._start(threadNamePrefix: "passwords-")
    }

    deinit {
        pool.shutdownGracefully { _ in }
    }

    /// Runs one piece of work.
    /// - Throws: `.tooManyRequests` when too many wait already; what `job` throws.
    func run<T: Sendable>(_ job: @escaping @Sendable () throws -> T) async throws -> T {
        guard waiting.wrappingAdd(1, ordering: .relaxed).newValue <= waitingLimit else {
            waiting.wrappingSubtract(1, ordering: .relaxed)
            throw HubError(.tooManyRequests, "Too many people sign in at once.", retryAfter: 1)
        }
        defer { waiting.wrappingSubtract(1, ordering: .relaxed) }
        return try await withCheckedThrowingContinuation { continuation in
            pool.submit { state in
                switch state {
                case .active: continuation.resume(with: Result { try job() })
                case .cancelled:
                    continuation.resume(throwing: HubError(.shuttingDown, "The hub is closing."))
                }
            }
        }
    }
}
