/// How fresh what is known of a mirrored repository is.
package enum Freshness: Sendable, Hashable {
    /// Local, pinned, or checked with the upstream within its time to live.
    case fresh
    /// The upstream is silent: the last known state answers. `since` is milliseconds since 1970 of the last good check.
    case stale(since: Int64, reason: String)
    /// A newer commit of the branch waits for a review: the last one that passed answers.
    case held(CommitID, reason: String)
}

/// What HubCore asks of whoever knows upstreams. The gateway implements it; a hub without mirrors has none.
package protocol RepositorySource: Sendable {
    /// What people should know when a repository is not found, such as that upstreams cannot be asked; the same for
    /// what is missing and what may not be seen.
    var absenceRemark: String? { get }

    /// What policy says against a name, whoever has it, before anything is asked; nil when it lets it pass.
    func refusal(of id: RepositoryID, for principal: Principal) -> HubError?

    /// Counts a request that was let into a mirrored repository, for whoever has only so many of them.
    /// - Throws: `.tooManyRequests`.
    func admit(_ repository: Repository) async throws

    /// Looks upstream for a repository nobody here knows, and registers it as a mirror when it exists and policy lets it in.
    /// - Returns: whether a row exists now.
    /// - Throws: `HubError` when policy refuses the name or no upstream can be asked.
    func adopt(_ id: RepositoryID, for principal: Principal) async throws -> Bool

    /// Makes sure the refs of a mirrored repository are as fresh as its policy wants.
    /// - Parameter revision: what the caller wants to resolve; a full commit id that is stored never asks upstream.
    func refresh(_ repository: Repository, for revision: Revision?) async throws -> Freshness

    /// Makes sure commits, or the tags that name them, are in the object database with their trees and small files.
    /// - Parameter history: also everything they descend from.
    func acquire(_ wants: [ObjectID], of repository: Repository, history: Bool) async throws

    /// Opens an LFS blob of a mirrored repository that is not stored yet: a reader that follows the one download.
    func fetch(_ pointer: LFSPointer, path: String, at commit: CommitID, of repository: Repository) async throws
        -> BlobReader

    /// Whether a stored blob, which others may have brought here, is this repository's to give (S13, S17): it came by it
    /// a moment ago, or its upstream gives it out.
    func gives(_ pointer: LFSPointer, of repository: Repository) async throws -> Bool

    /// Asks upstream whether it grants these pointers to this repository, for a batch without a path.
    func grants(_ pointers: [LFSPointer], of repository: Repository) async throws -> Set<BlobID>
}

extension RepositorySource {
    package func refusal(of id: RepositoryID, for principal: Principal) -> HubError? { nil }

    package func admit(_ repository: Repository) async throws {}

    package func gives(_ pointer: LFSPointer, of repository: Repository) async throws -> Bool {
        try await grants([pointer], of: repository).contains(pointer.oid)
    }
}

/// What is about to be served, for the policy that decides on it.
package struct ContentRequest: Sendable {
    /// How much of a commit is asked for.
    package enum Scope: Sendable, Hashable {
        /// Facts about the repository or one commit: names, sizes, card.
        case metadata
        /// One file.
        case file(path: String, size: Int64)
        /// Everything git transports of it: all files that are not LFS objects.
        case tree
    }

    package let repository: Repository
    package let revision: Revision?
    /// Nil before anything was fetched.
    package let commit: CommitID?
    package let scope: Scope
    /// The LFS object that is asked for, where it is one.
    package let digest: BlobID?
    /// Whether the commit is here to be looked into; false where only what is told of it counts, as of what is about to
    /// come.
    package var isStored = true

    package init(
        repository: Repository, revision: Revision?, commit: CommitID?, scope: Scope, digest: BlobID? = nil
    ) {
        self.digest = digest
        self.repository = repository
        self.revision = revision
        self.commit = commit
        self.scope = scope
    }
}

/// What a commit holds, read when a decision needs it.
package struct CommitContents: Sendable {
    /// Every file, without directories.
    package let files: [TreeEntry]
    package let card: Card

    package init(files: [TreeEntry], card: Card) {
        self.files = files
        self.card = card
    }

    /// Bytes of all files together, LFS objects at their real size.
    package var totalSize: Int64 { files.totalContentSize }
}

extension Sequence<TreeEntry> {
    /// Bytes of all files together, LFS objects at the size their pointers say; the largest number when it is more than
    /// a number can be. Pointers may say anything, and no sum of large ones may look small to a policy.
    package var totalContentSize: Int64 {
        reduce(0) { sum, entry in
            let (next, overflow) = sum.addingReportingOverflow(Swift.max(0, entry.contentSize))
            return overflow ? .max : next
        }
    }
}

/// Asked before content of a repository is served on any surface.
package protocol ContentGate: Sendable {
    /// - Parameter contents: reads the commit; called only when the decision is not known yet.
    /// - Throws: `HubError` with `.policyDenied` or `.policyReview` that names rule, file and line.
    func check(_ request: ContentRequest, contents: @Sendable () async throws -> CommitContents) async throws

    /// Whether the last commit of a branch that passed answers for it while a newer one waits for a review.
    func servesPrevious(of repository: Repository) -> Bool
}

extension ContentGate {
    package func servesPrevious(of repository: Repository) -> Bool { false }
}
