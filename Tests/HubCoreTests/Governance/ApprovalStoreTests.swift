import Testing

@testable import HubCore

@Suite("Requests for reviews")
struct ApprovalStoreTests {
    static func draft(_ keys: [String], commit: String? = String(repeating: "a", count: 40)) throws -> ApprovalDraft {
        ApprovalDraft(
            repository: try HubFixture.id("model:acme/demo"), mirror: "test", upstreamPath: "acme/demo",
            commit: commit.flatMap { CommitID($0) }, revision: "main",
            reasons: keys.map {
                Approval.Reason(key: $0, rule: $0, file: "m.yaml", line: 3, action: "review", text: "rule '\($0)'")
            }, evidence: .object([.init(key: "fileCount", value: .integer(2))]), policyDigest: "d",
            isQuarantined: false)
    }

    @Test("the same reasons about the same commit are one request; others are others; who asks is counted")
    func one() async throws {
        let fixture = try await HubFixture()
        let (bob, eve) = (try await fixture.principal("bob"), try await fixture.principal("eve"))
        let register = ApprovalRegister(store: fixture.hub.approvals, clock: fixture.hub.clock)
        let first = try await register.ask(try Self.draft(["a", "b"]), by: bob)
        for _ in 0..<3 { #expect(try await register.ask(try Self.draft(["b", "a"]), by: eve) == first) }
        #expect(try await register.ask(try Self.draft(["a"]), by: eve) == first + 1)
        let other = try Self.draft(["a", "b"], commit: String(repeating: "b", count: 40))
        #expect(try await register.ask(other, by: eve) == first + 2)
        try await register.flush()
        let askers = try await fixture.hub.approvals.askers(of: first)
        #expect(askers.map { "\($0.account) \($0.asked)" } == ["eve 3", "bob 1"])
        try await fixture.hub.approvals.keep(reason: "for a demo", of: "eve", for: first)
        #expect(try await fixture.hub.approvals.askers(of: first).map(\.reason) == ["for a demo", nil])
        #expect(try await fixture.hub.approvals.list(state: .open, limit: 10).map(\.id) == [3, 2, 1])
    }

    @Test("nobody decides on what he asked for, unless nobody else could; every decision is in the audit log")
    func duties() async throws {
        let fixture = try await HubFixture()
        let (bob, ada) = (try await fixture.principal("bob"), try await fixture.principal("ada"))
        let store = fixture.hub.approvals
        let id = try await store.ask(try Self.draft(["a"]), by: bob).approval.id
        await #expect(throws: HubError.self) {
            try await store.decide(id, .approve(.revision, expiresAt: nil), note: nil, by: bob)
        }
        // Who asked later for the same is a requester too.
        try await store.count([ApprovalAsk(approval: id, account: "ada"): 1])
        await #expect(throws: HubError.self) {
            try await store.decide(id, .approve(.revision, expiresAt: nil), note: nil, by: ada)
        }
        let decided = try await store.decide(
            id, .approve(.revision, expiresAt: nil), note: "fine", by: ada, isOnlyApprover: true)
        #expect(decided.state == .approved)
        #expect(decided.decidedBy == "ada")
        #expect(decided.scope == .revision)
        let actions = try await AuditLog(database: fixture.hub.database).records(limit: 10).map(\.action)
        #expect(actions.filter { $0.hasPrefix("approval.") } == ["approval.approve", "approval.ask"])
    }

    @Test("an approval ends with its time, and can be taken back; what is decided is decided")
    func ends() async throws {
        let fixture = try await HubFixture()
        let (bob, ada) = (try await fixture.principal("bob"), try await fixture.principal("ada"))
        let store = fixture.hub.approvals
        let register = ApprovalRegister(store: store, clock: fixture.hub.clock)
        let draft = try Self.draft(["a"])
        let id = try await register.ask(draft, by: bob)
        let end = fixture.hub.clock.now() + 60_000
        _ = try await store.decide(id, .approve(.revision, expiresAt: end), note: nil, by: ada)
        fixture.pass(seconds: 2)
        #expect(try await register.approvals(of: draft.repository).map(\.id) == [id])
        let generation = register.generation
        fixture.pass(seconds: 60)
        #expect(try await register.approvals(of: draft.repository).isEmpty)
        #expect(register.generation != generation)
        #expect(try await store.list(state: .expired, limit: 5).map(\.id) == [id])
        // What has run out is asked for again.
        fixture.pass(seconds: 2)
        let again = try await register.ask(draft, by: bob)
        #expect(again != id)
        _ = try await store.decide(again, .approve(.repository, expiresAt: nil), note: nil, by: ada)
        _ = try await store.decide(again, .reject, note: "no longer", by: ada)
        fixture.pass(seconds: 2)
        #expect(try await register.approvals(of: draft.repository).isEmpty)
        await #expect(throws: HubError.self) {
            try await store.decide(again, .approve(.repository, expiresAt: nil), note: nil, by: ada)
        }
    }

    @Test("a decision by another process is noticed within two seconds")
    func otherProcess() async throws {
        let fixture = try await HubFixture()
        let bob = try await fixture.principal("bob")
        let draft = try Self.draft(["a"])
        let serving = ApprovalRegister(store: fixture.hub.approvals, clock: fixture.hub.clock)
        let id = try await serving.ask(draft, by: bob)
        #expect(try await serving.approvals(of: draft.repository).isEmpty)
        let other = try await Hub(path: fixture.folder.appending("data"), clock: fixture.hub.clock)
        _ = try await other.decide(id, .approve(.revision, expiresAt: nil), note: nil)
        fixture.pass(seconds: 2)
        #expect(try await serving.approvals(of: draft.repository).map(\.id) == [id])
        await other.close()
    }

    @Test("of a repository of which nothing was fetched, only all of it can pass")
    func wholeRepository() async throws {
        let fixture = try await HubFixture()
        let (bob, ada) = (try await fixture.principal("bob"), try await fixture.principal("ada"))
        let id = try await fixture.hub.approvals.ask(try Self.draft(["a"], commit: nil), by: bob).approval.id
        await #expect(throws: HubError.self) {
            try await fixture.hub.approvals.decide(id, .approve(.revision, expiresAt: nil), note: nil, by: ada)
        }
        let decided = try await fixture.hub.approvals.decide(
            id, .approve(.repository, expiresAt: nil), note: nil, by: ada)
        #expect(decided.isInForce(at: fixture.hub.clock.now()))
    }
}
