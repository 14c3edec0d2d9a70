import HubCore

/// What a list of an upstream is narrowed to.
struct RemoteFilter: Sendable, Hashable {
    /// Owner of the repositories; nil for everybody.
    var owner: String?
    /// What is looked for, as a person writes it; empty for everything.
    var words = ""
}

/// An upstream whose lists can be narrowed: the only way to look through one that has millions.
protocol SearchableUpstream: BrowsableUpstream {
    /// A page of what fits: with words, what is used most comes first.
    /// - Parameter cursor: nil for the first page; else `RemotePage.next`.
    func repositories(_ kind: RepositoryKind, where filter: RemoteFilter, after cursor: String?) async throws
        -> RemotePage
}

extension HuggingFaceUpstream: SearchableUpstream {
    func repositories(_ kind: RepositoryKind, where filter: RemoteFilter, after cursor: String?) async throws
        -> RemotePage
    {
        var query: [(String, String)] = []
        if let owner = filter.owner { query.append(("author", owner)) }
        if !filter.words.isEmpty { query.append(("search", filter.words)) }
        return try await HuggingFaceBrowsing(parts).repositories(
            kind, after: cursor, filter: query, order: filter.words.isEmpty ? "createdAt" : "downloads")
    }
}
