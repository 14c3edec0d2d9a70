package import HubCore
package import Policies

/// What somebody, or a schedule, wants fetched ahead.
package struct SyncRequest: Sendable {
    /// Name of the mirror; nil: the first that holds the repository's name.
    package var mirror: String?
    /// The repository by its name here; nil: everything that the mirror's rules bring.
    package var repository: RepositoryID?
    /// Nil: the revisions that the rules name, or the default branch.
    package var revision: Revision?
    /// Only files that match one of these; empty: all that the rules let in.
    package var files: [Glob]
    /// None of the files that match one of these.
    package var notFiles: [Glob]
    package var priority: JobPriority
    /// Who shares the workers fairly with others: `org:acme`, `user:amy` or `mirror:hf`.
    package var account: String
    /// Name of the user who asked; nil for the gateway itself.
    package var requestedBy: String?

    package init(
        mirror: String? = nil, repository: RepositoryID? = nil, revision: Revision? = nil, files: [Glob] = [],
        notFiles: [Glob] = [], priority: JobPriority = .normal, account: String, requestedBy: String? = nil
    ) {
        self.mirror = mirror
        self.repository = repository
        self.revision = revision
        self.files = files
        self.notFiles = notFiles
        self.priority = priority
        self.account = account
        self.requestedBy = requestedBy
    }
}
