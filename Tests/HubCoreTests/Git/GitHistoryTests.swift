import Foundation
import HubCore
import Testing

@Suite("History")
struct GitHistoryTests {
    /// A history with a merge: one, two | side, merge, three.
    private func merged(_ fixture: GitFixture) throws -> (work: Workspace, ids: [CommitID]) {
        let work = try fixture.workspace()
        try work.write("a", "1")
        try work.write("d/x", "1")
        try work.write("d/sub/y", "1")
        let one = try work.commit("one", at: 1_700_000_100)
        try work.git("checkout", "-q", "-b", "side")
        try work.write("d/sub/y", "2")
        let side = try work.commit("side", at: 1_700_000_200)
        try work.git("checkout", "-q", "main")
        try work.write("a", "2")
        let two = try work.commit("two", at: 1_700_000_300)
        try work.git("merge", "-q", "--no-ff", "-m", "merge", "side", at: 1_700_000_400)
        let merge = try fixture.id(["rev-parse", "HEAD"], in: work.directory)
        try work.write("d/x", "3")
        let three = try work.commit("three", at: 1_700_000_500)
        return (work, [three, merge, two, side, one])
    }

    @Test("history is git log's, in its order, with skip and limit")
    func order() async throws {
        let fixture = try GitFixture()
        let (work, ids) = try merged(fixture)
        let key = try await fixture.stored(work)
        let all = try await fixture.store.history(from: ids[0], in: key, path: nil, skip: 0, limit: 100)
        #expect(all.map(\.id) == ids)
        let part = try await fixture.store.history(from: ids[0], in: key, path: nil, skip: 1, limit: 2)
        #expect(part.map(\.id) == Array(ids[1...2]))
        #expect(try await fixture.store.history(from: ids[0], in: key, path: nil, skip: 9, limit: 2).isEmpty)
        #expect(try await fixture.store.history(from: ids[0], in: key, path: nil, skip: 0, limit: 0).isEmpty)
    }

    @Test("with a path, only commits that changed it are listed")
    func paths() async throws {
        let fixture = try GitFixture()
        let (work, ids) = try merged(fixture)
        let key = try await fixture.stored(work)
        let x = try await fixture.store.history(from: ids[0], in: key, path: gitPath("d/x"), skip: 0, limit: 10)
        #expect(x.map(\.title) == ["three", "one"])
        let folder = try await fixture.store.history(from: ids[0], in: key, path: gitPath("d/sub"), skip: 0, limit: 10)
        #expect(folder.map(\.title) == ["side", "one"])
        let none = try await fixture.store.history(from: ids[0], in: key, path: gitPath("*"), skip: 0, limit: 10)
        #expect(none.isEmpty)
    }

    @Test("each entry of a folder has the commit that last changed it")
    func lastCommits() async throws {
        let fixture = try GitFixture()
        let (work, ids) = try merged(fixture)
        let key = try await fixture.stored(work)
        let root = try await fixture.store.lastCommits(of: nil, commit: ids[0], in: key)
        #expect(root.mapValues(\.title) == ["a": "two", "d": "three"])
        let folder = try await fixture.store.lastCommits(of: gitPath("d"), commit: ids[0], in: key)
        #expect(folder.mapValues(\.title) == ["d/x": "three", "d/sub": "side"])
        let again = try await fixture.store.lastCommits(of: gitPath("d"), commit: ids[0], in: key)
        #expect(again == folder)
        let error = await #expect(throws: HubError.self) {
            try await fixture.store.lastCommits(of: gitPath("a"), commit: ids[0], in: key)
        }
        #expect(error?.code == .entryNotFound)
    }

    @Test("odd file names do not mislead the search for last commits")
    func oddNames() async throws {
        let fixture = try GitFixture()
        let work = try fixture.workspace()
        let names = ["\nline", "tab\t", "é", " space ", "\"quoted\"", String(repeating: "a", count: 40)]
        for name in names { try work.write(name, "1") }
        try work.commit("one", at: 1_700_000_100)
        try work.write("é", "2")
        let two = try work.commit("two", at: 1_700_000_200)
        let key = try await fixture.stored(work)
        let found = try await fixture.store.lastCommits(of: nil, commit: two, in: key)
        #expect(found.count == names.count)
        #expect(found["é"]?.title == "two")
        #expect(found["\nline"]?.title == "one")
    }

    @Test("history ends cleanly where it is cut, and goes on when the rest has come")
    func shallow() async throws {
        let fixture = try GitFixture()
        let work = try fixture.workspace()
        var ids: [CommitID] = []
        for number in 1...6 {
            try work.write("f\(number % 2)", "\(number)")
            ids.append(try work.commit("c\(number)", at: 1_700_000_000 + number * 100))
        }
        let store = fixture.store
        try await store.create(1)
        try fixture.git([
            fixture.gitDirectory(1), "fetch", "-q", "--depth", "2", "file://" + work.directory,
            "+refs/heads/*:refs/heads/*",
        ])
        #expect(try await store.isShallow(1))
        #expect(try await store.shallowBoundary(1) == [ids[4]])
        let cut = try await store.history(from: ids[5], in: 1, path: nil, skip: 0, limit: 10)
        #expect(cut.map(\.title) == ["c6", "c5"])
        let last = try await store.lastCommits(of: nil, commit: ids[5], in: 1)
        #expect(last.mapValues(\.title) == ["f0": "c6", "f1": "c5"])

        // Even without the file that says so, a missing parent is where history ends.
        try await store.setShallowBoundary([], 1)
        #expect(try await !store.isShallow(1))
        #expect(try await store.history(from: ids[5], in: 1, path: nil, skip: 0, limit: 10).count == 2)

        let rest = try work.pack("\(ids[3])")
        _ = try await store.intakePack(in: 1, keepMessage: "t", limits: PackLimits(), chunks: Chunks(bytes: rest))
        #expect(try await store.history(from: ids[5], in: 1, path: nil, skip: 0, limit: 10).count == 6)
        #expect(try fixture.complaints(1) == "")
    }

    @Test("the shallow boundary is what git writes and reads")
    func boundary() async throws {
        let fixture = try GitFixture()
        let (work, ids) = try merged(fixture)
        let key = try await fixture.stored(work)
        try await fixture.store.setShallowBoundary([ids[1], ids[1]], key)
        #expect(try await fixture.store.shallowBoundary(key) == [ids[1]])
        #expect(try fixture.text([fixture.gitDirectory(key), "rev-list", "--count", ids[0].hex]) == "2")
        let history = try await fixture.store.history(from: ids[0], in: key, path: nil, skip: 0, limit: 10)
        #expect(history.map(\.title) == ["three", "merge"])
    }
}
