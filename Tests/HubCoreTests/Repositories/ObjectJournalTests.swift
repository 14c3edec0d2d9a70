import Foundation
import SQL
import Testing

@testable import HubCore

@Suite("The journal of git objects")
struct ObjectJournalTests {
    private struct World {
        let fixture: HubFixture
        let repository: Repository

        init() async throws {
            fixture = try await HubFixture()
            _ = try await fixture.create("model:ada/one")
            repository = try await fixture.authorizer.openAsOperator(.contentWrite, HubFixture.id("model:ada/one"))
        }

        @discardableResult
        func commit(_ files: [String: String]) async throws -> CommitID {
            let operations = try files.map { name, text in
                CommitOperation.write(path: try #require(GitPath(name)), bytes: Array(text.utf8))
            }
            let draft = CommitDraft(
                ref: try #require(RefName.branch("main")), expectedParent: nil, operations: operations, summary: "x")
            return try await fixture.repositories.commit(draft, to: repository).commit
        }

        var entries: Int64 {
            get async throws {
                try await fixture.hub.database.read {
                    try $0.first("SELECT COUNT(*) AS n FROM object_journal")?.integer("n") ?? 0
                }
            }
        }

        /// The files of all loose objects.
        func looseFiles() throws -> [URL] {
            let objects = URL(fileURLWithPath: fixture.hub.git.directory(of: repository.key) + "/objects")
            let found = FileManager.default.enumerator(at: objects, includingPropertiesForKeys: nil)
            return (found?.allObjects as? [URL] ?? []).filter { $0.lastPathComponent.count == 38 }
        }

        func text(of name: String) async throws -> String? {
            let snapshot = try await fixture.repositories.snapshot(of: repository, at: nil)
            let entry = try await fixture.repositories.list(nil, in: snapshot, recursive: true).first {
                $0.path == name
            }
            guard let entry else { return nil }
            return String(
                decoding: try await fixture.hub.git.blob(entry.id, in: repository.key, limit: 1 << 20), as: UTF8.self)
        }
    }

    @Test(
        "gives back what a power cut took of commits that were acknowledged", arguments: ["gone", "empty", "cut off"])
    func powerCut(damage: String) async throws {
        let world = try await World()
        try await world.commit(["a.txt": "first"])
        let last = try await world.commit(["sub/b.txt": "second"])
        #expect(try await world.entries == 2)
        let files = try world.looseFiles()
        #expect(files.count >= 7)
        for file in files {
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
            switch damage {
            case "gone": try FileManager.default.removeItem(at: file)
            case "empty": try Data().write(to: file)
            default: try Data(contentsOf: file).dropLast(3).write(to: file)
            }
        }
        await world.fixture.hub.close()

        let again = try await Hub(path: world.fixture.folder.appending("data"))
        let snapshot = try await again.git.commit(last, in: world.repository.key)
        #expect(snapshot?.parents.count == 1)
        for file in files { #expect((try? Data(contentsOf: file).isEmpty) == false) }
        #expect(try await again.journal.recover() == 0)
        await again.close()
    }

    @Test("forgets what is durable, and what was deleted with its repository")
    func settling() async throws {
        let world = try await World()
        try await world.commit(["a.txt": "first"])
        try await world.commit(["b.txt": "second"])
        #expect(try await world.fixture.hub.journal.settle() == 2)
        #expect(try await world.fixture.hub.journal.settle() == 0)
        #expect(try await world.text(of: "a.txt") == "first")
        try await world.commit(["c.txt": "third"])
        let doomed = try await world.fixture.authorizer.openAsOperator(.delete, HubFixture.id("model:ada/one"))
        try await world.fixture.repositories.delete(doomed)
        #expect(try await world.entries == 0)
    }

    @Test("settles entries whose repository's folder is gone")
    func vanished() async throws {
        let world = try await World()
        try await world.commit(["a.txt": "first"])
        try await world.fixture.hub.git.remove(world.repository.key)
        #expect(try await world.fixture.hub.journal.settle() == 1)
    }

    @Test("many pages of commits are settled in one go")
    func pages() async throws {
        let world = try await World()
        for number in 0..<300 { try await world.commit(["a.txt": "\(number)"]) }
        #expect(try await world.fixture.hub.journal.settle() == 300)
        #expect(try await world.entries == 0)
    }

    @Test("a file that was damaged before anything named it gives way to the same content", arguments: [5, 90_000])
    func damagedBefore(size: Int) async throws {
        let world = try await World()
        let text = String(repeating: "x", count: size)
        let blob = try await world.fixture.hub.git.writeBlob(Array(text.utf8), in: world.repository.key)
        let folder = world.fixture.hub.git.directory(of: world.repository.key) + "/objects"
        let file = URL(fileURLWithPath: LooseObjects.path(of: blob, in: folder))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
        try Data(contentsOf: file).dropLast(2).write(to: file)
        try await world.commit(["a.txt": text])
        await world.fixture.hub.close()
        let again = try await Hub(path: world.fixture.folder.appending("data"))
        #expect(try await again.git.blob(blob, in: world.repository.key, limit: 1 << 20) == Array(text.utf8))
        await again.close()
    }

    @Test("a full journal lets commits sync their own files, and takes them again once it is settled")
    func full() async throws {
        let world = try await World()
        let room = world.fixture.hub.journal.room
        room.take(rows: 1 << 20, bytes: 0)
        #expect(room.isHalfFull)
        try await world.commit(["a.txt": "first"])
        #expect(try await world.entries == 0)
        room.giveBack(rows: 1 << 20, bytes: 0)
        room.take(rows: 0, bytes: 1 << 40)
        try await world.commit(["b.txt": "second"])
        #expect(try await world.entries == 0)
        room.giveBack(rows: 0, bytes: 1 << 40)
        try await world.commit(["c.txt": "third"])
        #expect(try await world.entries == 1)
        #expect(!room.isHalfFull)
        for name in ["a.txt", "b.txt", "c.txt"] { #expect(try await world.text(of: name) != nil, "\(name)") }
    }

    @Test("room that was taken comes back when the commit is refused, and when it is settled")
    func accounting() async throws {
        let room = JournalRoom(rows: 2, bytes: 100)
        let object = JournaledObject(kind: .blob, bytes: Array(repeating: 7, count: 40))
        let first = try #require(room.claim(for: [object]))
        #expect(room.claim(for: [object, object]) == nil)
        _ = try #require(room.claim(for: [object]))
        #expect(room.claim(for: []) == nil)
        room.giveBack(first)
        #expect(room.claim(for: [object]) != nil)
        room.giveBack(rows: 9, bytes: 999)
        #expect(room.claim(for: [object]) != nil)
    }

    @Test("what an earlier process left counts")
    func leftovers() async throws {
        let world = try await World()
        try await world.commit(["a.txt": "first"])
        await world.fixture.hub.close()
        let again = try await Hub(path: world.fixture.folder.appending("data"))
        #expect(try await again.journal.settle() == 1)
        #expect(try await again.journal.settle() == 0)
        await again.close()
    }

    @Test("only the first to open the data directory puts things back")
    func lease() async throws {
        let folder = try TemporaryDirectory()
        let first = try DirectoryLease(of: folder.path)
        #expect(first.isFirst)
        first.share()
        let second = try DirectoryLease(of: folder.path)
        #expect(!second.isFirst)
        first.end()
        #expect(try !DirectoryLease(of: folder.path).isFirst)
        second.end()
        #expect(try DirectoryLease(of: folder.path).isFirst)
    }

    @Test("a commit that loses its race leaves nothing behind, and its objects go with the next")
    func refused() async throws {
        let world = try await World()
        try await world.commit(["a.txt": "first"])
        let draft = CommitDraft(
            ref: try #require(RefName.branch("main")), expectedParent: String(repeating: "0", count: 40),
            operations: [.write(path: try #require(GitPath("b.txt")), bytes: Array("lost".utf8))], summary: "x")
        let error = await hubError {
            _ = try await world.fixture.repositories.commit(draft, to: world.repository)
        }
        #expect(error?.code == .preconditionFailed)
        #expect(try await world.entries == 1)
        let blob = try await world.fixture.hub.git.writeBlob(Array("staged".utf8), in: world.repository.key)
        try await world.commit(["c.txt": "third"])
        let kept = try await world.fixture.hub.database.read { connection in
            try connection.query("SELECT content FROM object_journal", []).flatMap { row in
                JournaledObject.parse(try row.bytes("content")) ?? []
            }
        }
        #expect(kept.contains { $0.id == blob })
    }

    @Test("commits to many refs at once are all kept until their files are durable")
    func concurrent() async throws {
        let world = try await World()
        let base = try await world.commit(["a.txt": "first"])
        for number in 0..<8 {
            try await world.fixture.repositories.createBranch(
                "b\(number)", from: Revision.commit(base), in: world.repository)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    for round in 0..<5 {
                        let draft = CommitDraft(
                            ref: try #require(RefName.branch("b\(number)")), expectedParent: nil,
                            operations: [
                                .write(path: try #require(GitPath("f.txt")), bytes: Array("\(number) \(round)".utf8))
                            ], summary: "x")
                        _ = try await world.fixture.repositories.commit(draft, to: world.repository)
                    }
                }
            }
            group.addTask {
                for _ in 0..<5 { try await world.fixture.hub.journal.settle() }
            }
            try await group.waitForAll()
        }
        // A power cut now: what the journal does not hold is on disk, so only what it holds may be damaged.
        let kept = Set(
            try await world.fixture.hub.database.read { connection in
                try connection.query("SELECT content FROM object_journal", []).flatMap { row in
                    (JournaledObject.parse(try row.bytes("content")) ?? []).map(\.id.hex)
                }
            })
        for file in try world.looseFiles() {
            let id = file.deletingLastPathComponent().lastPathComponent + file.lastPathComponent
            if kept.contains(id) { try FileManager.default.removeItem(at: file) }
        }
        await world.fixture.hub.close()
        let again = try await Hub(path: world.fixture.folder.appending("data"))
        for ref in try await again.store.refs(of: world.repository.key) {
            var commit = try await again.git.commit(ref.target, in: world.repository.key)
            #expect(commit != nil, "\(ref.name)")
            while let parent = commit?.parents.first {
                commit = try await again.git.commit(parent, in: world.repository.key)
                #expect(commit != nil, "\(ref.name)")
            }
        }
        await again.close()
    }

    @Test("git reads commits whose files are not durable yet")
    func children() async throws {
        let world = try await World()
        let commit = try await world.commit(["sub/a.txt": "first"])
        #expect(try await world.entries == 1)
        let git = world.fixture.hub.git
        let directory = git.directory(of: world.repository.key)
        _ = try await world.fixture.repositories.prepareUploadPack(of: world.repository, history: true)
        var output: [UInt8] = []
        for arguments in [["cat-file", "blob", "\(commit.hex):sub/a.txt"], ["fsck", "--strict", "--full"]] {
            let outcome = try await git.process.run(
                ["--git-dir=\(directory)"] + arguments, environment: GitEnvironment(repository: directory).all,
                limits: GitProcess.Limits(), input: NoChunks?.none
            ) { output.append(contentsOf: $0) }
            #expect(!outcome.message.contains("missing") && !outcome.message.contains("error"), "\(outcome.message)")
        }
        #expect(String(decoding: output, as: UTF8.self) == "first")
        #expect(try await world.entries == 1)
    }

    @Test("a commit of much is synced at once and not kept twice")
    func much() async throws {
        let world = try await World()
        try await world.commit(Dictionary(uniqueKeysWithValues: (0..<80).map { ("\($0).txt", "\($0)") }))
        #expect(try await world.entries == 0)
        try await world.commit(["large.txt": String(repeating: "x", count: 100_000)])
        #expect(try await world.entries == 0)
    }

    @Test("reads its own entries, and nothing else")
    func encoding() {
        let objects = [
            JournaledObject(kind: .blob, bytes: []), JournaledObject(kind: .commit, bytes: Array("tree x\n".utf8)),
        ]
        let encoded = objects.flatMap(\.encoded)
        #expect(JournaledObject.parse(encoded) == objects)
        #expect(objects[0].id.hex == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")
        for text in ["blob 1\0", "blob -1\0", "blob\0", "blob 0", "blub 0\0", "blob 99999999999999999999\0x", "\0"] {
            #expect(JournaledObject.parse(Array(text.utf8)) == nil, "\(text)")
        }
        #expect(JournaledObject.parse(Array(encoded.dropLast())) == nil)
    }
}
