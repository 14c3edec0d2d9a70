/// The one function that says who may do what: facts in, decision with its reason out. It reads nothing and keeps nothing.
package enum AccessRules {
    /// Decides in this order: account active, then a mirror's nature, the token's scope, grants that deny, the gate, then
    /// whatever allows (administrator, owner, creator, membership, grants), then visibility, then no.
    ///
    /// What may not even be discovered is `.hidden` for every verb, so that it answers as what is missing (S3).
    /// Listings say the same in SQL (`RepositoryStore.visibilityCondition`); a test holds the two together.
    /// - Parameters:
    ///   - grants: rows that may matter; others are passed over.
    ///   - now: milliseconds since 1970.
    package static func decide(
        _ subject: AccessSubject, _ verb: Verb, _ target: AccessTarget, grants: [AccessGrant], now: Int64
    ) -> AccessDecision {
        let concerning = grants.filter { $0.concerns(subject, target, now: now) }
        // What is about some paths or refs gives and takes nothing of the whole.
        let matter = concerning.filter { $0.part == nil }
        if target.repository != nil, verb != .discover {
            let visible = evaluate(subject, .discover, target, matter)
            guard visible.isAllowed else { return visible }
        }
        let decision = evaluate(subject, verb, target, matter)
        // Whoever reads the whole may have been given some of it to write.
        guard verb == .contentWrite, decision.reason == .nothing, target.repository != nil,
            let opening = concerning.first(where: \.opensPart),
            evaluate(subject, .contentRead, target, matter).isAllowed
        else { return decision }
        return AccessDecision(outcome: .allow, reason: .partGrant(opening.id))
    }

    private static func evaluate(
        _ subject: AccessSubject, _ verb: Verb, _ target: AccessTarget, _ grants: [AccessGrant]
    ) -> AccessDecision {
        let refused: AccessDecision.Outcome = verb == .discover ? .hidden : .forbidden
        func refuse(_ reason: AccessDecision.Reason) -> AccessDecision {
            AccessDecision(outcome: refused, reason: reason)
        }
        guard subject.isActive else { return refuse(.accountDisabled) }
        if subject.token == nil, !verb.isRead || verb == .auditRead {
            return AccessDecision(outcome: .unauthenticated, reason: .accountNeeded)
        }
        if verb.isOfHub, !target.isHub { return refuse(.nothing) }
        // What is said about a mirrored repository is said where it lives.
        if target.repository?.isMirror == true, verb == .contentWrite || verb == .settings || verb == .discuss {
            return refuse(.mirror)
        }
        // To create in a namespace is more than to put content into what is there.
        let scope = target.repository == nil && !verb.isRead ? .write : verb.requiredScope
        if let token = subject.token, token.scope < scope { return refuse(.tokenScope(needed: scope)) }
        if let grant = grants.first(where: { $0.effect == .deny && $0.role.denies(verb) }) {
            return refuse(.denyGrant(grant.id))
        }
        let covered = subject.token?.covers(target.resource) ?? true
        let right = right(of: subject, to: verb, target, grants, isCovered: covered)
        if verb == .contentRead, let repository = target.repository, repository.gating != .open {
            // Being let in is a personal thing: a right that everybody has opens no gate.
            let isAccepted = covered && (repository.request == .accepted || right?.isPersonal == true)
            guard isAccepted else {
                return AccessDecision(outcome: .gated, reason: .gate(covered ? repository.request : nil))
            }
        }
        if let right { return AccessDecision(outcome: .allow, reason: right.reason) }
        if let repository = target.repository, verb.minimumRole == .reader {
            let isOpen =
                repository.visibility == .public && (verb.isRead || covered)
                || repository.visibility == .internal && subject.user != nil && covered
            if isOpen { return AccessDecision(outcome: .allow, reason: .visibility(repository.visibility)) }
        }
        return refuse(covered ? .nothing : .tokenResources)
    }

    private struct Right {
        let reason: AccessDecision.Reason
        /// Whether it belongs to this subject in particular.
        var isPersonal = true
    }

    /// What gives the subject the verb, apart from visibility.
    private static func right(
        of subject: AccessSubject, to verb: Verb, _ target: AccessTarget, _ grants: [AccessGrant], isCovered: Bool
    ) -> Right? {
        // Creating in a namespace is what contributors are there for.
        let needed: Role = target.repository == nil && verb == .contentWrite ? .contributor : verb.minimumRole
        if isCovered, let user = subject.user {
            let isOwn = target.repository.map { $0.creator == user.id } ?? true
            if subject.isAdministrator, verb.isForAdministrators || isOwn { return Right(reason: .administrator) }
            if RepositoryID.key(user.name) == target.namespaceKey { return Right(reason: .owner) }
            if let role = target.organisation.flatMap({ subject.memberships[$0] }) {
                if role >= needed { return Right(reason: .member(role)) }
                if isOwn, role == .contributor, verb == .contentWrite || verb == .settings {
                    return Right(reason: .creator)
                }
            }
        }
        // Only members create as contributors: it is their membership that lets them write to what they made.
        let allowing = grants.filter { $0.effect == .allow && $0.role.allows(verb) }
        if isCovered, let grant = allowing.first(where: \.isPersonal) {
            return Right(reason: .grant(grant.id, grant.role))
        }
        let general = allowing.first { $0.subject == .everyone || (isCovered && $0.subject == .authenticated) }
        // With a token that does not reach here, nobody does more than nobody.
        guard let general, isCovered || verb.isRead && verb != .auditRead else { return nil }
        return Right(reason: .grant(general.id, general.role), isPersonal: false)
    }
}

extension AccessGrant {
    /// Whether it names somebody in particular.
    fileprivate var isPersonal: Bool {
        switch subject {
        case .user, .members, .team: true
        case .everyone, .authenticated: false
        }
    }
}
