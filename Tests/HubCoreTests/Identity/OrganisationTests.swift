import Testing

@testable import HubCore

@Suite("Organisations, their members and the gates of repositories")
struct OrganisationTests {
    /// An organisation `acme` of `ada`, with one member of each role named after it.
    private func world() async throws -> HubFixture {
        let fixture = try await HubFixture()
        let ada = try #require(try await fixture.principal("ada").user)
        _ = try await fixture.hub.store.organisations.createAsOperator("acme", owner: ada)
        let organisation = try await fixture.authorizer.openOrganisationAsOperator(.memberAdmin, "ACME")
        for role in Role.allCases {
            _ = try await fixture.principal("the-\(role.name)")
            try await fixture.hub.store.organisations.setRole(role, of: "the-\(role.name)", in: organisation)
        }
        return fixture
    }

    @Test("each role may do what its row of the table says, and outsiders nothing")
    func matrix() async throws {
        let fixture = try await world()
        let id = try HubFixture.id("model:acme/secret")
        try await fixture.create("model:acme/secret", .private)
        let reads: Set<Verb> = [.discover, .metaRead, .contentRead, .discuss]
        let maintains: Set<Verb> = [.contentWrite, .settings, .gateApprove]
        let expected: [(String, Set<Verb>)] = [
            ("the-reader", reads), ("the-contributor", reads), ("the-writer", reads.union([.contentWrite])),
            ("the-maintainer", reads.union(maintains)), ("the-admin", Set(Verb.allCases).subtracting([.quotaSet])),
            ("bob", []),
        ]
        for (name, verbs) in expected {
            let principal = try await fixture.principal(name)
            let narrow = try await fixture.principal(name, scope: .read)
            for verb in Verb.allCases {
                let error = await hubError { _ = try await fixture.authorizer.open(principal, verb, id) }
                let code: HubError.Code? =
                    verbs.contains(verb) ? nil : verbs.isEmpty ? .repositoryNotFound : .forbidden
                #expect(error?.code == code, "\(name) \(verb)")
                let denied = await hubError { _ = try await fixture.authorizer.open(narrow, verb, id) }
                #expect((denied == nil) == (verbs.contains(verb) && verb.isRead), "\(name) \(verb) by a read token")
            }
        }
    }

    @Test("an organisation's new repositories are private where it says so and their maker does not")
    func privateByDefault() async throws {
        let fixture = try await world()
        let writer = try await fixture.principal("the-admin")
        func visibility(_ name: String, _ asked: Repository.Visibility?) async throws -> Repository.Visibility {
            try await fixture.repositories.create(
                try HubFixture.id("model:acme/\(name)"), visibility: asked, by: writer, authorizer: fixture.authorizer
            ).visibility
        }
        #expect(try await visibility("before", nil) == .public)
        let organisation = try await fixture.authorizer.openOrganisation(writer, .memberAdmin, "acme")
        _ = try await fixture.hub.store.organisations.change(organisation, fullName: nil) {
            $0.isPrivateByDefault = true
        }
        #expect(try await visibility("unsaid", nil) == .private)
        #expect(try await visibility("said", .public) == .public)
        // It says nothing about the repositories of its members.
        let own = try await fixture.repositories.create(
            try HubFixture.id("model:the-admin/own"), visibility: nil, by: writer, authorizer: fixture.authorizer)
        #expect(own.visibility == .public)
        // Another change leaves it.
        _ = try await fixture.hub.store.organisations.change(organisation, fullName: "Acme") { $0.type = "school" }
        #expect(try await visibility("later", nil) == .private)
    }

