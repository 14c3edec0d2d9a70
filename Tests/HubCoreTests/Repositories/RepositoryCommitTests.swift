import SQL
import Testing

@testable import HubCore

@Suite("A commit through the service")
struct RepositoryCommitTests {
    private func opened(_ fixture: HubFixture, _ name: String = "model:ada/one") async throws -> Repository {
        _ = try await fixture.create(name)
        return try await fixture.authorizer.openAsOperator(.contentWrite, HubFixture.id(name))
    }

    private func path(_ text: String) throws -> GitPath { try #require(GitPath(text)) }

    private func draft(_ operations: [CommitOperation], parent: String? = nil) throws -> CommitDraft {
        CommitDraft(
            ref: try #require(RefName.branch("main")), expectedParent: parent, operations: operations, summary: "change"
        )
    }

    private func write(_ name: String, _ text: String) throws -> CommitOperation {
        .write(path: try path(name), bytes: Array(text.utf8))
    }

    @Test("begins an empty repository, changes it, and makes nothing of what changes nothing")
    func begins() async throws {
        let fixture = try await HubFixture()
        let repository = try await opened(fixture)
        let service = fixture.repositories
        let first = try await service.commit(
            draft([write("README.md", "---\nlicense: mit\n---\n"), write("a/b.txt", "b")]), to: repository)
        let second = try await service.commit(
            draft([.delete(path: path("a")), .copy(from: path("README.md"), at: nil, to: path("copy.md"))]),
            to: repository)
        #expect(
            try await service.commit(draft([write("copy.md", "---\nlicense: mit\n---\n")]), to: repository)
                == CommitOutcome(commit: second.commit, isUnchanged: true))
        let snapshot = try await service.snapshot(of: repository, at: nil)
        #expect(try await service.list(nil, in: snapshot, recursive: true).map(\.path) == ["README.md", "copy.md"])
        #expect(try await service.commit(of: snapshot).parents == [first.commit])
        let listed = try await fixture.hub.store.list(RepositoryQuery(kind: .model), for: .anonymous)
        #expect(listed.items.first?.tags == ["license:mit"])
        #expect(try await AuditLog(database: fixture.hub.database).verify().count == 3)
    }

