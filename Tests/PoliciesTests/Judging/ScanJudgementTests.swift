import Foundation
import Testing

@testable import Policies

@Suite("Judgements on scans")
struct ScanJudgementTests {
    private static let strict = "  scan: {required: [pickle, safetensors, secrets], serveBeforeScan: false}\n"

    static func facts(_ scan: ScanFacts?, file: String? = "model.bin") -> Facts {
        var facts = Facts(kind: "model", repository: "acme/demo", revision: "main", file: file, fileSize: 10)
        facts.scan = scan
        return facts
    }

    static func found(
        _ scanner: String, _ verdict: ScanVerdict, _ code: String = "x", place: String = "data.pkl:12",
        text: String = "imports os.system"
    ) -> ScanFacts {
        ScanFacts(
            state: .done, verdict: verdict,
            findings: [ScanFinding(scanner: scanner, verdict: verdict, code: code, place: place, text: text)])
    }

    static func pending(_ seconds: Int? = nil) -> ScanFacts {
        ScanFacts(
            state: .pending, verdict: .unknown, findings: [], pendingFor: seconds.map { .seconds($0) })
    }

    @Test("a dangerous pickle is denied, and the reason names file, finding, place, policy file and line")
    func dangerous() throws {
        let decision = try PolicyFixtures.decide(Self.strict, Self.facts(Self.found("pickle", .dangerous)))
        #expect(decision.outcome == .deny)
        #expect(
            decision.explanation
                == "denied by rule 'scan' (mirrors.d/hf.yaml:7): 'model.bin': imports os.system (data.pkl:12)")
    }

    @Test(
        "what each scanner finds does what its key says",
        arguments: [
            ("pickle", ScanVerdict.suspicious, Decision.Outcome.review), ("pickle", .unknown, .review),
            ("container", .unknown, .review), ("keras", .dangerous, .deny), ("safetensors", .suspicious, .review),
            ("safetensors", .unknown, .review), ("secrets", .suspicious, .review), ("gguf", .suspicious, .allow),
            ("gguf", .unknown, .allow), ("malware", .dangerous, .deny), ("malware", .unknown, .allow),
            ("remote-code", .suspicious, .allow), ("upstream", .suspicious, .allow), ("pickle", .clean, .allow),
        ])
    func actions(scanner: String, verdict: ScanVerdict, outcome: Decision.Outcome) throws {
        let decision = try PolicyFixtures.decide(Self.strict, Self.facts(Self.found(scanner, verdict)))
        #expect(decision.outcome == outcome, "\(scanner) \(verdict)")
        // What blocks nothing is told all the same.
        #expect(decision.advisories.isEmpty == (outcome != .allow || verdict == .clean))
    }

    @Test("pickle.unknownGlobals, pickle.dangerous, remoteCode and importUpstreamStatus decide")
    func settings() throws {
        let spec =
            "  scan: {required: [malware], pickle: {unknownGlobals: deny, dangerous: review}, remoteCode: deny, importUpstreamStatus: true}\n"
        func outcome(_ scan: ScanFacts) throws -> Decision.Outcome {
            try PolicyFixtures.decide(spec, Self.facts(scan)).outcome
        }
        #expect(try outcome(Self.found("pickle", .suspicious)) == .deny)
        #expect(try outcome(Self.found("pickle", .dangerous)) == .review)
        #expect(try outcome(Self.found("remote-code", .suspicious)) == .deny)
        #expect(try outcome(Self.found("upstream", .suspicious)) == .review)
        #expect(try outcome(Self.found("malware", .unknown)) == .review)
        let lax = "  scan: {pickle: {unknownGlobals: allow, dangerous: allow}}\n"
        #expect(try PolicyFixtures.decide(lax, Self.facts(Self.found("pickle", .dangerous))).outcome == .allow)
        // A virus has no setting that would let it pass.
        #expect(try PolicyFixtures.decide(lax, Self.facts(Self.found("malware", .dangerous))).outcome == .deny)
    }

    @Test("a verdict without a finding that explains it counts as well: unknown is never clean")
    func bareVerdicts() throws {
        let unknown = ScanFacts(state: .done, verdict: .unknown, findings: [])
        #expect(try PolicyFixtures.decide(Self.strict, Self.facts(unknown)).outcome == .review)
        let dangerous = ScanFacts(state: .done, verdict: .dangerous, findings: [])
        #expect(try PolicyFixtures.decide(Self.strict, Self.facts(dangerous)).outcome == .deny)
        let clean = ScanFacts(state: .done, verdict: .clean, findings: [])
        #expect(try PolicyFixtures.decide(Self.strict, Self.facts(clean)).outcome == .allow)
        #expect(try PolicyFixtures.decide("  scan: {}\n", Self.facts(unknown)).outcome == .allow)
    }

    @Test("what was not scanned waits, and counts as not understood once it waited too long")
    func pending() throws {
        let waiting = try PolicyFixtures.decide(Self.strict, Self.facts(Self.pending()))
        #expect(waiting.awaitsScan && waiting.outcome == .review)
        #expect(waiting.explanation.contains("'model.bin' is being scanned"))
        #expect(try PolicyFixtures.decide(Self.strict, Self.facts(Self.pending(599))).awaitsScan)
        let late = try PolicyFixtures.decide(Self.strict, Self.facts(Self.pending(601)))
        #expect(!late.awaitsScan && late.outcome == .review)
        let short = "  scan: {required: [pickle], serveBeforeScan: false, maxScanDelay: 5s}\n"
        #expect(try PolicyFixtures.decide(short, Self.facts(Self.pending(4))).awaitsScan)
        #expect(try !PolicyFixtures.decide(short, Self.facts(Self.pending(6))).awaitsScan)
        let early = try PolicyFixtures.decide("  scan: {required: [pickle]}\n", Self.facts(Self.pending()))
        #expect(early.isAllowed && early.advisories.map(\.id) == ["scan"])
    }

    @Test("nothing waits for a scan that another rule refuses, nor is a finding forgotten while others wait")
    func pendingAndRefused() throws {
        let rules = Self.strict + "  rules:\n  - {id: no, match: {files: [\"*.bin\"]}, action: deny}\n"
        #expect(try !PolicyFixtures.decide(rules, Self.facts(Self.pending())).awaitsScan)
        let review = Self.strict + "  rules:\n  - {id: look, match: {files: [\"*.bin\"]}, action: review}\n"
        #expect(try !PolicyFixtures.decide(review, Self.facts(Self.pending())).awaitsScan)
        var half = Self.found("pickle", .dangerous)
        half.state = .pending
        #expect(try PolicyFixtures.decide(Self.strict, Self.facts(half)).outcome == .deny)
    }

    @Test("where nobody knows of scans they are listed as not evaluated, and where there is no block they do nothing")
    func unknown() throws {
        let decision = try PolicyFixtures.decide(Self.strict, Self.facts(nil))
        #expect(decision.isAllowed)
        #expect(decision.notEvaluated == ["scan (mirrors.d/hf.yaml:7): not known: scan"])
        let without = try PolicyFixtures.decide("  mode: proxy\n", Self.facts(Self.found("pickle", .dangerous)))
        #expect(without.isAllowed)
    }

    @Test("settings that contradict each other are warned about")
    func warnings() {
        let load = PolicyFixtures.load(
            "  scan: {pickle: {unknownGlobals: deny, dangerous: allow}, maxScanDelay: 5m}\n")
        #expect(load.notices.isEmpty)
        #expect(load.warnings.count == 2)
        #expect(load.snapshot?.mirrors.first?.scan?.maximumDelay == .seconds(300))
        let wrong = PolicyFixtures.load("  scan: {required: [viruses]}\n")
        #expect(wrong.errors.count == 1)
    }
}
