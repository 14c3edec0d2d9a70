package import HubCore

/// What a sync would bring and cost, or brings.
package struct SyncPlan: Sendable {
    /// What becomes of a repository or a file.
    package enum Verdict: String, Sendable, Hashable, CaseIterable {
        /// It is fetched, unless it is here.
        case fetch
        /// No rule lets it in, or the request does not name it.
        case skip
        /// Policy holds it for somebody to look at.
        case review
        case deny
    }

    /// A file of a revision.
    package struct File: Sendable, Hashable {
        package let path: String
        /// Bytes of its content, not of a pointer.
        package let size: Int64
        /// Nil for what git itself holds.
        package let digest: BlobID?
        package let verdict: Verdict
        /// The rule that decided, as people read it; nil where nothing but the rules' silence did.
        package let reason: String?
        /// Whether nothing of it has to come from upstream: it is stored, or an earlier file of the plan brings it.
        package let isHere: Bool
    }

    /// A branch, tag or commit of a repository.
    package struct Branch: Sendable {
        package let revision: String
        /// Nil where the upstream does not tell without a fetch.
        package let commit: CommitID?
        /// In the order of the tree.
        package let files: [File]
    }

    package struct Entry: Sendable {
        package let mirror: String
        package let upstream: String
        /// As the upstream names it.
        package let path: UpstreamPath
        /// As it is named here.
        package let local: RepositoryID
        package let verdict: Verdict
        package let reason: String?
        package let branches: [Branch]
        /// Why its files could not be listed.
        package let problem: HubError?
    }

    package let entries: [Entry]
    /// Bytes that have to come from upstream, each digest once.
    package let bytesToFetch: Int64
    package let filesToFetch: Int
    /// Requests that fetching takes, about.
    package let requests: Int
    /// Nil where nothing limits the line: then only the line tells.
    package let estimatedDuration: Duration?
    package let policyDigest: String
}
