package import HubCore

/// A page of what an upstream has.
package struct RemotePage: Sendable {
    package let repositories: [RemoteDescription]
    /// What to ask with for the next page; nil after the last.
    package let next: String?

    package init(repositories: [RemoteDescription], next: String?) {
        self.repositories = repositories
        self.next = next
    }
}

/// An upstream whose repositories can be looked through without fetching them.
///
/// Every method throws as `Upstream.lookUp` does.
package protocol BrowsableUpstream: Upstream {
    /// Kinds that it lists.
    var listedKinds: [RepositoryKind] { get }

    /// A page of its repositories of one kind, in an order that a cursor can go on in.
    /// - Parameter cursor: nil for the first page; else `RemotePage.next`.
    func repositories(_ kind: RepositoryKind, after cursor: String?) async throws -> RemotePage

    /// What it tells of one repository; nil when that is gone or not visible to us.
    func describe(_ repository: UpstreamPath) async throws -> RemoteDescription?

    /// Every file of a revision, however many pages that takes.
    /// - Throws: also `.repositoryNotFound`, `.revisionNotFound`.
    func files(of repository: UpstreamPath, at revision: String) async throws -> RemoteListing
}
