/// A repository that `Authorizer.open` has let a principal into.
///
/// There is no other way to obtain one: the initializer stays inside this target (law 5).
package struct Repository: Sendable, Hashable {
    /// Who may see a repository without a grant.
    package enum Visibility: String, Sendable {
        case `public`
        /// Anyone who is signed in.
        case `internal`
        case `private`
    }

    /// Where its truth lives.
    package enum Origin: Sendable, Hashable {
        /// Here: nothing about it is ever asked of an upstream.
        case local
        /// In an upstream of the named mirror; read-only here by type (S19).
        case mirror(Mirror)
    }

    /// Whether content is given only to those who asked and were let in.
    package enum Gating: String, Sendable {
        case open
        /// Whoever asks is let in at once.
        case auto
        /// Somebody decides on each who asks.
        case manual
    }

    /// Which upstream repository a mirrored one follows.
    package struct Mirror: Sendable, Hashable {
        /// `metadata.name` of the policy file.
        package let mirror: String
        /// Name of the upstream in that file.
        package let upstream: String
        /// The repository's path there, `owner/name` with the upstream's own case.
        package let path: String

        package init(mirror: String, upstream: String, path: String) {
            self.mirror = mirror
            self.upstream = upstream
            self.path = path
        }
    }

    /// Names its directory and its rows; never shown to people.
    package let key: Int64
    package let id: RepositoryID
    package let visibility: Visibility
    package let origin: Origin
    /// Short name of the default branch.
    package let defaultBranch: String
    /// Milliseconds since 1970.
    package let createdAt: Int64
    package let updatedAt: Int64
    package let downloads: Int64
    package let likes: Int64
    package let gating: Gating
    /// For whom it was opened and to do what.
    package let principal: Principal
    package let verb: Verb
    /// What grants on some of its paths and refs say to the principal.
    package let rules: ContentRules

    init(record: RepositoryRecord, principal: Principal, verb: Verb, rules: ContentRules = .none) {
        self.rules = rules
        key = record.key
        id = record.id
        visibility = record.visibility
        origin = record.origin
        defaultBranch = record.defaultBranch
        createdAt = record.createdAt
        updatedAt = record.updatedAt
        downloads = record.downloads
        likes = record.likes
        gating = record.gating
        self.principal = principal
        self.verb = verb
    }

    /// The same repository after its default branch became another one.
    init(_ repository: Repository, defaultBranch: String) {
        key = repository.key
        id = repository.id
        visibility = repository.visibility
        origin = repository.origin
        self.defaultBranch = defaultBranch
        createdAt = repository.createdAt
        updatedAt = repository.updatedAt
        downloads = repository.downloads
        likes = repository.likes
        gating = repository.gating
        principal = repository.principal
        verb = repository.verb
        rules = repository.rules
    }

    package var isMirror: Bool { origin != .local }
    package var isPrivate: Bool { visibility != .public }
}

/// A row of `repositories`, before anyone was let in.
struct RepositoryRecord: Sendable {
    var key: Int64
    var id: RepositoryID
    var visibility: Repository.Visibility
    var origin: Repository.Origin
    var defaultBranch: String
    var createdAt: Int64
    var updatedAt: Int64
    var downloads: Int64
    var likes: Int64
    var gating: Repository.Gating = .open
    /// The account that made it; nil when that is not known.
    var creator: Int64?
}
