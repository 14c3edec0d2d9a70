import Foundation
import HubCore
import Testing

@Suite("Pack intake")
struct PackIntakeTests {
    private struct Stop: Error {}

    private func history(_ fixture: GitFixture) throws -> (Workspace, [CommitID]) {
        let work = try fixture.workspace()
        var ids: [CommitID] = []
        for number in 0..<5 {
            try work.write("f", (0..<2000).map { "\($0 * 31 % 977) line\n" }.joined() + "\(number)")
            try work.write("g\(number)", "\(number)")
            ids.append(try work.commit("c\(number)"))
        }
        return (work, ids)
    }

    /// Nothing in the repository or beside it tells of the attempt.
    private func expectNothing(_ fixture: GitFixture) throws {
        let directory = fixture.store.directory(of: 1)
        let files = try FileManager.default.subpathsOfDirectory(atPath: directory + "/objects")
        #expect(Set(files) == ["info", "pack"])
        let incoming = (try? FileManager.default.contentsOfDirectory(atPath: fixture.folder + "/git/incoming")) ?? []
        #expect(incoming == [])
    }

    private func intake(
        _ chunks: Chunks, limits: PackLimits = PackLimits(), in fixture: GitFixture
    ) async throws -> PackIntakeResult {
        try await fixture.store.intakePack(in: 1, keepMessage: "from\nupstream", limits: limits, chunks: chunks)
    }

    @Test("a good pack's objects can be read, and its files are in place", arguments: [1, 100, 1 << 20])
    func good(chunkSize: Int) async throws {
        let fixture = try GitFixture()
        let (work, ids) = try history(fixture)
        try await fixture.store.create(1)
        #expect(try await !fixture.store.contains(ids[4], in: 1))
        let pack = try work.pack("main")
        let size = chunkSize == 1 ? max(1, pack.count / 5000) : chunkSize
        let result = try await intake(Chunks(bytes: pack, size: size), in: fixture)
        #expect(result.byteCount == Int64(pack.count))
        #expect(result.objectCount == 20)
        #expect(try await fixture.store.contains(ids[4], in: 1))
        #expect(try await fixture.store.history(from: ids[4], in: 1, path: nil, skip: 0, limit: 10).count == 5)
        #expect(try fixture.complaints(1) == "")
        let name = try #require(result.pack)
        let keep = fixture.store.directory(of: 1) + "/objects/pack/pack-\(name).keep"
        #expect(try String(contentsOfFile: keep, encoding: .utf8) == "from upstream\n")
        try await fixture.store.releaseKeep(result, in: 1)
        #expect(!FileManager.default.fileExists(atPath: keep))
        // The same pack once more changes nothing.
        #expect(try await intake(Chunks(bytes: pack), in: fixture).pack == name)
        #expect(try fixture.complaints(1) == "")
    }

