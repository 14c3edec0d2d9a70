import Testing

@testable import HubCore

@Suite("Likes")
struct LikeTests {
    @Test("a like counts once however often it is given or taken back, and others' private likes stay unseen")
    func counts() async throws {
        let world = try await CommunityWorld()
        let likes = Likes(store: world.fixture.hub.store)
        for user in ["bob", "bob", "carl"] { try await likes.like(try await world.open(user)) }
        #expect(try await world.open("ada").likes == 2)
        #expect(
            Set(try await likes.likers(of: try await world.open("ada"), offset: 0, limit: 10).names) == ["bob", "carl"])
        for _ in 0..<2 { try await likes.unlike(try await world.open("bob")) }
        #expect(try await world.open("ada").likes == 1)

        try await world.fixture.create("model:ada/hidden", .private)
        try await likes.like(try await world.open("ada", "model:ada/hidden"))
        let user = try #require(try await world.fixture.hub.identities.user(named: "ada"))
        let mine = try await likes.likes(of: user, for: try await world.fixture.principal("ada"), offset: 0, limit: 10)
        let others = try await likes.likes(
            of: user, for: try await world.fixture.principal("bob"), offset: 0, limit: 10)
        #expect(mine.likes.map(\.repository.path) == ["ada/hidden"])
        #expect(others.likes.isEmpty)
    }
}
