import HubCore
import HubServer
import Testing

@Suite("Hugging Face: repositories by storage")
struct StorageTests {
    private func paths(_ answer: TestHub.Answer) -> [String] {
        answer.json.elements.compactMap { $0["id"]?.string }
    }

    @Test("an account lists its repositories of every kind, the largest first, with its share of the whole")
    func own() async throws {
        let fixture = try await HuggingFaceFixture()
        let token = try await fixture.hub.token(for: "ada")
        let small = try await fixture.hub.create("dataset:ada/small", visibility: .private)
        let large = try await fixture.hub.create("model:ada/large")
        try await fixture.hub.create("space:ada/empty")
        try await fixture.hub.create("model:bob/other")
        try await fixture.hub.commit(["a.bin": .lfs([UInt8](repeating: 1, count: 1_000))], to: small, kind: .dataset)
        try await fixture.hub.commit(["a.bin": .lfs([UInt8](repeating: 2, count: 3_000))], to: large)
        let answer = try await fixture.get("/api/settings/repositories", token: token)
        #expect(answer.status == 200)
        #expect(paths(answer) == ["ada/large", "ada/small", "ada/empty"])
        let rows = answer.json.elements
        #expect(rows.map { $0["type"]?.string } == ["model", "dataset", "space"])
        #expect(rows.map { $0["visibility"]?.string } == ["public", "private", "public"])
        #expect(rows.map { $0["storage"]?.integer } == [3_000, 1_000, 0])
        #expect(rows.allSatisfy { $0["updatedAt"]?.string != nil })
        #expect(try await fixture.get("/api/settings/repositories").status == 401)
    }

    @Test("a list goes on where its page ended")
    func pages() async throws {
        let fixture = try await HuggingFaceFixture()
        let token = try await fixture.hub.token(for: "ada")
        for number in 0..<3 { try await fixture.hub.create("model:ada/m\(number)") }
        let principal = try #require(try await fixture.hub.identities.principal(token: token))
        let all = try await fixture.hub.store.holdings(of: "ADA", for: principal, offset: 0, limit: 10)
        let first = try await fixture.hub.store.holdings(of: "ada", for: principal, offset: 0, limit: 2)
        let second = try await fixture.hub.store.holdings(of: "ada", for: principal, offset: 2, limit: 2)
        #expect(first.page.count == 2 && second.page.count == 1)
        #expect((first.page + second.page).map(\.repository.key) == all.page.map(\.repository.key))
        let rest = try await fixture.get("/api/settings/repositories?cursor=2", token: token)
        #expect(paths(rest) == second.page.map(\.repository.id.path))
    }

    @Test("an organisation's storage is for its members")
    func organisation() async throws {
        let fixture = try await HuggingFaceFixture()
        let tokens = [
            "ada": try await fixture.hub.token(for: "ada"), "bob": try await fixture.hub.token(for: "bob"),
        ]
        let ada = try #require(try await fixture.hub.identities.user(named: "ada"))
        _ = try await fixture.hub.store.organisations.createAsOperator("acme", owner: ada)
        try await fixture.hub.create("model:acme/secret", visibility: .private)
        let path = "/api/organizations/acme/settings/repositories"
        let answer = try await fixture.get(path, token: tokens["ada"])
        #expect(paths(answer) == ["acme/secret"])
        let foreign = try await fixture.get(path, token: tokens["bob"])
        #expect(foreign.status == 403)
        #expect(try await fixture.get(path).status == 401)
        #expect(
            try await fixture.get("/api/organizations/none/settings/repositories", token: tokens["ada"]).status == 404)
    }

    @Test("nobody follows anybody, which is told of those who are there")
    func followers() async throws {
        let fixture = try await HuggingFaceFixture()
        let token = try await fixture.hub.token(for: "ada")
        let ada = try #require(try await fixture.hub.identities.user(named: "ada"))
        _ = try await fixture.hub.store.organisations.createAsOperator("acme", owner: ada)
        for path in ["users/ada/followers", "users/ada/following", "organizations/acme/followers"] {
            let answer = try await fixture.get("/api/\(path)", token: token)
            #expect(answer.status == 200 && answer.json.elements.isEmpty, "\(path)")
            #expect(try await fixture.get("/api/\(path)").status == 401, "\(path)")
        }
        for path in ["users/none/followers", "users/none/following", "organizations/none/followers"] {
            #expect(try await fixture.get("/api/\(path)", token: token).status == 404, "\(path)")
        }
    }
}
