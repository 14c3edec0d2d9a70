import SQL
import Testing

@testable import HubCore

@Suite("Accounts and tokens")
struct IdentityStoreTests {
    @Test("a token is known by its hash, until it expires")
    func tokens() async throws {
        let fixture = try await HubFixture()
        let identities = fixture.hub.identities
        let user = try await identities.createUser("Ada", isAdministrator: false)
        let lasting = try await identities.createToken(for: user, name: "a", scope: .read, expiresAt: nil).reveal()
        let brief = try await identities.createToken(
            for: user, name: "b", scope: .write, expiresAt: 1_700_000_060_000
        ).reveal()
        #expect(lasting.hasPrefix("weir_") && lasting != brief)
        #expect(try await identities.principal(token: lasting)?.user?.name == "Ada")
        let principal = try #require(try await identities.principal(token: brief))
        #expect(principal.token?.scope == .write && !principal.isAdministrator)
        let id = try #require(principal.token?.id)
        #expect(try await identities.principal(tokenID: id) == principal)
        fixture.pass(seconds: 60)
        #expect(try await identities.principal(token: brief) == nil)
        #expect(try await identities.principal(tokenID: id) == nil)
        #expect(try await identities.principal(token: lasting) != nil)
        #expect(try await identities.principal(token: lasting.lowercased()) == nil)
        #expect(try await identities.principal(token: String(repeating: "x", count: 10_000)) == nil)
        let stored = try await fixture.hub.database.read { connection in
            try connection.query("SELECT token_hash, last_four FROM access_tokens", []).map {
                try $0.text("token_hash") + $0.text("last_four")
            }
        }
        #expect(!stored.contains { $0.contains(lasting) || $0.contains(brief) })
    }

    @Test(
        "names of users are valid, unique without case and not words of routes",
        arguments: [
            "", "-a", ".a", "a b", "a/b", "a..b", "a.git", "a.lock", "a.", "api", "Datasets", "ä", "a\u{0}", "%2e%2e",
            String(repeating: "a", count: 97),
        ])
    func invalid(name: String) async throws {
        let fixture = try await HubFixture()
        let error = await hubError { _ = try await fixture.hub.identities.createUser(name, isAdministrator: false) }
        #expect(error?.code == .badRequest)
    }

    @Test("a name that a user or an upstream has is taken")
    func taken() async throws {
        let fixture = try await HubFixture()
        _ = try await fixture.hub.identities.createUser("Ada", isAdministrator: false)
        try await fixture.mirror("model:acme/demo")
        for name in ["ada", "ACME"] {
            let error = await hubError { _ = try await fixture.hub.identities.createUser(name, isAdministrator: false) }
            #expect(error?.code == .conflict)
        }
        #expect(await hubError { try await fixture.mirror("model:ADA/x") }?.code == .conflict)
        #expect(await hubError { try await fixture.create("model:Acme/own") }?.code == .conflict)
        #expect(try await fixture.hub.store.isLocalNamespace("ADA"))
        #expect(try await !fixture.hub.store.isLocalNamespace("acme"))
    }

    @Test("ids rise, also when the clock does not")
    func identifiers() {
        let time = HubFixture.Time()
        let source = IdentifierSource(clock: WallClock { time.now })
        var last: Int64 = 0
        for round in 0..<1_000 {
            if round == 500 { time.pass(-3_600_000) }
            let next = source.next()
            #expect(next > last)
            last = next
        }
    }

    @Test("S12: a key is made once, for its owner's eyes, and a damaged one is not replaced silently")
    func keys() throws {
        let folder = try TemporaryDirectory()
        let directory = try DataDirectory(path: folder.appending("data"))
        let key = try directory.key("links")
        #expect(key.count == 32)
        #expect(try directory.key("links") == key)
        #expect(try directory.key("other") != key)
        try folder.write([1, 2, 3], to: "data/keys/links")
        #expect(throws: HubError.self) { try directory.key("links") }
        #expect(folder.names(in: "data/keys") == ["links", "other"])
    }
}
