import HubTestSupport
import Testing

@testable import HubCore

@Suite("Rows of repositories")
struct RepositoryStoreTests {
    private let main = RefName.branch("main")

    private func object(_ digit: Character) throws -> ObjectID {
        try #require(ObjectID(String(repeating: digit, count: 40)))
    }

    private func pointer(_ digits: String, _ size: Int64) throws -> LFSPointer {
        LFSPointer(oid: try #require(BlobID(String(repeating: digits, count: 32))), size: size)
    }

    @Test("a ref moves only from where its mover saw it")
    func compareAndSwap() async throws {
        let fixture = try await HubFixture()
        let store = fixture.hub.store
        let key = try await fixture.create("model:a/one")
        let main = try #require(main)
        func move(_ from: ObjectID?, _ to: ObjectID) async -> HubError? {
            await hubError {
                try await store.moveRef(
                    main, of: key, from: from, to: to, changeLog: "", card: nil, tags: [], links: [])
            }
        }
        let (one, two, three) = (try object("1"), try object("2"), try object("3"))
        #expect(await move(one, two)?.code == .preconditionFailed)
        #expect(await move(nil, one) == nil)
        #expect(await move(nil, two)?.code == .preconditionFailed)
        async let left = move(one, two)
        async let right = move(one, three)
        let errors = await [left, right]
        #expect(errors.count { $0 == nil } == 1)
        #expect(await hubError { try await store.createRef(main, of: key, at: one) }?.code == .conflict)
    }

    @Test("refs are replaced within what was asked for, and nothing else")
    func replacing() async throws {
        let fixture = try await HubFixture()
        let store = fixture.hub.store
        let key = try await fixture.mirror("model:a/one")
        func ref(_ name: String, _ digit: Character, peeled: Character? = nil) throws -> Ref {
            Ref(name: try #require(RefName(name)), target: try object(digit), peeled: try peeled.map { try object($0) })
        }
        let all = [
            try ref("refs/heads/main", "1"), try ref("refs/heads/old", "2"), try ref("refs/tags/v1", "3", peeled: "1"),
            try ref("refs/pr/1", "4"),
        ]
        #expect(try await store.replaceRefs(of: key, by: all, within: [], defaultBranch: "trunk"))
        #expect(try await store.head(of: key)?.defaultBranch == "trunk")
        #expect(try await !store.replaceRefs(of: key, by: all, within: [], defaultBranch: nil))
        let next = [try ref("refs/heads/main", "5"), try ref("refs/tags/v1", "3", peeled: "1")]
        #expect(
            try await store.replaceRefs(
                of: key, by: next, within: ["refs/heads/", "refs/tags/"], defaultBranch: nil))
        #expect(try await store.refs(of: key).map(\.name.name) == ["refs/heads/main", "refs/pr/1", "refs/tags/v1"])
        #expect(try await store.refs(of: key).map(\.peeled).compactMap(\.self) == [try object("1")])
    }

    @Test("a link keeps where its blob was first seen, and is proved by the bytes only")
    func links() async throws {
        let fixture = try await HubFixture()
        let store = fixture.hub.store
        let key = try await fixture.mirror("model:a/one")
        let blob = try pointer("ab", 7)
        let (one, two) = (try object("1"), try object("2"))
        try await store.linkGranted([LFSPointer(oid: blob.oid, size: 3)], to: key)
        for (commit, path) in [(one, "first"), (two, "second")] {
            try await store.noteAcquisition(
                of: commit, in: key, hasHistory: false,
                links: [BlobLink(pointer: blob, commit: commit, path: path)], provenance: nil)
        }
        let link = try #require(try await store.links(to: [blob.oid], of: key)[blob.oid])
        #expect(link == BlobLink(pointer: blob, commit: one, path: "first"))
        let repository = try await fixture.authorizer.open(.anonymous, .contentRead, HubFixture.id("model:a/one"))
        #expect(try await store.isProved(blob.oid, for: repository))

        let stored = try await fixture.hub.blobs.store(
            nil, size: nil,
            from: AsyncThrowingStream<[UInt8], any Error> { continuation in
                continuation.yield([1, 2, 3])
                continuation.finish()
            })
        let other = LFSPointer(oid: stored.id, size: stored.size)
        try await store.noteAcquisition(
            of: try object("3"), in: key, hasHistory: false,
            links: [BlobLink(pointer: other, commit: try object("3"), path: "x")], provenance: nil)
        #expect(try await !store.isProved(other.oid, for: repository))
        // A repository that this reader may not see proves nothing; one that he may see does.
        let secret = try await fixture.create("model:b/secret", .private)
        try await store.noteArrival(of: other, in: secret)
        #expect(try await !store.isProved(other.oid, for: repository))
        let open = try await fixture.create("model:b/open")
        try await store.noteArrival(of: other, in: open)
        #expect(try await store.isProved(other.oid, for: repository))
        #expect(try await store.links(to: [other.oid], of: key)[other.oid]?.path == "x")
    }

    @Test("a change that was told while the upstream was asked is still to be looked at")
    func changes() async throws {
        let fixture = try await HubFixture()
        let store = fixture.hub.store
        let key = try await fixture.mirror("model:a/one")
        let asked = fixture.hub.clock.now()
        try await store.noteChecked(key, asked: asked)
        fixture.pass(seconds: 1)
        try await fixture.hub.catalogue.recordFeed(
            [RemoteChange(kind: .model, path: "a/one", version: 1, modifiedAt: nil)], mirror: "test", upstream: "hub",
            cursor: 1)
        try await store.noteChecked(key, asked: asked)
        #expect(try await store.mirrorState(of: key)?.changedAt != nil)
        fixture.pass(seconds: 1)
        try await store.noteChecked(key, asked: fixture.hub.clock.now())
        #expect(try await store.mirrorState(of: key)?.changedAt == nil)
        try await store.noteFailure("no", of: key)
        let state = try #require(try await store.mirrorState(of: key))
        #expect(state.failure == "no" && state.checkedAt == fixture.hub.clock.now())
    }

    @Test("two who register one upstream repository get one row")
    func registering() async throws {
        let fixture = try await HubFixture()
        let keys = try await withThrowingTaskGroup(of: Int64.self) { group in
            for name in ["Acme/Demo", "acme/demo", "ACME/DEMO"] {
                group.addTask { try await fixture.mirror("model:\(name)") }
            }
            return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
        }
        #expect(keys.count == 1)
    }

    @Test(
        "revisions are what git would take, and keep their case",
        arguments: [
            ("main", "main"), ("FACE", "FACE"), ("refs/pr/1", "refs/pr/1"), ("v1.0", "v1.0"),
            ("0123456789012345678901234567890123456789", "0123456789012345678901234567890123456789"),
        ])
    func revisions(text: String, shown: String) {
        #expect(Revision(text)?.description == shown)
    }

    @Test("what git would not take is no revision", arguments: ["", "..", "a..b", "a b", "refs/", "a:b", "a^", "@{u}"])
    func notRevisions(text: String) {
        #expect(Revision(text) == nil)
    }
}
