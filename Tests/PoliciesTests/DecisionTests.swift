import Foundation
import Testing

@testable import Policies

@Suite("Decisions")
struct DecisionTests {
    static let file = Facts(
        kind: "model", repository: "acme/demo", revision: "main", file: "model.bin", fileSize: 5 << 30,
        totalSize: 20 << 30, licenses: .declared(["cc-by-nc-4.0"]))

    @Test("with no rule that says otherwise, content is allowed")
    func allowedByDefault() throws {
        let decision = try PolicyFixtures.decide("  mode: proxy\n", Self.file)
        #expect(decision.outcome == .allow)
        #expect(decision.explanation == "allowed: no rule says otherwise")
        #expect(decision.policyDigest == "d1")
    }

    @Test("deny wins over review, review over allow, wherever they stand")
    func precedence() throws {
        let allow = "  - {id: yes, match: {repo: [\"acme/*\"]}, action: allow}\n"
        let review = "  - {id: look, match: {kind: [model]}, action: review}\n"
        let deny = "  - {id: no, match: {files: [\"*.bin\"]}, action: deny}\n"
        #expect(try PolicyFixtures.decide("  rules:\n" + allow, Self.file).outcome == .allow)
        #expect(try PolicyFixtures.decide("  rules:\n" + review + allow, Self.file).outcome == .review)
        let decision = try PolicyFixtures.decide("  rules:\n" + deny + review + allow, Self.file)
        #expect(decision.outcome == .deny)
        #expect(decision.determining.map(\.id) == ["no"])
        let quarantine = "  - {id: q, match: {kind: [model]}, action: quarantine}\n"
        #expect(try PolicyFixtures.decide("  rules:\n" + quarantine + allow, Self.file).outcome == .review)
    }

    @Test("rules with enforcement warn or audit are recorded and block nothing")
    func enforcement() throws {
        let decision = try PolicyFixtures.decide(
            """
              rules:
              - {id: soft, match: {kind: [model]}, action: deny, enforcement: warn}
              - {id: quiet, match: {kind: [model]}, action: deny, enforcement: audit}

            """, Self.file)
        #expect(decision.outcome == .allow)
        #expect(decision.determining.isEmpty)
        #expect(decision.advisories.map(\.id) == ["soft", "quiet"])
        #expect(decision.advisories.map(\.enforcement) == [.warn, .audit])
    }

    @Test("a question without a file tells which refusals wait for one")
    func awaitingFile() throws {
        let rules = """
              rules:
              - {id: no-onnx, match: {files: ["*.onnx"]}, action: deny}
              - {id: no-pickles, when: 'file.path.endsWith(".pkl")', action: review}
              - {id: soft, match: {files: ["*.bin"]}, action: deny, enforcement: warn}
              - {id: other, match: {repo: ["other/*"], files: ["*"]}, action: deny}
              - {id: yes, match: {files: ["*.md"]}, action: allow}

            """
        var facts = Self.file
        facts.file = nil
        let decision = try PolicyFixtures.decide(rules, facts)
        #expect(decision.outcome == .allow)
        #expect(decision.awaitingFile.map(\.id) == ["no-onnx", "no-pickles"])
        #expect(try PolicyFixtures.decide(rules, Self.file).awaitingFile.isEmpty)
    }

