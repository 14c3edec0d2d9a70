import Testing

@testable import HubCore

@Suite("Lineage over what is stored")
struct LineageTests {
    private static func evidence(_ edges: (LineageEdge.Relation, String)...) -> LicenseEvidence {
        var evidence = LicenseEvidence()
        evidence.card = ["mit"]
        evidence.edges = edges.map { LineageEdge(relation: $0.0, kind: .model, path: $0.1) }
        return evidence
    }

    private static func commit(_ digit: String) throws -> CommitID {
        try #require(CommitID(String(repeating: digit, count: 40)))
    }

    /// base <- tune <- quant, all local, and a ring of two.
    private static func fixture() async throws -> HubFixture {
        let fixture = try await HubFixture()
        var keys: [String: Int64] = [:]
        for name in ["base", "tune", "quant", "ring"] { keys[name] = try await fixture.create("model:acme/\(name)") }
        let store = fixture.hub.licenseEvidence
        for (name, bases) in [
            ("base", []), ("tune", ["acme/Base"]), ("quant", ["acme/tune"]), ("ring", ["acme/ring", "acme/quant"]),
        ] as [(String, [String])] {
            var evidence = evidence()
            evidence.edges = bases.map { LineageEdge(relation: .finetune, kind: .model, path: $0) }
            try await store.record(
                evidence, of: try commit("1"), in: try #require(keys[name]), foundWith: "1")
        }
        // The base comes to be derived from what derives from it.
        try await store.record(
            Self.evidence((.merge, "acme/ring")), of: try commit("2"), in: try #require(keys["base"]), foundWith: "1")
        return fixture
    }

    @Test("what derives from a repository is found over any number of steps, each once, and rings end")
    func descendants() async throws {
        let fixture = try await Self.fixture()
        let found = try await fixture.hub.lineage.descendants(of: HubFixture.id("model:ACME/base"))
        #expect(found.map { "\($0.depth) \($0.repository.path)" } == ["1 acme/tune", "2 acme/quant", "3 acme/ring"])
        #expect(found.last?.through.path == "acme/quant")
        #expect(try await fixture.hub.lineage.descendants(of: HubFixture.id("model:acme/base"), limit: 2).count == 2)
    }

    @Test("what was recorded of a commit is replaced, with its edges, and found again only with the same texts")
    func replaced() async throws {
        let fixture = try await Self.fixture()
        let store = fixture.hub.licenseEvidence
        let key = try await fixture.create("model:acme/more")
        let commit = try Self.commit("3")
        try await store.record(Self.evidence((.adapter, "acme/quant")), of: commit, in: key, foundWith: "1")
        #expect(try await store.evidence(of: commit, in: key, foundWith: "2") == nil)
        #expect(try await store.evidence(of: commit, in: key)?.evidence.edges.count == 1)
        try await store.record(Self.evidence(), of: commit, in: key, foundWith: "2")
        #expect(try await store.evidence(of: commit, in: key, foundWith: "2")?.evidence.edges.isEmpty == true)
        let found = try await fixture.hub.lineage.descendants(of: HubFixture.id("model:acme/quant"))
        #expect(!found.contains { $0.repository.path == "acme/more" })
    }

    @Test("a card that came by a mirror never means what somebody made here under that name")
    func laundering() async throws {
        let fixture = try await HubFixture()
        _ = try await fixture.hub.importer.run(
            folder: fixture.write(["README.md": Array("---\nlicense: mit\n---\n".utf8)]),
            as: HubFixture.id("model:meta/base"), isPrivate: false)
        let edge = LineageEdge(relation: .finetune, kind: .model, path: "meta/base")
        #expect(try await fixture.hub.lineage.stored(edge, writtenIn: .mirror("test")) == nil)
        #expect(try await fixture.hub.lineage.stored(edge, writtenIn: .local)?.repository.id.path == "meta/base")
    }
}
