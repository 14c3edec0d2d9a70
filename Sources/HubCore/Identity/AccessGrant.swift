/// A right that was given or taken apart from memberships: one row of `grants`.
package struct AccessGrant: Sendable, Hashable {
    package enum Subject: Sendable, Hashable {
        case everyone
        /// Whoever has an account.
        case authenticated
        case user(Int64)
        /// The members of an organisation from a role upwards.
        case members(organisation: Int64, from: Role)
        /// The members of a team.
        case team(Int64)
    }

    package enum Scope: Sendable, Hashable {
        case system
        case organisation(Int64)
        case repository(Int64)
    }

    package enum Effect: String, Sendable, CaseIterable {
        /// Gives the role.
        case allow
        /// Takes the role and all above it, whatever else gives them: `deny reader` hides, `deny writer` lets read. A
        /// custom role takes just what it lists.
        case deny
    }

    package let id: Int64
    package let subject: Subject
    package let scope: Scope
    package let role: GrantedRole
    package let effect: Effect
    /// Milliseconds since 1970; nil for never.
    package let expiresAt: Int64?
    /// From where one must ask for the grant to count; empty for from anywhere.
    package let sources: [AddressBlock]
    /// The part of each repository's content that it is about; nil for all there is.
    package let part: ContentPart?

    package init(
        id: Int64, subject: Subject, scope: Scope, role: GrantedRole, effect: Effect, expiresAt: Int64? = nil,
        sources: [AddressBlock] = [], part: ContentPart? = nil
    ) {
        self.part = part
        self.sources = sources
        self.id = id
        self.subject = subject
        self.scope = scope
        self.role = role
        self.effect = effect
        self.expiresAt = expiresAt
    }

    /// Whether the grant speaks of this subject and this target at this time.
    func concerns(_ subject: AccessSubject, _ target: AccessTarget, now: Int64) -> Bool {
        if let expiresAt, expiresAt <= now { return false }
        guard sources.isEmpty || isSource(of: subject) else { return false }
        let names: Bool =
            switch self.subject {
            case .everyone: true
            case .authenticated: subject.user != nil
            case .user(let id): subject.user?.id == id
            case .members(let organisation, let role): subject.memberships[organisation].map { $0 >= role } ?? false
            case .team(let id): subject.teams.contains(id)
            }
        guard names else { return false }
        return switch scope {
        case .system: true
        case .organisation(let id): target.organisation == id
        case .repository(let key): target.repository?.key == key
        }
    }

    /// Where nobody knows from where it is asked, nothing is allowed for it, and what is denied stays so.
    private func isSource(of subject: AccessSubject) -> Bool {
        guard let address = subject.address else { return effect == .deny }
        return sources.contains { $0.contains(address) }
    }
}

/// Who asks, as the decision sees it.
package struct AccessSubject: Sendable, Hashable {
    let user: User?
    let token: TokenGrant?
    /// Whether the account may be used; true for nobody in particular.
    let isActive: Bool
    /// What the user is in which organisation.
    let memberships: [Int64: Role]
    /// The teams the user is in.
    let teams: Set<Int64>
    /// From where it is asked.
    let address: IPAddress?

    init(_ principal: Principal, isActive: Bool, memberships: [Int64: Role], teams: Set<Int64>) {
        user = principal.user
        token = principal.token
        address = principal.address
        self.isActive = isActive
        self.memberships = memberships
        self.teams = teams
    }

    var isAdministrator: Bool { user?.isAdministrator == true && token?.scope == .admin }
}

/// What is asked for: a repository, or a namespace of its own when there is none.
package struct AccessTarget: Sendable, Hashable {
    struct RepositoryFacts: Sendable, Hashable {
        let key: Int64
        let id: RepositoryID
        let visibility: Repository.Visibility
        let isMirror: Bool
        let gating: Repository.Gating
        /// The account that made it.
        let creator: Int64?
        /// How the subject's request at the gate stands; nil when it made none.
        let request: AccessRequest.Status?
    }

    /// The owner's name, case-folded; empty for the hub itself.
    let namespaceKey: String
    /// The organisation that owns the namespace.
    let organisation: Int64?
    let repository: RepositoryFacts?

    /// Whether the hub itself is meant, which belongs to no namespace.
    var isHub: Bool { namespaceKey.isEmpty }

    var resource: TokenResource {
        repository.map { .repository($0.id) } ?? .namespace(namespaceKey)
    }
}
