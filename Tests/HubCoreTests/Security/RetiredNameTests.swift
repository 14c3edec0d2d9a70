import Testing

@testable import HubCore

@Suite("Names that were in use before")
struct RetiredNameTests {
    private let fixture: HubFixture

    init() async throws {
        fixture = try await HubFixture()
        for name in ["ada", "bob", "mia", "root"] { _ = try await fixture.principal(name) }
        let root = try #require(try await fixture.hub.identities.user(named: "root"))
        let organisations = fixture.hub.store.organisations
        let acme = try await organisations.createAsOperator("acme", owner: root)
        for (name, role) in [("ada", Role.contributor), ("bob", .contributor), ("mia", .admin)] {
            try await organisations.setRole(role, of: name, in: acme)
        }
    }

    private func create(_ id: String, as name: String) async throws -> Repository {
        try await fixture.repositories.create(
            try HubFixture.id(id), visibility: .public, by: try await fixture.principal(name),
            authorizer: fixture.authorizer)
    }

    private func delete(_ id: String, as name: String) async throws {
        try await fixture.repositories.delete(
            try await fixture.authorizer.open(try await fixture.principal(name), .delete, HubFixture.id(id)))
    }

    @Test("S22: a removed repository's name is for who had it, and for who could have removed it")
    func removed() async throws {
        _ = try await create("model:acme/demo", as: "ada")
        try await delete("model:acme/demo", as: "mia")
        let taken = await hubError { _ = try await create("model:ACME/Demo", as: "bob") }
        #expect(taken?.code == .conflict && taken?.line.contains("somebody else's") == true)
        _ = try await create("dataset:acme/demo", as: "bob")
        _ = try await create("model:acme/demo", as: "ada")
        try await delete("model:acme/demo", as: "mia")
        _ = try await create("model:acme/demo", as: "mia")
        try await delete("model:acme/demo", as: "mia")
        try await fixture.create("model:acme/demo")
    }

    @Test("S22: the name a repository moved away from leads to it until its owner says otherwise")
    func moved() async throws {
        _ = try await create("model:acme/demo", as: "ada")
        let id = try HubFixture.id("model:acme/demo")
        let renamed = try HubFixture.id("model:acme/other")
        try await fixture.repositories.rename(
            try await fixture.authorizer.open(try await fixture.principal("mia"), .delete, id), to: renamed,
            authorizer: fixture.authorizer)
        #expect(await hubError { _ = try await create("model:acme/demo", as: "bob") }?.code == .conflict)
        #expect(try await fixture.hub.store.renamed(id) == renamed)
        _ = try await create("model:acme/demo", as: "ada")
        #expect(try await fixture.hub.store.renamed(id) == nil)
    }

    @Test("S22: an emptied namespace stays with the hub, and no upstream gets it")
    func namespaces() async throws {
        _ = try await create("model:ada/only", as: "ada")
        try await delete("model:ada/only", as: "ada")
        #expect(try await fixture.hub.store.isLocalNamespace("ADA"))
        #expect(await hubError { _ = try await fixture.mirror("model:ada/only") }?.code == .conflict)
        #expect(await hubError { _ = try await create("model:ada/only", as: "bob") }?.code == .forbidden)
        _ = try await create("model:ada/only", as: "ada")
    }
}
