import Testing

@testable import HubCore

@Suite("A protected branch")
struct ProtectedBranchTests {
    private func protect(_ level: BranchProtection.Level, in world: CommunityWorld) async throws -> Repository {
        let id = try HubFixture.id("model:ada/m")
        let settings = try await world.fixture.authorizer.openAsOperator(.settings, id)
        let rule = try BranchProtection(pattern: "*", level: level)
        try await world.fixture.repositories.protect(BranchProtections([rule]), of: settings)
        return try await world.open("ada", "model:ada/m", .contentWrite)
    }

    @Test("S8: keeps its history from every interface, and still takes commits and pull requests")
    func history() async throws {
        let world = try await CommunityWorld()
        let service = world.fixture.repositories
        let owner = try await world.open("ada", "model:ada/m", .contentWrite)
        try await service.createBranch("side", from: nil, in: owner)
        _ = try await world.discussions.openPullRequest(
            from: try CommunityWorld.draft(["new.txt": "x\n"], to: "refs/heads/main"), in: try await world.open("bob"))
        _ = try await protect(.history, in: world)
        let before = try await world.target("refs/heads/side")
        #expect(await hubError { try await service.deleteBranch("side", in: owner) }?.code == .forbidden)
        #expect(await hubError { _ = try await service.squash("side", message: "", in: owner) }?.code == .forbidden)
        #expect(try await world.target("refs/heads/side") == before)
        _ = try await world.commit(["more.txt": "y\n"], as: "ada")
        guard case .merged = try await world.discussions.merge(1, comment: nil, in: owner) else {
            Issue.record("it was not merged")
            return
        }
    }

    @Test("that is frozen takes nothing at all")
    func frozen() async throws {
        let world = try await CommunityWorld()
        _ = try await world.discussions.openPullRequest(
            from: try CommunityWorld.draft(["new.txt": "x\n"], to: "refs/heads/main"), in: try await world.open("bob"))
        let owner = try await protect(.frozen, in: world)
        let before = try await world.target("refs/heads/main")
        #expect(
            await hubError { _ = try await world.discussions.merge(1, comment: nil, in: owner) }?.code == .forbidden)
        #expect(await hubError { _ = try await world.commit(["more.txt": "y\n"], as: "ada") }?.code == .forbidden)
        #expect(try await world.target("refs/heads/main") == before)
    }
}