    @Test("the explanation names rule, file, line, reason and the author's message")
    func explanation() throws {
        let decision = try PolicyFixtures.decide(
            """
              rules:
              - id: no-nc
                when: 'license.flags.exists("non-commercial") && org != "research"'
                action: deny
                message: ask legal@example.com

            """, Self.file)
        #expect(
            decision.explanation
                == "denied by rule 'no-nc' (mirrors.d/hf.yaml:8): licence cc-by-nc-4.0 is non-commercial; ask legal@example.com"
        )
        #expect(decision.determining.first?.line == 8)
        #expect(decision.determining.first?.column == 5)
        #expect(!decision.remedy.isEmpty)
    }

    @Test(
        "other explanations say what matched",
        arguments: [
            (
                "  rules: [{id: r, match: {files: [\"*.bin\"]}, action: deny, message: use safetensors}]\n",
                "denied by rule 'r' (mirrors.d/hf.yaml:7): file 'model.bin' matches '*.bin'; use safetensors"
            ),
            (
                "  rules: [{id: r, match: {maxSize: 4GiB}, action: allow}]\n",
                "denied by rule 'r' (mirrors.d/hf.yaml:7): the file's size 5 GiB is more than maxSize 4 GiB"
            ),
            (
                "  rules: [{id: r, match: {maxSize: 15.5GiB}, action: allow}]\n",
                "denied by rule 'r' (mirrors.d/hf.yaml:7): the repository's size 20 GiB is more than maxSize 15.5 GiB"
            ),
            (
                "  rules: [{id: r, match: {minSize: 10GiB}, action: review}]\n",
                "held for review by rule 'r' (mirrors.d/hf.yaml:7): 20 GiB is at least 10 GiB"
            ),
            (
                "  license: {deny: [\"flag:non-commercial\"]}\n",
                "denied by rule 'license' (mirrors.d/hf.yaml:7): licence cc-by-nc-4.0 is non-commercial"
            ),
            (
                "  license:\n    allow: [MIT]\n",
                "denied by rule 'license' (mirrors.d/hf.yaml:8): licence cc-by-nc-4.0 is not on the allow list"
            ),
            (
                "  default: deny\n",
                "denied by rule 'default' (mirrors.d/hf.yaml:7): no rule of mirror 'hf' allows it"
            ),
            (
                "  rules: [{id: r, action: deny}]\n",
                "denied by rule 'r' (mirrors.d/hf.yaml:7): it applies to everything"
            ),
        ])
    func explanations(_ spec: String, _ explanation: String) throws {
        #expect(try PolicyFixtures.decide(spec, Self.file).explanation == explanation)
    }

    @Test("a message is one line whatever its author wrote")
    func messageIsOneLine() throws {
        let decision = try PolicyFixtures.decide(
            "  rules:\n  - id: r\n    action: deny\n    message: |\n      one\n      two\n", Self.file)
        #expect(decision.determining.first?.message == "one two")
    }

    @Test("an allow rule with maxSize caps what its selectors match, and nothing else")
    func sizeCap() throws {
        let cap = "  rules: [{id: cap, match: {repo: [\"acme/*\"], maxSize: 4GiB}, action: allow}]\n"
        var facts = Facts(kind: "model", repository: "acme/demo", fileSize: 4 << 30)
        #expect(try PolicyFixtures.decide(cap, facts).outcome == .allow)
        facts.fileSize = (4 << 30) + 1
        #expect(try PolicyFixtures.decide(cap, facts).outcome == .deny)
        #expect(try PolicyFixtures.decide(cap, facts).determining.first?.action == .deny)
        facts.repository = "other/demo"
        #expect(try PolicyFixtures.decide(cap, facts).outcome == .allow)
        let whole = Facts(kind: "model", repository: "acme/demo", totalSize: 5 << 30)
        #expect(try PolicyFixtures.decide(cap, whole).outcome == .deny)
        let unknown = try PolicyFixtures.decide(cap, Facts(kind: "model", repository: "acme/demo"))
        #expect(unknown.outcome == .allow)
        #expect(unknown.notEvaluated == ["rule 'cap' (mirrors.d/hf.yaml:7): not known: size"])
    }

    @Test("in deny and review rules maxSize and minSize are plain selectors")
    func sizeSelectors() throws {
        let small = "  rules: [{id: small, match: {maxSize: 1KiB}, action: review}]\n"
        let large = "  rules: [{id: large, match: {minSize: 1GiB}, action: deny}]\n"
        #expect(
            try PolicyFixtures.decide(small, Facts(kind: "model", repository: "a/b", fileSize: 1_024)).outcome
                == .review)
        #expect(
            try PolicyFixtures.decide(small, Facts(kind: "model", repository: "a/b", fileSize: 1_025)).outcome == .allow
        )
        #expect(
            try PolicyFixtures.decide(large, Facts(kind: "model", repository: "a/b", fileSize: 1 << 30)).outcome
                == .deny)
        #expect(
            try PolicyFixtures.decide(large, Facts(kind: "model", repository: "a/b", fileSize: 9)).outcome == .allow)
    }

    @Test("a question about the repository can be decided before anything was fetched")
    func fewFacts() throws {
        let spec = """
              license: {allow: [MIT]}
              rules:
              - {id: bin, match: {files: ["*.bin"]}, action: deny}
              - {id: nc, when: 'license.flags.exists("non-commercial")', action: deny}
              - {id: evil, match: {repo: ["evil/*"]}, action: deny}

            """
        let decision = try PolicyFixtures.decide(spec, Facts(kind: "model", repository: "acme/demo"))
        #expect(decision.outcome == .allow)
        #expect(
            decision.notEvaluated == [
                "rule 'bin' (mirrors.d/hf.yaml:9): not known: file",
                "rule 'nc' (mirrors.d/hf.yaml:10): not known: license.flags",
                "licence lists (mirrors.d/hf.yaml:7): not known: license",
            ])
        #expect(try PolicyFixtures.decide(spec, Facts(kind: "model", repository: "Evil/demo")).outcome == .deny)
    }

    @Test("default deny waits for the file at the repository, and holds at the file")
    func defaultDeny() throws {
        let spec = """
              default: deny
              rules:
              - {id: weights, match: {repo: ["acme/*"], files: ["*.safetensors"]}, action: allow}
              - {id: small, match: {repo: ["tiny/*"], maxParams: 7B}, action: allow}

            """
        func outcome(_ repository: String, _ file: String? = nil) throws -> Decision.Outcome {
            try PolicyFixtures.decide(spec, Facts(kind: "model", repository: repository, file: file)).outcome
        }
        #expect(try outcome("acme/demo") == .allow)
        #expect(try outcome("acme/demo", "model.safetensors") == .allow)
        #expect(try outcome("acme/demo", "model.bin") == .deny)
        #expect(try outcome("other/demo") == .deny)
        #expect(try outcome("tiny/demo") == .allow)
        #expect(try outcome("tiny/demo", "model.bin") == .deny, "an unknown fact grants nothing")
    }

    @Test("metadata selectors match when the fact is known and stay out of it when not")
    func metadataSelectors() throws {
        let known = Facts(
            kind: "dataset", repository: "acme/demo", tags: ["license:mit", "Text"], task: "text-generation",
            library: "transformers", languages: ["zh", "en"], author: "acme", downloads: 100, parameters: 7_000_000_000,
            updatedAt: Date(timeIntervalSince1970: 1_000_000), now: Date(timeIntervalSince1970: 1_000_000 + 86_400))
        let cases: [(String, Bool)] = [
            ("tags: [text]", true), ("tags: [\"license:*\"]", true), ("tags: [audio]", false), ("task: [text-*]", true),
            ("library: [diffusers]", false), ("language: [fr, zh]", true), ("author: [ACME]", true),
            ("minDownloads: 100", true), ("minDownloads: 101", false), ("maxParams: 7B", true),
            ("maxParams: 6B", false),
            ("updatedWithin: 1d", true), ("updatedWithin: 23h", false), ("kind: [dataset]", true),
            ("kind: [model]", false),
            ("notRepo: [\"acme/*\"]", false), ("tags: [], repo: []", true), ("repo: [\"*/demo\"], tags: [text]", true),
        ]
        for (match, applies) in cases {
            let spec = "  rules: [{id: r, match: {\(match)}, action: deny}]\n"
            #expect(try PolicyFixtures.decide(spec, known).outcome == (applies ? .deny : .allow), "\(match)")
        }
        let few = Facts(kind: "dataset", repository: "acme/demo")
        for match in ["tags: [text]", "task: [x]", "minDownloads: 1", "maxParams: 7B", "updatedWithin: 1d"] {
            let decision = try PolicyFixtures.decide("  rules: [{id: r, match: {\(match)}, action: deny}]\n", few)
            #expect(decision.outcome == .allow && decision.notEvaluated.count == 1, "\(match)")
        }
    }

    @Test("revisions match by the name asked for or by the commit")
    func revisions() throws {
        let spec = "  rules: [{id: r, match: {revision: [\"v*\", \"abc*\"]}, action: deny}]\n"
        func outcome(_ revision: String?, _ commit: String?) throws -> Decision.Outcome {
            try PolicyFixtures.decide(
                spec, Facts(kind: "model", repository: "a/b", revision: revision, commit: commit)
            ).outcome
        }
        #expect(try outcome("v1", nil) == .deny)
        #expect(try outcome("main", "abcdef") == .deny)
        #expect(try outcome("main", "fff") == .allow)
        #expect(try outcome(nil, nil) == .allow)
    }

    @Test("a policy set holds for every mirror")
    func policySet() throws {
        let set = """
            apiVersion: weir/v1
            kind: PolicySet
            metadata: {name: house-rules}
            spec:
              license: {deny: ["flag:non-commercial"]}
              rules:
              - {id: no-pickle, match: {files: ["*.pkl"]}, action: deny}
            """
        let load = PolicySnapshot.load(
            [
                PolicyFile(name: "00-house.yaml", text: set),
                PolicyFile(name: "10.yaml", text: PolicyFixtures.text("", name: "a")),
                PolicyFile(name: "20.yaml", text: PolicyFixtures.text("", name: "b")),
            ], digest: "")
        let snapshot = try #require(load.snapshot)
        #expect(snapshot.mirrors.map(\.name) == ["a", "b"])
        for mirror in snapshot.mirrors {
            let decision = snapshot.decide(mirror: mirror, facts: Self.file)
            #expect(decision.determining.map(\.file) == ["00-house.yaml"])
            let pickle = Facts(kind: "model", repository: "a/b", file: "x/y.pkl")
            #expect(snapshot.decide(mirror: mirror, facts: pickle).determining.map(\.id) == ["no-pickle"])
        }
    }

    @Test("a decision that depends on who asks says so")
    func requester() throws {
        let load = PolicyFixtures.load("  rules: [{id: r, when: 'org == \"x\"', action: deny}]\n")
        let snapshot = try #require(load.snapshot)
        #expect(snapshot.mirrors.map(snapshot.dependsOnRequester) == [true])
        let plain = try #require(PolicyFixtures.load("").snapshot)
        #expect(plain.mirrors.map(plain.dependsOnRequester) == [false])
    }

    @Test("adding a deny rule never opens anything", arguments: 0..<100)
    func denyIsMonotonic(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let matches = [
            "kind: [model]", "repo: [\"acme/*\"]", "files: [\"*.bin\"]", "maxSize: 4GiB", "minSize: 1GiB",
            "revision: [v1]", "tags: [x]", "notFiles: [\"*.bin\"]",
        ]
        let actions = ["allow", "deny", "review"]
        var rules = ""
        for index in 0..<Int.random(in: 1...5, using: &generator) {
            let match = matches.randomElement(using: &generator) ?? ""
            let action = actions.randomElement(using: &generator) ?? ""
            rules += "  - {id: r\(index), match: {\(match)}, action: \(action)}\n"
        }
        let extra = "  - {id: extra, match: {\(matches.randomElement(using: &generator) ?? "")}, action: deny}\n"
        let before = try PolicyFixtures.decide("  rules:\n" + rules, Self.file)
        let after = try PolicyFixtures.decide("  rules:\n" + rules + extra, Self.file)
        #expect(after.outcome >= before.outcome)
        #expect(try PolicyFixtures.decide("  rules:\n" + rules, Self.file) == before)
    }
}
