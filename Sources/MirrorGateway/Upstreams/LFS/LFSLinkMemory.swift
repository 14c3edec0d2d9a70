import HubCore
import Synchronization

/// Links that were asked for many at a time, each until it is taken.
///
/// In memory only: they are signatures.
final class LFSLinkMemory: Sendable {
    /// A link, and when it was asked for: milliseconds since 1970.
    typealias Kept = (link: LFSLink, asked: Int64)

    private struct Key: Hashable {
        let server: EgressURL
        let object: BlobID
    }

    private let links = Mutex<[Key: Kept]>([:])
    /// What is asked for ahead and never fetched must not pile up.
    private static let limit = 4_096

    func keep(_ link: LFSLink, to object: BlobID, at server: EgressURL, asked: Int64) {
        links.withLock { links in
            if links.count >= Self.limit { links.removeAll() }
            links[Key(server: server, object: object)] = (link, asked)
        }
    }

    func take(_ object: BlobID, at server: EgressURL) -> Kept? {
        links.withLock { $0.removeValue(forKey: Key(server: server, object: object)) }
    }
}
