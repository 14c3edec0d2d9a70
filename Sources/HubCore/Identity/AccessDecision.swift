/// What was decided, and the one fact that decided it.
package struct AccessDecision: Sendable, Hashable {
    package enum Outcome: String, Sendable {
        case allow
        /// It exists, but this may not be done with it.
        case forbidden
        /// It exists, and an account is needed for this.
        case unauthenticated
        /// It can be seen, but its content waits behind a gate.
        case gated
        /// It is as if it were not there.
        case hidden
    }

    package enum Reason: Sendable, Hashable {
        case accountDisabled
        case accountNeeded
        case mirror
        case tokenScope(needed: TokenGrant.Scope)
        /// The token is narrowed to other things.
        case tokenResources
        case denyGrant(Int64)
        case gate(AccessRequest.Status?)
        case administrator
        case owner
        case creator
        case member(Role)
        case grant(Int64, GrantedRole)
        /// A grant gives it for some paths or refs.
        case partGrant(Int64)
        case visibility(Repository.Visibility)
        /// No rule gives the right.
        case nothing
    }

    package let outcome: Outcome
    package let reason: Reason

    package var isAllowed: Bool { outcome == .allow }
    /// Whether it is allowed for all of the repository, as far as this decision tells.
    var allowsWhole: Bool {
        if case .partGrant = reason { return false }
        return isAllowed
    }
}

extension AccessDecision.Reason {
    /// A stable word for machines.
    package var code: String {
        switch self {
        case .accountDisabled: "account-disabled"
        case .accountNeeded: "account-needed"
        case .mirror: "mirror-read-only"
        case .tokenScope: "token-scope"
        case .tokenResources: "token-resources"
        case .denyGrant: "deny-grant"
        case .gate: "gate"
        case .administrator: "administrator"
        case .owner: "owner"
        case .creator: "creator"
        case .member: "member"
        case .grant: "grant"
        case .partGrant: "part-grant"
        case .visibility: "visibility"
        case .nothing: "no-rule"
        }
    }

    /// The same for people.
    package var text: String {
        switch self {
        case .accountDisabled: "The account is disabled."
        case .accountNeeded: "This needs an account."
        case .mirror: "A mirror is read-only."
        case .tokenScope(let needed): "The token's scope is too narrow; \(needed.rawValue) is needed."
        case .tokenResources: "The token is narrowed to other repositories."
        case .denyGrant(let id): "The grant \(id) denies it."
        case .gate(nil): "The repository is gated, and access was not asked for."
        case .gate(let status?): "The repository is gated, and the request for access is \(status.rawValue)."
        case .administrator: "An administrator's token of admin scope may do it."
        case .owner: "The owner of the namespace may do it."
        case .creator: "Who made the repository may do it."
        case .member(let role): "The role \(role.name) in the organisation allows it."
        case .grant(let id, let role): "The grant \(id) gives the role \(role.name)."
        case .partGrant(let id): "The grant \(id) gives it for some paths or refs."
        case .visibility(let visibility): "The repository is \(visibility.rawValue)."
        case .nothing: "No rule allows it."
        }
    }
}
