import Testing

@testable import HubCore

@Suite("What becomes of each ref of a push")
struct PushPlanTests {
    private static let one = ObjectID(bytes: Array(repeating: 1, count: 20)) ?? .zero
    private static let two = ObjectID(bytes: Array(repeating: 2, count: 20)) ?? .zero

    private func create(_ name: String) -> ReceivePackRequest.Command { .init(old: nil, new: Self.two, name: name) }
    private func update(_ name: String) -> ReceivePackRequest.Command {
        .init(old: Self.one, new: Self.two, name: name)
    }
    private func delete(_ name: String) -> ReceivePackRequest.Command { .init(old: Self.one, new: nil, name: name) }

    private func plan(
        _ commands: [ReceivePackRequest.Command], present: [String] = ["refs/heads/main", "refs/heads/dev"],
        atomic: Bool = false, protections: [BranchProtection] = []
    ) throws -> PushPlan {
        var request = ReceivePackRequest()
        request.commands = commands
        if atomic { request.capabilities = ["atomic"] }
        return PushPlan(
            request, refs: try present.map { Ref(name: try refName($0), target: Self.one) }, defaultBranch: "main",
            protections: BranchProtections(protections))
    }

    private func refusals(_ plan: PushPlan) -> [Bool] { plan.items.map { $0.refusal != nil } }

    @Test("S8: depends on that ref alone: allowed, forbidden, allowed")
    func alone() throws {
        let plan = try plan([update("refs/heads/dev"), create("refs/pr/1"), create("refs/tags/v1")])
        #expect(refusals(plan) == [false, true, false])
        #expect(plan.arrivals == [0, 2])
        #expect(plan.updates.map(\.name.name) == ["refs/heads/dev", "refs/tags/v1"])
    }

    @Test("is nothing at all when one is refused and the client asked for all or none")
    func atomic() throws {
        var plan = try plan([update("refs/heads/dev"), create("refs/pr/1")], atomic: true)
        #expect(plan.updates == [])
        plan = try self.plan([update("refs/heads/dev"), create("refs/tags/v1")], atomic: true)
        #expect(plan.updates.count == 2)
        plan.refuse(1, "its content")
        #expect(plan.updates == [] && plan.items[0].refusal == "atomic push failed")
    }

    @Test(
        "is refused for names that are none, or the hub's own",
        arguments: [
            "refs/hub/a", "refs/pr/1", "refs/pr/1/head", "refs/heads", "refs/x", "heads/main", "main", "HEAD", "",
            "refs/heads/../x", "refs/heads/a..b", "refs/heads/.a", "refs/heads/a.lock", "refs/heads/a b",
            "refs/heads/a:b", "refs/heads/-\u{7F}", "refs//a", "refs/heads/" + String(repeating: "a", count: 255),
        ])
    func names(name: String) throws {
        #expect(refusals(try plan([create(name)])) == [true])
    }

    @Test("is refused where the client saw another state")
    func stale() throws {
        let moved = ReceivePackRequest.Command(old: Self.two, new: Self.one, name: "refs/heads/dev")
        let plan = try plan([moved, create("refs/heads/main"), delete("refs/tags/gone"), update("refs/heads/gone")])
        #expect(refusals(plan) == [true, true, true, true])
        #expect(plan.items[0].refusal?.hasPrefix("fetch first") == true)
        var raced = try self.plan([update("refs/heads/dev"), update("refs/heads/main")])
        let now = [
            Ref(name: try refName("refs/heads/dev"), target: Self.two),
            Ref(name: try refName("refs/heads/main"), target: Self.one),
        ]
        let wasMoved = raced.refuseMoved(now)
        #expect(wasMoved)
        #expect(raced.updates.map(\.name.name) == ["refs/heads/main"])
        let movesAgain = raced.refuseMoved(now)
        #expect(!movesAgain)
    }

    @Test("is refused for a ref named twice, and for nothing to nothing")
    func twice() throws {
        let nothing = ReceivePackRequest.Command(old: nil, new: nil, name: "refs/heads/n")
        #expect(
            refusals(try plan([create("refs/heads/x"), update("refs/heads/dev"), create("refs/heads/x"), nothing]))
                == [true, false, true, true])
    }

    @Test("keeps the default branch")
    func defaultBranch() throws {
        #expect(refusals(try plan([delete("refs/heads/main"), delete("refs/heads/dev")])) == [true, false])
    }

    @Test("never makes one ref the folder of another")
    func conflicts() throws {
        #expect(
            refusals(
                try plan([
                    create("refs/heads/main/x"), create("refs/heads/a"), create("refs/heads/a/b"),
                    create("refs/heads/c/d"),
                    create("refs/heads/c"),
                ])) == [true, false, true, false, true])
        // Deleting makes room in the same push.
        #expect(refusals(try plan([create("refs/heads/dev/x"), delete("refs/heads/dev")])) == [false, false])
    }

    @Test("S8: respects protected branches")
    func protections() throws {
        let history = try BranchProtection(pattern: "dev", level: .history)
        let frozen = try BranchProtection(pattern: "rel/*", level: .frozen)
        var plan = try plan(
            [
                update("refs/heads/dev"), create("refs/heads/rel/1"), create("refs/tags/rel/1"),
                create("refs/heads/other"),
            ],
            protections: [history, frozen])
        #expect(refusals(plan) == [false, true, false, false])
        #expect(plan.items.map(\.mustAdvance) == [true, false, false, false])
        plan = try self.plan([delete("refs/heads/dev")], protections: [history])
        #expect(refusals(plan) == [true])
        #expect(
            BranchProtections([history, try BranchProtection(pattern: "d*", level: .frozen)]).level(
                of: try refName("refs/heads/dev")) == .frozen)
    }

    @Test("S8: follows what was written about protected branches, and nothing else")
    func settings() async throws {
        for pattern in ["", "a b", "*a", "a*b", "..", "/x"] {
            #expect(throws: HubError.self, "\(pattern)") { try BranchProtection(pattern: pattern, level: .history) }
        }
        let fixture = try await HubFixture()
        try await fixture.create("model:ada/one")
        let id = try HubFixture.id("model:ada/one")
        let reader = try await fixture.authorizer.openAsOperator(.contentRead, id)
        let rules = BranchProtections([try BranchProtection(pattern: "ma*", level: .frozen)])
        #expect(await hubError { try await fixture.repositories.protect(rules, of: reader) }?.code == .internalError)
        let owner = try await fixture.authorizer.openAsOperator(.settings, id)
        try await fixture.repositories.protect(rules, of: owner)
        #expect(try await fixture.repositories.protections(of: reader) == rules)
        // Interfaces other than git keep to it too.
        let writer = try await fixture.authorizer.openAsOperator(.contentWrite, id)
        let draft = CommitDraft(
            ref: try refName("refs/heads/main"),
            operations: [.write(path: try gitPath("a"), bytes: [1])], summary: "x")
        #expect(await hubError { _ = try await fixture.repositories.commit(draft, to: writer) }?.code == .forbidden)
        try await fixture.repositories.protect(BranchProtections(), of: owner)
        _ = try await fixture.repositories.commit(draft, to: writer)
        #expect(throws: HubError.self) { try BranchProtections(.array([.string("main")])) }
    }
}