    @Test("contributors create, and write to what they created and nothing else")
    func contributors() async throws {
        let fixture = try await world()
        let contributor = try await fixture.principal("the-contributor")
        let id = try HubFixture.id("model:acme/own")
        let own = try await fixture.repositories.create(
            id, visibility: .private, by: contributor, authorizer: fixture.authorizer)
        #expect(own.verb == .contentWrite)
        _ = try await fixture.authorizer.open(contributor, .settings, id)
        #expect(await hubError { _ = try await fixture.authorizer.open(contributor, .delete, id) }?.code == .forbidden)
        try await fixture.create("model:acme/other")
        let other = try HubFixture.id("model:acme/other")
        #expect(
            await hubError { _ = try await fixture.authorizer.open(contributor, .contentWrite, other) }?.code
                == .forbidden)
        for name in ["the-reader", "bob"] {
            let principal = try await fixture.principal(name)
            let error = await hubError {
                try await fixture.authorizer.authorizeCreation(in: "acme", by: principal)
            }
            #expect(error?.code == .forbidden, "\(name)")
        }
        let organisation = try await fixture.authorizer.openOrganisationAsOperator(.memberAdmin, "acme")
        let bob = try await fixture.principal("bob")
        let user = try #require(bob.user)
        for (role, code) in [(Role.contributor, HubError.Code.forbidden), (.writer, nil)] {
            _ = try await fixture.hub.store.grants.add(
                .user(user.id), role: .standard(role), effect: .allow, expiresAt: nil,
                at: try await fixture.authorizer.openGrants(.operator, inOrganisation: organisation.name))
            let error = await hubError { try await fixture.authorizer.authorizeCreation(in: "acme", by: bob) }
            #expect(error?.code == code, "a grant of the role \(role.name)")
        }
        try await fixture.hub.store.organisations.remove("the-contributor", from: organisation)
        #expect(
            await hubError { _ = try await fixture.authorizer.open(contributor, .contentRead, id) }?.code
                == .repositoryNotFound)
    }

    @Test("S6: only who may say who is what says so, and the last admin stays")
    func members() async throws {
        let fixture = try await world()
        for name in ["the-maintainer", "bob"] {
            let principal = try await fixture.principal(name)
            let error = await hubError {
                _ = try await fixture.authorizer.openOrganisation(principal, .memberAdmin, "acme")
            }
            #expect(error?.code == .forbidden, "\(name)")
        }
        let ada = try await fixture.principal("ada")
        let organisation = try await fixture.authorizer.openOrganisation(ada, .memberAdmin, "acme")
        let store = fixture.hub.store.organisations
        try await store.remove("the-admin", from: organisation)
        #expect(await hubError { try await store.remove("ada", from: organisation) }?.code == .conflict)
        #expect(await hubError { try await store.setRole(.writer, of: "ada", in: organisation) }?.code == .conflict)
        #expect(await hubError { try await store.setRole(.reader, of: "nobody", in: organisation) }?.code == .notFound)
        let seen = try await fixture.authorizer.openOrganisation(ada, .discover, "acme")
        #expect(await hubError { try await store.remove("the-reader", from: seen) }?.code == .internalError)
        let members = try await store.members(of: organisation, limit: 10)
        #expect(members.map(\.user.name) == ["ada", "the-contributor", "the-maintainer", "the-reader", "the-writer"])
        #expect(try await store.members(of: organisation, after: "the-maintainer", limit: 1).count == 1)
    }

    @Test("names are one space for users and organisations, and only administrators found organisations")
    func names() async throws {
        let fixture = try await world()
        let ada = try await fixture.principal("ada")
        let user = try #require(ada.user)
        let store = fixture.hub.store.organisations
        for name in ["Acme", "ada"] {
            #expect(await hubError { _ = try await store.createAsOperator(name, owner: user) }?.code == .conflict)
        }
        #expect(await hubError { _ = try await store.createAsOperator("api", owner: user) }?.code == .badRequest)
        let taken = await hubError { _ = try await fixture.hub.identities.createUser("ACME", isAdministrator: false) }
        #expect(taken?.code == .conflict)
        let error = await hubError { _ = try await store.create("other", fullName: nil, owner: user, by: ada) }
        #expect(error?.code == .forbidden)
    }

    @Test("a gate lets in who was accepted and who belongs to the repository, and tells the rest why not")
    func gates() async throws {
        let fixture = try await world()
        try await fixture.create("model:acme/gated")
        let id = try HubFixture.id("model:acme/gated")
        let maintainer = try await fixture.principal("the-maintainer")
        let bob = try await fixture.principal("bob")
        let service = fixture.repositories
        let requests = fixture.hub.store.accessRequests
        func code(_ principal: Principal, _ verb: Verb = .contentRead) async -> HubError? {
            await hubError { _ = try await fixture.authorizer.open(principal, verb, id) }
        }
        let ungated = try await fixture.authorizer.open(bob, .discuss, id)
        #expect(await hubError { _ = try await requests.ask(ungated, fields: .null) }?.code == .badRequest)
        try await service.setGating(.manual, of: try await fixture.authorizer.open(maintainer, .settings, id))
        #expect(await code(bob)?.code == .gated)
        #expect(await code(bob, .metaRead) == nil)
        let nobody = await code(.anonymous)
        #expect(nobody?.status == 401 && nobody?.code == .gated)
        for role in Role.allCases { #expect(await code(try await fixture.principal("the-\(role.name)")) == nil) }
        let asking = try await fixture.authorizer.open(bob, .discuss, id)
        #expect(try await requests.ask(asking, fields: .object([.init(key: "why", value: .string("x"))])) == .pending)
        #expect(await code(bob)?.remedy?.contains("waiting") == true)
        let gate = try await fixture.authorizer.open(maintainer, .gateApprove, id)
        let pending = try await requests.list(.pending, of: gate, before: nil, limit: 10)
        #expect(pending.map(\.user.name) == ["bob"] && pending.first?.fields["why"]?.string == "x")
        try await requests.handle(.user("BOB"), of: gate, to: .accepted, reason: nil)
        #expect(await code(bob) == nil)
        #expect(
            await hubError { try await requests.handle(.user("bob"), of: gate, to: .accepted, reason: nil) }?.code
                == .notFound)
        let request = try #require(pending.first)
        try await requests.handle(.id(request.id), of: gate, to: .rejected, reason: "no")
        #expect(await code(bob)?.code == .gated)
        #expect(try await requests.ask(asking, fields: .null) == .rejected)
        try await requests.grant("bob", to: gate)
        #expect(await code(bob) == nil)
        #expect(await hubError { try await requests.grant("bob", to: gate) }?.code == .badRequest)
        #expect(await hubError { try await requests.grant("nobody", to: gate) }?.code == .notFound)
        // A request of one repository is not reached through another one.
        try await fixture.create("model:acme/other")
        let other = try HubFixture.id("model:acme/other")
        try await service.setGating(.auto, of: try await fixture.authorizer.open(maintainer, .settings, other))
        let foreign = try await fixture.authorizer.open(maintainer, .gateApprove, other)
        #expect(
            await hubError { try await requests.handle(.id(request.id), of: foreign, to: .pending, reason: nil) }?.code
                == .notFound)
        let automatic = try await fixture.authorizer.open(bob, .discuss, other)
        #expect(try await requests.ask(automatic, fields: .null) == .accepted)
        #expect(try await fixture.hub.store.list(RepositoryQuery(kind: .model), for: bob).items.count == 2)
        #expect(try await AuditLog(database: fixture.hub.database).verify().broken == nil)
    }
}
