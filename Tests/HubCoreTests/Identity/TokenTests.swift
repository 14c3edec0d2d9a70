import Testing

@testable import HubCore

@Suite("Tokens and what they are narrowed to")
struct TokenTests {
    private func narrow(_ fixture: HubFixture, _ scope: TokenGrant.Scope, _ resources: [String]) async throws
        -> Principal
    {
        let ada = try await fixture.principal("ada")
        let token = try await fixture.hub.identities.mintToken(
            by: ada, name: "narrow", scope: scope, expiresAt: nil,
            resources: resources.compactMap(TokenResource.init(parsing:))
        ).token
        return try #require(try await fixture.hub.identities.principal(token: token.reveal()))
    }

    @Test("S4: outside of its list a token does what everybody does")
    func resources() async throws {
        let fixture = try await HubFixture()
        _ = try await fixture.principal("ada")
        for name in ["one", "two"] { try await fixture.create("model:ada/\(name)", .private) }
        try await fixture.create("model:ada/open")
        try await fixture.create("model:bob/inside", .internal)
        let principal = try await narrow(fixture, .write, ["model:ADA/one"])
        func code(_ verb: Verb, _ name: String) async -> HubError.Code? {
            await hubError { _ = try await fixture.authorizer.open(principal, verb, HubFixture.id("model:\(name)")) }?
                .code
        }
        #expect(await code(.contentWrite, "ada/one") == nil)
        #expect(await code(.contentRead, "ada/two") == .repositoryNotFound)
        #expect(await code(.contentRead, "ada/open") == nil)
        #expect(await code(.contentWrite, "ada/open") == .forbidden)
        #expect(await code(.discuss, "ada/open") == .forbidden)
        #expect(await code(.discover, "bob/inside") == .repositoryNotFound)
        let creation = await hubError { try await fixture.authorizer.authorizeCreation(in: "ada", by: principal) }
        #expect(creation?.code == .forbidden)
        let wide = try await narrow(fixture, .write, ["ada"])
        try await fixture.authorizer.authorizeCreation(in: "ada", by: wide)
        let listed = try await fixture.hub.store.list(RepositoryQuery(kind: .model), for: principal)
        #expect(Set(listed.items.map(\.repository.id.name)) == ["one", "open"])
    }

    @Test("S4: no token makes one that does more")
    func minting() async throws {
        let fixture = try await HubFixture()
        let identities = fixture.hub.identities
        func code(_ parent: Principal, _ scope: TokenGrant.Scope, _ expiry: Int64?, _ names: [String]?) async
            -> HubError.Code?
        {
            await hubError {
                _ = try await identities.mintToken(
                    by: parent, name: "x", scope: scope, expiresAt: expiry,
                    resources: names?.compactMap(TokenResource.init(parsing:)))
            }?.code
        }
        let ada = try await fixture.principal("ada")
        let reader = try await fixture.principal("ada", scope: .read)
        #expect(await code(.anonymous, .read, nil, nil) == .authenticationRequired)
        #expect(await code(reader, .read, nil, nil) == .forbidden)
        #expect(await code(ada, .admin, nil, nil) == .forbidden)
        #expect(await code(ada, .write, nil, []) == .badRequest)
        let parent = try await narrow(fixture, .write, ["ada", "model:acme/x"])
        #expect(await code(parent, .write, nil, nil) == .forbidden)
        #expect(await code(parent, .write, nil, ["model:ada/any", "model:acme/X"]) == nil)
        #expect(await code(parent, .write, nil, ["acme"]) == .forbidden)
        let user = try #require(ada.user)
        let end: Int64 = 1_700_000_500_000
        let text = try await identities.createToken(for: user, name: "brief", scope: .write, expiresAt: end)
        let brief = try #require(try await identities.principal(token: text.reveal()))
        #expect(await code(brief, .read, nil, nil) == .forbidden)
        #expect(await code(brief, .read, end + 1, nil) == .forbidden)
        #expect(await code(brief, .read, end, nil) == nil)
    }

