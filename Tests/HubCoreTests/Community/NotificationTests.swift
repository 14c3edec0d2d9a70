import SQL
import Testing

@testable import HubCore

@Suite("Notifications")
struct NotificationTests {
    private func told(_ world: CommunityWorld, _ user: String) async throws -> [Notification] {
        try await Notifications(world.fixture.hub.store).list(
            of: try await world.fixture.principal(user), onlyUnread: false, before: nil, limit: 100
        ).notifications
    }

    @Test("names are found in prose, each once, and not in code, addresses or mail")
    func names() {
        let text = """
            Hello @ada and @bob-b., see @ADA; (@carl_1) mail x@dora.org or https://host/@erin `@code` @-no @
            ```
            @fenced
            ```
            ~~~~
            @also
            ```
            ~~~~
            @last
            """
        #expect(MentionedNames.all(in: text) == ["ada", "bob-b", "carl_1", "last"])
    }

    @Test("who is named hears of it, who takes part hears of answers, nobody of what he said himself")
    func discussions() async throws {
        let world = try await CommunityWorld()
        let (bob, carl) = (try await world.open("bob"), try await world.open("carl"))
        let num = try await world.discussions.open(title: "Topic", description: "@ada, @bob?", in: bob).num
        #expect(try await told(world, "ada").map(\.kind) == [.mention])
        #expect(try await told(world, "bob").isEmpty)
        _ = try await world.discussions.comment("Well, @ada", on: num, in: carl)
        #expect(try await told(world, "bob").map(\.kind) == [.reply])
        #expect(try await told(world, "ada").map(\.kind) == [.mention, .mention])
        let first = try #require(try await told(world, "bob").first)
        #expect(first.title == "Topic" && first.actor == "carl" && first.number == num && !first.isRead)
        let store = Notifications(world.fixture.hub.store)
        #expect(try await store.unread(of: try await world.fixture.principal("bob")) == 1)
        // What is somebody else's is not his to read.
        try await store.read(first.id, of: try await world.fixture.principal("carl"))
        #expect(try await store.unread(of: try await world.fixture.principal("bob")) == 1)
        try await store.read(first.id, of: try await world.fixture.principal("bob"))
        #expect(try await store.unread(of: try await world.fixture.principal("bob")) == 0)
    }

    @Test("a pull request tells whose repository it is")
    func pullRequests() async throws {
        let world = try await CommunityWorld()
        _ = try await world.discussions.openPullRequest(
            title: "Change it", description: nil, in: try await world.open("bob"))
        #expect(try await told(world, "ada").map(\.kind) == [.pullRequest])
    }

    @Test("who may not see the repository hears nothing, and what was told before is hidden")
    func hidden() async throws {
        let world = try await CommunityWorld()
        try await world.fixture.create("model:ada/secret", .private)
        let secret = try await world.open("ada", "model:ada/secret")
        _ = try await world.discussions.open(title: "Plans", description: "@bob @carl", in: secret)
        #expect(try await told(world, "bob").isEmpty)
        let open = try await world.open("ada")
        _ = try await world.discussions.open(title: "Open", description: "@bob", in: open)
        #expect(try await told(world, "bob").count == 1)
        _ = try await world.fixture.hub.database.write { connection in
            try connection.execute("UPDATE repositories SET visibility = 'private' WHERE name = 'm'", [])
        }
        #expect(try await told(world, "bob").isEmpty)
        #expect(
            try await Notifications(world.fixture.hub.store).unread(of: try await world.fixture.principal("bob")) == 0)
    }
}
