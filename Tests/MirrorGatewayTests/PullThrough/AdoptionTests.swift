import Foundation
import HubCore
import Testing

@testable import MirrorGateway

@Suite("Names that nobody here knows", .enabled(if: GitServerFixture.isPossible))
struct AdoptionTests {
    @Test("a name that no upstream has is remembered as missing for a while")
    func negative() async throws {
        let fixture = try await GatewayFixture()
        for _ in 0..<3 {
            let error = await hubError { _ = try await fixture.open("model:acme/none") }
            #expect(error?.code == .repositoryNotFound && error?.status == 401)
        }
        #expect(fixture.upstream.calls.count == 1)
        let ada = try await fixture.principal("ada")
        #expect(await hubError { _ = try await fixture.open("model:acme/none", as: ada) }?.status == 404)
        #expect(fixture.upstream.calls.count == 1)
        fixture.upstream.exists("acme/none")
        fixture.pass(seconds: 61)
        _ = try await fixture.open("model:acme/none")
        #expect(fixture.upstream.calls.count == 2)
    }

    @Test("S22: a local namespace is never looked for upstream, nor is a word that routes use")
    func localNamespaces() async throws {
        let fixture = try await GatewayFixture()
        let acme = try await fixture.principal("acme")
        let key = try await fixture.hub.store.createLocal(
            try Sample.id("model:corp/own"), visibility: .private, defaultBranch: "main")
        try await fixture.hub.git.create(key)
        for id in ["model:ACME/demo", "dataset:corp/none", "model:corp/own", "model:api/demo"] {
            for principal in [Principal.anonymous, acme] {
                #expect(await hubError { _ = try await fixture.open(id, as: principal) }?.code == .repositoryNotFound)
            }
        }
        #expect(fixture.upstream.calls.isEmpty)
        // And what a mirror holds cannot be taken locally.
        fixture.upstream.exists("org/demo")
        _ = try await fixture.open("model:org/demo")
        let error = await hubError { _ = try await fixture.hub.identities.createUser("ORG", isAdministrator: false) }
        #expect(error?.code == .conflict)
    }

    @Test("S17: what our credentials alone open upstream is for people who signed in here, not for everybody")
    func privateAbove() async throws {
        let fixture = try await GatewayFixture(isSignedIn: true)
        fixture.upstream.existsInPrivate("acme/inner")
        let ada = try await fixture.principal("ada")
        for _ in 0..<2 {
            #expect(await hubError { _ = try await fixture.open("model:acme/inner") }?.code == .repositoryNotFound)
            _ = try await fixture.open("model:acme/inner", as: ada)
        }
        // What strangers are shown there they are shown here.
        _ = try await fixture.open("model:acme/demo")
    }

    @Test("what the name alone decides is decided for each who asks, and nothing is asked for a refused one")
    func decisions() async throws {
        let fixture = try await GatewayFixture(
            spec: "  rules:\n  - {id: only-ada, when: 'user != \"ada\"', action: deny}\n")
        let ada = try await fixture.principal("ada")
        let bob = try await fixture.principal("bob")
        for principal in [bob, .anonymous] {
            #expect(await hubError { _ = try await fixture.open(as: principal) }?.code == .policyDenied)
        }
        #expect(fixture.upstream.calls.isEmpty)
        _ = try await fixture.open(as: ada)
        #expect(await hubError { _ = try await fixture.snapshot(as: bob) }?.code == .policyDenied)
        _ = try await fixture.snapshot(as: ada)
    }

    @Test("a refused name is refused alike whether its hidden repository is here or not")
    func hidden() async throws {
        let fixture = try await GatewayFixture(
            spec: "  rules:\n  - {id: only-ada, when: 'user != \"ada\"', action: deny}\n")
        _ = try await fixture.hub.store.registerMirror(
            try Sample.id("model:acme/here"),
            of: Repository.Mirror(mirror: "test", upstream: "above", path: "acme/here"), visibility: .internal,
            defaultBranch: "main")
        let here = await hubError { _ = try await fixture.open("model:acme/here") }
        let gone = await hubError { _ = try await fixture.open("model:acme/gone") }
        #expect(here?.code == gone?.code && here?.status == gone?.status)
        #expect(here?.code == .policyDenied)
    }

    @Test("many who ask for a new name at once share the look-up and get one repository")
    func shared() async throws {
        let fixture = try await GatewayFixture()
        let latch = Latch()
        fixture.upstream.script { _ in
            await latch.pass()
            return nil
        }
        let keys = try await withThrowingTaskGroup(of: Int64.self) { group in
            for _ in 0..<20 { group.addTask { try await fixture.open().key } }
            await Latch.until { latch.arrived == 1 }
            latch.open()
            return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
        }
        #expect(keys.count == 1)
        #expect(fixture.upstream.count(.discovery) == 1)
    }

    @Test("an offline hub asks nobody and says that it is offline")
    func offline() async throws {
        let fixture = try await GatewayFixture(isOffline: true)
        let error = await hubError { _ = try await fixture.open() }
        #expect(error?.code == .repositoryNotFound)
        #expect(error?.remedy?.contains("offline") == true)
        #expect(fixture.upstream.calls.isEmpty)
    }

    @Test("a silent upstream is no missing repository")
    func silent() async throws {
        let fixture = try await GatewayFixture()
        fixture.upstream.fallSilent()
        #expect(await hubError { _ = try await fixture.open() }?.code == .upstreamUnavailable)
        fixture.upstream.comeBack()
        _ = try await fixture.open()
    }

    @Test("after shutdown nothing is asked any more")
    func shutdown() async throws {
        let fixture = try await GatewayFixture()
        await fixture.source.shutDown()
        #expect(await hubError { _ = try await fixture.open() }?.code == .shuttingDown)
        #expect(fixture.upstream.calls.isEmpty)
    }
}
