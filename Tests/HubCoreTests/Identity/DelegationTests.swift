import Testing

@testable import HubCore

@Suite("Teams, robots, deploy keys, custom roles and conditions")
struct DelegationTests {
    private static let ed25519 =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIED8y9JJXHjZFA3t45xCf0U/s0PSUi8mvJM483DVQHwW key"

    /// `acme` of ada's, where cyd is a writer, and a private repository of it.
    private func world() async throws -> (HubFixture, Organisation) {
        let fixture = try await HubFixture()
        let ada = try #require(try await fixture.principal("ada").user)
        _ = try await fixture.hub.store.organisations.createAsOperator("acme", owner: ada)
        for name in ["bob", "cyd"] { _ = try await fixture.principal(name) }
        let organisation = try await open(fixture, try await fixture.principal("ada"))
        try await fixture.hub.store.organisations.setRole(.reader, of: "cyd", in: organisation)
        try await fixture.create("model:acme/secret", .private)
        try await fixture.create("model:acme/other", .private)
        return (fixture, organisation)
    }

    private func open(_ fixture: HubFixture, _ principal: Principal) async throws -> Organisation {
        try await fixture.authorizer.openOrganisation(principal, .memberAdmin, "acme")
    }

    private func may(_ fixture: HubFixture, _ principal: Principal, _ verb: Verb, _ id: String = "model:acme/secret")
        async throws -> Bool
    {
        try await fixture.authorizer.explain(principal, verb, try HubFixture.id(id))?.isAllowed == true
    }

    private func place(_ fixture: HubFixture, _ principal: Principal, _ id: String = "model:acme/secret") async throws
        -> GrantPlace
    {
        try await fixture.authorizer.openGrants(
            on: try await fixture.authorizer.open(principal, .memberAdmin, try HubFixture.id(id)))
    }

    @Test("a team gets what is given to it, until somebody leaves it or the organisation")
    func teams() async throws {
        let (fixture, organisation) = try await world()
        let (ada, cyd) = (organisation.principal, try await fixture.principal("cyd"))
        let teams = fixture.hub.store.teams
        let team = try await teams.create("core", in: organisation)
        #expect(await hubError { _ = try await teams.create("CORE", in: organisation) }?.code == .conflict)
        #expect(await hubError { try await teams.add("bob", to: "core", of: organisation) }?.code == .notFound)
        try await teams.add("cyd", to: "core", of: organisation)
        #expect(try await !may(fixture, cyd, .contentWrite))
        _ = try await fixture.hub.store.grants.add(
            .team(team.id), role: .standard(.writer), effect: .allow, expiresAt: nil,
            at: try await place(fixture, ada))
        #expect(try await may(fixture, cyd, .contentWrite))
        #expect(try await !may(fixture, cyd, .contentWrite, "model:acme/other"))
        try await teams.remove("cyd", from: "core", of: organisation)
        #expect(try await !may(fixture, cyd, .contentWrite))
        try await teams.add("cyd", to: "core", of: organisation)
        try await fixture.hub.store.organisations.remove("cyd", from: organisation)
        #expect(try await !may(fixture, cyd, .discover))
        #expect(try await teams.members(of: "core", in: organisation).isEmpty)
        try await teams.remove("core", from: organisation)
        #expect(try await fixture.hub.store.grants.list(at: try await place(fixture, ada)).isEmpty)
    }

