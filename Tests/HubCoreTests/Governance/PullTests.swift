import Testing

@testable import HubCore

@Suite("Who took what")
struct PullTests {
    @Test("every pull is counted once, by account and content, however many come at a time")
    func exact() async throws {
        let fixture = try await HubFixture()
        let folder = try fixture.write(["README.md": Array("x".utf8), "a.txt": Array("y".utf8)])
        _ = try await fixture.hub.importer.run(
            folder: folder, as: try HubFixture.id("model:acme/demo"), isPrivate: false)
        let service = fixture.repositories
        let bob = try await fixture.principal("bob")
        let id = try HubFixture.id("model:acme/demo")
        let repository = try await fixture.authorizer.open(bob, .contentRead, id)
        let anonymous = try await fixture.authorizer.open(.anonymous, .contentRead, id)
        let snapshot = try await service.snapshot(of: repository, at: nil)
        let entry = try await service.entry(at: "a.txt", in: snapshot)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<500 {
                group.addTask {
                    _ = try await service.open(entry, in: snapshot)
                    if number % 50 == 0 { try await fixture.hub.pulls.flush() }
                }
            }
            try await group.waitForAll()
        }
        let stranger = try await service.snapshot(of: anonymous, at: nil)
        _ = try await service.open(entry, in: stranger)
        // To look at it is not to take it.
        _ = try await service.open(entry, in: snapshot, isPull: false)
        try await service.authorizeFile(entry, in: snapshot)
        var request = UploadPackRequest(version: .v2, command: .fetch)
        request.wants = [snapshot.commit]
        _ = try await service.prepareUploadPack(of: repository, history: false)
        try await service.prepare(request, of: repository)
        try await fixture.hub.pulls.flush()
        let pulls = try await fixture.hub.pulls.list(of: .repository(repository.key, nil), limit: 10)
        let file = String(entry.id.hex.prefix(4))
        let told = Set(pulls.map { "\($0.account) \($0.digest.prefix(4)) \($0.pulls)" })
        #expect(told == ["bob \(file) 500", "anonymous \(file) 1", "bob  1"])
        #expect(pulls.allSatisfy { $0.commit == snapshot.commit })
        #expect(pulls.allSatisfy { $0.repository == "model:acme/demo" })
        let counts = try await fixture.hub.pulls.counts(since: 0)
        let lines = counts.map { "\($0.account) \($0.pulls)" }
        #expect(lines == ["anonymous 1", "bob 501"])
        #expect(try await fixture.hub.pulls.counts(since: .max).isEmpty)
        #expect(try await fixture.hub.pulls.list(of: .digest(entry.id.hex), limit: 10).count == 2)
        // Who has it can be told when it is gone here.
        try await service.delete(try await fixture.authorizer.openAsOperator(.delete, id))
        #expect(try await fixture.hub.pulls.list(of: .digest(entry.id.hex), limit: 10).count == 2)
    }

    @Test("what cannot be written down is kept for the next time")
    func failure() async throws {
        let fixture = try await HubFixture()
        let key = try await fixture.create("model:acme/demo")
        let repository = try await fixture.authorizer.openAsOperator(.contentRead, try HubFixture.id("model:acme/demo"))
        fixture.hub.store.pullLedger.note(repository, commit: nil, digest: "d", at: 1)
        let broken = try await Hub(path: fixture.folder.appending("other"), clock: fixture.hub.clock)
        await broken.close()
        await #expect(throws: (any Error).self) {
            try await fixture.hub.store.pullLedger.flush(to: broken.database)
        }
        try await fixture.hub.pulls.flush()
        #expect(try await fixture.hub.pulls.list(of: .repository(key, nil), limit: 5).map(\.pulls) == [1])
    }
}
