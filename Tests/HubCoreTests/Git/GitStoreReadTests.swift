import Foundation
import HubCore
import Testing

@Suite("Reading repositories")
struct GitStoreReadTests {
    private static let pointer = """
        version https://git-lfs.github.com/spec/v1
        oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
        size 12345

        """

    @Test("S26: a repository's folder comes from its key alone and is made and removed whole")
    func lifecycle() async throws {
        let fixture = try GitFixture()
        let store = fixture.store
        #expect(await !store.exists(7))
        try await store.create(7)
        try await store.create(7)
        #expect(await store.exists(7))
        #expect(store.directory(of: 7).hasSuffix("/7.git"))
        #expect(store.directory(of: 7) != store.directory(of: 8))
        #expect(try fixture.text([fixture.gitDirectory(7), "rev-parse", "--is-bare-repository"]) == "true")
        #expect(!FileManager.default.fileExists(atPath: store.directory(of: 7) + "/hooks"))
        let blob = try await store.writeBlob([1], in: 7)
        try await store.remove(7)
        #expect(await !store.exists(7))
        try await store.create(7)
        #expect(try await !store.contains(blob, in: 7))
    }

    @Test("a folder lists its entries as git ls-tree does, pointers and sizes included")
    func listing() async throws {
        let fixture = try GitFixture()
        let work = try fixture.workspace()
        try work.write("model.bin", Self.pointer)
        try work.write("run.sh", "#!/bin/sh\n")
        try work.write("a/x", "1234")
        try work.write("a.b", "12")
        try work.write("a0/é", "1")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: work.directory + "/run.sh")
        try FileManager.default.createSymbolicLink(
            atPath: work.directory + "/link", withDestinationPath: "../../../etc/passwd")
        try work.git("update-index", "--add", "--cacheinfo", "160000,\(String(repeating: "1", count: 40)),module")
        try work.git("add", "-A", "--", "model.bin", "run.sh", "a", "a.b", "a0", "link")
        try work.git("commit", "-q", "-m", "one")
        let commit = try fixture.id(["rev-parse", "HEAD"], in: work.directory)
        let key = try await fixture.stored(work)

        let flat = try #require(try await fixture.store.list(nil, commit: commit, in: key, recursive: false))
        #expect(flat.map(\.path) == ["a.b", "a", "a0", "link", "model.bin", "module", "run.sh"])
        #expect(flat.map(\.kind) == [.file, .directory, .directory, .symlink, .file, .submodule, .executable])
        #expect(flat.map(\.size) == [2, 0, 0, 19, 130, 0, 10])
        #expect(flat[4].lfs?.size == 12345)
        #expect(flat[4].contentSize == 12345)
        #expect(flat[0].contentSize == 2)

        let all = try #require(try await fixture.store.list(nil, commit: commit, in: key, recursive: true))
        let expected = try fixture.text([
            fixture.gitDirectory(key), "-c", "core.quotePath=false", "ls-tree", "-r", "-t", "--name-only", commit.hex,
        ])
        #expect(all.map(\.path).joined(separator: "\n") == expected)

        let inner = try await fixture.store.list(gitPath("a"), commit: commit, in: key, recursive: true)
        #expect(inner?.map(\.path) == ["a/x"])
        #expect(try await fixture.store.list(gitPath("a.b"), commit: commit, in: key, recursive: false) == nil)
        #expect(try await fixture.store.list(gitPath("none"), commit: commit, in: key, recursive: false) == nil)
        #expect(try await fixture.store.list(gitPath("link"), commit: commit, in: key, recursive: false) == nil)

        let deep = try await fixture.store.entry(at: gitPath("a0/é"), commit: commit, in: key)
        #expect(deep?.size == 1)
        #expect(try await fixture.store.entry(at: gitPath("a/none"), commit: commit, in: key) == nil)
        #expect(try await fixture.store.entry(at: gitPath("link/x"), commit: commit, in: key) == nil)
        #expect(try await fixture.store.entry(at: gitPath("a.b/x"), commit: commit, in: key) == nil)
        #expect(try await fixture.store.entry(at: gitPath("a"), commit: commit, in: key)?.kind == .directory)
    }

    @Test("a commit that is not stored is not found")
    func missingCommit() async throws {
        let fixture = try GitFixture()
        try await fixture.store.create(1)
        let missing = ObjectID.blob(of: [9])
        #expect(try await fixture.store.commit(missing, in: 1) == nil)
        let error = await #expect(throws: HubError.self) {
            try await fixture.store.list(nil, commit: missing, in: 1, recursive: false)
        }
        #expect(error?.code == .revisionNotFound)
        let gone = await #expect(throws: HubError.self) { try await fixture.store.contains(missing, in: 99) }
        #expect(gone?.code == .storageCorrupt)
    }

    @Test("a blob is read up to the limit and no further")
    func blobs() async throws {
        let fixture = try GitFixture()
        try await fixture.store.create(1)
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        let id = try await fixture.store.writeBlob(bytes, in: 1)
        #expect(id == ObjectID.blob(of: bytes))
        #expect(try await fixture.store.blob(id, in: 1, limit: 1000) == bytes)
        let large = await #expect(throws: HubError.self) { try await fixture.store.blob(id, in: 1, limit: 999) }
        #expect(large?.code == .payloadTooLarge)
        let missing = await #expect(throws: HubError.self) {
            try await fixture.store.blob(.blob(of: [1]), in: 1, limit: 10)
        }
        #expect(missing?.code == .blobNotFound)
    }

    @Test("tags of tags peel to their commit, and blobs to none")
    func peeling() async throws {
        let fixture = try GitFixture()
        let work = try fixture.workspace()
        try work.write("a", "1")
        let commit = try work.commit("one")
        try work.git("tag", "-a", "-m", "v1", "v1")
        try work.git("tag", "-a", "-m", "v2", "v2", "v1")
        let key = try await fixture.stored(work)
        let tag = try fixture.id(["rev-parse", "v2"], in: work.directory)
        let blob = try fixture.id(["rev-parse", "HEAD:a"], in: work.directory)
        #expect(try await fixture.store.peelToCommit(tag, in: key) == commit)
        #expect(try await fixture.store.peelToCommit(commit, in: key) == commit)
        #expect(try await fixture.store.peelToCommit(blob, in: key) == nil)
        #expect(try await fixture.store.peelToCommit(.blob(of: [7]), in: key) == nil)
        #expect(try await fixture.store.peelTag(tag, in: key) == commit)
        #expect(try await fixture.store.peelTag(commit, in: key) == nil)
    }

    @Test("a commit's people, dates and message are read as git wrote them")
    func commitInfo() async throws {
        let fixture = try GitFixture()
        let work = try fixture.workspace()
        let id = try work.commit("Title of it\nsecond line\n\nBody é\n\nEnd", at: 1_700_000_123)
        let key = try await fixture.stored(work)
        let info = try #require(try await fixture.store.commit(id, in: key))
        #expect(
            info.author == Signature(name: "Ada", email: "ada@example.org", seconds: 1_700_000_123, offsetMinutes: 120))
        #expect(info.parents == [])
        #expect(info.title == "Title of it second line")
        #expect(info.body == "Body é\n\nEnd")
    }
}
