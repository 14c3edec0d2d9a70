import Testing

@testable import Policies

@Suite("Why: rule by rule")
struct RuleStepTests {
    private func trace(_ spec: String, _ facts: Facts) throws -> (steps: [RuleStep], decision: Decision) {
        let snapshot = try #require(PolicyFixtures.load(spec).snapshot)
        let mirror = try #require(snapshot.mirrors.first)
        return (
            snapshot.trace(mirror: mirror, facts: facts), snapshot.decide(mirror: mirror, facts: facts)
        )
    }

    @Test("every rule is told in the order of the file, with what came of it")
    func order() throws {
        let (steps, decision) = try trace(
            """
              default: deny
              license: {deny: ["cc-by-nc-*"]}
              rules:
              - {id: other, match: {repo: ["elsewhere/*"]}, action: deny}
              - {id: look, match: {kind: [model]}, action: review, message: "ask us"}
              - {id: soft, match: {kind: [model]}, action: deny, enforcement: warn}
              - {id: wide, match: {repo: ["acme/*"]}, action: allow}

            """, DecisionTests.file)
        #expect(steps.map(\.id) == ["other", "look", "soft", "wide", "license", "default"])
        #expect(steps.map(\.verdict) == [.passes, .holds, .warns, .allows, .denies, .passes])
        #expect(steps[1].message == "ask us" && steps[0].reason == nil)
        #expect(steps.allSatisfy { $0.location.file == "mirrors.d/hf.yaml" && $0.location.line > 0 })
        #expect(decision.outcome == .deny)
        #expect(decision.determining.first?.id == steps.first { $0.verdict == .denies }?.id)
    }

    @Test("what cannot be judged says what is missing")
    func unknown() throws {
        let facts = Facts(kind: "model", repository: "acme/demo")
        let (steps, _) = try trace(
            """
              rules:
              - {id: bins, match: {files: ["*.bin"]}, action: deny}

            """, facts)
        #expect(steps.map(\.verdict) == [.unknown])
        #expect(steps.first?.reason?.contains("file") == true)
    }

    @Test("asking for a remedy keeps what scans found and how each rule was judged")
    func kept() throws {
        var (steps, decision) = try trace(
            "  rules:\n  - {id: look, match: {kind: [model]}, action: review}\n", DecisionTests.file)
        decision.trace = steps
        steps = decision.adding(remedy: "wait").trace
        #expect(steps.map(\.id) == ["look"])
        #expect(decision.adding(remedy: "wait").remedy.first == "wait")
    }
}
