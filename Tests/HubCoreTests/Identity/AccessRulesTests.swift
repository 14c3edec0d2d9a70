import SQL
import Testing

@testable import HubCore

@Suite("Who may do what")
struct AccessRulesTests {
    @Test("the engine says what the reference says, in ten thousand random worlds")
    func reference() {
        var random = SeededGenerator(seed: 7)
        var seen: [AccessDecision.Outcome: Int] = [:]
        for number in 0..<10_000 {
            let world = AccessWorld(&random)
            let reference = AccessReference(world: world)
            let principal = world.principal(&random)
            for repository in world.repositories {
                for verb in Verb.allCases {
                    let decision = world.decide(principal, verb, repository)
                    let expected = reference.outcome(principal, verb, repository)
                    seen[expected, default: 0] += 1
                    if decision.outcome != expected {
                        Issue.record(
                            """
                            world \(number): \(principal) \(verb) \(repository): \(decision), not \(expected); \
                            \(world.grants) \(world.memberships)
                            """)
                        return
                    }
                }
            }
        }
        // Worlds in which nothing differs would prove nothing.
        for outcome in [AccessDecision.Outcome.allow, .forbidden, .unauthenticated, .gated, .hidden] {
            #expect(seen[outcome, default: 0] > 5_000, "\(outcome)")
        }
    }

    @Test("S4: a grant that denies gives nobody anything, and a narrower token never more")
    func narrowing() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<3_000 {
            let world = AccessWorld(&random)
            let principal = world.principal(&random)
            var stricter = world
            let added = world.grant(99, &random)
            stricter.grants.append(
                AccessGrant(
                    id: 99, subject: added.subject, scope: added.scope, role: added.role, effect: .deny,
                    sources: added.sources))
            var narrow = principal
            if let token = principal.token {
                narrow = Principal(
                    user: principal.user,
                    token: TokenGrant(
                        id: 9, name: "t", scope: .read, createdAt: 0,
                        resources: token.resources ?? [.namespace("acme")]), address: principal.address)
            }
            for repository in world.repositories {
                for verb in Verb.allCases {
                    let isAllowed = world.decide(principal, verb, repository).isAllowed
                    let disabled = AccessRules.decide(
                        world.subject(principal, isActive: false), verb, world.target(repository, for: principal),
                        grants: world.grants, now: AccessWorld.now)
                    let isWider =
                        !isAllowed
                        && (stricter.decide(principal, verb, repository).isAllowed
                            || world.decide(narrow, verb, repository).isAllowed)
                    guard !isWider, !disabled.isAllowed else {
                        Issue.record("\(principal) \(verb) \(repository) \(world.grants) \(added)")
                        return
                    }
                }
            }
        }
    }

    @Test("lists and the door agree, for everyone and every token, in forty random worlds")
    func listing() async throws {
        var random = SeededGenerator(seed: 23)
        for _ in 0..<40 {
            let world = AccessWorld(&random)
            let fixture = try await HubFixture()
            try await world.build(in: fixture)
            for _ in 0..<12 {
                let principal = world.principal(&random)
                let listed = try await fixture.hub.store.list(RepositoryQuery(kind: .model), for: principal)
                let names = Set(listed.items.map(\.repository.id.path))
                var discovered: Set<String> = []
                for repository in world.repositories {
                    for verb in [Verb.discover, .contentRead, .contentWrite] {
                        let decision = try await fixture.authorizer.explain(principal, verb, repository.id)
                        #expect(decision == world.decide(principal, verb, repository), "\(principal) \(repository)")
                        if verb == .discover, decision?.isAllowed == true { discovered.insert(repository.id.path) }
                        guard verb == .contentRead else { continue }
                        var arguments: [Value] = [.integer(repository.key)]
                        let condition = RepositoryStore.contentCondition(
                            for: principal, now: AccessWorld.now, arguments: &arguments)
                        let bound = arguments
                        let isRead = try await fixture.hub.database.read { connection in
                            try connection.first(
                                "SELECT r.id FROM repositories r WHERE r.id = ? AND \(condition)", bound) != nil
                        }
                        #expect(isRead == decision?.isAllowed, "\(principal) \(repository) \(world.grants)")
                    }
                }
                #expect(names == discovered, "\(principal) \(world.repositories) \(world.grants)")
            }
        }
    }
}

