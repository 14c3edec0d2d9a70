import HubCore
import Synchronization

/// A repository's smart HTTP service as discovery found it.
struct GitService: Sendable {
    /// Where requests go: after redirects of the discovery.
    var base: EgressURL
    var capabilities: GitCapabilities
    /// Whether it speaks version 2; else every question begins with a whole advertisement.
    var isV2: Bool
}

/// Remembers discoveries, so that a refresh is one request and not two.
final class GitServiceMemory: Sendable {
    private struct Entry {
        var service: GitService
        var expires: Int64
    }

    private let entries = Mutex<[EgressURL: Entry]>([:])
    /// Until when nothing is asked of this upstream without a discovery.
    private let doubtedUntil = Mutex<Int64>(0)
    private let clock: WallClock

    /// Milliseconds for which a discovery is believed; a request that fails forgets it at once.
    static let lifetime: Int64 = 10 * 60 * 1000
    /// Repositories remembered at most.
    static let capacity = 4096

    init(clock: WallClock) { self.clock = clock }

    /// Whether a repository that was not discovered may be asked as if it had been.
    var mayPresume: Bool { clock.now() >= doubtedUntil.withLock { $0 } }

    /// A server did not answer what was asked without a discovery.
    func doubt() { doubtedUntil.withLock { $0 = clock.now() + Self.lifetime } }

    subscript(url: EgressURL) -> GitService? {
        get {
            let now = clock.now()
            return entries.withLock { entries in entries[url].flatMap { $0.expires > now ? $0.service : nil } }
        }
        set {
            let expires = clock.now() + Self.lifetime
            entries.withLock { entries in
                // Forgetting all of them costs one request each; it happens once in thousands of repositories.
                if entries.count >= Self.capacity { entries.removeAll() }
                entries[url] = newValue.map { Entry(service: $0, expires: expires) }
            }
        }
    }
}
