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
            let entry = try await fixture.repositories.list(nil, in: snapshot, recursive: true).first { $0.path == name }
            guard let entry else { return nil }
            return String(
                decoding: try await fixture.hub.git.blob(entry.id, in: repository.key, limit: 1 << 20), as: UTF8.self)
        }
    }

    @Test("gives back what a power cut took of commits that were acknowledged", arguments: ["gone", "empty", "cut off"])
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

    @Test("a file that was damaged before anything named it gives way to the same content sent again")
    func damagedBefore() async throws {
        let world = try await World()
        let git = world.fixture.hub.git
        let key = world.repository.key
        let blob = try await git.writeBlob(Array("first".utf8), in: key)
        let file = URL(fileURLWithPath: LooseObjects.path(of: blob, in: git.directory(of: key) + "/objects"))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
        try Data().write(to: file)
        let error = await hubError { try await world.commit(["a.txt": "first"]) }
        #expect(error != nil)
        try await world.commit(["a.txt": "first"])
        #expect(try await world.text(of: "a.txt") == "first")
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
