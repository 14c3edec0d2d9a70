import Synchronization
import Testing

@testable import HubCore

@Suite("Pull requests")
struct PullRequestTests {
    private final class Ending: Sendable {
        let isOver = Atomic(false)
    }

    @Test("an outsider's commit opens a pull request on a branch, and the owner merges it by moving the branch on")
    func fastForward() async throws {
        let world = try await CommunityWorld()
        let bob = try await world.open("bob")
        let before = try await world.target("refs/heads/main")
        let (pull, commit) = try await world.discussions.openPullRequest(
            from: try CommunityWorld.draft(["new.txt": "x\n"], to: "refs/heads/main"), in: bob)
        #expect(pull.num == 1 && pull.status == .open)
        #expect(try await world.target("refs/pr/1") == commit)
        #expect(try await world.target("refs/heads/main") == before)
        let difference = try await world.discussions.difference(of: pull, in: bob)
        #expect(difference?.contains("+++ b/new.txt") == true)

        let outcome = try await world.discussions.merge(
            1, comment: "thanks", in: try await world.open("ada", "model:ada/m", .contentWrite))
        #expect(outcome == .merged(commit))
        #expect(try await world.target("refs/heads/main") == commit)
        let (merged, events) = try await world.discussions.details(1, of: bob)
        #expect(merged.status == .merged)
        #expect(merged.pullRequest?.mergeCommit == commit)
        #expect(merged.pullRequest?.baseCommit == before)
        #expect(events.last?.content == .status(.merged))
        #expect(try await world.discussions.difference(of: merged, in: bob) == difference)
    }

