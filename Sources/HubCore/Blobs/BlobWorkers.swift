import NIOPosix

/// The threads that write, hash and read blobs: blocking work, bounded, and never on an event loop.
final class BlobWorkers: Sendable {
    private let pool: NIOThreadPool

    init(threads: Int) {
        pool = NIOThreadPool(numberOfThreads: max(1, threads))
        pool._start(threadNamePrefix: "blobs-")
    }

    deinit {
        pool.shutdownGracefully { _ in }
    }

    /// Runs a short job. It is not cancelled once it is queued: cleaning up after a cancelled task is work as well.
    /// - Throws: what `job` throws.
    func run<T: Sendable>(_ job: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            pool.submit { state in
                switch state {
                case .active: continuation.resume(with: Result { try job() })
                case .cancelled:
                    continuation.resume(throwing: HubError(.shuttingDown, "The blob store is closed."))
                }
            }
        }
    }
}
