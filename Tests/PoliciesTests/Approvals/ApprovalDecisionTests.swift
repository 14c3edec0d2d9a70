import Foundation
import Testing

@testable import Policies

@Suite("Decisions and approvals")
struct ApprovalDecisionTests {
    private static let spec = """
          rules:
          - {id: look, match: {repo: ["acme/*"]}, action: review}
          - {id: apart, match: {files: ["*.bin"]}, action: quarantine}
          - {id: never, match: {files: ["*.exe"]}, action: deny}

        """

    private struct World {
        let snapshot: PolicySnapshot
        let mirror: Mirror

        init(_ spec: String = ApprovalDecisionTests.spec) throws {
            let load = PolicyFixtures.load(spec)
            snapshot = try #require(load.snapshot)
            mirror = try #require(snapshot.mirrors.first)
        }

        func decide(file: String? = nil, _ approvals: [ApprovalFact]? = nil, licenses: [String] = ["mit"]) -> Decision {
            var facts = Facts(kind: "model", repository: "acme/demo")
            facts.file = file
            facts.licenses = .declared(licenses)
            facts.approvals = approvals
            return snapshot.decide(mirror: mirror, facts: facts)
        }
    }

    private static func approval(_ covers: Set<String>, expiresAt: Int64? = nil) -> ApprovalFact {
        ApprovalFact(id: 12, approver: "alice", scope: "revision 0a", expiresAt: expiresAt, covers: covers)
    }

    @Test("what an approval covers passes, and the decision names who let it")
    func covered() throws {
        let world = try World()
        let held = world.decide()
        #expect(held.outcome == .review)
        let keys = Set(held.determining.map(\.reasonKey))
        let passed = world.decide([Self.approval(keys, expiresAt: 1_800_000_000_000)])
        #expect(passed.outcome == .allow)
        let advisory = try #require(passed.advisories.first)
        #expect(advisory.reason.contains("approval #12 by alice"))
        #expect(advisory.reason.contains("until 2027-01-15T08:00:00Z"))
        #expect(advisory.reason.contains("rule 'look'"))
    }

    @Test("a reason that the approver did not see is not covered")
    func newReason() throws {
        let world = try World()
        let keys = Set(world.decide().determining.map(\.reasonKey))
        let other = world.decide(file: "a.bin", [Self.approval(keys)])
        #expect(other.outcome == .review)
        #expect(other.isQuarantined && other.explanation.contains("held in quarantine"))
        let all = Set(world.decide(file: "a.bin").determining.map(\.reasonKey))
        #expect(world.decide(file: "b.bin", [Self.approval(all)]).outcome == .allow)
    }

    @Test("two approvals cover together what neither covers alone")
    func together() throws {
        let world = try World()
        let held = world.decide(file: "a.bin").determining.map(\.reasonKey)
        #expect(held.count == 2)
        let halves = held.map { Self.approval([$0]) }
        for half in halves { #expect(world.decide(file: "a.bin", [half]).outcome == .review) }
        #expect(world.decide(file: "a.bin", halves).outcome == .allow)
    }

    @Test("deny wins over every approval")
    func denied() throws {
        let world = try World()
        let keys = Set(world.decide(file: "a.exe").determining.map(\.reasonKey))
        #expect(world.decide(file: "a.exe", [Self.approval(keys)]).outcome == .deny)
    }

    @Test("another licence under the same list is another reason; a changed number is not")
    func steadiness() throws {
        let world = try World("  license: {review: [gemma, \"LicenseRef-llama*\"]}\n")
        let gemma = Set(world.decide(licenses: ["gemma"]).determining.map(\.reasonKey))
        #expect(world.decide([Self.approval(gemma)], licenses: ["gemma"]).outcome == .allow)
        #expect(world.decide([Self.approval(gemma)], licenses: ["llama3"]).outcome == .review)
        func key(_ reason: String) -> String {
            DeterminingRule(
                id: "r", file: "f", line: 1, column: 1, action: .review, enforcement: .enforce, reason: reason,
                message: nil
            ).reasonKey
        }
        #expect(key("105 downloads are at least 100") == key("99 downloads are at least 100"))
        #expect(key("licence is llama2") != key("licence is llama3"))
        #expect(key("file 'a.bin' matches '*.bin'") == key("file 'b.bin' matches '*.bin'"))
        #expect(key("file 'a' matches '*' and x' matches '*'") != key("file 'a' matches '*'"))
    }

    @Test("the settings are read, and what is wrong with them is told")
    func settings() throws {
        let world = try World(
            "  approvals: {servePrevious: true, expireAfter: 90d, approvers: [\"org:security\", \"user:ada\"]}\n")
        let settings = try #require(world.mirror.approvals)
        #expect(settings.servePrevious && settings.expireAfter == .seconds(90 * 86_400))
        #expect(settings.approvers == ["org:security", "user:ada"])
        for bad in ["{approvers: [\"security\"]}", "{approvers: [\"org:*\"]}", "{expireAfter: 0s}", "{previous: true}"]
        {
            #expect(!PolicyFixtures.load("  approvals: \(bad)\n").errors.isEmpty, "\(bad)")
        }
    }
}
