/// Who asks. The effective right is what the user may do, narrowed by what the token says (S4),
/// and does not depend on how the token travelled.
package struct Principal: Sendable, Hashable {
    /// The user, or nil for nobody in particular.
    package let user: User?
    /// What the presented token allows; nil for an anonymous request.
    package let token: TokenGrant?
    /// The session of the website that was presented instead of a token.
    package let session: Int64?
    /// From where it was asked, where that is known; grants may depend on it.
    package let address: IPAddress?

    package static let anonymous = Principal(user: nil, token: nil)
    /// Whoever runs a command on the data directory itself.
    static let `operator` = Principal(
        user: User(id: 0, name: "operator", isAdministrator: true, createdAt: 0),
        token: TokenGrant(id: 0, name: "operator", scope: .admin, createdAt: 0))

    package init(user: User?, token: TokenGrant?, session: Int64? = nil, address: IPAddress? = nil) {
        self.user = user
        self.token = token
        self.session = session
        self.address = address
    }

    /// The same, asking from an address; one that cannot be read is none.
    package func seen(from address: String?) -> Principal {
        Principal(user: user, token: token, session: session, address: address.flatMap(IPAddress.init))
    }

    package var isAnonymous: Bool { user == nil }
    /// Whether the user is a site administrator and the token says so too, for the whole hub.
    package var isAdministrator: Bool { carriesAdministration && token?.resources == nil }
    /// The same for what the token reaches, which may be less than the hub.
    var carriesAdministration: Bool { user?.isAdministrator == true && token?.scope == .admin }
    /// Under what its work is counted where one caller has a share of what all have: its account, or else the network
    /// it asks from. nil for nobody from nowhere.
    var share: String? { user.map { "account \($0.id)" } ?? address.map { "network \($0.network)" } }
    /// A name for logs and records: the user's, or `anonymous`.
    package var label: String { user?.name ?? "anonymous" }
}

/// A person or machine with an account.
package struct User: Sendable, Hashable {
    package enum Kind: String, Sendable {
        case person
        /// An organisation's own account for programs. It has tokens and no password.
        case robot
        /// What an SSH key that is bound to one repository acts as.
        case deployKey = "deploy-key"
    }

    package let id: Int64
    package let name: String
    package let isAdministrator: Bool
    package let createdAt: Int64
    package let kind: Kind

    init(id: Int64, name: String, isAdministrator: Bool, createdAt: Int64, kind: Kind = .person) {
        self.id = id
        self.name = name
        self.isAdministrator = isAdministrator
        self.createdAt = createdAt
        self.kind = kind
    }
}

/// What one access token allows.
package struct TokenGrant: Sendable, Hashable {
    /// How much of the user's rights a token carries.
    package enum Scope: String, Sendable, CaseIterable, Comparable {
        /// Reads; and puts content into repositories that are there; and all else that is no administration; and that.
        case read, upload, write, admin

        package static func < (left: Scope, right: Scope) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .read: 0
            case .upload: 1
            case .write: 2
            case .admin: 3
            }
        }
    }

    package let id: Int64
    package let name: String
    package let scope: Scope
    /// Milliseconds since 1970.
    package let createdAt: Int64
    /// Milliseconds since 1970 from which it counts no more; nil for never.
    package let expiresAt: Int64?
    /// What the token reaches; nil for all its user does. Outside of it the token carries what everybody may do.
    package let resources: [TokenResource]?

    package init(
        id: Int64, name: String, scope: Scope, createdAt: Int64, expiresAt: Int64? = nil,
        resources: [TokenResource]? = nil
    ) {
        self.expiresAt = expiresAt
        self.resources = resources
        self.id = id
        self.name = name
        self.scope = scope
        self.createdAt = createdAt
    }
}