    @Test("what both sides changed apart is joined in one commit with two parents, and nobody's file is lost")
    func joined() async throws {
        let world = try await CommunityWorld()
        let bob = try await world.open("bob")
        let (_, commit) = try await world.discussions.openPullRequest(
            from: try CommunityWorld.draft(
                ["dir/theirs.txt": "x\n"], to: "refs/heads/main", removing: ["notes.txt"]), in: bob)
        let base = try await world.commit(["dir/ours.txt": "y\n", "README.md": "# Better\n"], as: "ada")
        let owner = try await world.open("ada", "model:ada/m", .contentWrite)
        guard case .merged(let merge) = try await world.discussions.merge(1, comment: nil, in: owner) else {
            Issue.record("it conflicts")
            return
        }
        let info = try #require(try await world.fixture.hub.git.commit(merge, in: owner.key))
        #expect(info.parents == [base, commit])
        #expect(
            try await world.fixture.tree("model:ada/m").map(\.path) == ["README.md", "dir/ours.txt", "dir/theirs.txt"])
    }

    @Test(
        "what both sides changed differently is a conflict that moves nothing",
        arguments: [
            (["notes.txt": "theirs\n"], ["notes.txt": "ours\n"], [String](), ["notes.txt"]),
            (["notes.txt": "theirs\n"], [:], ["notes.txt"], ["notes.txt"]),
            (["a/b.txt": "theirs\n"], ["a": "a file\n"], [], ["a"]),
            (["new.txt": "theirs\n"], ["new.txt": "ours\n"], [], ["new.txt"]),
        ])
    func conflicts(
        theirs: [String: String], ours: [String: String], removed: [String], paths: [String]
    ) async throws {
        let world = try await CommunityWorld()
        let bob = try await world.open("bob")
        let (pull, _) = try await world.discussions.openPullRequest(
            from: try CommunityWorld.draft(theirs, to: "refs/heads/main"), in: bob)
        #expect(try await world.discussions.conflicts(of: pull, in: bob) == [])
        let base = try await world.commit(ours, as: "ada", removing: removed)
        #expect(try await world.discussions.conflicts(of: pull, in: bob) == paths)
        let outcome = try await world.discussions.merge(
            1, comment: nil, in: try await world.open("ada", "model:ada/m", .contentWrite))
        #expect(outcome == .conflicts(paths))
        #expect(try await world.target("refs/heads/main") == base)
        #expect(try await world.discussions.details(1, of: bob).discussion.status == .open)
    }

    @Test("its author adds commits to a pull request's ref alone; others and other refs are refused")
    func commits() async throws {
        let world = try await CommunityWorld()
        let pull = try await world.discussions.openPullRequest(
            title: "A draft", description: nil, in: try await world.open("bob"))
        #expect(pull.status == .draft)
        let commit = try await world.commit(["x.txt": "1\n"], to: "refs/pr/1", as: "bob", .discuss)
        #expect(try await world.target("refs/pr/1") == commit)
        let events = try await world.discussions.details(1, of: try await world.open("bob")).events
        #expect(events.map(\.content) == [.commit(subject: "Change files", id: commit.hex)])

        let byOther = await hubError { try await world.commit(["x.txt": "2\n"], to: "refs/pr/1", as: "carl", .discuss) }
        #expect(byOther?.code == .forbidden)
        let elsewhere = await hubError { try await world.commit(["x.txt": "2\n"], as: "bob", .discuss) }
        #expect(elsewhere?.code == .internalError)
        let missing = await hubError { try await world.commit(["x.txt": "2\n"], to: "refs/pr/2", as: "bob", .discuss) }
        #expect(missing?.code == .revisionNotFound)
        _ = try await world.commit(["x.txt": "3\n"], to: "refs/pr/1", as: "ada")

        let draft = await hubError {
            _ = try await world.discussions.merge(
                1, comment: nil, in: try await world.open("ada", "model:ada/m", .contentWrite))
        }
        #expect(draft?.code == .badRequest)
        _ = try await world.discussions.setStatus(.closed, comment: nil, of: 1, in: try await world.open("bob"))
        let late = await hubError { try await world.commit(["x.txt": "4\n"], to: "refs/pr/1", as: "bob", .discuss) }
        #expect(late?.code == .forbidden)
    }

    @Test("a ref of a pull request is neither made nor deleted by hand")
    func refs() async throws {
        let world = try await CommunityWorld()
        let owner = try await world.open("ada", "model:ada/m", .contentWrite)
        let head = try #require(try await world.target("refs/heads/main"))
        _ = try await world.discussions.openPullRequest(
            title: "A draft", description: nil, in: try await world.open("bob"))
        let (first, seventh) = (try #require(RefName("refs/pr/1")), try #require(RefName("refs/pr/7")))
        for update in [
            RefUpdate(first, from: head, to: nil), .creation(seventh, at: head),
            RefUpdate(seventh, from: nil, to: head),
        ] {
            let error = await hubError {
                try await world.fixture.hub.store.updateRefs(
                    [update], of: owner, changeLog: "by hand", head: nil, links: [])
            }
            #expect(error?.code == .forbidden)
        }
        #expect(try await world.target("refs/pr/1") == head)
        #expect(try await world.target("refs/pr/7") == nil)
    }

    @Test("of several who merge at once one does, and the branch is moved once")
    func race() async throws {
        let world = try await CommunityWorld()
        let bob = try await world.open("bob")
        _ = try await world.discussions.openPullRequest(
            from: try CommunityWorld.draft(["new.txt": "x\n"], to: "refs/heads/main"), in: bob)
        try await world.commit(["other.txt": "y\n"], as: "ada")
        let owner = try await world.open("ada", "model:ada/m", .contentWrite)
        let merged = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    let outcome = try? await world.discussions.merge(1, comment: nil, in: owner)
                    if case .merged = outcome { return true } else { return false }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(merged == 1)
        let events = try await world.discussions.details(1, of: bob).events
        #expect(events.filter { $0.content == .status(.merged) }.count == 1)
    }

    @Test("S10: what is merged is what was looked at: a head that moves meanwhile is not")
    func movingHead() async throws {
        let world = try await CommunityWorld()
        for round in 1...12 {
            _ = try await world.discussions.openPullRequest(
                from: try CommunityWorld.draft(["file\(round).txt": "looked at\n"], to: "refs/heads/main"),
                in: try await world.open("bob"))
            let owner = try await world.open("ada", "model:ada/m", .contentWrite)
            let num = try #require(Int64(exactly: round))
            // The base moves on, so that there is something to join, which takes its time.
            try await world.commit(["base\(round).txt": "x\n"], as: "ada")
            let ending = Ending()
            let merging = Task {
                let error = await hubError { _ = try await world.discussions.merge(num, comment: nil, in: owner) }
                ending.isOver.store(true, ordering: .releasing)
                return error
            }
            var number = 0
            while !ending.isOver.load(ordering: .acquiring) {
                number += 1
                let file = "late\(round)-\(number).txt"
                _ = await hubError {
                    try await world.commit([file: "not looked at\n"], to: "refs/pr/\(round)", as: "bob", .discuss)
                }
            }
            let error = await merging.value
            let status = try await world.discussions.details(num, of: try await world.open("bob")).discussion.status
            #expect((error == nil) == (status == .merged) && (error == nil || error?.code == .conflict), "\(round)")
            guard status == .merged else { continue }
            let head = try #require(try await world.target("refs/pr/\(round)"))
            let main = try #require(try await world.target("refs/heads/main"))
            let shared = try await world.repositories.git.mergeBase(of: main, and: head, in: owner.key)
            #expect(shared == head, "round \(round): the pull request shows more than was merged")
        }
    }

    @Test("S10: a pull request is based on a branch, never on a commit's name or on nothing")
    func bases() async throws {
        let world = try await CommunityWorld()
        let bob = try await world.open("bob")
        let absent = await hubError {
            _ = try await world.discussions.openPullRequest(
                from: try CommunityWorld.draft(["a": "x"], to: "refs/heads/absent"), in: bob)
        }
        #expect(absent?.code == .revisionNotFound)
        let owner = try await world.open("ada", "model:ada/m", .contentWrite)
        let main = try #require(RefName.branch("main"))
        let head = try #require(try await world.fixture.hub.store.ref(main, of: owner.key)?.target)
        try await world.repositories.createTag("v1", of: .commit(head), message: nil, in: owner)
        for name in ["refs/tags/v1", "refs/pr/1", "refs/heads/\(head)"] {
            let error = await hubError {
                _ = try await world.discussions.openPullRequest(
                    from: try CommunityWorld.draft(["a": "x"], to: name), in: bob)
            }
            #expect(error?.code == .revisionNotFound, "\(name)")
        }
        try await world.fixture.create("model:ada/empty")
        let empty = try await world.open("bob", "model:ada/empty")
        let none = await hubError {
            _ = try await world.discussions.openPullRequest(title: "Topic", description: nil, in: empty)
        }
        #expect(none?.code == .badRequest)
        #expect(try await world.discussions.list(DiscussionQuery(), of: empty).total == 0)
    }
}
