import HubCore
import Testing

@Suite("Names git gives things")
struct GitNamesTests {
    @Test("an object id reads 40 hexadecimal digits of either case and writes lower case")
    func objectIDs() {
        let hex = "0123456789abcdef0123456789abcdef01234567"
        #expect(ObjectID(hex)?.hex == hex)
        #expect(ObjectID(hex.uppercased())?.hex == hex)
        #expect(ObjectID(hex).map { ObjectID(bytes: $0.bytes) } == ObjectID(hex))
        for wrong in ["", "0", hex + "0", String(hex.dropLast()), String(hex.dropLast()) + "g", "é" + hex.dropFirst(2)]
        {
            #expect(ObjectID(wrong) == nil)
        }
        #expect(ObjectID(bytes: [1, 2, 3]) == nil)
        #expect(ObjectID.zero.hex == String(repeating: "0", count: 40))
    }

    @Test("object ids sort as their digits do")
    func objectIDOrder() {
        var generator = SystemRandomNumberGenerator()
        let ids = (0..<200).compactMap { _ in
            ObjectID(bytes: (0..<20).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
        #expect(ids.sorted().map(\.hex) == ids.map(\.hex).sorted())
    }

    @Test("the id of a blob is git's")
    func blobIDs() throws {
        let fixture = try GitFixture()
        for content in [[], Array("hello\n".utf8), (0..<70_000).map { UInt8(truncatingIfNeeded: $0) }] {
            let expected = try fixture.id(["hash-object", "--stdin"], input: content)
            #expect(ObjectID.blob(of: content) == expected)
        }
    }

    @Test(
        "ref names are judged as git check-ref-format judges them",
        arguments: [
            "refs/heads/main", "refs/heads/a/b", "refs/tags/v1.0", "refs/pr/1", "refs/heads/é", "refs/heads/a b",
            "refs/heads/a..b", "refs/heads/.a", "refs/heads/a.lock", "refs/heads/a.lock/b", "refs/heads/a.",
            "refs/heads/a/", "refs/heads//a", "/refs/heads/a", "refs/heads/a~1", "refs/heads/a^", "refs/heads/a:b",
            "refs/heads/a?", "refs/heads/a*", "refs/heads/[a", "refs/heads/a\\b", "refs/heads/@{", "refs/heads/a@{b",
            "refs/heads/@", "refs/heads/-a", "refs/heads/a\u{1}", "refs/heads/a\u{7F}", "refs/heads/{a}", "refs/a",
            "refs/heads/a.b", "refs/heads/a.lockb", "refs/heads/..", "refs/heads/a/.b", "refs/heads/HEAD", "refs/",
            "refs", "refs/heads/",
        ])
    func refNames(name: String) throws {
        let fixture = try GitFixture()
        let accepted = (try? fixture.git(["check-ref-format", name])) != nil
        #expect((RefName(name) != nil) == accepted)
    }

    @Test("names outside refs/ and names of absurd length are no refs")
    func refNameLimits() {
        #expect(RefName("main") == nil)
        #expect(RefName("HEAD") == nil)
        #expect(RefName("heads/main") == nil)
        #expect(RefName("refs/heads/" + String(repeating: "a", count: 2000)) == nil)
        #expect(RefName.branch("feature/x")?.name == "refs/heads/feature/x")
        #expect(RefName.tag("v1..0") == nil)
    }

    @Test("people see branches and tags by their short names")
    func shortNames() {
        #expect(RefName("refs/heads/main")?.shortName == "main")
        #expect(RefName("refs/tags/v1.0")?.shortName == "v1.0")
        #expect(RefName("refs/pr/1")?.shortName == "refs/pr/1")
        #expect(RefName("refs/heads/main")?.isBranch == true)
        #expect(RefName("refs/tags/v1.0")?.isTag == true)
    }

    @Test("ref names are compared by bytes, as git does")
    func refNameEquality() {
        #expect(RefName("refs/heads/\u{E9}") != RefName("refs/heads/e\u{301}"))
    }

    @Test(
        "paths that lead out of a tree or into .git are refused",
        arguments: [
            "", "/", "/a", "a/", "a//b", ".", "..", "a/..", "a/../b", "./a", "a/.", "a\0b", ".git", ".GIT", "a/.git/b",
            ".Git", ".git/config", "git~1", "GIT~1/x", ".git.", ".git ", ".git . .", ".git::$INDEX_ALLOCATION",
            ".git\\config", "a\\.git", ".g\u{200C}it", "\u{FEFF}.GiT",
        ])
    func refusedPaths(path: String) {
        #expect(GitPath(path) == nil)
    }

    @Test(
        "ordinary and odd but harmless paths are taken",
        arguments: [
            "a", "a/b/c.txt", ".gitattributes", ".gitignore", ".github/x", "git", "a.git", "-rf", "a b", "é", "a\nb",
            "...", "a..b", "git~2", "%2e%2e%2f", ".gitx", "🦆/x", "a\\b", "C:x",
        ])
    func acceptedPaths(path: String) {
        #expect(GitPath(path)?.path == path)
    }

    @Test("S26, S28: no path that git fsck refuses in a tree is taken")
    func pathsAgreeWithFsck() async throws {
        let fixture = try GitFixture()
        let names = ["a", "git~1", ".git", ".GIT", ".git ", ".git.", ".g\u{200D}it", "b\\.git", ".git\\c", "git~12"]
        for (key, name) in zip(Int64(1)..., names) {
            // fsck looks at every object, so each name has a repository of its own.
            try await fixture.store.create(key)
            let blob = try await fixture.store.writeBlob([1], in: key)
            let tree = Array("100644 \(name)\0".utf8) + blob.bytes
            let id = try fixture.id(
                [fixture.gitDirectory(key), "hash-object", "-t", "tree", "-w", "--stdin", "--literally"], input: tree)
            let complaints = (try? fixture.text([fixture.gitDirectory(key), "fsck", "--strict", id.hex])) == nil
            #expect(complaints == (GitPath(name) == nil), "\(name)")
        }
    }

    @Test("a path knows its parts, its name and its folder")
    func pathParts() throws {
        let path = try gitPath("a/b/c.txt")
        #expect(path.components == ["a", "b", "c.txt"])
        #expect(path.name == "c.txt")
        #expect(path.parent == GitPath("a/b"))
        #expect(try gitPath("a").parent == nil)
        #expect(GitPath("a/\u{E9}") != GitPath("a/e\u{301}"))
        #expect(GitPath(String(repeating: "a/", count: 2048) + "b") == nil)
    }
}