    @Test("takes a parent only when it is the head, and follows a branch that moves otherwise")
    func parents() async throws {
        let fixture = try await HubFixture()
        let repository = try await opened(fixture)
        let service = fixture.repositories
        let first = try await service.commit(draft([write("a", "1")]), to: repository).commit
        _ = try await service.commit(draft([write("a", "2")], parent: String(first.hex.prefix(7))), to: repository)
        let late = await hubError {
            _ = try await service.commit(draft([write("a", "3")], parent: first.hex), to: repository)
        }
        #expect(late?.code == .preconditionFailed)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<12 {
                group.addTask { _ = try await service.commit(draft([write("f\(number)", "x")]), to: repository) }
            }
            try await group.waitForAll()
        }
        let snapshot = try await service.snapshot(of: repository, at: nil)
        #expect(try await service.list(nil, in: snapshot, recursive: true).count == 13)
        #expect(try await service.commitCount(of: snapshot) == 14)
    }

    @Test("the slow one is not overtaken for ever by those who are quick")
    func fairness() async throws {
        let fixture = try await HubFixture()
        let repository = try await opened(fixture)
        let service = fixture.repositories
        _ = try await service.commit(draft([write("a", "1")]), to: repository)
        let many = try (0..<400).map { try write("many/\($0)", "x") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                group.addTask {
                    _ = try await service.commit(draft([write("quick/\(number)", "x")]), to: repository)
                }
            }
            group.addTask {
                _ = try await service.commit(draft(many), to: repository)
            }
            try await group.waitForAll()
        }
        let snapshot = try await service.snapshot(of: repository, at: nil)
        #expect(try await service.commitCount(of: snapshot) == 62)
        #expect(try await service.list("many", in: snapshot, recursive: false).count == 400)
    }

    @Test("names only large files that were uploaded to the same repository")
    func largeFiles() async throws {
        let fixture = try await HubFixture()
        let repository = try await opened(fixture)
        let bytes: [UInt8] = [0, 1, 2]
        let oid = BlobID(hashing: bytes)
        let operation = CommitOperation.writeLarge(path: try path("m.bin"), oid: oid, size: nil)
        #expect(
            await hubError { _ = try await fixture.repositories.commit(draft([operation]), to: repository) }?.code
                == .badRequest)
        // Somebody else's upload of the same bytes does not help.
        let other = try await fixture.create("model:bob/two")
        let stream = AsyncThrowingStream<[UInt8], any Error> {
            $0.yield(bytes); $0.finish()
        }
        _ = try await fixture.hub.blobs.store(oid, size: 3, from: stream)
        try await fixture.hub.store.noteArrival(of: LFSPointer(oid: oid, size: 3), in: other)
        #expect(
            await hubError { _ = try await fixture.repositories.commit(draft([operation]), to: repository) }?.code
                == .badRequest)
        try await fixture.hub.store.noteArrival(of: LFSPointer(oid: oid, size: 3), in: repository.key)
        _ = try await fixture.repositories.commit(draft([operation]), to: repository)
    }

    @Test("is refused without a branch, with a card nobody can read, or for what is not there")
    func refusals() async throws {
        let fixture = try await HubFixture()
        let repository = try await opened(fixture)
        func code(_ draft: CommitDraft) async -> HubError.Code? {
            await hubError { _ = try await fixture.repositories.commit(draft, to: repository) }?.code
        }
        #expect(await code(try draft([write("README.md", "---\n: [\n---\n")])) == .badRequest)
        #expect(await code(try draft([.delete(path: path("absent"))])) == .entryNotFound)
        var elsewhere = try draft([write("a", "1")])
        elsewhere.ref = try #require(RefName.branch("side"))
        #expect(await code(elsewhere) == .revisionNotFound)
    }

    @Test("a repository that is removed leaves no row, and every table that names one is known")
    func removal() async throws {
        let fixture = try await HubFixture()
        let repository = try await opened(fixture)
        _ = try await fixture.repositories.commit(draft([write("a", "1")]), to: repository)
        let tables = try await fixture.hub.database.read { connection in
            try connection.query("SELECT name FROM sqlite_master WHERE type = 'table'").map { try $0.text("name") }
                .filter { table in
                    try connection.query("PRAGMA table_info(\(table))").contains {
                        try $0.text("name") == "repository_id"
                    }
                }
        }
        // Marks tell lists in memory what changed, that something was removed as well; linked bytes go by a trigger.
        let cleared = Set(tables).subtracting(["repository_marks", "linked_bytes"])
        #expect(cleared == Set(RepositoryStore.tablesOfRepositories))
        let id = repository.id
        try await fixture.repositories.delete(fixture.authorizer.openAsOperator(.delete, id))
        #expect(
            await hubError { _ = try await fixture.authorizer.openAsOperator(.metaRead, id) }?.code
                == .repositoryNotFound)
    }

    @Test("a renamed repository is found by its new name, and its old one tells where it went")
    func renaming() async throws {
        let fixture = try await HubFixture()
        let ada = try await fixture.principal("ada")
        _ = try await fixture.create("model:ada/old")
        let new = try HubFixture.id("model:ada/new")
        let opened = try await fixture.authorizer.open(ada, .delete, HubFixture.id("model:ada/old"))
        try await fixture.repositories.rename(opened, to: new, authorizer: fixture.authorizer)
        #expect(try await fixture.authorizer.open(ada, .metaRead, new).key == opened.key)
        #expect(try await fixture.hub.store.renamed(HubFixture.id("model:ada/old")) == new)
        _ = try await fixture.create("model:ada/old")
        #expect(try await fixture.hub.store.renamed(HubFixture.id("model:ada/old")) == nil)
    }
}
