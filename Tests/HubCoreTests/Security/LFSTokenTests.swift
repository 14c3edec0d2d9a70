import Testing

@testable import HubCore

@Suite("The token that git-lfs gets over SSH")
struct LFSTokenTests {
    private let fixture: HubFixture
    private let ada: User

    init() async throws {
        fixture = try await HubFixture()
        ada = try #require(try await fixture.principal("ada").user)
        try await fixture.create("model:ada/one", .private)
        try await fixture.create("model:ada/two", .private)
    }

    private func principal(isUpload: Bool) async throws -> Principal {
        let repository = try await fixture.authorizer.openAsOperator(.contentRead, HubFixture.id("model:ada/one"))
        let text = try await fixture.hub.identities.createLFSToken(for: ada, to: repository, isUpload: isUpload)
        return try #require(try await fixture.hub.identities.principal(token: text.reveal()))
    }

    private func code(_ principal: Principal, _ verb: Verb, _ id: String) async -> HubError.Code? {
        await hubError { _ = try await fixture.authorizer.open(principal, verb, HubFixture.id(id)) }?.code
    }

    @Test("S16: is good for one repository and one direction")
    func narrow() async throws {
        let upload = try await principal(isUpload: true)
        let download = try await principal(isUpload: false)
        for verb in Verb.allCases {
            let mayUpload: Set<Verb> = [.discover, .metaRead, .contentRead, .auditRead, .contentWrite]
            #expect(await (code(upload, verb, "model:ada/one") == nil) == mayUpload.contains(verb), "\(verb)")
            let mayDownload: Set<Verb> = [.discover, .metaRead, .contentRead, .auditRead]
            #expect(await (code(download, verb, "model:ada/one") == nil) == mayDownload.contains(verb), "\(verb)")
            for each in [upload, download] {
                #expect(await code(each, verb, "model:ada/two") == .repositoryNotFound, "\(verb)")
                #expect(await code(each, verb, "dataset:ada/one") == .repositoryNotFound, "\(verb)")
            }
        }
        for (each, mayWrite) in [(upload, true), (download, false)] {
            let repository = try await fixture.authorizer.open(each, .metaRead, HubFixture.id("model:ada/one"))
            let rights = try await fixture.authorizer.rights(over: [repository])[repository.key] ?? .none
            #expect(rights == RepositoryRights(canWrite: mayWrite, canManage: false))
        }
        for each in [upload, download] {
            let creation = await hubError { try await fixture.authorizer.authorizeCreation(in: "ada", by: each) }
            #expect(creation?.code == .forbidden)
            let minting = await hubError {
                _ = try await fixture.hub.identities.mintToken(
                    by: each, name: "x", scope: .read, expiresAt: nil, resources: nil)
            }
            #expect(minting?.code == .forbidden)
        }
    }

    @Test("S16: ends after ten minutes, and with its owner")
    func ending() async throws {
        let repository = try await fixture.authorizer.openAsOperator(.contentRead, HubFixture.id("model:ada/one"))
        let identities = fixture.hub.identities
        let text = try await identities.createLFSToken(for: ada, to: repository, isUpload: true).reveal()
        fixture.pass(seconds: 599)
        #expect(try await identities.principal(token: text) != nil)
        fixture.pass(seconds: 1)
        #expect(try await identities.principal(token: text) == nil)
        let next = try await identities.createLFSToken(for: ada, to: repository, isUpload: false).reveal()
        try await identities.setDisabled(true, user: "ada")
        #expect(try await identities.principal(token: next) == nil)
    }

    @Test("S16: a scope that uploads creates nothing, whatever it reaches")
    func scope() async throws {
        let token = try await fixture.hub.identities.createToken(
            for: ada, name: "robot", scope: .upload, expiresAt: nil)
        let robot = try #require(try await fixture.hub.identities.principal(token: token.reveal()))
        #expect(await code(robot, .contentWrite, "model:ada/two") == nil)
        #expect(await code(robot, .settings, "model:ada/two") == .forbidden)
        let creation = await hubError { try await fixture.authorizer.authorizeCreation(in: "ada", by: robot) }
        #expect(creation?.code == .forbidden)
    }

    @Test("S16, S25: an outsider's stages what his pull request will name, where he could open one, and does no more")
    func staging() async throws {
        try await fixture.create("model:ada/public")
        let id = try HubFixture.id("model:ada/public")
        let bob = try await fixture.principal("bob")
        let token = try await fixture.hub.identities.createLFSToken(
            for: try #require(bob.user), to: try await fixture.authorizer.openForUpload(bob, id), isUpload: true)
        let upload = try #require(try await fixture.hub.identities.principal(token: token.reveal()))
        let staging = try await fixture.authorizer.openForUpload(upload, id)
        #expect(staging.verb == .discuss && staging.principal == upload)
        for verb in [Verb.contentWrite, .discuss, .settings] {
            #expect(await code(upload, verb, "model:ada/public") == .forbidden, "\(verb)")
        }
        let own = try await fixture.authorizer.openForUpload(
            try await principal(isUpload: true), HubFixture.id("model:ada/one"))
        #expect(own.verb == .contentWrite)
        // A token that reads stages nothing, and what may not be seen is not there.
        let reader = try await fixture.principal("bob", scope: .read)
        #expect(await hubError { _ = try await fixture.authorizer.openForUpload(reader, id) }?.code == .forbidden)
        let hidden = await hubError {
            _ = try await fixture.authorizer.openForUpload(bob, HubFixture.id("model:ada/one"))
        }
        #expect(hidden?.code == .repositoryNotFound)
        let anonymous = await hubError { _ = try await fixture.authorizer.openForUpload(.anonymous, id) }
        #expect(anonymous?.code == .authenticationRequired)
        // Behind a gate nobody proposes to what he cannot read.
        let settings = try await fixture.authorizer.open(try await fixture.principal("ada"), .settings, id)
        try await fixture.repositories.setGating(.manual, of: settings)
        #expect(await hubError { _ = try await fixture.authorizer.openForUpload(bob, id) }?.code == .forbidden)
    }
}