    @Test("a thin pack is completed from what is stored")
    func thin() async throws {
        let fixture = try GitFixture()
        let (work, ids) = try history(fixture)
        try await fixture.store.create(1)
        _ = try await intake(Chunks(bytes: try work.pack("\(ids[3])")), in: fixture)
        let thin = try work.pack("\(ids[4])\n^\(ids[3])", thin: true)
        _ = try await intake(Chunks(bytes: thin), in: fixture)
        #expect(try await fixture.store.contains(ids[4], in: 1))
        #expect(try fixture.complaints(1) == "")

        try await fixture.store.create(2)
        let error = await #expect(throws: HubError.self) {
            try await fixture.store.intakePack(
                in: 2, keepMessage: "t", limits: PackLimits(), chunks: Chunks(bytes: thin))
        }
        #expect(error?.code == .upstreamCorrupt)
    }

    @Test("a pack of nothing stores nothing")
    func empty() async throws {
        let fixture = try GitFixture()
        let work = try fixture.workspace()
        try await fixture.store.create(1)
        let pack = try fixture.git(["pack-objects", "--stdout", "-q"], in: work.directory)
        let result = try await intake(Chunks(bytes: pack), in: fixture)
        #expect(result == PackIntakeResult(pack: nil, objectCount: 0, byteCount: 32))
        try expectNothing(fixture)
    }

    @Test("a pack with any byte changed is refused and leaves nothing")
    func corrupt() async throws {
        let fixture = try GitFixture()
        let (work, _) = try history(fixture)
        try await fixture.store.create(1)
        let pack = try work.pack("main")
        for position in [0, 5, 10, 13, pack.count / 2, pack.count - 1] {
            var bytes = pack
            bytes[position] ^= 0x5A
            let error = await #expect(throws: HubError.self) { try await intake(Chunks(bytes: bytes), in: fixture) }
            #expect([.upstreamCorrupt, .payloadTooLarge].contains(error?.code))
            try expectNothing(fixture)
        }
    }

    @Test("a pack that ends early is refused and leaves nothing")
    func truncated() async throws {
        let fixture = try GitFixture()
        let (work, _) = try history(fixture)
        try await fixture.store.create(1)
        let pack = try work.pack("main")
        for length in [0, 3, 12, pack.count / 2, pack.count - 20, pack.count - 1] {
            let error = await #expect(throws: HubError.self) {
                try await intake(Chunks(bytes: Array(pack.prefix(length))), in: fixture)
            }
            #expect(error?.code == .upstreamCorrupt)
            try expectNothing(fixture)
        }
    }

    @Test("when the sequence fails, even behind the last byte, nothing is taken and its error is thrown")
    func failingInput() async throws {
        let fixture = try GitFixture()
        let (work, _) = try history(fixture)
        try await fixture.store.create(1)
        let pack = try work.pack("main")
        for length in [0, pack.count / 2, pack.count] {
            await #expect(throws: Stop.self) {
                try await intake(Chunks(bytes: Array(pack.prefix(length)), size: 64, failure: Stop()), in: fixture)
            }
            try expectNothing(fixture)
        }
    }

    @Test("a cancelled intake ends and leaves nothing")
    func cancelled() async throws {
        let fixture = try GitFixture()
        try await fixture.store.create(1)
        let (chunks, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        continuation.yield(Array("PACK\0\0\0\u{2}\0\0\0\u{5}".utf8))
        let store = fixture.store
        let task = Task {
            try await store.intakePack(in: 1, keepMessage: "t", limits: PackLimits(), chunks: chunks)
        }
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
        try expectNothing(fixture)
    }

    @Test("S33: limits on bytes and objects hold")
    func limits() async throws {
        let fixture = try GitFixture()
        let (work, _) = try history(fixture)
        try await fixture.store.create(1)
        let pack = try work.pack("main")
        for limits in [PackLimits(maximumBytes: Int64(pack.count - 1)), PackLimits(maximumObjects: 19)] {
            let error = await #expect(throws: HubError.self) {
                try await intake(Chunks(bytes: pack), limits: limits, in: fixture)
            }
            #expect(error?.code == .payloadTooLarge)
            try expectNothing(fixture)
        }
        let exact = PackLimits(maximumBytes: Int64(pack.count), maximumObjects: 20)
        _ = try await intake(Chunks(bytes: pack), limits: exact, in: fixture)
    }

    @Test("S28: trees that would write into .git are refused", arguments: [".git", "..", ".GIT", "git~1", "."])
    func maliciousTree(name: String) async throws {
        let fixture = try GitFixture()
        let work = try fixture.workspace()
        let blob = try fixture.id(["hash-object", "-w", "--stdin"], in: work.directory, input: [1])
        let tree = try fixture.id(
            ["hash-object", "-t", "tree", "-w", "--stdin", "--literally"], in: work.directory,
            input: Array("100644 \(name)\0".utf8) + blob.bytes)
        let pack = try fixture.git(
            ["pack-objects", "--stdout", "-q"], in: work.directory, input: Array("\(tree)\n\(blob)\n".utf8))
        try await fixture.store.create(1)
        let error = await #expect(throws: HubError.self) { try await intake(Chunks(bytes: pack), in: fixture) }
        #expect(error?.code == .upstreamCorrupt)
        #expect(error?.message.contains("fsck") == true)
        try expectNothing(fixture)
    }

    @Test("S33: an object that hides a large allocation is stopped by the address space limit")
    func memoryLimit() async throws {
        let fixture = try GitFixture()
        let work = try fixture.workspace()
        // A commit with a message of 200 MB packs into 200 KB, and has nothing else that could be refused.
        let who = "A <a@example.org> 1700000000 +0000"
        let head = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor \(who)\ncommitter \(who)\n\n"
        let text = Array(head.utf8) + [UInt8](repeating: 0x20, count: 200 << 20)
        let id = try fixture.id(
            ["hash-object", "-t", "commit", "-w", "--stdin", "--literally"], in: work.directory, input: text)
        let pack = try fixture.git(
            ["pack-objects", "--stdout", "-q"], in: work.directory, input: Array("\(id)\n".utf8))
        try await fixture.store.create(1)
        let error = await #expect(throws: HubError.self) {
            try await intake(Chunks(bytes: pack), limits: PackLimits(addressSpace: 128 << 20), in: fixture)
        }
        #expect(error?.code == .upstreamCorrupt)
        try expectNothing(fixture)
    }
}
