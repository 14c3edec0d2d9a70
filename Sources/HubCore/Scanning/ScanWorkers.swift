/// The threads that read and scan: slow work, bounded, and never on an event loop or among short jobs.
package final class ScanWorkers: Sendable {
    private let workers: BlobWorkers

    /// - Parameter threads: how many blobs are looked at at once.
    package init(threads: Int) { workers = BlobWorkers(threads: threads) }

    /// Runs a job that may take minutes.
    /// - Throws: what `job` throws.
    package func run<T: Sendable>(_ job: @escaping @Sendable () throws -> T) async throws -> T {
        try await workers.run(job)
    }
}

/// How long the request that is being answered waits for a scan at most.
package enum ScanPatience {
    /// Clients give up after ten seconds without an answer.
    package static let usual = Duration.seconds(8)

    @TaskLocal package static var current = usual
}
