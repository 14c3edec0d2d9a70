/// What an upstream tells of a repository that may never have been fetched.
package struct RemoteDescription: Sendable, Hashable {
    package var kind: RepositoryKind
    /// Canonical `owner/name`, as the upstream spells it.
    package var path: String
    /// Its name for people, where it has one.
    package var title: String?
    /// What its card or description says first, without markup.
    package var summary: String?
    package var tags: [String]
    /// Licence identifiers as the upstream writes them.
    package var licenses: [String]
    package var task: String?
    package var library: String?
    package var languages: [String]
    package var author: String?
    package var downloads: Int64?
    package var likes: Int64?
    /// Commit of the default branch.
    package var commit: CommitID?
    package var defaultBranch: String?
    /// Milliseconds since 1970.
    package var createdAt: Int64?
    package var updatedAt: Int64?
    package var isPrivate: Bool
    package var isGated: Bool
    /// Bytes of all files of the default branch.
    package var totalSize: Int64?
    package var fileCount: Int64?
    /// Number of model parameters, with how many there are of each type where that is known, such as `BF16`.
    package var parameters: Int64?
    package var parametersByType: [String: Int64]

    package init(
        kind: RepositoryKind, path: String, title: String? = nil, summary: String? = nil, tags: [String] = [],
        licenses: [String] = [], task: String? = nil, library: String? = nil, languages: [String] = [],
        author: String? = nil, downloads: Int64? = nil, likes: Int64? = nil, commit: CommitID? = nil,
        defaultBranch: String? = nil, createdAt: Int64? = nil, updatedAt: Int64? = nil, isPrivate: Bool = false,
        isGated: Bool = false, totalSize: Int64? = nil, fileCount: Int64? = nil, parameters: Int64? = nil,
        parametersByType: [String: Int64] = [:]
    ) {
        self.kind = kind
        self.path = path
        self.title = title
        self.summary = summary
        self.tags = tags
        self.licenses = licenses
        self.task = task
        self.library = library
        self.languages = languages
        self.author = author
        self.downloads = downloads
        self.likes = likes
        self.commit = commit
        self.defaultBranch = defaultBranch
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.isPrivate = isPrivate
        self.isGated = isGated
        self.totalSize = totalSize
        self.fileCount = fileCount
        self.parameters = parameters
        self.parametersByType = parametersByType
    }
}

/// One file of a repository at an upstream.
package struct RemoteFile: Sendable, Hashable {
    package let path: String
    /// Bytes of its content, not of a pointer.
    package let size: Int64
    /// Digest of an LFS object's content; nil for what git itself holds, or where the upstream does not tell.
    package let digest: BlobID?

    package init(path: String, size: Int64, digest: BlobID?) {
        self.path = path
        self.size = size
        self.digest = digest
    }
}

/// The files of a revision at an upstream.
package struct RemoteListing: Sendable, Hashable {
    /// Nil where the upstream does not tell which commit it listed.
    package let commit: CommitID?
    package let files: [RemoteFile]

    package init(commit: CommitID?, files: [RemoteFile]) {
        self.commit = commit
        self.files = files
    }
}
