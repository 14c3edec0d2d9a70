import Testing

@testable import HubCore

@Suite("Reading commits by id")
struct ReachabilityTests {
    private func error(_ body: () async throws -> Void) async -> HubError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? HubError)?.code
        }
    }

    @Test("S34: a commit is read by its id while a ref reaches it, not when that is gone, and again when it is back")
    func shown() async throws {
        let fixture = try await ReclaimFixture()
        var repository = try await fixture.repository("model:acme/one")
        let old = try await fixture.commit("old", to: repository)
        let main = try await fixture.commit("new", to: repository)
        try await fixture.hub.repositories.createBranch("side", from: nil, in: repository)
        let side = try await fixture.commit("side", as: "b.txt", to: repository, branch: "side")
        // One service, as a server has: what it remembers must not outlive the refs.
        let service = fixture.hub.repositories
        func reads(_ commit: CommitID) async throws -> HubError.Code? {
            let repository = try await fixture.open("model:acme/one", .contentRead)
            return await error { _ = try await service.snapshot(of: repository, at: .commit(commit)) }
        }
        func wants(_ id: ObjectID) async throws -> HubError.Code? {
            let repository = try await fixture.open("model:acme/one", .contentRead)
            return await error { try await service.requireShown([id], in: repository) }
        }
        for _ in 0..<2 {
            fixture.hub.pass(seconds: 10)
            for commit in [old, main, side] { #expect(try await reads(commit) == nil) }
        }
        repository = try await fixture.open("model:acme/one", .contentWrite)
        try await service.deleteBranch("side", in: repository)
        for _ in 0..<2 {
            #expect(try await reads(side) == .revisionNotFound)
            #expect(try await wants(side) == .revisionNotFound)
            #expect(try await reads(old) == nil)
            #expect(try await wants(main) == nil)
            fixture.hub.pass(seconds: 10)
        }
        let blob = ObjectID.blob(of: Array("side".utf8))
        #expect(try await wants(blob) == nil)
        // Nobody brings it back by its id either.
        #expect(
            await error { try await service.createBranch("back", from: .commit(side), in: repository) }
                == .revisionNotFound)
        let squashed = try await service.squash("main", message: "one", in: repository)
        #expect(try await reads(squashed) == nil)
        #expect(try await reads(old) == .revisionNotFound)
        #expect(try await reads(main) == .revisionNotFound)
    }
}
