import HubCore
import Logging
import ServiceLifecycle

/// Reads the feeds of upstreams that have one, so that a mirrored branch is looked at again as soon as it moved and not
/// only when its time to live is over.
///
/// One poll a minute and feed at most, as CSGHub's operators ask for; the cursor is kept in the database.
struct FeedFollower: Service {
    let policies: PolicyEngine
    let catalogue: RemoteCatalogue
    let source: MirrorSource
    let logger: Logger
    let interval: Duration

    /// Pages that are read in a row before others get their turn.
    private static let pagesAtOnce = 100

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            for mirror in policies.current.mirrors where mirror.asksUpstream {
                for case let feed as any ChangeFeed in mirror.upstreams where feed.isReadable {
                    await follow(feed, of: mirror.name)
                }
            }
            // Returns early when the service is asked to stop.
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: interval) }
        }
    }

    private func follow(_ feed: any ChangeFeed, of mirror: String) async {
        do {
            for _ in 0..<Self.pagesAtOnce {
                let cursor = try await catalogue.source(mirror: mirror, upstream: feed.name)?.feedVersion ?? 0
                let page = try await feed.changes(after: cursor)
                for change in page.changes { source.forgetAbsence(of: change.repository) }
                try await catalogue.recordFeed(
                    page.changes.map {
                        RemoteChange(
                            kind: $0.repository.kind, path: $0.repository.path, version: $0.version, modifiedAt: nil)
                    }, mirror: mirror, upstream: feed.name, cursor: page.lastVersion)
                guard page.hasMore else { return }
            }
        } catch {
            logger.notice(
                "a feed could not be read", metadata: ["upstream": "\(feed.name)", "error": "\(error)"])
        }
    }
}
