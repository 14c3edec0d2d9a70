/// What a grant gives or takes: a step of the ladder, an office beside it, or a role that somebody made.
package enum GrantedRole: Sendable, Hashable {
    case standard(Role)
    case office(Office)
    case custom(CustomRole)

    /// The word people write.
    package var name: String {
        switch self {
        case .standard(let role): role.name
        case .office(let office): office.name
        case .custom(let role): role.name
        }
    }

    /// Whether giving the role gives a verb. The ladder is about namespaces, not about the hub itself. Whatever somebody may do with a thing, he may see that it exists.
    package func allows(_ verb: Verb) -> Bool {
        switch self {
        case .standard(let role): role >= verb.minimumRole && !verb.isOfHub
        case .office(let office): office.verbs.contains(verb)
        case .custom(let role): verb == .discover || role.verbs.contains(verb)
        }
    }

    /// Whether taking the role takes a verb: a step of the ladder takes itself and all above, an office its duties and
    /// not the sight that comes with them, a custom role its list.
    package func denies(_ verb: Verb) -> Bool {
        switch self {
        case .standard(let role): role <= verb.minimumRole && !verb.isOfHub
        case .office(let office): office.duties.contains(verb)
        case .custom(let role): role.verbs.contains(verb)
        }
    }

    /// What has to be somebody's own before he gives it away.
    var given: Set<Verb> {
        switch self {
        case .standard(let role): role.given
        case .office(let office): office.verbs
        case .custom(let role): role.verbs.union([.discover])
        }
    }
}

/// A named list of verbs, an organisation's or the whole hub's.
package struct CustomRole: Sendable, Hashable {
    package let id: Int64
    package let name: String
    package let verbs: Set<Verb>
    /// Whose role it is; nil for the hub's, which is good everywhere.
    package let organisation: Int64?

    /// The most an organisation may have.
    package static let limit = 100
}

extension Role {
    /// What has to be somebody's own before he makes another one this. A contributor writes to what he creates.
    var given: Set<Verb> {
        let verbs = Set(Verb.allCases.filter { $0.minimumRole <= self && !$0.isOfHub })
        return self == .contributor ? verbs.union([.contentWrite]) : verbs
    }
}
