/// An organisation that `Authorizer.openOrganisation` has let a principal to. It owns the namespace of its name.
///
/// There is no other way to obtain one: the initializer stays inside this target (law 5).
package struct Organisation: Sendable, Hashable {
    package let id: Int64
    package let name: String
    package let fullName: String
    /// Milliseconds since 1970.
    package let createdAt: Int64
    /// For whom it was opened and to do what.
    package let principal: Principal
    package let verb: Verb
    /// What the principal may do in it himself, and so may give away (S6); empty unless it was opened for
    /// `.memberAdmin`.
    let rights: Set<Verb>

    init(_ record: OrganisationRecord, principal: Principal, verb: Verb, rights: Set<Verb> = []) {
        self.rights = rights
        id = record.id
        name = record.name
        fullName = record.fullName
        createdAt = record.createdAt
        self.principal = principal
        self.verb = verb
    }
}

/// A row of `organisations`, before anyone was let in.
struct OrganisationRecord: Sendable {
    let id: Int64
    let name: String
    let fullName: String
    let createdAt: Int64
}

/// What somebody is in an organisation.
package struct Membership: Sendable, Hashable {
    package let user: User
    package let role: Role
    /// Milliseconds since 1970.
    package let since: Int64
}

extension Authorizer {
    /// Lets a principal to an organisation for one purpose. Whoever has an account may see it.
    /// - Throws: `.authenticationRequired`, `.notFound`, `.forbidden`.
    package func openOrganisation(_ principal: Principal, _ verb: Verb, _ name: String) async throws -> Organisation {
        guard !principal.isAnonymous else {
            throw HubError(.authenticationRequired, "Sign in to see organisations.")
        }
        guard let record = try await store.organisations.record(named: name) else {
            throw HubError(.notFound, "There is no organisation called '\(name)'.")
        }
        if verb != .discover {
            let decision = try await decide(principal, verb, in: name)
            guard decision.isAllowed else {
                throw HubError(
                    .forbidden, "You may not do that (\(verb.rawValue)) with the organisation '\(record.name)'.",
                    remedy: decision.reason.remedy)
            }
        }
        let rights = verb == .memberAdmin ? try await rights(of: principal, in: name) : []
        return Organisation(record, principal: principal, verb: verb, rights: rights)
    }

    /// Lets in whoever holds the data directory: the command line, never a request.
    /// - Throws: `.notFound`.
    package func openOrganisationAsOperator(_ verb: Verb, _ name: String) async throws -> Organisation {
        try await openOrganisation(.operator, verb, name)
    }
}
