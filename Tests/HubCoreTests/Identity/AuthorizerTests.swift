import Testing

@testable import HubCore

@Suite("The one door")
struct AuthorizerTests {
    @Test("S3: what is missing and what may not be seen answer alike")
    func alike() async throws {
        let fixture = try await HubFixture()
        let bob = try await fixture.principal("bob")
        try await fixture.create("model:ada/secret", .private)
        try await fixture.create("model:ada/inside", .internal)
        for verb in Verb.allCases {
            for (principal, ids) in [(Principal.anonymous, ["ada/secret", "ada/inside"]), (bob, ["ada/secret"])] {
                for id in ids {
                    let hidden = await hubError {
                        _ = try await fixture.authorizer.open(principal, verb, HubFixture.id("model:\(id)"))
                    }
                    let missing = await hubError {
                        _ = try await fixture.authorizer.open(principal, verb, HubFixture.id("model:ada/nothing"))
                    }
                    #expect(hidden?.code == .repositoryNotFound && hidden?.code == missing?.code)
                    #expect(hidden?.status == missing?.status && hidden?.remedy == missing?.remedy)
                    #expect(
                        hidden?.message.replacing("ada/nothing", with: id)
                            == missing?.message.replacing("ada/nothing", with: id))
                }
            }
        }
    }

    @Test("S4: a right is the user's, narrowed by the token")
    func rights() async throws {
        let fixture = try await HubFixture()
        let id = try HubFixture.id("model:ada/demo")
        let writer = try await fixture.principal("ada")
        let reader = try await fixture.principal("ada", scope: .read)
        let bob = try await fixture.principal("bob", scope: .admin)
        let root = try await fixture.principal("root", scope: .admin, isAdministrator: true)
        let modest = try await fixture.principal("root", scope: .write)
        try await fixture.create("model:ada/demo")
        func code(_ principal: Principal, _ verb: Verb) async -> HubError.Code? {
            await hubError { _ = try await fixture.authorizer.open(principal, verb, id) }?.code
        }
        for verb in [Verb.discover, .metaRead, .contentRead] {
            for principal in [.anonymous, writer, reader, bob, root] { #expect(await code(principal, verb) == nil) }
        }
        #expect(await code(writer, .contentWrite) == nil)
        #expect(await code(reader, .contentWrite) == .forbidden)
        #expect(await code(reader, .auditRead) == nil)
        #expect(await code(bob, .contentWrite) == .forbidden)
        #expect(await code(bob, .auditRead) == .forbidden)
        #expect(await code(.anonymous, .contentWrite) == .authenticationRequired)
        #expect(await code(.anonymous, .auditRead) == .authenticationRequired)
        #expect(await code(root, .delete) == nil)
        // They govern, and write nothing into what others made.
        #expect(await code(root, .contentWrite) == .forbidden)
        #expect(await code(root, .gateApprove) == .forbidden)
        #expect(await code(modest, .delete) == .forbidden)
    }

    @Test("S19: a mirror is read-only for everybody")
    func mirrors() async throws {
        let fixture = try await HubFixture()
        let root = try await fixture.principal("root", scope: .admin, isAdministrator: true)
        try await fixture.mirror("model:acme/demo")
        for verb in [Verb.contentWrite, .settings, .discuss] {
            let error = await hubError {
                _ = try await fixture.authorizer.open(root, verb, HubFixture.id("model:acme/demo"))
            }
            #expect(error?.code == .forbidden)
        }
        _ = try await fixture.authorizer.open(root, .mirrorSync, HubFixture.id("model:acme/demo"))
    }

    @Test("names keep their case and are one without it")
    func cases() async throws {
        let fixture = try await HubFixture()
        try await fixture.create("model:Ada/Demo")
        let repository = try await fixture.authorizer.open(.anonymous, .metaRead, HubFixture.id("models:ADA/demo"))
        #expect(repository.id.path == "Ada/Demo")
        #expect(await hubError { try await fixture.create("model:ada/DEMO") }?.code == .conflict)
        try await fixture.create("dataset:ada/demo")
    }
}
