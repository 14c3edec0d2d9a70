import Testing

@testable import Policies

@Suite("Required signatures")
struct SignatureTests {
    private static let spec =
        "  provenance: {requireSignature: {trustedKeys: [\"/keys/*.pub\"], when: 'repo.startsWith(\"acme/\")'}}\n"

    private static func facts(_ repository: String = "acme/demo", signed: Bool?) -> Facts {
        var facts = DecisionTests.file
        facts.repository = repository
        facts.commit = String(repeating: "0", count: 40)
        facts.isSignedByTrustedKey = signed
        return facts
    }

    @Test("what no trusted key signed is denied where the expression asks for it, with the place of the rule")
    func decides() throws {
        #expect(try PolicyFixtures.decide(Self.spec, Self.facts(signed: true)).outcome == .allow)
        let denied = try PolicyFixtures.decide(Self.spec, Self.facts(signed: false))
        #expect(denied.outcome == .deny)
        #expect(denied.determining.map(\.id) == ["requireSignature"])
        #expect(denied.explanation.contains("mirrors.d/hf.yaml:7"))
        #expect(denied.facts.contains { $0.name == "signedByTrustedKey" && $0.value == "no" })
        #expect(try PolicyFixtures.decide(Self.spec, Self.facts("other/demo", signed: false)).outcome == .allow)
    }

    @Test("a question about no commit in particular is not decided by it, and says so")
    func unknown() throws {
        let decision = try PolicyFixtures.decide(Self.spec, Self.facts(signed: nil))
        #expect(decision.outcome == .allow)
        #expect(decision.notEvaluated.contains { $0.contains("whether a trusted key signed it") })
    }

    @Test("a signature that is required of everything is required where nothing else is known")
    func withoutCondition() throws {
        let spec = "  provenance: {requireSignature: {trustedKeys: [/keys/a.pub]}}\n"
        var facts = Facts(kind: "model", repository: "a/b")
        facts.commit = String(repeating: "0", count: 40)
        facts.isSignedByTrustedKey = false
        #expect(try PolicyFixtures.decide(spec, facts).outcome == .deny)
        // An expression about what is not known asks for the signature too.
        let unclear = "  provenance: {requireSignature: {trustedKeys: [/keys/a.pub], when: 'downloads > 5'}}\n"
        #expect(try PolicyFixtures.decide(unclear, facts).outcome == .deny)
    }

    @Test(
        "what could let nothing or anything pass is refused",
        arguments: [
            ("  provenance: {requireSignature: {}}\n", "names no trusted keys"),
            ("  provenance: {requireSignature: {trustedKeys: [\"/*/a.pub\"]}}\n", "in the name of a folder"),
            ("  provenance: {record: false, sign: {keyFile: /a}}\n", "nothing to sign"),
        ])
    func mistakes(_ spec: String, _ message: String) {
        let load = PolicyFixtures.load(spec)
        #expect(load.snapshot == nil)
        #expect(load.errors.contains { $0.message.contains(message) }, "\(load.errors)")
    }

    @Test("nothing of a provenance block is left unenforced")
    func notices() {
        let load = PolicyFixtures.load(
            "  provenance: {record: true, sign: {keyFile: /a}, attach: [slsa, oms, cyclonedx-1.6], "
                + "requireSignature: {trustedKeys: [/k]}}\n")
        #expect(load.notices.isEmpty)
        #expect(load.snapshot?.mirrors.first?.provenance?.requiredSignature?.trustedKeys.map(\.pattern) == ["/k"])
    }
}
