import HubCore

/// The rules of who may do what, written once more from the table and the steps of the design (security reference, §5)
/// and without a line of the product's own decision. The matrix compares every route with it.
enum PermissionModel {
    enum Outcome: Hashable {
        case passes, hidden, forbidden, gated, signIn, unknownToken
    }

    /// What everybody does with what he may read.
    static let everyday: Set<Verb> = [.discover, .metaRead, .contentRead, .discuss]
    /// The table: what a role carries in all repositories of its organisation.
    static let roles: [String: Set<Verb>] = [
        "reader": everyday,
        "contributor": everyday,
        "writer": everyday.union([.contentWrite]),
        "maintainer": everyday.union([.contentWrite, .settings, .gateApprove]),
        "admin": Set(Verb.allCases),
        "auditor": [.discover, .metaRead, .auditRead],
        "operator": [.discover, .metaRead, .mirrorSync, .quotaSet],
        "gatekeeper": [.discover, .metaRead, .gateApprove],
    ]
    /// What a contributor may do besides with what he made.
    static let ofCreator: Set<Verb> = [.contentWrite, .settings]
    /// A site administrator reads by break-glass, and neither writes content nor opens gates.
    static let ofSiteAdministrator: Set<Verb> = [
        .discover, .metaRead, .contentRead, .discuss, .settings, .delete, .memberAdmin, .tokenAdmin, .auditRead,
        .mirrorSync, .quotaSet,
    ]
    private static let reading: Set<Verb> = [.discover, .metaRead, .contentRead, .auditRead]

    static func outcome(_ who: Somebody, _ verb: Verb, _ place: Place) -> Outcome {
        guard who.isKnown else { return .unknownToken }
        guard place.exists, may(who, .discover, place) else { return .hidden }
        if who.user == nil, !reading.contains(verb) || verb == .auditRead { return .signIn }
        // Nobody changes a mirror; what policy refuses is refused to everybody who would read it.
        if place.isRefusedByPolicy, everyday.contains(verb) || ofCreator.contains(verb) { return .forbidden }
        if may(who, verb, place) { return .passes }
        return verb == .contentRead && place.isGated ? .gated : .forbidden
    }

    /// Whether somebody may do something with the hub itself.
    static func mayOnHub(_ who: Somebody, _ verb: Verb) -> Bool {
        guard who.reach == nil, reading.contains(verb) || who.scope > .upload else { return false }
        let isAdministrator = who.isSiteAdministrator && who.scope == .admin
        return isAdministrator || who.siteOffice.flatMap { roles[$0] }?.contains(verb) == true
    }

    /// Whether somebody may open a pull request: what it changes, he must be able to read.
    static func mayPropose(_ who: Somebody, _ place: Place) -> Bool {
        [Verb.discuss, .contentRead].allSatisfy { outcome(who, $0, place) == .passes }
    }

    private static func may(_ who: Somebody, _ verb: Verb, _ place: Place) -> Bool {
        let isRead = reading.contains(verb)
        if !isRead, who.user == nil || who.scope == .read { return false }
        // To upload is to put content in, and nothing else.
        if !isRead, who.scope == .upload, verb != .contentWrite { return false }
        let reaches = who.reach.map { $0.contains(place.namespace) || $0.contains(place.path) } ?? true
        let isPersonal = reaches && rights(who, place).contains(verb)
        if isPersonal { return true }
        if verb == .contentRead, place.isGated, !(reaches && place.letsAccountsIn && who.user != nil) { return false }
        switch place.visibility {
        case .public: return everyday.contains(verb) && (isRead || reaches)
        case .internal: return everyday.contains(verb) && reaches && who.user != nil
        case .private: return false
        }
    }

    /// What belongs to somebody in particular.
    private static func rights(_ who: Somebody, _ place: Place) -> Set<Verb> {
        var rights: Set<Verb> = []
        if who.user == place.namespace { rights.formUnion(Verb.allCases) }
        if place.namespace == Place.organisation, let role = who.role {
            rights.formUnion(roles[role] ?? [])
            if who.isCreator { rights.formUnion(ofCreator) }
        }
        if let office = who.siteOffice { rights.formUnion(roles[office] ?? []) }
        if who.isSiteAdministrator, who.scope == .admin { rights.formUnion(ofSiteAdministrator) }
        return rights
    }
}

/// Who asks, as the model sees him.
struct Somebody: Sendable {
    let name: String
    /// The account; nil for nobody in particular.
    var user: String?
    /// The role in the organisation that owns the places.
    var role: String?
    /// Whether he made what is in it.
    var isCreator = false
    var isSiteAdministrator = false
    /// The office he was given on the whole hub.
    var siteOffice: String?
    var scope = TokenGrant.Scope.write
    /// Namespaces, or paths of repositories, that the token is narrowed to.
    var reach: Set<String>?
    /// Whether the account may be used and the token counts.
    var isKnown = true
}

/// A state that a repository can be in.
struct Place: Sendable, Hashable {
    static let organisation = "acme"

    /// The name it has there; all have seven letters, so that answers can be compared byte for byte.
    let name: String
    var namespace = Place.organisation
    var visibility = Repository.Visibility.public
    var exists = true
    var isGated = false
    /// Whether every account was let in at the gate.
    var letsAccountsIn = false
    var isRefusedByPolicy = false

    var path: String { "\(namespace)/\(name)" }

    static let everybodys = Place(name: "general")
    static let accounts = Place(name: "insider", visibility: .internal)
    static let closed = Place(name: "shutoff", visibility: .private)
    static let gated = Place(name: "guarded", isGated: true)
    static let letIn = Place(name: "granted", isGated: true, letsAccountsIn: true)
    static let missing = Place(name: "nowhere", exists: false)
    static let personal = Place(name: "shutoff", namespace: "ada", visibility: .private)
    static let denied = Place(name: "refused", namespace: "up", isRefusedByPolicy: true)

    static let all = [everybodys, accounts, closed, gated, letIn, missing, personal, denied]
    /// Those that are made here.
    static let local = all.filter { $0.exists && !$0.isRefusedByPolicy }
}
