import HubCore
import Logging
import Policies
import ServiceLifecycle
import Synchronization

/// Keeps the catalogue of what upstreams have, and learns of changes so that a mirrored branch is looked at again as
/// soon as it moved.
///
/// Feeds are read once a minute at most, as CSGHub's operators ask for, and once for both. What they name is recorded
/// at once and described afterwards, a few questions at a time; all of it is stored as it comes, so that a restart goes
/// on where it was. An upstream without a feed is looked through by its lists.
struct CatalogueFollower: Service {
    let policies: PolicyEngine
    let catalogue: RemoteCatalogue
    let source: MirrorSource
    let clock: WallClock
    let logger: Logger
    let interval: Duration

    /// How often it is looked whether something is to be done.
    private static let tick = Duration.seconds(1)

    fileprivate struct Key: Hashable {
        let mirror: String
        let upstream: String
    }

    /// What is known of an upstream while this process runs.
    fileprivate struct Standing {
        var isBusy = false
        /// Milliseconds since 1970 of the last look at its feed or lists.
        var looked: Int64?
        /// Milliseconds since 1970 before which it is not asked.
        var resting: Int64 = 0
        /// Rounds in a row that failed.
        var failures = 0
        /// Whether its feed answered that there is none for us.
        var lacksFeed = false
        /// Whether something is left to be described.
        var isBehind = true
    }

    private let standings = Standings()

    init(
        policies: PolicyEngine, catalogue: RemoteCatalogue, source: MirrorSource, clock: WallClock, logger: Logger,
        interval: Duration
    ) {
        self.policies = policies
        self.catalogue = catalogue
        self.source = source
        self.clock = clock
        self.logger = logger
        self.interval = interval
    }

