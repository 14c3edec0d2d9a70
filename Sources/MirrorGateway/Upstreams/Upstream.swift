package import HubCore

/// A hub above this one. Every dialect answers the same five questions.
///
/// Errors are `HubError`s that say in one sentence what was asked and what the upstream answered; they never hold a token
/// or the query of a signed URL.
package protocol Upstream: Sendable {
    /// The name its mirror file gives it.
    var name: String { get }
    var type: UpstreamType { get }

    /// Asks whether a repository is there and what it is.
    /// - Throws: `.upstreamUnavailable` when the upstream cannot answer now, `.upstreamCorrupt` when its answer is unreadable.
    func lookUp(_ id: RepositoryID) async throws -> UpstreamLookup

    /// The refs whose names begin with one of the prefixes (`refs/heads/`, `refs/tags/v1`), every ref when there are none.
    /// - Throws: `.repositoryNotFound`, `.upstreamRefused`, `.upstreamUnavailable`, `.upstreamCorrupt`.
    /// - SeeAlso: gitprotocol-v2 "ls-refs"; gitprotocol-http for versions 0 and 1.
    func references(of repository: UpstreamPath, prefixes: [String]) async throws -> UpstreamRefs

    /// Fetches a pack.
    /// - Parameters:
    ///   - wants: commits or tags to fetch, at least one.
    ///   - haves: commits stored here with all they need; the pack may be thin when there are any.
    ///   - depth: commits from each want; nil for everything, which also lifts the boundaries in `shallow`.
    ///   - shallow: commits at which the history stored here is cut.
    /// - Throws: `.revisionNotFound` when the upstream no longer has a want; else as `references`.
    /// - SeeAlso: gitprotocol-v2 "fetch"; gitprotocol-pack for versions 0 and 1.
    func pack(of repository: UpstreamPath, wants: [ObjectID], haves: [ObjectID], depth: Int?, shallow: [ObjectID])
        async throws -> UpstreamPack

    /// The ways to a blob's bytes, best first. Nothing is sent until one of them is taken.
    /// - Parameter path: the file in `commit` that points at the blob; empty when it is not known.
    func blobRequests(for pointer: LFSPointer, of repository: UpstreamPath, commit: CommitID, path: String)
        async throws -> [BlobRequest]

    /// Says which blobs are about to be fetched, so that their links can be asked for a hundred at a time. What it cannot
    /// learn is asked for again with each blob.
    func prepare(_ pointers: [LFSPointer], of repository: UpstreamPath) async throws

    /// Those of the blobs that the upstream gives out for this repository, asked in batches of a hundred.
    /// - Throws: `.repositoryNotFound`, `.upstreamRefused`, `.upstreamUnavailable`, `.upstreamCorrupt`.
    func granted(_ pointers: [LFSPointer], of repository: UpstreamPath) async throws -> Set<BlobID>
}

extension Upstream {
    package func prepare(_ pointers: [LFSPointer], of repository: UpstreamPath) async throws {}
}
