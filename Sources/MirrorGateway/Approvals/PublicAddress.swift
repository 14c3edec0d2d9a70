import Synchronization

/// What links to this hub begin with, for texts that are read far from any request; known once it listens.
package final class PublicAddress: Sendable {
    private let address = Mutex("")

    package init() {}

    /// - Parameter url: with or without a slash at its end.
    package func set(_ url: String) {
        var url = url
        while url.hasSuffix("/") { url.removeLast() }
        address.withLock { [url] in $0 = url }
    }

    /// A link to a path of this hub; the path alone before it is known where the hub stands.
    package func link(_ path: String) -> String { address.withLock { $0 } + path }
}
