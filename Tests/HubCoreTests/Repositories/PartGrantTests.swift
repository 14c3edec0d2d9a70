import Testing

@testable import HubCore

@Suite("Grants on paths and refs, through the service")
struct PartGrantTests {
    private let world: CommunityWorld
    private var service: RepositoryService { world.repositories }

    init() async throws {
        world = try await CommunityWorld()
        _ = try await world.commit(
            ["data/pii/x": "secret\n", "data/ok": "open\n", "labels/l": "cat\n"], as: "ada")
        _ = try await grant("bob", .writer, .allow)
    }

    /// Lets ada give or deny something on `ada/m`.
    @discardableResult
    private func grant(
        _ user: String, _ role: Role, _ effect: AccessGrant.Effect, path: String? = nil, ref: String? = nil
    ) async throws -> AccessGrant {
        let subject = try #require(try await world.fixture.hub.identities.user(named: user))
        return try await world.fixture.hub.store.grants.add(
            .user(subject.id), role: .standard(role), effect: effect, expiresAt: nil,
            part: path == nil && ref == nil ? nil : try ContentPart(paths: path, refs: ref),
            at: try await place("ada"))
    }

    private func place(_ user: String) async throws -> GrantPlace {
        try await world.fixture.authorizer.openGrants(on: try await open(user, .memberAdmin))
    }

    private func open(_ user: String, _ verb: Verb) async throws -> Repository {
        try await world.open(user, "model:ada/m", verb)
    }

    private func snapshot(_ user: String, _ revision: String? = nil) async throws -> Snapshot {
        try await service.snapshot(of: try await open(user, .contentRead), at: revision.flatMap { Revision($0) })
    }

    private func error(_ work: () async throws -> Void) async -> String? {
        guard let error = await hubError(work) else { return nil }
        return "\(error.code.rawValue): \(error.message)"
    }

    // MARK: Reading

