/// What was learned of one repository of an upstream.
package enum RemoteObservation: Sendable, Hashable {
    /// The upstream described it.
    case described(RemoteDescription)
    /// The upstream does not have it.
    case gone(RepositoryKind, path: String, reason: String)
    /// The upstream has it, and not for us. It is not asked again until the upstream names it anew.
    case restricted(RepositoryKind, path: String, reason: String)
    /// The upstream could not tell.
    /// - Parameter retryAt: milliseconds since 1970 when to ask again; nil for not before it is named anew.
    case failed(RepositoryKind, path: String, retryAt: Int64?)

    package var kind: RepositoryKind {
        switch self {
        case .described(let description): description.kind
        case .gone(let kind, _, _), .restricted(let kind, _, _), .failed(let kind, _, _): kind
        }
    }

    package var path: String {
        switch self {
        case .described(let description): description.path
        case .gone(_, let path, _), .restricted(_, let path, _), .failed(_, let path, _): path
        }
    }
}

/// A change that an upstream's feed told of.
package struct RemoteChange: Sendable, Hashable {
    package let kind: RepositoryKind
    /// `owner/name` as the feed spells it.
    package let path: String
    /// Its place in the feed.
    package let version: Int64
    /// Milliseconds since 1970, where the feed tells.
    package let modifiedAt: Int64?

    package init(kind: RepositoryKind, path: String, version: Int64, modifiedAt: Int64?) {
        self.kind = kind
        self.path = path
        self.version = version
        self.modifiedAt = modifiedAt
    }
}
