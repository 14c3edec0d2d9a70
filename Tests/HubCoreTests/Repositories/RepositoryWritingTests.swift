import Testing

@testable import HubCore

@Suite("Refs, uploads, copies and large files through the service")
struct RepositoryWritingTests {
    private let fixture: HubFixture
    private let repository: Repository
    private var service: RepositoryService { fixture.repositories }

    init() async throws {
        fixture = try await HubFixture()
        _ = try await fixture.create("model:ada/one")
        repository = try await fixture.authorizer.open(
            fixture.principal("ada"), .contentWrite, HubFixture.id("model:ada/one"))
    }

    private func path(_ text: String) throws -> GitPath { try #require(GitPath(text)) }

    @discardableResult
    private func commit(_ operations: [CommitOperation], to branch: String = "main") async throws -> CommitID {
        try await service.commit(
            CommitDraft(ref: try #require(RefName.branch(branch)), operations: operations, summary: "change"),
            to: repository
        ).commit
    }

    private func write(_ name: String, _ text: String) throws -> CommitOperation {
        .write(path: try path(name), bytes: Array(text.utf8))
    }

    private func upload(_ text: String) async throws -> BlobID {
        let bytes = Array(text.utf8)
        let stream = AsyncThrowingStream<[UInt8], any Error> {
            $0.yield(bytes); $0.finish()
        }
        let stored = try await fixture.hub.blobs.store(nil, size: nil, from: stream)
        try await fixture.hub.store.noteArrival(
            of: LFSPointer(oid: stored.id, size: stored.size), in: repository.key)
        return stored.id
    }

    private func names(_ revision: String = "main") async throws -> [String] {
        let snapshot = try await service.snapshot(of: repository, at: Revision(revision))
        return try await service.contents(of: snapshot).files.map(\.path)
    }

    @Test("of two who make the same branch at once, one is told that it exists")
    func race() async throws {
        let first = try await commit([write("a", "1")])
        let codes = await withTaskGroup(of: HubError.Code?.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    await hubError { try await service.createBranch("side", from: nil, in: repository) }?.code
                }
            }
            return await group.reduce(into: [HubError.Code?]()) { $0.append($1) }
        }
        #expect(codes.count { $0 == nil } == 1 && codes.count { $0 == .conflict } == 7)
        let side = try #require(RefName.branch("side"))
        #expect(try await fixture.hub.store.ref(side, of: repository.key)?.target == first)
    }