    @Test("a path that is kept from somebody is in no listing, and who asks for it is told which grant keeps it")
    func hidden() async throws {
        let denial = try await grant("bob", .reader, .deny, path: "data/pii/**")
        let (mine, his) = (try await snapshot("ada"), try await snapshot("bob"))
        #expect(try await service.contents(of: mine).files.map(\.path).contains("data/pii/x"))
        let all = try await service.contents(of: his).files.map(\.path)
        #expect(!all.contains { $0.hasPrefix("data/pii") } && all.contains("data/ok"))
        #expect(try await service.overview(of: his, limit: 1_000).contents.files.map(\.path) == all)
        #expect(try await service.list("data", in: his, recursive: false).map(\.path) == ["data/ok"])
        let page = try await service.page(nil, in: his, recursive: true, offset: 0, limit: 1_000)
        #expect(!page.entries.contains { $0.path.hasPrefix("data/pii") })
        for path in ["data/pii/x", "data/pii/nothing", "data/pii"] {
            let text = try #require(await error { _ = try await service.entry(at: path, in: his) })
            #expect(text.contains("'\(path)'") && text.contains(String(denial.id, radix: 16)), "\(text)")
            #expect(text.hasPrefix("forbidden"))
            #expect(await error { _ = try await service.list(path, in: his, recursive: true) } == text)
            #expect(
                await error { _ = try await service.history(of: his, path: path, skip: 0, limit: 9) } == text)
        }
        let entry = try await service.entry(at: "data/pii/x", in: mine)
        #expect(await hubError { _ = try await service.open(entry, in: his) }?.code == .forbidden)
        #expect(await hubError { try await service.authorizeFile(entry, in: his) }?.code == .forbidden)
    }

    @Test("what is told of changes leaves out what changed at such paths")
    func changes() async throws {
        _ = try await grant("bob", .reader, .deny, path: "data/pii/**")
        let first = try await world.target("refs/heads/main")
        _ = try await world.commit(["data/pii/y": "1\n2\n3\n", "data/ok": "more\n"], as: "ada")
        let old = try await snapshot("bob", first?.hex)
        let new = try await snapshot("bob")
        #expect(try await service.changes(from: old, to: new).paths == ["data/ok"])
        let (files, lines) = try await service.changes(of: new)
        #expect(files.paths == ["data/ok"] && lines.additions == 1 && lines.deletions == 1)
        let (pull, _) = try await world.discussions.openPullRequest(
            from: try CommunityWorld.draft(["data/pii/z": "hidden\n", "data/ok": "shown\n"], to: "refs/heads/main"),
            in: try await open("ada", .discuss))
        let seen = try #require(try await world.discussions.difference(of: pull, in: try await open("bob", .discuss)))
        #expect(seen.contains("shown") && !seen.contains("hidden") && !seen.contains("pii"))
        let whole = try #require(try await world.discussions.difference(of: pull, in: try await open("ada", .discuss)))
        #expect(whole.contains("hidden"))
    }

    @Test("git, copies and pushes, which can leave nothing out, are shut; so is taking such a file by another name")
    func wholes() async throws {
        _ = try await grant("bob", .reader, .deny, path: "data/pii/**")
        let (read, write) = (try await open("bob", .contentRead), try await open("bob", .contentWrite))
        #expect(
            try #require(
                await error { _ = try await service.prepareUploadPack(of: read, history: true) }
            ).contains("git cannot leave them out"))
        #expect(await hubError { _ = try await service.refsToPush(to: write) }?.code == .forbidden)
        let copy = try HubFixture.id("model:bob/copy")
        #expect(
            await hubError {
                _ = try await service.duplicate(
                    read, to: copy, visibility: .private, authorizer: world.fixture.authorizer)
            }?.code == .forbidden)
        let taking = CommitDraft(
            ref: try #require(RefName.branch("main")),
            operations: [
                .copy(
                    from: try #require(GitPath("data/pii/x")), at: nil, to: try #require(GitPath("mine")))
            ], summary: "take")
        #expect(await hubError { _ = try await service.commit(taking, to: write) }?.code == .forbidden)
        #expect(
            await hubError {
                _ = try await world.discussions.openPullRequest(from: taking, in: try await open("bob", .discuss))
            }?.code == .forbidden)
    }

    @Test("a large file is given out by its digest where it lies at a path that may be read, and not otherwise")
    func largeFiles() async throws {
        let write = try await open("ada", .contentWrite)
        func upload(_ text: String, to paths: [String]) async throws -> LFSPointer {
            let stream = AsyncThrowingStream<[UInt8], any Error> {
                $0.yield(Array(text.utf8)); $0.finish()
            }
            let pointer = try await service.storeLarge(stream, in: write)
            let operations = try paths.map { path in
                CommitOperation.writeLarge(
                    path: try #require(GitPath(path)), oid: pointer.oid, size: pointer.size)
            }
            _ = try await service.commit(
                CommitDraft(ref: try #require(RefName.branch("main")), operations: operations, summary: "up"), to: write
            )
            return pointer
        }
        let secret = try await upload("only there", to: ["data/pii/a.bin"])
        let both = try await upload("there and here", to: ["data/pii/b.bin", "data/b.bin"])
        _ = try await grant("bob", .reader, .deny, path: "data/pii/**")
        let read = try await open("bob", .contentRead)
        #expect(try await Set(service.lfsLinks(to: [secret, both], of: read).keys) == [both.oid])
        #expect(try await service.lfsLinks(to: [secret, both], of: try await open("ada", .contentRead)).count == 2)
        #expect(
            await hubError {
                _ = try await service.commit(
                    CommitDraft(
                        ref: try #require(RefName.branch("main")),
                        operations: [
                            .writeLarge(path: try #require(GitPath("mine")), oid: secret.oid, size: secret.size)
                        ], summary: "take"), to: try await open("bob", .contentWrite))
            }?.code == .badRequest)
    }

    @Test("a card that may not be read is in no list and answers no search")
    func cards() async throws {
        _ = try await world.commit(["README.md": "---\nlicense: mit\n---\nzebrafish\n"], as: "ada")
        func found(_ user: String, _ word: String?) async throws -> [RepositorySummary] {
            var query = RepositoryQuery(kind: .model)
            query.search = word.map { [$0] } ?? []
            return try await world.fixture.hub.store.list(query, for: try await world.fixture.principal(user)).items
        }
        #expect(try await found("bob", "zebrafish").count == 1)
        _ = try await grant("bob", .reader, .deny, path: "*.md")
        #expect(try await found("bob", "zebrafish").isEmpty)
        let shown = try #require(try await found("bob", nil).first)
        #expect(shown.card == nil && shown.tags.isEmpty)
        #expect(try await found("ada", nil).first?.card != nil)
        #expect(try await service.contents(of: try await snapshot("bob")).card.data == nil)
    }

    // MARK: Writing

    @Test("a path that is kept from being changed is so for commits, deletions, copies and merges, and the rest is not")
    func unwritable() async throws {
        let denial = try await grant("bob", .writer, .deny, path: "data/pii/**")
        let before = try await world.target("refs/heads/main")
        for (files, gone) in [(["data/pii/new": "1\n"], []), (["data/pii/x": "2\n"], []), ([:], ["data/pii/x"])] {
            let text = try #require(
                await error { _ = try await world.commit(files, as: "bob", removing: gone) })
            #expect(text.contains("'data/pii/") && text.contains(String(denial.id, radix: 16)), "\(text)")
        }
        #expect(try await world.target("refs/heads/main") == before)
        _ = try await world.commit(["data/ok": "bob\n", "labels/l": "dog\n"], as: "bob")
        // He may propose, and read; but not merge what others propose there.
        let (pull, _) = try await world.discussions.openPullRequest(
            from: try CommunityWorld.draft(["data/pii/new": "1\n"], to: "refs/heads/main"),
            in: try await open("bob", .discuss))
        let refused = await error {
            _ = try await world.discussions.merge(pull.num, comment: nil, in: try await open("bob", .contentWrite))
        }
        #expect(try #require(refused).contains("'data/pii/new'"))
        // A branch of what only a pull request has would be a way around.
        #expect(
            await hubError {
                try await service.createBranch(
                    "around", from: Revision("refs/pr/\(pull.num)"), in: try await open("bob", .contentWrite))
            }?.code == .forbidden)
        let mine = try await open("ada", .contentWrite)
        guard case .merged = try await world.discussions.merge(pull.num, comment: nil, in: mine) else {
            Issue.record("ada could not merge")
            return
        }
        // What others changed there may be brought into a branch, and be squashed.
        let his = try await open("bob", .contentWrite)
        try await service.createBranch("side", from: nil, in: his)
        _ = try await service.squash("side", message: "one", in: his)
        try await service.deleteBranch("side", in: his)
    }

    @Test("who was given some paths writes those, on branches that are there, and does nothing else")
    func openings() async throws {
        #expect(await hubError { _ = try await open("carl", .contentWrite) }?.code == .forbidden)
        _ = try await grant("carl", .writer, .allow, path: "labels/**")
        _ = try await world.commit(["labels/new": "dog\n"], as: "carl", removing: ["labels/l"])
        let text = try #require(await error { _ = try await world.commit(["notes.txt": "x"], as: "carl") })
        #expect(text.contains("'notes.txt' on main") && text.contains("no grant allows it"))
        let carl = try await open("carl", .contentWrite)
        let refused: [() async throws -> Void] = [
            { try await service.createBranch("b", from: nil, in: carl) },
            { try await service.createTag("t", of: nil, message: nil, in: carl) },
            { _ = try await service.squash("main", message: "x", in: carl) },
            { try await service.deleteLargeFiles([BlobID(hashing: [])], rewritingHistory: false, in: carl) },
            {
                _ = try await LockService(store: world.fixture.hub.store).create(
                    try #require(GitPath("notes.txt")), ref: nil, in: carl)
            },
        ]
        for work in refused { #expect(await hubError(work)?.code == .forbidden) }
        #expect(try await !world.discussions.mayModerate(try await open("carl", .discuss)))
        // Nor can he give away what he has of it, were he asked to say who is what.
        _ = try await grant("carl", .admin, .deny)
        #expect(try await world.target("refs/tags/t") == nil)
    }

    @Test("a ref that is kept from somebody takes nothing of him, one that may not be forced takes only additions")
    func refs() async throws {
        let ada = try await open("ada", .contentWrite)
        try await service.createBranch("release/1", from: nil, in: ada)
        _ = try await grant("bob", .writer, .deny, ref: "release/*")
        let bob = try await open("bob", .contentWrite)
        #expect(
            await hubError { _ = try await world.commit(["a": "1"], to: "refs/heads/release/1", as: "bob") }?.code
                == .forbidden)
        for work: () async throws -> Void in [
            { try await service.deleteBranch("release/1", in: bob) },
            { try await service.createBranch("release/2", from: nil, in: bob) },
        ] { #expect(await hubError(work)?.code == .forbidden) }
        _ = try await world.commit(["a": "1"], as: "bob")
        _ = try await grant("bob", .maintainer, .deny, ref: "main")
        let kept = try await open("bob", .contentWrite)
        #expect(await hubError { _ = try await service.squash("main", message: "x", in: kept) }?.code == .forbidden)
        _ = try await world.commit(["a": "2"], as: "bob")
        // And one that is given to somebody who writes nothing else takes all that is added.
        _ = try await grant("carl", .writer, .allow, ref: "dev/**")
        let carl = try await open("carl", .contentWrite)
        try await service.createBranch("dev/c", from: nil, in: carl)
        _ = try await world.commit(["any": "thing"], to: "refs/heads/dev/c", as: "carl")
        #expect(await hubError { _ = try await world.commit(["any": "thing"], as: "carl") }?.code == .forbidden)
        #expect(await hubError { _ = try await service.squash("dev/c", message: "x", in: carl) }?.code == .forbidden)
        _ = try await grant("carl", .maintainer, .allow, ref: "dev/**")
        let more = try await open("carl", .contentWrite)
        _ = try await service.squash("dev/c", message: "x", in: more)
        try await service.deleteBranch("dev/c", in: more)
    }

    @Test("a way to move refs that asks nobody is shut to whoever may change a part only")
    func unjudged() async throws {
        _ = try await grant("bob", .writer, .deny, path: "data/pii/**")
        let head = try #require(try await world.target("refs/heads/main"))
        let bob = try await open("bob", .contentWrite)
        let update = RefUpdate.creation(try #require(RefName.branch("x")), at: head)
        #expect(
            await hubError {
                try await world.fixture.hub.store.updateRefs([update], of: bob, changeLog: "", head: nil, links: [])
            }?.code == .internalError)
    }

    @Test("nobody gives away, or takes back, what is kept from himself in part")
    func delegation() async throws {
        _ = try await grant("bob", .admin, .allow)
        let denial = try await grant("bob", .reader, .deny, path: "data/pii/**")
        let his = try await place("bob")
        #expect(
            await hubError { try await world.fixture.hub.store.grants.remove(denial.id, at: his) }?.code == .forbidden)
        let carl = try #require(try await world.fixture.hub.identities.user(named: "carl"))
        #expect(
            await hubError {
                _ = try await world.fixture.hub.store.grants.add(
                    .user(carl.id), role: .standard(.writer), effect: .allow, expiresAt: nil, at: his)
            }?.code == .forbidden)
        try await world.fixture.hub.store.grants.remove(denial.id, at: try await place("ada"))
        #expect(try await place("bob").rights.contains(.contentRead))
    }

    @Test("the explanation names the row that decides about a path or a ref")
    func explanation() async throws {
        let read = try await grant("bob", .reader, .deny, path: "data/pii/**")
        let ref = try await grant("bob", .writer, .deny, ref: "release/*")
        let opening = try await grant("carl", .writer, .allow, path: "labels/**")
        let id = try HubFixture.id("model:ada/m")
        func decide(_ user: String, _ verb: Verb, _ path: String?, _ ref: String? = nil) async throws
            -> AccessDecision.Reason?
        {
            try await world.fixture.authorizer.explain(
                try await world.fixture.principal(user), verb, id, path: path.flatMap { GitPath($0) },
                ref: ref.flatMap { RefName.branch($0) })?.reason
        }
        #expect(try await decide("bob", .contentRead, "data/pii/x") == .denyGrant(read.id))
        #expect(try await decide("bob", .contentRead, "data/ok") != .denyGrant(read.id))
        #expect(try await decide("bob", .contentWrite, "data/pii/x") == .denyGrant(read.id))
        #expect(try await decide("bob", .contentWrite, nil, "release/1") == .denyGrant(ref.id))
        #expect(try await decide("carl", .contentWrite, "labels/x") == .partGrant(opening.id))
        #expect(try await decide("carl", .contentWrite, "data/ok") == .nothing)
    }
}
