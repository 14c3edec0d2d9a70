@testable import HubCore

/// A random world of accounts, organisations, repositories and grants; the same seed makes the same one.
struct AccessWorld {
    static let now: Int64 = 1_700_000_000_000
    /// Owners: two users, one organisation of two, and one nobody owns.
    static let namespaces = ["ada", "bob", "acme", "umbrella"]
    static let organisations: [String: Int64] = ["acme": 1, "umbrella": 2]
    /// Teams 1 and 2 are acme's and umbrella's.
    static let teams: [Int64: Int64] = [1: 1, 2: 2]
    /// From where people ask, and nobody knows where.
    static let addresses = ["10.1.2.3", "10.200.0.1", "192.0.2.7", "fd00::7"]
    static let blocks = ["10.0.0.0/8", "10.1.0.0/16", "192.0.2.7", "fd00::/8", "::/0"]

    var users: [User]
    /// Per user id, what it is in which organisation.
    var memberships: [Int64: [Int64: Role]] = [:]
    /// Per user id, the teams it is in.
    var teamsOf: [Int64: Set<Int64>] = [:]
    /// Roles that somebody made; the first is the hub's.
    var roles: [CustomRole] = []
    var repositories: [AccessTarget.RepositoryFacts] = []
    var grants: [AccessGrant] = []
    /// Per repository key and user id.
    var requests: [Int64: [Int64: AccessRequest.Status]] = [:]

    init(_ random: inout SeededGenerator) {
        users = ["ada", "bob", "cyd", "root", "acme+ci"].enumerated().map { index, name in
            User(
                id: Int64(index + 1), name: name, isAdministrator: name == "root", createdAt: 0,
                kind: name.contains("+") ? .robot : .person)
        }
        for user in users {
            for id in Self.organisations.values.sorted() where Bool.random(using: &random) {
                memberships[user.id, default: [:]][id] = Role.allCases.randomElement(using: &random)
            }
            for (team, id) in Self.teams.sorted(by: { $0.key < $1.key })
            where memberships[user.id]?[id] != nil && Bool.random(using: &random) {
                teamsOf[user.id, default: []].insert(team)
            }
        }
        for id in 1...3 as ClosedRange<Int64> {
            let verbs = Verb.allCases.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
            roles.append(
                CustomRole(
                    id: id, name: "role-\(id)", verbs: Set(verbs.isEmpty ? [.metaRead] : verbs),
                    organisation: id == 1 ? nil : id - 1))
        }
        for key in 1...5 {
            guard let namespace = Self.namespaces.randomElement(using: &random),
                let id = RepositoryID(kind: .model, namespace: namespace, name: "r\(key)")
            else { continue }
            let visibilities: [Repository.Visibility] = [.public, .internal, .private]
            let gatings: [Repository.Gating] = [.open, .open, .auto, .manual]
            repositories.append(
                AccessTarget.RepositoryFacts(
                    key: Int64(key), id: id, visibility: visibilities.randomElement(using: &random) ?? .private,
                    isMirror: false, gating: gatings.randomElement(using: &random) ?? .open,
                    creator: Bool.random(using: &random) ? users.randomElement(using: &random)?.id : nil, request: nil))
        }
        for id in 1...Int64.random(in: 1...6, using: &random) { grants.append(grant(id, &random)) }
        for repository in repositories {
            for user in users where Int.random(in: 0..<3, using: &random) == 0 {
                requests[repository.key, default: [:]][user.id] = AccessRequest.Status.allCases.randomElement(
                    using: &random)
            }
        }
    }

    func grant(_ id: Int64, _ random: inout SeededGenerator) -> AccessGrant {
        let organisation = Int64.random(in: 1...2, using: &random)
        let role = Role.allCases.randomElement(using: &random) ?? .reader
        let subjects: [AccessGrant.Subject] = [
            .everyone, .authenticated, .user(Int64.random(in: 1...5, using: &random)),
            .user(Int64.random(in: 1...5, using: &random)), .members(organisation: organisation, from: role),
            .team(Int64.random(in: 1...2, using: &random)),
        ]
        let scopes: [AccessGrant.Scope] = [
            .system, .organisation(Int64.random(in: 1...2, using: &random)),
            .repository(Int64.random(in: 1...5, using: &random)), .repository(Int64.random(in: 1...5, using: &random)),
        ]
        let expiries: [Int64?] = [nil, nil, Self.now, Self.now + 1, Self.now - 1]
        let expiry = expiries.randomElement(using: &random) ?? nil
        return AccessGrant(
            id: id, subject: subjects.randomElement(using: &random) ?? .everyone,
            scope: scopes.randomElement(using: &random) ?? .system,
            role: grantedRole(&random),
            effect: Int.random(in: 0..<3, using: &random) == 0 ? .deny : .allow, expiresAt: expiry,
            sources: Int.random(in: 0..<3, using: &random) > 0
                ? []
                : (0...Int.random(in: 0...1, using: &random)).compactMap { _ in
                    Self.blocks.randomElement(using: &random).flatMap(AddressBlock.init(parsing:))
                })
    }

    private func grantedRole(_ random: inout SeededGenerator) -> GrantedRole {
        if Int.random(in: 0..<3, using: &random) == 0, let role = roles.randomElement(using: &random) {
            return .custom(role)
        }
        if Int.random(in: 0..<4, using: &random) == 0, let office = Office.allCases.randomElement(using: &random) {
            return .office(office)
        }
        return .standard(Role.allCases.randomElement(using: &random) ?? .reader)
    }

    /// Somebody, with some token.
    func principal(_ random: inout SeededGenerator) -> Principal {
        let address = Int.random(in: 0..<5, using: &random) == 0 ? nil : Self.addresses.randomElement(using: &random)
        guard Int.random(in: 0..<6, using: &random) > 0, let user = users.randomElement(using: &random) else {
            return .anonymous.seen(from: address)
        }
        var resources: [TokenResource]?
        if Int.random(in: 0..<3, using: &random) == 0 {
            resources = (0..<Int.random(in: 0...2, using: &random)).compactMap { _ in
                Bool.random(using: &random)
                    ? Self.namespaces.randomElement(using: &random).map(TokenResource.namespace)
                    : repositories.randomElement(using: &random).map { .repository($0.id) }
            }
        }
        let scope = TokenGrant.Scope.allCases.randomElement(using: &random) ?? .read
        return Principal(
            user: user, token: TokenGrant(id: 9, name: "t", scope: scope, createdAt: 0, resources: resources)
        ).seen(from: address)
    }

    func subject(_ principal: Principal, isActive: Bool = true) -> AccessSubject {
        AccessSubject(
            principal, isActive: isActive, memberships: principal.user.flatMap { memberships[$0.id] } ?? [:],
            teams: principal.user.flatMap { teamsOf[$0.id] } ?? [])
    }

    func target(_ repository: AccessTarget.RepositoryFacts, for principal: Principal) -> AccessTarget {
        AccessTarget(
            namespaceKey: repository.id.namespaceKey, organisation: Self.organisations[repository.id.namespaceKey],
            repository: AccessTarget.RepositoryFacts(
                key: repository.key, id: repository.id, visibility: repository.visibility,
                isMirror: repository.isMirror, gating: repository.gating, creator: repository.creator,
                request: principal.user.flatMap { requests[repository.key]?[$0.id] }))
    }

    func decide(_ principal: Principal, _ verb: Verb, _ repository: AccessTarget.RepositoryFacts) -> AccessDecision {
        AccessRules.decide(
            subject(principal), verb, target(repository, for: principal), grants: grants, now: Self.now)
    }
}
