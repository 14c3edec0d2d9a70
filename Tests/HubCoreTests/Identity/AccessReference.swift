@testable import HubCore

/// The rules once more, written the other way round: as sentences over the whole world, without the engine's steps.
/// What it says is compared with the engine over many random worlds.
struct AccessReference {
    let world: AccessWorld

    func outcome(_ principal: Principal, _ verb: Verb, _ repository: AccessTarget.RepositoryFacts)
        -> AccessDecision.Outcome
    {
        guard may(principal, .discover, repository) else { return .hidden }
        if verb == .discover { return .allow }
        if principal.user == nil, !verb.isRead || verb == .auditRead { return .unauthenticated }
        if may(principal, verb, repository) { return .allow }
        // Who was let in through the gate and still may not read is refused by something else.
        let isAccepted = principal.user.map { world.requests[repository.key]?[$0.id] == .accepted } ?? false
        let isShut =
            verb == .contentRead && repository.gating != .open && !(isAccepted && reaches(principal, repository))
        return isShut && !isDenied(principal, verb, repository) ? .gated : .forbidden
    }

    private func may(_ principal: Principal, _ verb: Verb, _ repository: AccessTarget.RepositoryFacts) -> Bool {
        let scopes: [TokenGrant.Scope] =
            verb.isRead
            ? [.read, .upload, .write, .admin] : verb == .contentWrite ? [.upload, .write, .admin] : [.write, .admin]
        if let token = principal.token, !scopes.contains(token.scope) { return false }
        if principal.user == nil, !verb.isRead || verb == .auditRead { return false }
        // How much accounts store is no matter of a repository.
        if verb == .quotaSet { return false }
        if isDenied(principal, verb, repository) { return false }
        let personal = reaches(principal, repository) && isSomebody(principal, verb, repository)
        if personal { return true }
        if verb == .contentRead, repository.gating != .open {
            guard reaches(principal, repository), let user = principal.user else { return false }
            guard world.requests[repository.key]?[user.id] == .accepted else { return false }
        }
        return isForAll(principal, verb, repository)
    }

    func reaches(_ principal: Principal, _ repository: AccessTarget.RepositoryFacts) -> Bool {
        guard let resources = principal.token?.resources else { return true }
        return resources.contains { $0 == .namespace(repository.id.namespaceKey) || $0 == .repository(repository.id) }
    }

    /// Grants of an effect that meet the principal and the repository.
    func grants(_ principal: Principal, _ repository: AccessTarget.RepositoryFacts) -> [AccessGrant] {
        world.grants.filter { grant in
            let isLive = grant.expiresAt.map { $0 > AccessWorld.now } ?? true
            let isHere =
                grant.scope == .system || grant.scope == .repository(repository.key)
                || AccessWorld.organisations[repository.id.namespaceKey].map { grant.scope == .organisation($0) }
                    ?? false
            return isLive && isHere && isThere(grant, principal) && names(grant.subject, principal)
        }
    }

    /// Whether the grant counts from where it is asked. The blocks of this world are told by the beginnings of addresses.
    private func isThere(_ grant: AccessGrant, _ principal: Principal) -> Bool {
        if grant.sources.isEmpty { return true }
        guard let address = principal.address else { return grant.effect == .deny }
        let text = AccessWorld.addresses.first { IPAddress($0) == address } ?? ""
        return grant.sources.contains { block in
            switch block.description {
            case "10.0.0.0/8": text.hasPrefix("10.")
            case "10.1.0.0/16": text.hasPrefix("10.1.")
            case "fd00::/8": text.hasPrefix("fd")
            case "::/0": true
            default: text == block.description
            }
        }
    }

    private func names(_ subject: AccessGrant.Subject, _ principal: Principal) -> Bool {
        guard let user = principal.user else { return subject == .everyone }
        if case .team(let id) = subject { return world.teamsOf[user.id]?.contains(id) ?? false }
        if case .members(let organisation, let role) = subject {
            return (world.memberships[user.id]?[organisation]?.rawValue ?? 0) >= role.rawValue
        }
        return subject == .everyone || subject == .authenticated || subject == .user(user.id)
    }

    func isDenied(_ principal: Principal, _ verb: Verb, _ repository: AccessTarget.RepositoryFacts) -> Bool {
        grants(principal, repository).contains {
            guard $0.effect == .deny else { return false }
            return switch $0.role {
            case .standard(let role): role.rawValue <= verb.minimumRole.rawValue
            case .office(.auditor): verb == .auditRead
            case .office(.operator): verb == .mirrorSync
            case .office(.gatekeeper): verb == .gateApprove
            case .custom(let role): role.verbs.contains(verb)
            }
        }
    }

    private func gives(_ grant: AccessGrant, _ verb: Verb) -> Bool {
        guard grant.effect == .allow else { return false }
        return switch grant.role {
        case .standard(let role): role.rawValue >= verb.minimumRole.rawValue
        case .office(.auditor): [.discover, .metaRead, .auditRead].contains(verb)
        case .office(.operator): [.discover, .metaRead, .mirrorSync].contains(verb)
        case .office(.gatekeeper): [.discover, .metaRead, .gateApprove].contains(verb)
        case .custom(let role): role.verbs.union([.discover]).contains(verb)
        }
    }

    private func isSomebody(_ principal: Principal, _ verb: Verb, _ repository: AccessTarget.RepositoryFacts) -> Bool {
        guard let user = principal.user else { return false }
        let role = AccessWorld.organisations[repository.id.namespaceKey].flatMap { world.memberships[user.id]?[$0] }
        let isOwn = role == .contributor && repository.creator == user.id
        let governs = user.isAdministrator && principal.token?.scope == .admin
        return user.name == repository.id.namespace
            || governs && (repository.creator == user.id || ![.contentWrite, .gateApprove].contains(verb))
            || (role?.rawValue ?? 0) >= verb.minimumRole.rawValue
            || isOwn && [.contentWrite, .settings].contains(verb)
            || grants(principal, repository).contains {
                gives($0, verb) && ![.everyone, .authenticated].contains($0.subject)
            }
    }

    private func isForAll(_ principal: Principal, _ verb: Verb, _ repository: AccessTarget.RepositoryFacts) -> Bool {
        let reaches = reaches(principal, repository)
        let granted = grants(principal, repository).filter { gives($0, verb) }
        let isPlainRead = verb.isRead && verb != .auditRead
        if granted.contains(where: { $0.subject == .everyone }), reaches || isPlainRead { return true }
        if reaches, granted.contains(where: { $0.subject == .authenticated }) { return true }
        guard verb.minimumRole == .reader else { return false }
        if repository.visibility == .public { return reaches || isPlainRead }
        return repository.visibility == .internal && reaches && principal.user != nil
    }
}
