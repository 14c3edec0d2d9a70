import HubCore
import Logging
import ServiceLifecycle

/// Looks at the newest commits that nobody looked at yet, so that what derives from what is known before anybody asks:
/// what was here before this release, what was pushed here, and everything once the known texts are others.
struct LicenseSweep: Service {
    let hub: Hub
    let licensing: Licensing
    let logger: Logger

    private static let pause = Duration.seconds(30)
    private static let page = 50

    func run() async throws {
        if let problem = await licensing.comparison.problem() { logger.warning("\(problem)") }
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                let seen = try await cancelWhenGracefulShutdown { try await once() }
                if seen > 0 { logger.info("looked at licences", metadata: ["repositories": "\(seen)"]) }
            } catch is CancellationError {
                return
            } catch {
                logger.warning("licences could not be looked at", metadata: ["error": "\(error)"])
            }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.pause) }
        }
    }

    /// Goes through all of them once, and asks no upstream.
    /// - Returns: how many it found something out about.
    func once() async throws -> Int {
        let version = await licensing.comparison.version()
        var after: Int64?
        var seen = 0
        while true {
            try Task.checkCancellation()
            let page = try await hub.licenseEvidence.pending(classifier: version, after: after, limit: Self.page)
            for (repository, commit) in page {
                do {
                    if try await licensing.evidence(of: repository, commit: commit, mayFetch: false) != nil {
                        seen += 1
                    }
                } catch let error as HubError {
                    // One that cannot be read keeps nobody from the others.
                    logger.debug(
                        "a commit's licence could not be read",
                        metadata: ["repository": "\(repository.id)", "error": "\(error)"])
                }
                after = repository.key
                await Task.yield()
            }
            guard page.count == Self.page else { return seen }
        }
    }
}
