import SQL
import Testing

@testable import HubCore

@Suite("Discussions")
struct DiscussionTests {
    @Test("numbers have no gaps, whoever opens at once and whatever fails between")
    func numbers() async throws {
        let world = try await CommunityWorld()
        let outsider = try await world.open("bob")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<24 {
                group.addTask {
                    // Every third is refused, and must not use up a number.
                    let title = index % 3 == 0 ? "no" : "Discussion \(index)"
                    _ = try? await world.discussions.open(title: title, description: nil, in: outsider)
                }
            }
            try await group.waitForAll()
        }
        let (listed, total) = try await world.discussions.list(DiscussionQuery(), of: outsider)
        #expect(total == 16)
        #expect(listed.map(\.num) == (1...16).reversed())
    }

    @Test("S2: a comment is found only in its own discussion of its own repository, and is changed only by its author")
    func foreignComments() async throws {
        let world = try await CommunityWorld()
        try await world.fixture.create("model:ada/other")
        let (bob, carl) = (try await world.open("bob"), try await world.open("carl"))
        let other = try await world.open("bob", "model:ada/other")
        let first = try await world.discussions.open(title: "First", description: "text", in: bob)
        let second = try await world.discussions.open(title: "Second", description: nil, in: bob)
        _ = try await world.discussions.open(title: "Elsewhere", description: nil, in: other)
        let comment = try await world.discussions.comment("mine", on: first.num, in: bob)

        for (num, repository) in [(second.num, bob), (first.num, other)] {
            let error = await hubError {
                _ = try await world.discussions.edit(comment.id, to: "stolen", on: num, in: repository)
            }
            #expect(error?.code == .notFound)
        }
        let foreign = await hubError {
            _ = try await world.discussions.edit(comment.id, to: "stolen", on: first.num, in: carl)
        }
        #expect(foreign?.code == .forbidden)
        let hidden = await hubError { _ = try await world.discussions.hide(comment.id, on: first.num, in: carl) }
        #expect(hidden?.code == .forbidden)
        let events = try await world.discussions.details(first.num, of: bob).events
        #expect(events.map(\.content).contains(.comment(text: "mine", edits: 0, isHidden: false)))
    }

    @Test("what a comment said before its changes is read by everybody, oldest first, with who wrote it and when")
    func history() async throws {
        let world = try await CommunityWorld()
        let (bob, carl) = (try await world.open("bob"), try await world.open("carl"))
        let num = try await world.discussions.open(title: "Topic", description: nil, in: bob).num
        let comment = try await world.discussions.comment("first", on: num, in: bob)
        #expect(comment.history.isEmpty)
        var times: [Int64] = []
        for text in ["second", "third"] {
            times.append(world.fixture.hub.clock.now())
            world.fixture.pass(seconds: 60)
            _ = try await world.discussions.edit(comment.id, to: text, on: num, in: bob)
        }
        let seen = try #require(try await world.discussions.details(num, of: carl).events.last)
        #expect(seen.content == .comment(text: "third", edits: 2, isHidden: false))
        #expect(seen.history.map(\.text) == ["first", "second"])
        #expect(seen.history.map(\.author) == ["bob", "bob"])
        #expect(seen.history.map(\.writtenAt) == times)
    }

    @Test("changes count against what a discussion holds, and so does what they replaced")
    func fullHistory() async throws {
        let world = try await CommunityWorld()
        let bob = try await world.open("bob")
        let num = try await world.discussions.open(title: "Topic", description: nil, in: bob).num
        let comment = try await world.discussions.comment("x", on: num, in: bob)
        let text = String(repeating: "y", count: CommunityText.maximumBytes)
        var refused: HubError?
        for _ in 0..<(DiscussionEventRows.maximumTextBytes / Int64(text.utf8.count) + 1) where refused == nil {
            refused = await hubError { _ = try await world.discussions.edit(comment.id, to: text, on: num, in: bob) }
        }
        #expect(refused?.code == .forbidden)
    }

    @Test("a hidden comment is read by who may write to the repository, and by nobody else, until it is shown again")
    func hidden() async throws {
        let world = try await CommunityWorld()
        let (bob, carl) = (try await world.open("bob"), try await world.open("carl"))
        let owner = try await world.open("ada")
        let discussions = world.discussions
        let num = try await discussions.open(title: "Topic", description: nil, in: bob).num
        let comment = try await discussions.comment("secret one", on: num, in: bob)
        _ = try await discussions.edit(comment.id, to: "secret two", on: num, in: bob)
        let answered = try await discussions.hide(comment.id, on: num, in: owner)
        #expect(answered.hiding?.author == "ada" && answered.concealed == "secret two")
        for repository in [bob, carl] {
            let seen = try #require(try await discussions.details(num, of: repository).events.last)
            #expect(seen.content == .comment(text: "", edits: 1, isHidden: true))
            #expect(seen.concealed == nil && seen.history.isEmpty && seen.hiding?.author == "ada")
            #expect(!"\(seen)".contains("secret"))
        }
        let moderated = try #require(try await discussions.details(num, of: owner).events.last)
        #expect(moderated.concealed == "secret two" && moderated.history.map(\.text) == ["secret one"])
        // Neither a stranger nor he who wrote it undoes what the owner did, also by hiding it himself first.
        _ = try await discussions.hide(comment.id, on: num, in: bob)
        for repository in [bob, carl] {
            let error = await hubError { _ = try await discussions.unhide(comment.id, on: num, in: repository) }
            #expect(error?.code == .forbidden)
        }
        let shown = try await discussions.unhide(comment.id, on: num, in: owner)
        #expect(shown.content == .comment(text: "secret two", edits: 1, isHidden: false))
        let again = await hubError { _ = try await discussions.unhide(comment.id, on: num, in: owner) }
        #expect(again?.code == .badRequest)
        // What he hid himself he shows again himself.
        _ = try await discussions.hide(comment.id, on: num, in: bob)
        #expect(try await discussions.unhide(comment.id, on: num, in: bob).hiding == nil)
    }

    @Test("a forgotten comment's text is gone for good with all it said before, and is not shown again")
    func forgetting() async throws {
        let world = try await CommunityWorld()
        let (bob, owner) = (try await world.open("bob"), try await world.open("ada"))
        let discussion = try await world.discussions.open(title: "Topic", description: nil, in: bob)
        let comment = try await world.discussions.comment("regretted", on: discussion.num, in: bob)
        _ = try await world.discussions.edit(comment.id, to: "regretted, too", on: discussion.num, in: bob)
        _ = try await world.discussions.forget(comment.id, on: discussion.num, in: owner)
        let kept = try await world.fixture.hub.database.read { connection in
            try ["discussion_events", "comment_versions"].flatMap { table in
                try connection.query("SELECT content FROM \(table)").map { try $0.text("content") }
            }
        }
        let shown = await hubError {
            _ = try await world.discussions.unhide(comment.id, on: discussion.num, in: owner)
        }
        #expect(shown?.code == .badRequest)
        #expect(!kept.joined().contains("regretted"))
        let error = await hubError {
            _ = try await world.discussions.edit(comment.id, to: "again", on: discussion.num, in: bob)
        }
        #expect(error?.code == .badRequest)
    }

    @Test("an outsider neither closes nor renames what others opened; its author and the owner do")
    func states() async throws {
        let world = try await CommunityWorld()
        let (bob, carl) = (try await world.open("bob"), try await world.open("carl"))
        let owner = try await world.open("ada")
        let num = try await world.discussions.open(title: "Topic", description: nil, in: bob).num
        let closing = await hubError {
            _ = try await world.discussions.setStatus(.closed, comment: nil, of: num, in: carl)
        }
        #expect(closing?.code == .forbidden)
        let renaming = await hubError { _ = try await world.discussions.rename(num, to: "Other", in: carl) }
        #expect(renaming?.code == .forbidden)

        _ = try await world.discussions.setStatus(.closed, comment: "done", of: num, in: owner)
        _ = try await world.discussions.rename(num, to: "  New title ", in: bob)
        let (discussion, events) = try await world.discussions.details(num, of: bob)
        #expect(discussion.status == .closed)
        #expect(discussion.title == "New title")
        #expect(
            events.map(\.content) == [
                .comment(text: "done", edits: 0, isHidden: false), .status(.closed),
                .title(from: "Topic", to: "New title"),
            ])
        let twice = await hubError {
            _ = try await world.discussions.setStatus(.closed, comment: nil, of: num, in: owner)
        }
        #expect(twice?.code == .badRequest)
    }

    @Test(
        "titles and comments have their limits",
        arguments: ["ab", "   ", String(repeating: "x", count: 201), "two\nlines", "nul\u{0}"])
    func titles(title: String) async throws {
        let world = try await CommunityWorld()
        let bob = try await world.open("bob")
        let error = await hubError { _ = try await world.discussions.open(title: title, description: nil, in: bob) }
        #expect(error?.code == .badRequest)
        let long = await hubError {
            _ = try await world.discussions.open(
                title: "Fine", description: String(repeating: "x", count: CommunityText.maximumBytes + 1), in: bob)
        }
        #expect(long?.code == .badRequest)
    }

    @Test("a token that reads takes no part, nobody anonymous does, and a mirror has no discussions of its own")
    func refused() async throws {
        let world = try await CommunityWorld()
        try await world.fixture.mirror("model:up/stream")
        let reader = try await world.fixture.principal("bob", scope: .read)
        let writer = try await world.fixture.principal("bob")
        let authorizer = world.fixture.authorizer
        let byReader = await hubError {
            _ = try await authorizer.open(reader, .discuss, try HubFixture.id("model:ada/m"))
        }
        #expect(byReader?.code == .forbidden)
        let byNobody = await hubError {
            _ = try await authorizer.open(.anonymous, .discuss, try HubFixture.id("model:ada/m"))
        }
        #expect(byNobody?.code == .authenticationRequired)
        let onMirror = await hubError {
            _ = try await authorizer.open(writer, .discuss, try HubFixture.id("model:up/stream"))
        }
        #expect(onMirror?.code == .forbidden)
    }

    @Test("filters tell pull requests, states and authors apart")
    func filters() async throws {
        let world = try await CommunityWorld()
        let (bob, ada) = (try await world.open("bob"), try await world.open("ada"))
        _ = try await world.discussions.open(title: "One", description: nil, in: bob)
        _ = try await world.discussions.openPullRequest(title: "Two", description: nil, in: ada)
        let closed = try await world.discussions.open(title: "Three", description: nil, in: ada).num
        _ = try await world.discussions.setStatus(.closed, comment: nil, of: closed, in: ada)
        func numbers(_ change: (inout DiscussionQuery) -> Void) async throws -> [Int64] {
            var query = DiscussionQuery()
            change(&query)
            return try await world.discussions.list(query, of: bob).discussions.map(\.num)
        }
        #expect(try await numbers { $0.kind = .pullRequest } == [2])
        #expect(try await numbers { $0.kind = .discussion } == [3, 1])
        #expect(try await numbers { $0.state = .open } == [2, 1])
        #expect(try await numbers { $0.state = .closed } == [3])
        #expect(try await numbers { $0.author = "ADA" } == [3, 2])
        #expect(
            try await numbers {
                $0.offset = 1; $0.limit = 1
            } == [2])
    }
}
