import Foundation
import Testing

@testable import Policies

@Suite("What is fetched ahead")
struct SelectionTests {
    private func snapshot(_ rules: String, more: String = "") throws -> (PolicySnapshot, Mirror) {
        let text = """
            apiVersion: weir/v1
            kind: Mirror
            metadata: {name: test}
            spec:
              mode: mirror
              upstreams: [{name: above, type: huggingface, url: "https://above.example"}]
            \(more)
              rules:
            \(rules)
            """
        let load = PolicySnapshot.load([PolicyFile(name: "test.yaml", text: text)], digest: "x")
        let snapshot = try #require(load.snapshot, "\(load.errors.map(\.description))")
        return (snapshot, try #require(snapshot.mirrors.first))
    }

    private func facts(_ repository: String = "acme/demo", file: String? = nil, size: Int64? = nil) -> Facts {
        var facts = Facts(kind: "model", repository: repository)
        facts.file = file
        facts.fileSize = size
        facts.user = ""
        return facts
    }

    @Test("only what an enforced allow rule names is let in, also where everything is allowed by default")
    func named() throws {
        let (snapshot, mirror) = try snapshot(
            """
              - {id: ours, match: {repo: ["acme/*"], files: ["*.json"]}, action: allow}
              - {id: watched, match: {repo: ["other/*"]}, action: allow, enforcement: audit}
            """)
        #expect(snapshot.select(mirror: mirror, facts: facts()).mayBeLetIn)
        #expect(!snapshot.select(mirror: mirror, facts: facts()).isLetIn)
        #expect(snapshot.select(mirror: mirror, facts: facts(file: "config.json", size: 1)).isLetIn)
        #expect(!snapshot.select(mirror: mirror, facts: facts(file: "model.bin", size: 1)).mayBeLetIn)
        #expect(snapshot.select(mirror: mirror, facts: facts(file: "model.bin", size: 1)).decision.isAllowed)
        #expect(!snapshot.select(mirror: mirror, facts: facts("other/demo")).mayBeLetIn)
    }

    @Test("without allow rules everything that is allowed comes; what is denied or held never does")
    func everything() throws {
        let (snapshot, mirror) = try snapshot(
            """
              - {id: no, match: {repo: [acme/no]}, action: deny}
              - {id: hold, match: {repo: [acme/hold]}, action: review}
            """)
        #expect(snapshot.select(mirror: mirror, facts: facts()).isLetIn)
        for name in ["acme/no", "acme/hold"] {
            let selection = snapshot.select(mirror: mirror, facts: facts(name))
            #expect(!selection.isLetIn && !selection.mayBeLetIn && !selection.decision.isAllowed)
        }
    }

    @Test("whole names and revisions are read from the rules that may let something in")
    func names() throws {
        let (snapshot, mirror) = try snapshot(
            """
              - {id: one, match: {kind: [dataset], repo: [acme/one, "acme/*-all"], revision: [main, "v*"]}, action: allow}
              - {id: two, match: {repo: [acme/two]}, action: allow}
              - {id: three, match: {repo: [acme/three]}, action: deny}
            """)
        #expect(
            snapshot.namedRepositories(of: mirror)
                == [
                    NamedRepository(kinds: ["dataset"], path: "acme/one"), NamedRepository(kinds: [], path: "acme/two"),
                ])
        var dataset = facts("acme/one")
        dataset.kind = "dataset"
        #expect(snapshot.revisions(of: mirror, facts: dataset).map { $0?.pattern } == ["main", "v*"])
        #expect(snapshot.revisions(of: mirror, facts: facts("acme/two")).map { $0?.pattern } == [nil])
        #expect(snapshot.revisions(of: mirror, facts: facts("acme/four")).isEmpty)
    }

    @Test("a cap lets in up to its size and not beyond")
    func cap() throws {
        let (snapshot, mirror) = try snapshot("  - {id: cap, match: {maxSize: 1KiB}, action: allow}")
        #expect(snapshot.select(mirror: mirror, facts: facts(file: "a", size: 1_024)).isLetIn)
        #expect(!snapshot.select(mirror: mirror, facts: facts(file: "a", size: 1_025)).isLetIn)
    }
}
