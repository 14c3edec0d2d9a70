import Foundation
import HubCore
import Testing

@Suite("Building commits")
struct GitStoreCommitTests {
    private func put(_ path: String, _ content: String, executable: Bool? = false, in fixture: GitFixture)
        async throws -> TreeChange
    {
        let blob = try await fixture.store.writeBlob(Array(content.utf8), in: 1)
        return .put(path: try gitPath(path), blob: blob, executable: executable)
    }

    private func commit(_ changes: [TreeChange], on parents: [CommitID] = [], in fixture: GitFixture)
        async throws -> CommitID
    {
        try await fixture.store.commit(
            changes: changes, parents: parents, author: .ada, committer: .ada, message: "change", in: 1)
    }

    private func paths(_ commit: CommitID, in fixture: GitFixture) throws -> [String] {
        try fixture.text([fixture.gitDirectory(1), "ls-tree", "-r", "--name-only", commit.hex])
            .split(separator: "\n").map(String.init)
    }

    @Test("a commit has the very id git gives it")
    func sameAsGit() async throws {
        let fixture = try GitFixture()
        let work = try fixture.workspace()
        try work.write("README.md", "hello\n")
        try work.write("a/b/c.txt", "deep\n")
        try work.write("a.txt", "beside a\n")
        let first = try work.commit("first")
        try work.write("a/b/d.txt", "more\n")
        try FileManager.default.removeItem(atPath: work.directory + "/a/b/c.txt")
        let second = try work.commit("second\n\nwith a body")

        try await fixture.store.create(1)
        let mineFirst = try await fixture.store.commit(
            changes: [
                put("README.md", "hello\n", in: fixture), put("a/b/c.txt", "deep\n", in: fixture),
                put("a.txt", "beside a\n", in: fixture),
            ], parents: [], author: .ada, committer: .ada, message: "first", in: 1)
        #expect(mineFirst == first)
        let mineSecond = try await fixture.store.commit(
            changes: [put("a/b/d.txt", "more\n", in: fixture), .delete(path: gitPath("a/b/c.txt"))],
            parents: [mineFirst], author: .ada, committer: .ada, message: "second\n\nwith a body\n", in: 1)
        #expect(mineSecond == second)
        #expect(try fixture.complaints(1) == "")
    }

    @Test("a file that is replaced stays one that may be run, where nobody says otherwise")
    func keepsMode() async throws {
        let fixture = try GitFixture()
        try await fixture.store.create(1)
        let first = try await commit(
            [put("run.sh", "1\n", executable: true, in: fixture), put("a/b.sh", "1\n", executable: true, in: fixture)],
            in: fixture)
        let second = try await commit(
            [
                put("run.sh", "2\n", executable: nil, in: fixture),
                put("a/b.sh", "2\n", executable: false, in: fixture),
                put("new.sh", "2\n", executable: nil, in: fixture),
            ], on: [first], in: fixture)
        let listed = try fixture.text([fixture.gitDirectory(1), "ls-tree", "-r", second.hex])
        let modes = listed.split(separator: "\n").map { "\($0.prefix(6)) \($0.split(separator: "\t").last ?? "")" }
        #expect(modes == ["100644 a/b.sh", "100644 new.sh", "100755 run.sh"])
    }

    @Test("an empty commit has git's empty tree")
    func emptyTree() async throws {
        let fixture = try GitFixture()
        try await fixture.store.create(1)
        let id = try await commit([], in: fixture)
        let info = try await fixture.store.commit(id, in: 1)
        #expect(info?.tree.hex == "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
        #expect(try fixture.complaints(1) == "")
    }

