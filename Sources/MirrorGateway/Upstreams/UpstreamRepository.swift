package import HubCore

/// What an upstream says about a repository before anything of it is fetched.
package struct UpstreamRepository: Sendable, Hashable {
    /// Canonical `owner/name`, as the upstream spells it; after a rename the new one.
    package var path: String
    /// Only our credentials make it visible: it may be served only to those whom policy names.
    package var isPrivate: Bool
    /// Its content is given out only after terms were accepted.
    package var isGated: Bool
    /// Short name of the default branch, where the upstream tells.
    package var defaultBranch: String?
    /// The commit of the default branch, where the upstream tells.
    package var head: CommitID?
    /// Licence identifiers as the upstream writes them.
    package var licenses: [String]
    package var tags: [String]
    package var downloads: Int64?
    package var likes: Int64?
    /// Bytes the upstream says the repository takes.
    package var storage: Int64?

    package init(
        path: String,
        isPrivate: Bool = false,
        isGated: Bool = false,
        defaultBranch: String? = nil,
        head: CommitID? = nil,
        licenses: [String] = [],
        tags: [String] = [],
        downloads: Int64? = nil,
        likes: Int64? = nil,
        storage: Int64? = nil
    ) {
        self.path = path
        self.isPrivate = isPrivate
        self.isGated = isGated
        self.defaultBranch = defaultBranch
        self.head = head
        self.licenses = licenses
        self.tags = tags
        self.downloads = downloads
        self.likes = likes
        self.storage = storage
    }
}

/// What came of asking an upstream for a repository.
package enum UpstreamLookup: Sendable {
    case found(UpstreamRepository)
    /// Not there, or not visible to us: hubs answer both alike.
    case absent
    /// The upstream knows our credentials and will not answer, or takes them for wrong; the error says which.
    case refused(HubError)
}