    func run() async throws {
        await withDiscardingTaskGroup { group in
            while !Task.isShuttingDownGracefully, !Task.isCancelled {
                for mirror in policies.current.mirrors where mirror.asksUpstream {
                    for upstream in mirror.upstreams {
                        let key = Key(mirror: mirror.name, upstream: upstream.name)
                        let isAsked = await isRefreshAsked(key)
                        guard begin(key, isAsked: isAsked) else { continue }
                        group.addTask {
                            // Stops between two questions when the service is asked to.
                            await cancelWhenGracefulShutdown {
                                await EgressUrgency.$current.withValue(.browsing) {
                                    await round(key, mirror, upstream, isAsked: isAsked)
                                }
                            }
                        }
                    }
                }
                // Returns early when the service is asked to stop.
                try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.tick) }
            }
            group.cancelAll()
        }
    }

    private func isRefreshAsked(_ key: Key) async -> Bool {
        guard let known = try? await catalogue.source(mirror: key.mirror, upstream: key.upstream) else { return false }
        return known.refreshAskedAt != nil
    }

    /// Whether a round begins now.
    private func begin(_ key: Key, isAsked: Bool) -> Bool {
        let now = clock.now()
        return standings.all.withLock { standings in
            var standing = standings[key] ?? Standing()
            let isDue = standing.looked.map { now - $0 >= interval.milliseconds || now < $0 } ?? true
            guard !standing.isBusy, isAsked || now >= standing.resting, isAsked || isDue || standing.isBehind else {
                return false
            }
            standing.isBusy = true
            standings[key] = standing
            return true
        }
    }

    // MARK: One round

    private func round(
        _ key: Key, _ mirror: ConnectedMirror, _ upstream: any Upstream, isAsked: Bool
    ) async {
        let now = clock.now()
        var standing = standings.all.withLock { $0[key] ?? Standing() }
        let isDue = isAsked || (standing.looked.map { now - $0 >= interval.milliseconds || now < $0 } ?? true)
        do {
            if isDue {
                standing.looked = now
                try await look(key, mirror, upstream, isAsked: isAsked, &standing)
            }
            if let browsable = upstream as? any BrowsableUpstream {
                let describing = CatalogueDescribing(
                    catalogue: catalogue, clock: clock, mirror: key.mirror, upstream: browsable)
                let end = try await describing.run(until: now + interval.milliseconds)
                standing.isBehind = end == .cut
                if case .stopped(let stop) = end {
                    throw HubError(.upstreamUnavailable, stop.reason, retryAfter: stop.retryAfter)
                }
            } else {
                standing.isBehind = false
            }
            if !standing.isBehind { try await settle(key, answered: now) }
            standing.failures = 0
            standing.resting = 0
        } catch  where Task.isCancelled || Task.isShuttingDownGracefully {
            // The next start goes on where this one ended.
        } catch {
            await rest(key, after: error, &standing)
        }
        standing.isBusy = false
        let left = standing
        standings.all.withLock { $0[key] = left }
    }

    private func settle(_ key: Key, answered: Int64) async throws {
        let known = try await catalogue.source(mirror: key.mirror, upstream: key.upstream)
        // Not written again every minute for what stands as it stood.
        guard let known else { return }
        if known.phase != .idle { try await catalogue.note(.idle, mirror: key.mirror, upstream: key.upstream) }
        try await catalogue.noteRead(mirror: key.mirror, upstream: key.upstream, answered: answered)
    }

    private func rest(_ key: Key, after error: any Error, _ standing: inout Standing) async {
        standing.failures += 1
        let error = error as? HubError ?? HubError(.internalError, "\(error)")
        let pause = CatalogueRest.pause(failures: standing.failures, retryAfter: error.retryAfter)
        standing.resting = clock.now() + pause
        logger.notice(
            "an upstream could not be looked through",
            metadata: ["mirror": "\(key.mirror)", "upstream": "\(key.upstream)", "error": "\(error.line)"])
        try? await catalogue.noteFailure(error.line, mirror: key.mirror, upstream: key.upstream)
        try? await catalogue.note(
            .waiting, mirror: key.mirror, upstream: key.upstream, waitsFor: error.line, waitsUntil: standing.resting)
    }

    /// Reads what the upstream tells of by itself.
    private func look(
        _ key: Key, _ mirror: ConnectedMirror, _ upstream: any Upstream, isAsked: Bool, _ standing: inout Standing
    ) async throws {
        let named = mirror.document.namedContent
        if let feed = upstream as? any ChangeFeed, feed.isReadable {
            do {
                try await CatalogueFeedReading(catalogue: catalogue, source: source, mirror: key.mirror, feed: feed)
                    .run()
                standing.lacksFeed = false
            } catch let error as HubError where error.code == .repositoryNotFound || error.code == .upstreamRefused {
                // A hub without a feed, or one that is not for us: its lists may still be.
                guard upstream is any BrowsableUpstream else { throw error }
                standing.lacksFeed = true
                try await catalogue.noteFailure(
                    "The feed cannot be read, so the lists are: \(error.line)", mirror: key.mirror,
                    upstream: key.upstream)
            }
        }
        let scope = CatalogueScope(of: upstream, named: named, hasFeed: !standing.lacksFeed)
        guard case .lists(let shelves, let repositories, let isBounded) = scope,
            let browsable = upstream as? any BrowsableUpstream
        else { return }
        try await CatalogueListReading(
            catalogue: catalogue, clock: clock, mirror: key.mirror, upstream: browsable,
            lifetime: mirror.document.cache.listTTL
        ).run(shelves, named: repositories, isBounded: isBounded, isAsked: isAsked)
    }
}

private final class Standings: Sendable {
    let all = Mutex<[CatalogueFollower.Key: CatalogueFollower.Standing]>([:])
}

/// How long an upstream is left alone after it failed.
enum CatalogueRest {
    private static let shortest: Int64 = 30_000
    private static let longest: Int64 = 3_600_000

    /// Milliseconds.
    /// - Parameters:
    ///   - failures: rounds in a row that failed, at least one.
    ///   - retryAfter: seconds that the upstream named.
    static func pause(failures: Int, retryAfter: Int?) -> Int64 {
        let grown = min(longest, shortest << Int64(min(max(failures - 1, 0), 7)))
        guard let retryAfter else { return grown }
        return min(max(1, Int64(clamping: retryAfter)), longest / 1_000) * 1_000
    }
}