    @Test("a folder goes with its last file, and a folder can be deleted as a whole")
    func deletions() async throws {
        let fixture = try GitFixture()
        try await fixture.store.create(1)
        let base = try await commit(
            [
                put("a/b/c", "1", in: fixture), put("d/e", "2", in: fixture), put("d/f/g", "3", in: fixture),
                put("z", "4", in: fixture),
            ], in: fixture)
        let pruned = try await commit([.delete(path: gitPath("a/b/c"))], on: [base], in: fixture)
        #expect(try paths(pruned, in: fixture) == ["d/e", "d/f/g", "z"])
        let whole = try await commit([.delete(path: gitPath("d"))], on: [pruned], in: fixture)
        #expect(try paths(whole, in: fixture) == ["z"])
        let none = try await commit([.delete(path: gitPath("z"))], on: [whole], in: fixture)
        #expect(try paths(none, in: fixture) == [])
        #expect(try fixture.complaints(1) == "")
    }

    @Test("deleting what is not there is an error that names it", arguments: ["x", "a/x", "a/b/c/d", "x/y"])
    func absent(path: String) async throws {
        let fixture = try GitFixture()
        try await fixture.store.create(1)
        let base = try await commit([put("a/b/c", "1", in: fixture)], in: fixture)
        let error = await #expect(throws: HubError.self) {
            try await commit([.delete(path: gitPath(path))], on: [base], in: fixture)
        }
        #expect(error?.code == .entryNotFound)
    }

    @Test("a file and a folder cannot share a path")
    func conflicts() async throws {
        let fixture = try GitFixture()
        try await fixture.store.create(1)
        let base = try await commit([put("a/b", "1", in: fixture), put("f", "2", in: fixture)], in: fixture)
        let attempts: [[TreeChange]] = [
            [try await put("a", "x", in: fixture)],
            [try await put("f/x", "x", in: fixture)],
            [try await put("n", "x", in: fixture), try await put("n/x", "x", in: fixture)],
            [try await put("n/x", "x", in: fixture), try await put("n", "x", in: fixture)],
        ]
        for changes in attempts {
            let error = await #expect(throws: HubError.self) { try await commit(changes, on: [base], in: fixture) }
            #expect(error?.code == .unprocessable)
        }
    }

    @Test("a file takes a folder's place, and a folder a file's, when the old one is deleted in the same commit")
    func replacements() async throws {
        let fixture = try GitFixture()
        try await fixture.store.create(1)
        let base = try await commit([put("a/b", "1", in: fixture), put("f", "2", in: fixture)], in: fixture)
        let swapped = try await commit(
            [
                .delete(path: gitPath("a")), put("a", "x", in: fixture), .delete(path: gitPath("f")),
                put("f/x", "y", in: fixture),
            ], on: [base], in: fixture)
        #expect(try paths(swapped, in: fixture) == ["a", "f/x"])
        let emptied = try await commit(
            [.delete(path: gitPath("a/b")), put("a", "x", in: fixture)], on: [base], in: fixture)
        #expect(try paths(emptied, in: fixture) == ["a", "f"])
        #expect(try fixture.complaints(1) == "")
    }

    @Test("of several changes to one path the last wins")
    func order() async throws {
        let fixture = try GitFixture()
        try await fixture.store.create(1)
        let id = try await commit(
            [
                put("a", "1", in: fixture), put("a", "2", in: fixture), put("b", "1", in: fixture),
                .delete(path: gitPath("b")), put("c/d", "1", in: fixture), .delete(path: gitPath("c/d")),
            ], in: fixture)
        #expect(try paths(id, in: fixture) == ["a"])
        #expect(try fixture.text([fixture.gitDirectory(1), "show", "\(id):a"]) == "2")
    }

    @Test("a commit cannot name content, parents or trees that are not stored")
    func strictness() async throws {
        let fixture = try GitFixture()
        try await fixture.store.create(1)
        let missing = ObjectID.blob(of: [1, 2, 3])
        let blob = await #expect(throws: HubError.self) {
            try await commit([.put(path: gitPath("a"), blob: missing, executable: false)], in: fixture)
        }
        #expect(blob?.code == .unprocessable)
        let parent = await #expect(throws: HubError.self) { try await commit([], on: [missing], in: fixture) }
        #expect(parent?.code == .revisionNotFound)
        let empty = try await commit([put("a", "1", in: fixture)], in: fixture)
        await #expect(throws: HubError.self) {
            try await commit([.put(path: gitPath("b"), blob: empty, executable: false)], in: fixture)
        }
    }

    @Test("names, dates and messages that git's format cannot hold still give a clean commit")
    func hostileSignatures() async throws {
        let fixture = try GitFixture()
        try await fixture.store.create(1)
        let odd = Signature(name: " <a>\n\0b ", email: "x>\ny", seconds: -5, offsetMinutes: 9999)
        let nameless = Signature(name: "<>", email: "", seconds: 1, offsetMinutes: -90)
        let id = try await fixture.store.commit(
            changes: [], parents: [], author: odd, committer: nameless, message: "a\0b", in: 1)
        #expect(try fixture.complaints(1) == "")
        let info = try #require(try await fixture.store.commit(id, in: 1))
        #expect(info.author == Signature(name: "ab", email: "xy", seconds: 0))
        #expect(info.committer == Signature(name: "unknown", email: "", seconds: 1, offsetMinutes: -90))
        #expect(info.message == "ab\n")
    }

    @Test("what a commit puts and takes back twice was never there, and is no reason to refuse it")
    func takenBackTwice() async throws {
        let fixture = try GitFixture()
        try await fixture.store.create(1)
        let again = try await put("a", "1", in: fixture)
        let kept = try await put("b", "2", in: fixture)
        let gone = TreeChange.delete(path: try gitPath("a"))
        let id = try await commit([again, gone, again, gone, kept], in: fixture)
        let listed = try await fixture.store.list(nil, commit: id, in: 1, recursive: true) ?? []
        #expect(listed.map(\.path) == ["b"])
    }

    @Test("random trees are built as git builds them")
    func randomTrees() async throws {
        let fixture = try GitFixture()
        try await fixture.store.create(1)
        var generator = SystemRandomNumberGenerator()
        let names = ["a", "a.b", "a0", "a-", "b", "B", "é", "z z"]
        var files: [String: String] = [:]
        var last: [CommitID] = []
        for round in 0..<12 {
            var changes: [TreeChange] = []
            for _ in 0..<20 {
                let path = (0...Int.random(in: 0...3, using: &generator))
                    .compactMap { _ in names.randomElement(using: &generator) }.joined(separator: "/")
                let isTaken = files.keys.contains { $0.hasPrefix(path + "/") || path.hasPrefix($0 + "/") }
                if files[path] != nil, Bool.random(using: &generator) {
                    files[path] = nil
                    changes.append(.delete(path: try gitPath(path)))
                } else if !isTaken {
                    files[path] = "\(round)"
                    changes.append(try await put(path, "\(round)", in: fixture))
                }
            }
            last = [try await commit(changes, on: last, in: fixture)]
            #expect(try paths(last[0], in: fixture).count == files.count)
            let listed = try await fixture.store.list(nil, commit: last[0], in: 1, recursive: true) ?? []
            #expect(Set(listed.filter { $0.kind == .file }.map(\.path)) == Set(files.keys))
        }
        #expect(try fixture.complaints(1) == "")
    }

    @Test("ten thousand changes in nested folders are one commit, quickly")
    func manyChanges() async throws {
        let fixture = try GitFixture()
        try await fixture.store.create(1)
        let blob = try await fixture.store.writeBlob([1], in: 1)
        let changes = try (0..<10_000).map {
            TreeChange.put(path: try gitPath("d\($0 % 10)/e\($0 % 50)/f\($0)"), blob: blob, executable: $0 % 2 == 0)
        }
        let clock = ContinuousClock()
        let start = clock.now
        let id = try await commit(changes, in: fixture)
        #expect(clock.now - start < .seconds(20))
        let entries = try await fixture.store.list(nil, commit: id, in: 1, recursive: true) ?? []
        #expect(entries.count { $0.kind == .executable } == 5000)
        #expect(try fixture.complaints(1) == "")
    }
}