extension AccessWorld {
    /// Writes this world's rows, with its own keys.
    func build(in fixture: HubFixture) async throws {
        for repository in repositories { try await fixture.hub.store.insert(repository) }
        let world = self
        try await fixture.hub.database.write { connection in
            for user in world.users {
                try connection.execute(
                    """
                    INSERT INTO users (id, name, name_key, is_administrator, created_at, account_kind)
                    VALUES (?, ?, ?, ?, 0, ?)
                    """,
                    [
                        .integer(user.id), .text(user.name), .text(user.name), Value(user.isAdministrator),
                        .text(user.kind.rawValue),
                    ])
            }
            for (name, id) in Self.organisations {
                try connection.execute(
                    "INSERT INTO organisations (id, name, name_key, full_name, created_at) VALUES (?, ?, ?, ?, 0)",
                    [.integer(id), .text(name), .text(name), .text(name)])
            }
            for (user, roles) in world.memberships {
                for (organisation, role) in roles {
                    try connection.execute(
                        "INSERT INTO memberships (organisation_id, user_id, role, created_at) VALUES (?, ?, ?, 0)",
                        [.integer(organisation), .integer(user), .integer(role.rawValue)])
                }
            }
            for (team, organisation) in Self.teams {
                try connection.execute(
                    "INSERT INTO teams (id, organisation_id, name, name_key, created_at) VALUES (?, ?, ?, ?, 0)",
                    [.integer(team), .integer(organisation), .text("team-\(team)"), .text("team-\(team)")])
            }
            for (user, teams) in world.teamsOf {
                for team in teams {
                    try connection.execute(
                        "INSERT INTO team_members (team_id, user_id, created_at) VALUES (?, ?, 0)",
                        [.integer(team), .integer(user)])
                }
            }
            for role in world.roles {
                try connection.execute(
                    """
                    INSERT INTO custom_roles (id, owner_key, organisation_id, name, name_key, created_at)
                    VALUES (?, ?, ?, ?, ?, 0)
                    """,
                    [
                        .integer(role.id), .integer(role.organisation ?? 0), Value(role.organisation),
                        .text(role.name), .text(role.name),
                    ])
                for verb in role.verbs {
                    try connection.execute(
                        "INSERT INTO custom_role_verbs (role_id, verb) VALUES (?, ?)",
                        [.integer(role.id), .text(verb.rawValue)])
                }
            }
            for grant in world.grants {
                // A grant of a repository that this world does not have meets nothing.
                if case .repository(let key) = grant.scope,
                    try connection.first("SELECT id FROM repositories WHERE id = ?", [.integer(key)]) == nil
                {
                    continue
                }
                try GrantStore.insert(grant, by: .operator, now: 0, in: connection)
            }
            for (repository, statuses) in world.requests {
                for (user, status) in statuses {
                    try connection.execute(
                        """
                        INSERT INTO access_requests (id, repository_id, user_id, status, fields, requested_at)
                        VALUES (?, ?, ?, ?, '{}', 0)
                        """,
                        [
                            .integer(repository * 100 + user), .integer(repository), .integer(user),
                            .text(status.rawValue),
                        ])
                }
            }
        }
    }
}

extension RepositoryStore {
    /// Inserts a local repository under a given key.
    fileprivate func insert(_ facts: AccessTarget.RepositoryFacts) async throws {
        try await database.write { connection in
            try connection.execute(
                """
                INSERT INTO repositories (id, kind, namespace, namespace_key, name, name_key, visibility, origin,
                    default_branch, created_at, updated_at, created_by)
                VALUES (?, 'model', ?, ?, ?, ?, ?, 'local', 'main', 0, 0, ?)
                """,
                [
                    .integer(facts.key), .text(facts.id.namespace), .text(facts.id.namespaceKey),
                    .text(facts.id.name), .text(facts.id.nameKey), .text(facts.visibility.rawValue),
                    Value(facts.creator),
                ])
            try connection.execute(
                "INSERT INTO repository_settings (repository_id, name, content) VALUES (?, 'gated', ?)",
                [.integer(facts.key), .text(try JSONText.encode(facts.gating.setting))])
        }
    }
}
