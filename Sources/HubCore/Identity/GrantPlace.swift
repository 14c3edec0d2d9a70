/// Where rights are given and taken, opened for whoever may say who is what there.
///
/// There is no other way to obtain one: the initializer stays inside this target (law 5).
package struct GrantPlace: Sendable {
    package let scope: AccessGrant.Scope
    package let principal: Principal
    /// The organisation whose teams and roles are at home here.
    package let organisation: Int64?
    /// What the principal may do here himself, and so may give away (S6).
    let rights: Set<Verb>

    init(_ scope: AccessGrant.Scope, _ principal: Principal, organisation: Int64?, rights: Set<Verb>) {
        self.scope = scope
        self.principal = principal
        self.organisation = organisation
        self.rights = rights
    }

    /// - Throws: `.forbidden` when some of the verbs are not the principal's own.
    func requireOwn(_ verbs: Set<Verb>) throws { try rights.requireAll(verbs) }
}

extension Set<Verb> {
    /// Those that count at a scope: what is done with the hub itself is given on the whole hub alone.
    func counting(at scope: AccessGrant.Scope) -> Set<Verb> {
        scope == .system ? self : filter { !$0.isOfHub }
    }

    /// Nobody gives away more than he has.
    /// - Throws: `.forbidden` naming what is missing.
    func requireAll(_ verbs: Set<Verb>) throws {
        let missing = verbs.subtracting(self).map(\.rawValue).sorted()
        guard missing.isEmpty else {
            throw HubError(
                .forbidden, "You may not give away what you may not do yourself: \(missing.joined(separator: ", ")).")
        }
    }
}

extension Authorizer {
    /// Opens a repository that was opened for `.memberAdmin`, to give rights on it.
    package func openGrants(on repository: Repository) async throws -> GrantPlace {
        guard repository.verb == .memberAdmin else {
            throw HubError(
                .internalError, "\(repository.id) was opened to \(repository.verb.rawValue), which does not do.")
        }
        guard let facts = try await store.accessFacts(repository.id, for: repository.principal),
            facts.record.key == repository.key
        else { throw Self.notFound(repository.id, repository.principal) }
        let rights = rights(of: facts.subject, over: facts.target.unmirrored, facts.grants)
        return GrantPlace(
            .repository(repository.key), repository.principal, organisation: facts.target.organisation, rights: rights)
    }

    /// Opens an organisation to give rights on all it owns.
    /// - Throws: as ``openOrganisation(_:_:_:)`` for `.memberAdmin`.
    package func openGrants(_ principal: Principal, inOrganisation name: String) async throws -> GrantPlace {
        let organisation = try await openOrganisation(principal, .memberAdmin, name)
        return GrantPlace(
            .organisation(organisation.id), principal, organisation: organisation.id, rights: organisation.rights)
    }

    /// Opens the whole hub to give rights on everything.
    /// - Throws: `.forbidden` for everyone but administrators.
    package func openGrantsOfHub(_ principal: Principal) throws -> GrantPlace {
        guard principal.isAdministrator else {
            throw HubError(.forbidden, "This is for administrators.")
        }
        return GrantPlace(.system, principal, organisation: nil, rights: Set(Verb.allCases))
    }

    /// The same for whoever holds the data directory: the command line, never a request.
    package func openGrantsAsOperator() throws -> GrantPlace { try openGrantsOfHub(.operator) }

    /// The same on all that an organisation owns.
    /// - Throws: `.notFound`.
    package func openGrantsAsOperator(inOrganisation name: String) async throws -> GrantPlace {
        try await openGrants(.operator, inOrganisation: name)
    }

    /// What a principal may do in a namespace itself.
    func rights(of principal: Principal, in namespace: String) async throws -> Set<Verb> {
        let facts = try await store.accessFacts(namespace: namespace, for: principal)
        return rights(of: facts.subject, over: facts.target, facts.grants)
    }

    private func rights(of subject: AccessSubject, over target: AccessTarget, _ grants: [AccessGrant]) -> Set<Verb> {
        let now = store.clock.now()
        // Of what he may do with a part only, he can give nothing away.
        let kept = AccessRules.rules(for: subject, target, grants: grants, now: now)
        return Set(
            Verb.allCases.filter {
                AccessRules.decide(subject, $0, target, grants: grants, now: now).allowsWhole && !kept.limits($0)
            })
    }
}

extension AccessTarget {
    /// The same as if it lived here: that a mirror is read-only is no reason not to say who will write when it is not.
    fileprivate var unmirrored: AccessTarget {
        guard let repository, repository.isMirror else { return self }
        return AccessTarget(
            namespaceKey: namespaceKey, organisation: organisation,
            repository: RepositoryFacts(
                key: repository.key, id: repository.id, visibility: repository.visibility, isMirror: false,
                gating: repository.gating, creator: repository.creator, request: repository.request))
    }
}
