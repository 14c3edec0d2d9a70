import HubCore
import Logging
import Policies
import ServiceLifecycle

/// Buries here what peers buried, and lifts what they lift: upstreams of type `weir` that policy says to follow.
///
/// Names that a peer buries are about what is mirrored here, never about what is ours; digests are about all.
struct TombstoneFollower: Service {
    let policies: PolicyEngine
    let store: TombstoneStore
    let logger: Logger
    let interval: Duration

    /// Pages of a peer's list that are read at a time.
    private static let pages = 200

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            await cancelWhenGracefulShutdown { await round() }
            try? await cancelWhenGracefulShutdown { [interval] in try await Task.sleep(for: interval) }
        }
    }

    /// Reads the list of every peer once.
    func round() async {
        for mirror in policies.current.mirrors where mirror.asksUpstream {
            for case let peer as any TombstonePeer in mirror.upstreams {
                let document = mirror.document.upstreams.first { $0.name == peer.name }
                guard document?.followsTombstones == true, !Task.isCancelled else { continue }
                do {
                    try await EgressUrgency.$current.withValue(.browsing) { try await follow(peer, of: mirror.name) }
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning(
                        "the tombstones of a peer could not be read",
                        metadata: ["mirror": "\(mirror.name)", "upstream": "\(peer.name)", "error": "\(error)"])
                }
            }
        }
    }

    private func follow(_ peer: any TombstonePeer, of mirror: String) async throws {
        for _ in 0..<Self.pages {
            let since = try await store.followed(mirror, peer.name)
            let (entries, upTo) = try await peer.tombstones(since: since)
            guard upTo > since else { return }
            let (buried, lifted) = try await store.follow(entries, from: mirror, peer.name, upTo: upTo)
            if buried > 0 || lifted > 0 {
                logger.notice(
                    "followed the tombstones of a peer",
                    metadata: [
                        "mirror": "\(mirror)", "upstream": "\(peer.name)", "buried": "\(buried)", "lifted": "\(lifted)",
                    ])
            }
        }
    }
}
