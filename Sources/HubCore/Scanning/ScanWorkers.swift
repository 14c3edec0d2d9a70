#if canImport(Glibc)
    import Glibc
#endif

/// The threads that read and scan: slow work, bounded, and never on an event loop or among short jobs.
package final class ScanWorkers: Sendable {
    private let workers: BlobWorkers
    private let isYielding: Bool

    /// How much less of a busy processor a thread gets that yields: about a tenth of what another one has. Where nobody
    /// else wants the processor, it has all of it.
    private static let niceness: CInt = 10

    /// - Parameters:
    ///   - threads: how many blobs are looked at at once.
    ///   - isYielding: whether they leave the processor to whoever serves, where both want it.
    package init(threads: Int, isYielding: Bool = false) {
        workers = BlobWorkers(threads: threads)
        self.isYielding = isYielding
    }

    /// Runs a job that may take minutes.
    /// - Throws: what `job` throws.
    package func run<T: Sendable>(_ job: @escaping @Sendable () throws -> T) async throws -> T {
        guard isYielding else { return try await workers.run(job) }
        return try await workers.run {
            Self.giveWay()
            return try job()
        }
    }

    /// Of this thread alone: Linux has a niceness for each. It is set again with each job, which takes no time.
    private static func giveWay() {
        #if canImport(Glibc)
            _ = setpriority(CInt(PRIO_PROCESS.rawValue), 0, niceness)
        #endif
    }
}

/// How long the request that is being answered waits for a scan at most.
package enum ScanPatience {
    /// Clients give up after ten seconds without an answer.
    package static let usual = Duration.seconds(8)

    @TaskLocal package static var current = usual
}
