import Foundation
import Synchronization
import Testing

@testable import HubCore

@Suite("What a push brings")
struct PushIntakeTests {
    private struct World {
        let fixture: GitFixture
        let work: Workspace

        init() async throws {
            fixture = try GitFixture()
            work = try fixture.workspace()
            try await fixture.store.create(1)
        }

        func receive<Result: Sendable>(
            _ pack: [UInt8], isAdmitted: Bool = true, _ look: (PushedObjects) async throws -> Result
        ) async throws -> Result {
            try await fixture.store.receive(in: 1, limits: PackLimits(), pack: Chunks(bytes: pack)) { objects, _ in
                (try await look(objects), isAdmitted)
            }
        }

        func names(in folder: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(
                atPath: fixture.store.directory(of: 1) + "/objects/" + folder)
        }

        var unsynced: Set<ObjectID> { fixture.store.unsynced.withLock { $0[1]?.ids ?? [] } }
    }

    @Test("lies loose when it is small, to be made durable with its refs, and in a pack when it is not")
    func small() async throws {
        let world = try await World()
        try world.work.write("a/b.txt", "first")
        let first = try world.work.commit("first")
        try await world.receive(try world.work.pack("main")) { _ in }
        #expect(try world.names(in: "pack").isEmpty)
        #expect(world.unsynced.count == 4 && world.unsynced.contains(first))
        #expect(world.fixture.store.unsynced.withLock { $0[1]?.forJournal?.count } == 4)
        // A thin pack on top.
        try world.work.write("a/b.txt", "second")
        let second = try world.work.commit("second")
        try await world.receive(try world.work.pack("main\n^\(first)", thin: true)) { _ in }
        #expect(try await world.fixture.store.commit(second, in: 1)?.parents == [first])
        #expect(try world.fixture.complaints(1) == "")
        for number in 0..<60 { try world.work.write("many/\(number).txt", "\(number)") }
        let third = try world.work.commit("third")
        try await world.receive(try world.work.pack("main\n^\(second)")) { _ in }
        let packs = try world.names(in: "pack")
        #expect(packs.contains { $0.hasSuffix(".pack") })
        #expect(!world.unsynced.contains(third))
        #expect(try await world.fixture.store.commit(third, in: 1)?.parents == [second])
    }

    @Test("leaves nothing when it is not let in")
    func refused() async throws {
        let world = try await World()
        try world.work.write("a.txt", "first")
        let commit = try world.work.commit("first")
        try await world.receive(try world.work.pack("main"), isAdmitted: false) { _ in }
        #expect(world.unsynced.isEmpty)
        #expect(try await !world.fixture.store.contains(commit, in: 1))
    }

    @Test("is looked at with what is here: commits, tags of tags, pointers, large files and entries")
    func looks() async throws {
        let world = try await World()
        let oid = String(repeating: "ab", count: 32)
        try world.work.write("model.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:\(oid)\nsize 12\n")
        try world.work.write("sub/deep/large.txt", String(repeating: "x", count: 5_000))
        let commit = try world.work.commit("first")
        try world.work.git("tag", "-a", "-m", "one", "one")
        try world.work.git("tag", "-a", "-m", "two", "two", "one")
        let tag = try world.fixture.id(["rev-parse", "two"], in: world.work.directory)
        let tree = try world.fixture.id(["rev-parse", "main^{tree}"], in: world.work.directory)
        let absent = try #require(ObjectID(String(repeating: "1", count: 40)))
        try await world.receive(try world.work.pack("main\ntwo")) { objects in
            let tips = try await objects.tips([commit, tag, tree, absent])
            #expect(tips == [commit: .init(peeled: nil), tag: .init(peeled: commit)])
            let contents = try await objects.contents(of: [commit], beyond: [], largest: 1_000)
            #expect(contents.largeFiles == [.init(path: "sub/deep/large.txt", size: 5_000)])
            #expect(contents.pointers.map(\.path) == ["model.bin"])
            #expect(contents.pointers.first?.commit == commit)
            #expect(contents.pointers.first?.pointer.oid.hex == oid)
            // model.bin, sub, sub/deep and the file in it.
            #expect(try await !objects.hasMoreEntries(commit, than: 4))
            #expect(try await !objects.hasMoreEntries(commit, than: 4))
        }
        let other = try await World()
        try await other.receive(try world.work.pack("main")) { objects in
            let hasMore = try await objects.hasMoreEntries(commit, than: 3)
            #expect(hasMore)
        }
    }

    @Test("of one folder named many times over many levels is counted without being walked for ever")
    func expanding() async throws {
        let world = try await World()
        try world.work.write("0/f", "x")
        var folder = try {
            try world.work.commit("base")
            return try world.fixture.id(["rev-parse", "main:0"], in: world.work.directory)
        }()
        for _ in 0..<40 {
            let lines = (0..<10).map { "040000 tree \(folder)\tn\($0)\n" }.joined()
            let output = try world.fixture.git(["mktree"], in: world.work.directory, input: Array(lines.utf8))
            folder = try #require(ObjectID(String(decoding: output.prefix(40), as: UTF8.self)))
        }
        let output = try world.fixture.git(["commit-tree", "-m", "bomb", folder.hex], in: world.work.directory)
        let commit = try #require(ObjectID(String(decoding: output.prefix(40), as: UTF8.self)))
        try await world.receive(try world.work.pack("\(commit)")) { objects in
            let hasMore = try await objects.hasMoreEntries(commit, than: 100_000)
            #expect(hasMore)
        }
    }
}