    @Test("a branch cannot stand where another one has a folder")
    func places() async throws {
        try await commit([write("a", "1")])
        try await service.createBranch("a/b", from: nil, in: repository)
        for name in ["a", "a/b/c"] {
            let code = await hubError { try await service.createBranch(name, from: nil, in: repository) }?.code
            #expect(code == .badRequest)
        }
        #expect(await hubError { try await service.deleteBranch("main", in: repository) }?.code == .forbidden)
        #expect(
            await hubError { try await service.createBranch("x", from: Revision("nope"), in: repository) }?.code
                == .revisionNotFound)
    }

    @Test("a tag with a message is an object that git reads, one without is a name")
    func tags() async throws {
        let commit = try await commit([write("a", "1")])
        try await service.createTag("v1", of: nil, message: "the first\n\nof all", in: repository)
        try await service.createTag("v2", of: .commit(commit), message: nil, in: repository)
        let refs = try await fixture.hub.store.refs(of: repository.key)
        let annotated = try #require(refs.first { $0.name.shortName == "v1" })
        #expect(annotated.target != commit && annotated.peeled == commit)
        #expect(refs.first { $0.name.shortName == "v2" } == Ref(name: try #require(RefName.tag("v2")), target: commit))
        #expect(try await service.snapshot(of: repository, at: Revision("v1")).commit == commit)
        #expect(
            await hubError { try await service.createTag("v1", of: nil, message: "again", in: repository) }?.code
                == .conflict)
        // Of a missing revision and a bad name, clients are told the revision.
        #expect(
            await hubError {
                try await service.createTag("no tag", of: Revision("nope"), message: nil, in: repository)
            }?.code == .revisionNotFound)
        try await service.deleteTag("v1", in: repository)
        #expect(await hubError { try await service.deleteTag("v1", in: repository) }?.code == .revisionNotFound)
        #expect(try await AuditLog(database: fixture.hub.database).verify().broken == nil)
    }

    @Test("a large file is said to be on the branch that has it, the default one before others")
    func largeFileBranches() async throws {
        let (one, two, three) = (try await upload("one"), try await upload("two"), try await upload("three"))
        try await commit([
            .writeLarge(path: path("a.bin"), oid: one, size: 3),
            .writeLarge(path: path("old.bin"), oid: three, size: 5),
        ])
        try await commit([.delete(path: path("old.bin"))])
        try await service.createBranch("a-branch", from: nil, in: repository)
        try await commit([.writeLarge(path: path("b.bin"), oid: two, size: 3)], to: "a-branch")
        let files = try await service.largeFiles(of: repository, after: nil, limit: 9)
        #expect(files.count == 3)
        let branches = try await service.branches(of: files, in: repository)
        #expect(branches.mapValues(\.shortName) == [one: "main", two: "a-branch"])
    }

    @Test("large files that no line covers get one, so that a clone has them whole")
    func tracking() async throws {
        let (one, two) = (try await upload("one"), try await upload("two"))
        try await commit([
            write(".gitattributes", "*.bin filter=lfs"), .writeLarge(path: path("a.bin"), oid: one, size: 3),
        ])
        #expect(
            try await service.rootFile(".gitattributes", of: commit([write("b", "b")]), in: repository.key)
                == Array("*.bin filter=lfs".utf8))
        let head = try await commit([.writeLarge(path: path("x/a b.dat"), oid: two, size: nil)])
        let text = try #require(try await service.rootFile(".gitattributes", of: head, in: repository.key))
        let attributes = GitAttributes(parsing: text)
        #expect(try attributes.usesLFS(path("x/a b.dat")))
        #expect(try attributes.usesLFS(path("c.bin")))
        #expect(try !attributes.usesLFS(path("a b.dat")))
    }

    @Test("a .gitattributes too long to be read is left as it is")
    func longAttributes() async throws {
        let large = try await upload("large")
        let long = String(repeating: "# comment\n", count: 110_000)
        let operation = CommitOperation.writeLarge(path: try path("a.dat"), oid: large, size: 5)
        for operations in [
            [try write(".gitattributes", long), operation], [operation], [try write("b", "b"), operation],
        ] {
            try await commit(operations)
            let entry = try await service.entry(at: ".gitattributes", in: service.snapshot(of: repository, at: nil))
            #expect(entry.size == Int64(long.utf8.count))
        }
    }

    @Test("an upload is large by its line, its size or its bytes, and knows what is there")
    func plans() async throws {
        let large = try await upload("large")
        let head = try await commit([
            write(".gitattributes", "*.bin filter=lfs\n"), write(".gitignore", "*.tmp\n"), write("a.txt", "a"),
            .writeLarge(path: path("m.bin"), oid: large, size: 5),
        ])
        let snapshot = try await service.snapshot(of: repository, at: .commit(head))
        func plan(_ name: String, _ size: Int64 = 1, _ sample: [UInt8] = [0x61], ignoring: String? = nil)
            async throws -> UploadPlan
        {
            try #require(
                try await service.uploadPlans(
                    for: [UploadCandidate(path: path(name), size: size, sample: sample)], onto: snapshot,
                    ignoring: ignoring.map { Array($0.utf8) }
                ).first)
        }
        #expect(try await plan("m.bin") == UploadPlan(isLarge: true, isIgnored: false, present: large.hex))
        let text = try await plan("a.txt")
        #expect(!text.isLarge && text.present?.utf8.count == 40)
        #expect(try await plan("big.txt", 10_000_000).isLarge)
        #expect(try await plan("raw", 4, [0x61, 0, 0x62]).isLarge)
        #expect(try await !plan("cut", 4, Array("é".utf8.prefix(1))).isLarge)
        #expect(try await !plan("latin", 4, [0x63, 0x61, 0x66, 0xE9, 0x20, 0x61]).isLarge)
        #expect(try await plan("a.tmp").isIgnored)
        #expect(try await !plan("a.tmp", ignoring: "*.log").isIgnored)
    }

    @Test("a copy holds what its source holds, with large files of its own, for whom may read the source")
    func duplicate() async throws {
        let large = try await upload("large")
        try await commit([
            write("README.md", "---\nlicense: mit\n---\n"), .writeLarge(path: path("m.bin"), oid: large, size: 5),
        ])
        try await commit([write("a", "1")])
        let bob = try await fixture.principal("bob")
        let source = try await fixture.authorizer.open(bob, .contentRead, repository.id)
        let id = try HubFixture.id("model:bob/copy")
        let copy = try await service.duplicate(source, to: id, visibility: .private, authorizer: fixture.authorizer)
        #expect(copy.id == id && copy.visibility == .private)
        let snapshot = try await service.snapshot(of: copy, at: nil)
        let copied = try await service.contents(of: snapshot).files.map(\.path)
        #expect(try await names() == copied)
        #expect(
            try await service.history(of: snapshot, path: nil, skip: 0, limit: 9).map(\.title) == [
                "Duplicate from ada/one"
            ])
        // The source may go: the copy keeps its file.
        try await service.delete(fixture.authorizer.open(fixture.principal("ada"), .delete, repository.id))
        let entry = try await service.entry(at: "m.bin", in: snapshot)
        #expect(try await service.open(entry, in: snapshot).entry.lfs?.oid == large)
        #expect(
            await hubError {
                _ = try await service.duplicate(
                    source, to: HubFixture.id("model:ada/theirs"), visibility: .public, authorizer: fixture.authorizer)
            }?.code == .forbidden)
    }

    @Test("deleted large files are gone from every branch, tag and old commit, and git finds the rest sound")
    func deletion() async throws {
        let (bad, good) = (try await upload("bad"), try await upload("good"))
        let first = try await commit([write("a", "1")])
        try await commit([
            .writeLarge(path: path("only/bad.bin"), oid: bad, size: 3),
            .writeLarge(path: path("good.bin"), oid: good, size: 4),
        ])
        try await service.createBranch("side", from: nil, in: repository)
        try await service.createTag("v1", of: nil, message: "with it", in: repository)
        try await commit([.delete(path: path("only")), write("b", "2")])
        #expect(
            try await service.largeFiles(of: repository, after: nil, limit: 9).map(\.pointer.oid)
                == [bad, good].sorted { $0.hex < $1.hex })
        try await service.deleteLargeFiles([bad], rewritingHistory: true, in: repository)
        #expect(try await service.largeFiles(of: repository, after: nil, limit: 9).map(\.path) == ["good.bin"])
        for revision in ["main", "side", "v1"] {
            let names = try await names(revision)
            #expect(names.contains("good.bin") && !names.contains("only/bad.bin"), "\(revision)")
        }
        let history = try await service.history(
            of: service.snapshot(of: repository, at: nil), path: nil, skip: 0, limit: 9)
        #expect(history.count == 3 && history.last?.id == first)
        // Publishing them lets git itself look at what was written.
        let refs = try await fixture.hub.store.refs(of: repository.key)
        try await fixture.hub.git.publish(refs: refs, head: nil, hidden: [], in: repository.key)
        let git = try GitFixture()
        try git.git(["--git-dir=\(fixture.hub.git.directory(of: repository.key))", "fsck", "--strict"])
        // Once forgotten, its digest alone does not bring it back.
        let operation = CommitOperation.writeLarge(path: try path("again.bin"), oid: bad, size: 3)
        #expect(await hubError { try await commit([operation]) }?.code == .badRequest)
    }

    @Test("squashing leaves one commit of what is there, on a branch only")
    func squash() async throws {
        let first = try await commit([write("a", "1")])
        try await commit([write("b", "2")])
        let squashed = try await service.squash("main", message: "all", in: repository)
        let snapshot = try await service.snapshot(of: repository, at: nil)
        #expect(snapshot.commit == squashed)
        #expect(try await service.commit(of: snapshot).parents == [])
        #expect(try await names() == ["a", "b"])
        #expect(
            await hubError { _ = try await service.squash(first.hex, message: "x", in: repository) }?.code
                == .revisionNotFound)
    }

    @Test("what was opened to read is not written to")
    func verbs() async throws {
        try await commit([write("a", "1")])
        let reading = try await fixture.authorizer.open(fixture.principal("ada"), .contentRead, repository.id)
        let attempts: [() async throws -> Void] = [
            { try await service.createBranch("b", from: nil, in: reading) },
            { try await service.deleteBranch("b", in: reading) },
            { try await service.createTag("t", of: nil, message: nil, in: reading) },
            { try await service.deleteTag("t", in: reading) },
            { _ = try await service.squash("main", message: "x", in: reading) },
            { _ = try await service.stage([1], at: path("a"), in: reading) },
            { try await service.deleteLargeFiles([BlobID(hashing: [])], rewritingHistory: true, in: reading) },
        ]
        for attempt in attempts { #expect(await hubError(attempt)?.code == .internalError) }
    }
}
