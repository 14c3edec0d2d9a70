package import HubCore

/// A repository as one upstream names it: its kind, and owner and name in the upstream's own spelling.
package struct UpstreamPath: Sendable, Hashable, CustomStringConvertible {
    package let kind: RepositoryKind
    /// `owner/name`.
    package let path: String

    package init(kind: RepositoryKind, path: String) {
        self.kind = kind
        self.path = path
    }

    package init(_ id: RepositoryID) { self.init(kind: id.kind, path: id.path) }

    /// `model acme/demo`, for messages.
    package var description: String { "\(kind.rawValue) \(path)" }
}