    @Test("S2, S5: a revoked token and a disabled account end at once, and others cannot end them")
    func ending() async throws {
        let fixture = try await HubFixture()
        let identities = fixture.hub.identities
        _ = try await fixture.principal("bob")
        let user = try await identities.createUser("ada", isAdministrator: true)
        let text = try await identities.createToken(for: user, name: "a", scope: .write, expiresAt: nil).reveal()
        let id = try #require(try await identities.principal(token: text)?.token?.id)
        let bob = try #require(try await identities.user(named: "bob"))
        #expect(await hubError { try await identities.revokeToken(id, of: bob) }?.code == .notFound)
        #expect(await hubError { try await identities.setDisabled(true, user: "ada") }?.code == .conflict)
        _ = try await identities.createUser("root", isAdministrator: true)
        try await identities.setDisabled(true, user: "ADA")
        #expect(try await identities.principal(token: text) == nil)
        #expect(try await identities.user(named: "ada") == nil)
        // Whoever is let in again begins anew: what was out of his hands stays ended (S5).
        try await identities.setDisabled(false, user: "ada")
        #expect(try await identities.principal(token: text) == nil)
        let next = try await identities.createToken(for: user, name: "b", scope: .write, expiresAt: nil).reveal()
        let nextID = try #require(try await identities.principal(token: next)?.token?.id)
        try await identities.revokeToken(nextID, of: user)
        #expect(try await identities.principal(token: next) == nil)
        #expect(try await identities.tokens(of: user).isEmpty)
        #expect(try await identities.users(limit: 2).map(\.user.name) == ["ada", "bob"])
        #expect(try await identities.users(after: "bob", limit: 2).map(\.user.name) == ["root"])
    }

    @Test("the last use is written once a minute")
    func lastUse() async throws {
        let fixture = try await HubFixture()
        let identities = fixture.hub.identities
        let user = try await identities.createUser("ada", isAdministrator: false)
        let text = try await identities.createToken(for: user, name: "a", scope: .read, expiresAt: nil).reveal()
        func lastUse() async throws -> Int64? { try await identities.tokens(of: user).first?.lastUsedAt }
        #expect(try await lastUse() == nil)
        _ = try await identities.principal(token: text)
        let first = try #require(try await lastUse())
        fixture.pass(seconds: 59)
        _ = try await identities.principal(token: text)
        #expect(try await lastUse() == first)
        fixture.pass(seconds: 1)
        _ = try await identities.principal(token: text)
        #expect(try await lastUse() == first + 60_000)
    }

    @Test("an administrator's rights come with the scope admin only, and reading what is private is noted")
    func administrators() async throws {
        let fixture = try await HubFixture()
        try await fixture.create("model:ada/secret", .private)
        let id = try HubFixture.id("model:ada/secret")
        let modest = try await fixture.principal("root", isAdministrator: true)
        let root = try await fixture.principal("root", scope: .admin)
        #expect(
            await hubError { _ = try await fixture.authorizer.open(modest, .contentRead, id) }?.code
                == .repositoryNotFound)
        #expect(try await fixture.hub.store.list(RepositoryQuery(kind: .model), for: modest).items.isEmpty)
        let text = try await fixture.hub.identities.mintToken(
            by: root, name: "narrow", scope: .admin, expiresAt: nil, resources: [.namespace("bob")]
        ).token
        let narrow = try #require(try await fixture.hub.identities.principal(token: text.reveal()))
        #expect(root.isAdministrator && !narrow.isAdministrator)
        #expect(
            await hubError { _ = try await fixture.authorizer.open(narrow, .contentRead, id) }?.code
                == .repositoryNotFound)
        _ = try await fixture.authorizer.open(root, .contentRead, id)
        let last = try await AuditLog(database: fixture.hub.database).records(limit: 1).first
        #expect(last?.action == "repository.read-as-administrator" && last?.actor == "root")

        try await fixture.create("model:ada/gated")
        let gated = try HubFixture.id("model:ada/gated")
        try await fixture.hub.store.set(
            "gated", to: Repository.Gating.manual.setting,
            of: try await fixture.authorizer.openAsOperator(.settings, gated))
        _ = try await fixture.authorizer.open(root, .contentRead, gated)
        let behindGate = try await AuditLog(database: fixture.hub.database).records(limit: 1).first
        #expect(behindGate?.action == "repository.read-as-administrator" && behindGate?.object == gated.description)
    }
}