    @Test("a robot works by its tokens until it ends, is no person, and is never more than its maker (S4)")
    func robots() async throws {
        let (fixture, organisation) = try await world()
        let robots = fixture.hub.store.robots
        let end: Int64 = 1_700_000_900_000
        let robot = try await robots.create("ci", role: .writer, expiresAt: end, in: organisation)
        #expect(robot.account.name == "acme+ci")
        #expect(
            await hubError { _ = try await robots.create("x", role: .admin, expiresAt: nil, in: organisation) }?.code
                == .badRequest)
        let made = try await robots.createToken(
            for: robot, name: "t", scope: .write, expiresAt: nil, resources: nil, by: organisation.principal)
        #expect(made.record.grant.expiresAt == end)
        let text = made.token.reveal()
        let principal = try #require(try await fixture.hub.identities.principal(token: text))
        #expect(try await may(fixture, principal, .contentWrite))
        #expect(try await !may(fixture, principal, .settings))
        for work: (Principal) async throws -> Void in [
            {
                _ = try await fixture.hub.identities.mintToken(
                    by: $0, name: "x", scope: .read, expiresAt: nil, resources: nil)
            },
            { _ = try $0.wholePerson() },
        ] {
            #expect(await hubError { try await work(principal) }?.code == .forbidden)
        }
        #expect(try await fixture.hub.identities.user(named: "acme+ci") == nil)
        #expect(try await fixture.hub.identities.users(limit: 100).allSatisfy { $0.user.kind == .person })
        let organisations = fixture.hub.store.organisations
        #expect(try await organisations.members(of: organisation, limit: 100).count == 2)
        // No list of people by pages or by what names begin with has it either.
        let page = try await organisations.members(of: organisation, offset: 0, limit: 100)
        #expect(page.count == 2 && page.allSatisfy { $0.user.kind == .person })
        let active = try await fixture.hub.identities.activeUsers(search: "", offset: 0, limit: 100)
        #expect(active.users.contains { $0.name == "ada" } && active.users.allSatisfy { $0.kind == .person })
        #expect(active.total == Int64(active.users.count))
        let named = try await organisations.accounts(like: "a", limit: 100, seenBy: organisation.principal)
        #expect(named.map(\.name) == ["ada"])
        #expect(
            await hubError {
                try await fixture.hub.store.organisations.setRole(.admin, of: "acme+ci", in: organisation)
            }?.code == .notFound)
        // A narrow or passing token makes no robot that outdoes it.
        let user = try #require(organisation.principal.user)
        for (expiry, resources) in [(end as Int64?, nil), (nil, [TokenResource.namespace("acme")])] {
            let narrow = Principal(
                user: user,
                token: TokenGrant(
                    id: 1, name: "n", scope: .write, createdAt: 0, expiresAt: expiry, resources: resources))
            let opened = try await open(fixture, narrow)
            let error = await hubError {
                _ = try await robots.create("wide", role: .reader, expiresAt: nil, in: opened)
            }
            #expect(error?.code == .forbidden)
            let wider = await hubError {
                _ = try await robots.createToken(
                    for: try await robots.create(
                        "new-\(resources?.count ?? 0)", role: .reader, expiresAt: nil, in: organisation),
                    name: "t", scope: .read, expiresAt: nil, resources: nil, by: narrow)
            }
            #expect(wider?.code == .forbidden)
        }
        try await robots.remove("ci", from: organisation)
        #expect(try await fixture.hub.identities.principal(token: text) == nil)
        #expect(
            await hubError { _ = try await robots.create("ci", role: .reader, expiresAt: nil, in: organisation) }?.code
                == .conflict)
        let brief = try await robots.create("brief", role: .reader, expiresAt: end, in: organisation)
        let last = try await robots.createToken(
            for: brief, name: "t", scope: .read, expiresAt: nil, resources: nil, by: organisation.principal
        ).token.reveal()
        #expect(try await fixture.hub.identities.principal(token: last) != nil)
        fixture.pass(seconds: 2_000)
        #expect(try await fixture.hub.identities.principal(token: last) == nil)
    }

    @Test("a deploy key is one key on one repository, and ends with either")
    func deployKeys() async throws {
        let (fixture, organisation) = try await world()
        let ada = organisation.principal
        let (keys, sshKeys) = (fixture.hub.store.deployKeys, fixture.hub.sshKeys)
        let key = try SSHPublicKey(parsing: Self.ed25519)
        let id = try HubFixture.id("model:acme/secret")
        let repository = try await fixture.authorizer.open(ada, .memberAdmin, id)
        let added = try await keys.add(
            key, name: "ci", canWrite: true, expiresAt: nil, to: repository, at: try await place(fixture, ada))
        let account = try #require(try await sshKeys.owner(of: key))
        #expect(account.kind == .deployKey)
        let target = try #require(try await keys.target(of: account))
        #expect(target.repository == repository.key && target.canWrite)
        let principal = Principal(
            user: account,
            token: TokenGrant(id: 0, name: "ssh", scope: .write, createdAt: 0, resources: [.repository(id)]))
        #expect(try await may(fixture, principal, .contentWrite))
        #expect(try await !may(fixture, principal, .settings))
        #expect(try await !may(fixture, principal, .discover, "model:acme/other"))
        // One key, one use, on the whole hub (S35).
        let bob = try #require(try await fixture.hub.identities.user(named: "bob"))
        #expect(await hubError { _ = try await sshKeys.add(key, to: bob, name: "b") }?.code == .conflict)
        let other = try await fixture.authorizer.open(ada, .memberAdmin, try HubFixture.id("model:acme/other"))
        #expect(await hubError { try await keys.remove(added.account.id, from: other) }?.code == .notFound)
        try await fixture.repositories.delete(
            try await fixture.authorizer.open(ada, .delete, id))
        #expect(try await sshKeys.owner(of: key) == nil)
        let moved = try await keys.add(
            key, name: "ci", canWrite: false, expiresAt: nil, to: other,
            at: try await place(fixture, ada, "model:acme/other"))
        #expect(try await keys.list(of: other).map(\.account.id) == [moved.account.id])
        try await keys.remove(moved.account.id, from: other)
        #expect(try await sshKeys.owner(of: key) == nil)
        try await sshKeys.add(key, to: bob, name: "b")
        #expect(try await sshKeys.list(of: bob).map(\.fingerprint) == [key.fingerprint])
    }

    @Test("an office gives its duty on what it is given for, no content, and its name is taken (S6)")
    func offices() async throws {
        let (fixture, organisation) = try await world()
        let (ada, bob) = (organisation.principal, try await fixture.principal("bob"))
        let (roles, grants) = (fixture.hub.store.roles, fixture.hub.store.grants)
        let acme = try await fixture.authorizer.openGrants(ada, inOrganisation: "acme")
        let user = try #require(bob.user)
        let duties: [(String, Verb)] = [
            ("auditor", .auditRead), ("operator", .mirrorSync), ("gatekeeper", .gateApprove),
        ]
        for (name, duty) in duties {
            let error = await hubError { _ = try await roles.create(name, verbs: [.metaRead], at: acme) }
            #expect(error?.code == .badRequest)
            let role = try await roles.role(named: name, at: acme)
            let given = try await grants.add(.user(user.id), role: role, effect: .allow, expiresAt: nil, at: acme)
            for id in ["model:acme/secret", "model:acme/other"] {
                for verb in Verb.allCases {
                    let isGiven = [.discover, .metaRead, duty].contains(verb)
                    #expect(try await may(fixture, bob, verb, id) == isGiven, "\(name) \(verb) \(id)")
                }
            }
            let decision = try await fixture.authorizer.explain(bob, duty, try HubFixture.id("model:acme/secret"))
            #expect(decision?.reason.text == "The grant \(given.id) gives the role \(name).")
            let general = await hubError {
                _ = try await grants.add(.authenticated, role: role, effect: .allow, expiresAt: nil, at: acme)
            }
            #expect(general?.code == .badRequest)
            // Taking the office takes the duty from whoever else has it, and hides nothing.
            let denial = try await grants.add(
                .user(try #require(ada.user).id), role: role, effect: .deny, expiresAt: nil, at: acme)
            #expect(try await !may(fixture, ada, duty))
            #expect(try await may(fixture, ada, .contentRead))
            let kept = try await fixture.authorizer.openGrants(ada, inOrganisation: "acme")
            #expect(await hubError { try await grants.remove(denial.id, at: kept) }?.code == .forbidden)
            let root = try await fixture.principal("root", scope: .admin, isAdministrator: true)
            let above = try await fixture.authorizer.openGrants(root, inOrganisation: "acme")
            #expect(try await grants.list(at: above).contains { $0.id == denial.id && $0.role == role })
            try await grants.remove(denial.id, at: above)
            try await grants.remove(given.id, at: acme)
            #expect(try await !may(fixture, bob, .discover))
        }
    }

    @Test("what is done with the hub itself is given on the whole hub, and by nothing else")
    func hubDuties() async throws {
        let (fixture, organisation) = try await world()
        let (ada, bob) = (organisation.principal, try await fixture.principal("bob"))
        let root = try await fixture.principal("root", scope: .admin, isAdministrator: true)
        let (roles, grants) = (fixture.hub.store.roles, fixture.hub.store.grants)
        let user = try #require(bob.user)
        let places = [
            try await fixture.authorizer.openGrants(ada, inOrganisation: "acme"),
            try fixture.authorizer.openGrantsOfHub(root),
        ]
        for (place, isOfHub) in zip(places, [false, true]) {
            for (name, duty) in [("operator", Verb.quotaSet), ("auditor", .auditRead)] {
                let role = try await roles.role(named: name, at: place)
                // In an organisation an office carries what is the organisation's, so its admin may give it.
                _ = try await grants.add(.user(user.id), role: role, effect: .allow, expiresAt: nil, at: place)
                let error = await hubError { try await fixture.authorizer.requireOfHub(bob, duty) }
                #expect(error?.code == (isOfHub ? nil : .forbidden), "\(name)")
            }
        }
        try await fixture.authorizer.requireOfHub(root, .quotaSet)
        for verb in [Verb.quotaSet, .auditRead] {
            #expect(await hubError { try await fixture.authorizer.requireOfHub(ada, verb) }?.code == .forbidden)
            let anonymous = await hubError { try await fixture.authorizer.requireOfHub(.anonymous, verb) }
            #expect(anonymous?.code == .authenticationRequired)
        }
        #expect(try await !may(fixture, root, .quotaSet), "no repository has quotas to set")
    }

    @Test("S6: a custom role gives what it lists, and nobody gives what he has not")
    func customRoles() async throws {
        let (fixture, organisation) = try await world()
        let (ada, bob) = (organisation.principal, try await fixture.principal("bob"))
        let (roles, grants) = (fixture.hub.store.roles, fixture.hub.store.grants)
        let acme = try await fixture.authorizer.openGrants(ada, inOrganisation: "acme")
        _ = try await roles.create("inspector", verbs: [.metaRead, .auditRead], at: acme)
        _ = try await roles.create("doorman", verbs: [.memberAdmin], at: acme)
        let user = try #require(bob.user)
        _ = try await grants.add(
            .user(user.id), role: try await roles.role(named: "inspector", at: acme), effect: .allow, expiresAt: nil,
            at: acme)
        #expect(try await may(fixture, bob, .discover))
        #expect(try await may(fixture, bob, .metaRead))
        #expect(try await may(fixture, bob, .auditRead))
        #expect(try await !may(fixture, bob, .contentRead))
        #expect(await hubError { try await roles.remove("inspector", at: acme) }?.code == .conflict)
        _ = try await grants.add(
            .user(user.id), role: try await roles.role(named: "doorman", at: acme), effect: .allow, expiresAt: nil,
            at: acme)
        // Bob says who is what now, and still makes nobody more than himself.
        let opened = try await open(fixture, bob)
        let organisations = fixture.hub.store.organisations
        for (role, name) in [(Role.admin, "bob"), (.reader, "bob"), (.reader, "ada")] {
            #expect(await hubError { try await organisations.setRole(role, of: name, in: opened) }?.code == .forbidden)
        }
        #expect(await hubError { try await organisations.remove("ada", from: opened) }?.code == .forbidden)
        let bobs = try await fixture.authorizer.openGrants(bob, inOrganisation: "acme")
        let wide = await hubError { _ = try await roles.create("wide", verbs: [.contentWrite], at: bobs) }
        #expect(wide?.code == .forbidden)
        let grown = await hubError { _ = try await roles.change("doorman", to: [.memberAdmin, .delete], at: bobs) }
        #expect(grown?.code == .forbidden)
        let given = await hubError {
            _ = try await grants.add(
                .user(user.id), role: .standard(.reader), effect: .allow, expiresAt: nil, at: bobs)
        }
        #expect(given?.code == .forbidden)
        let everybody = await hubError {
            _ = try await grants.add(
                .everyone, role: try await roles.role(named: "inspector", at: acme), effect: .allow, expiresAt: nil,
                at: acme)
        }
        #expect(everybody?.code == .badRequest)
        #expect(
            await hubError { _ = try await roles.create("writer", verbs: [.metaRead], at: acme) }?.code == .badRequest)
    }

    @Test("a grant with sources counts from there alone; one that denies counts where nobody knows")
    func sources() async throws {
        let (fixture, organisation) = try await world()
        let bob = try await fixture.principal("bob")
        let place = try await place(fixture, organisation.principal)
        let office = try #require(AddressBlock(parsing: "10.0.0.0/8"))
        _ = try await fixture.hub.store.grants.add(
            .everyone, role: .standard(.reader), effect: .allow, expiresAt: nil, sources: [office], at: place)
        for (address, isIn) in [("10.9.9.9", true), ("::ffff:10.9.9.9", true), ("11.0.0.1", false), (nil, false)] {
            #expect(try await may(fixture, bob.seen(from: address), .contentRead) == isIn, "\(address ?? "nowhere")")
            #expect(try await may(fixture, .anonymous.seen(from: address), .contentRead) == isIn)
        }
        _ = try await fixture.hub.store.grants.add(
            .everyone, role: .standard(.reader), effect: .deny, expiresAt: nil,
            sources: [try #require(AddressBlock(parsing: "10.9.0.0/16"))], at: place)
        let cyd = try await fixture.principal("cyd")
        #expect(try await !may(fixture, cyd.seen(from: "10.9.9.9"), .discover))
        #expect(try await !may(fixture, cyd, .discover))
        #expect(try await may(fixture, cyd.seen(from: "10.8.9.9"), .discover))
    }

    @Test(
        "blocks are read as they are written, and nothing else is",
        arguments: [
            ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false), ("10.0.0.7", "10.0.0.7", true),
            ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "fd00::1", false), ("fd00::/8", "fdff::1", true),
            ("::/0", "10.0.0.1", true), ("10.1.2.3/16", "10.1.0.0", true),
        ])
    func blocks(text: String, address: String, isIn: Bool) throws {
        let block = try #require(AddressBlock(parsing: text))
        let address = try #require(IPAddress(address))
        #expect(block.contains(address) == isIn)
        #expect((block.low.hex <= address.hex && block.high.hex >= address.hex) == isIn)
        for bad in ["", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "::/129", "fe80::1%eth0", "host", "10.0.0.0/8/8"] {
            #expect(AddressBlock(parsing: bad) == nil, "\(bad)")
        }
    }

    @Test("the last admin neither leaves nor steps down, but may hand over")
    func handingOver() async throws {
        let (fixture, organisation) = try await world()
        let organisations = fixture.hub.store.organisations
        let ada = try await fixture.authorizer.openOrganisation(organisation.principal, .discover, "acme")
        #expect(await hubError { try await organisations.leave(ada) }?.code == .conflict)
        let cyd = try await fixture.authorizer.openOrganisation(
            try await fixture.principal("cyd"), .discover, "acme")
        try await organisations.transfer(organisation, to: "bob", becoming: nil)
        #expect(await hubError { try await organisations.leave(ada) }?.code == .notFound)
        try await organisations.leave(cyd)
        let bob = try await fixture.principal("bob")
        #expect(try await organisations.members(of: try await open(fixture, bob), limit: 9).map(\.user.name) == ["bob"])
        let none = await hubError { _ = try await open(fixture, organisation.principal) }
        #expect(none?.code == .forbidden)
    }
}
