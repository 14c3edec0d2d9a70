import Foundation
import HubCore
import Testing

@testable import MirrorGateway

@Suite("What is held for review", .enabled(if: GitServerFixture.isPossible))
struct ApprovalGateTests {
    private static let review = "  rules:\n  - {id: look, match: {repo: [\"acme/*\"]}, action: review}\n"
    private static func card(_ license: String) -> [UInt8] { Array("---\nlicense: \(license)\n---\n".utf8) }

    private static func approve(
        _ fixture: GatewayFixture, _ id: Int64, _ scope: Approval.Scope = .revision, seconds: Int64? = nil
    ) async throws {
        let ada = try await fixture.principal("ada", isAdministrator: true)
        let end = seconds.map { GatewayFixture.start + $0 * 1_000 }
        _ = try await fixture.hub.approvals.decide(id, .approve(scope, expiresAt: end), note: nil, by: ada)
        fixture.approvals.expire()
    }

    @Test("what is held makes one request with a link; approved, it passes; expired, it is held again")
    func life() async throws {
        let fixture = try await GatewayFixture(spec: Self.review)
        let refusal = try #require(await hubError { _ = try await fixture.snapshot() })
        #expect(refusal.code == .policyReview)
        #expect(refusal.message.contains("rule 'look'"))
        #expect(refusal.message.contains("request #1: /api/gateway/v1/approvals/1"))
        #expect(await hubError { _ = try await fixture.snapshot() }?.message == refusal.message)
        let request = try await fixture.hub.approvals.approval(1)
        #expect(request.reasons.map(\.rule) == ["look"] && request.evidence["fileCount"] != nil)
        try await Self.approve(fixture, 1, seconds: 3_600)
        let snapshot = try await fixture.snapshot()
        #expect(snapshot.commit == request.commit)
        _ = try await fixture.repositories.prepareUploadPack(of: try await fixture.open(), history: false)
        fixture.pass(seconds: 3_601)
        #expect(await hubError { _ = try await fixture.snapshot() }?.message.contains("request #2") == true)
        let repository = try await fixture.open()
        let cloning = await hubError {
            _ = try await fixture.repositories.prepareUploadPack(of: repository, history: false)
        }
        #expect(cloning?.code == .policyReview)
    }

    @Test("an approval is of its commit; of the repository, of every commit, until another reason comes")
    func scopes() async throws {
        let fixture = try await GatewayFixture(spec: "  license: {review: [gemma, \"LicenseRef-llama*\"]}\n")
        try fixture.commitAbove(["README.md": Self.card("gemma")])
        #expect(await hubError { _ = try await fixture.snapshot() }?.code == .policyReview)
        try await Self.approve(fixture, 1)
        _ = try await fixture.snapshot()
        try fixture.commitAbove(["more.txt": Array("1".utf8)])
        fixture.pass(seconds: 601)
        #expect(await hubError { _ = try await fixture.snapshot() }?.message.contains("request #2") == true)
        try await Self.approve(fixture, 2, .repository)
        _ = try await fixture.snapshot()
        try fixture.commitAbove(["more.txt": Array("2".utf8)])
        fixture.pass(seconds: 601)
        _ = try await fixture.snapshot()
        try fixture.commitAbove(["README.md": Self.card("llama3")])
        fixture.pass(seconds: 601)
        let refusal = await hubError { _ = try await fixture.snapshot() }
        #expect(refusal?.message.contains("llama3") == true)
        #expect(refusal?.message.contains("request #3") == true)
    }

    @Test("one request names all files of a revision; approving one of them lets that one pass and nothing else")
    func files() async throws {
        let fixture = try await GatewayFixture(
            spec: "  rules:\n  - {id: bins, match: {files: [\"*.bin\"]}, action: quarantine}\n")
        try fixture.commitAbove(["a.bin": Array("a".utf8), "b.bin": Array("b".utf8)])
        let snapshot = try await fixture.snapshot()
        func open(_ name: String) async throws {
            let entry = try await fixture.repositories.entry(at: name, in: snapshot)
            _ = try await fixture.repositories.open(entry, in: snapshot)
        }
        let refusal = await hubError { try await open("a.bin") }
        #expect(refusal?.message.contains("held in quarantine") == true)
        #expect(await hubError { try await open("b.bin") }?.message.contains("request #1") == true)
        let request = try await fixture.hub.approvals.approval(1)
        #expect(request.isQuarantined)
        #expect(request.reasons.map(\.files) == [["a.bin", "b.bin"]])
        try await Self.approve(fixture, 1, .file("a.bin"))
        try await open("a.bin")
        #expect(await hubError { try await open("b.bin") }?.code == .policyReview)
        let repository = try await fixture.open()
        let cloning = await hubError {
            _ = try await fixture.repositories.prepareUploadPack(of: repository, history: false)
        }
        #expect(cloning?.code == .policyReview)
    }

    @Test("the last commit that passed answers for its branch while a newer one waits, on every surface")
    func previous() async throws {
        let fixture = try await GatewayFixture(
            spec: "  license: {review: [gemma]}\n  approvals: {servePrevious: true}\n")
        try fixture.commitAbove(["README.md": Self.card("mit")])
        let old = try await fixture.snapshot().commit
        let new = try fixture.commitAbove(["README.md": Self.card("gemma")])
        fixture.pass(seconds: 601)
        let snapshot = try await fixture.snapshot()
        #expect(snapshot.commit == old)
        guard case .held(let held, let reason) = snapshot.freshness else {
            Issue.record("\(snapshot.freshness)")
            return
        }
        #expect(held == new)
        #expect(reason.contains("request #1"))
        let repository = try await fixture.open()
        let refs = try await fixture.repositories.refs(of: repository).refs
        let main = refs.first { $0.name.name == "refs/heads/main" }
        #expect(main?.target == old)
        _ = try await fixture.repositories.prepareUploadPack(of: repository, history: false)
        // Who names the new commit is told why it is held.
        #expect(await hubError { _ = try await fixture.snapshot(new.hex) }?.code == .policyReview)
        var request = UploadPackRequest(version: .v2, command: .fetch)
        request.wants = [new]
        let refusal = await hubError { [request] in try await fixture.repositories.prepare(request, of: repository) }
        #expect(refusal?.code == .policyReview)
        try await Self.approve(fixture, 1)
        #expect(try await fixture.snapshot().commit == new)
    }

    @Test("deny wins over an approval, and what is buried over both; nothing of it is fetched again")
    func stronger() async throws {
        let fixture = try await GatewayFixture(spec: Self.review)
        _ = await hubError { _ = try await fixture.snapshot() }
        try await Self.approve(fixture, 1, .repository)
        let snapshot = try await fixture.snapshot()
        let entry = try await fixture.repositories.entry(at: "file1.txt", in: snapshot)
        let tombstone = try await fixture.hub.bury(
            .repository(try #require(RepositoryID(parsing: "model:acme/demo"))), reason: "stolen")
        fixture.pass(seconds: 601)
        #expect(await hubError { _ = try await fixture.repositories.open(entry, in: snapshot) }?.code == .buried)
        let asked = fixture.upstream.calls.count
        // What describes it stays to be seen, and nobody above is asked.
        _ = try await fixture.snapshot()
        #expect(fixture.upstream.calls.count == asked)
        _ = try await fixture.hub.lift(tombstone.id, note: nil)
        _ = try await fixture.repositories.open(entry, in: try await fixture.snapshot())
        try fixture.reload(spec: "  rules:\n  - {id: never, match: {repo: [\"acme/*\"]}, action: deny}\n")
        #expect(await hubError { _ = try await fixture.snapshot() }?.code == .policyDenied)
    }

    @Test("blast radius tells who holds, who took, and what let it in; one action buries it with its bytes")
    func blast() async throws {
        let fixture = try await GatewayFixture(spec: Self.review)
        let bytes = GatewayFixture.bytes(2_000)
        let pointer = fixture.upstream.offer(bytes)
        try fixture.commitAbove(["README.md": Self.card("gemma"), "model.bin": pointer.encoded])
        _ = await hubError { _ = try await fixture.snapshot() }
        try await Self.approve(fixture, 1)
        let bob = try await fixture.principal("bob")
        _ = try await GatewayFixture.read(try await fixture.blob("model.bin", as: bob))
        try await fixture.hub.pulls.flush()
        let finder = BlastRadiusFinder(
            hub: fixture.hub, lineage: Family(), carriers: BundleCarriers(bundles: fixture.hub.bundles))
        for text in ["sha256:\(pointer.oid.hex)", "model:acme/demo", "author:acme"] {
            let target = try #require(TombstoneTarget(parsing: text))
            let radius = try await finder.find(target, offset: 0, limit: 10)
            #expect(radius.holders.map(\.repository.description) == ["model:acme/demo"], "\(text)")
            #expect(radius.pulls.map(\.account) == ["bob"], "\(text)")
            #expect(radius.approvals.map(\.id) == [1], "\(text)")
            #expect(radius.descendants.map(\.repository.description) == ["model:acme/child"], "\(text)")
        }
        let target = try #require(TombstoneTarget(parsing: "model:acme/demo"))
        let tombstones = try await finder.buryAll(
            target, reason: "poisoned", withDescendants: true, withDigests: true, by: nil)
        let buried = Set(tombstones.map(\.target.description))
        #expect(
            buried == ["repository model:acme/demo", "digest \(pointer.oid.hex)", "repository model:acme/child"])
        #expect(await hubError { _ = try await fixture.blob("model.bin") }?.code == .buried)
    }

    private struct Family: DescendantSource {
        func descendants(of repository: RepositoryID, limit: Int) async throws -> [Descendant] {
            guard repository.name == "demo", let child = RepositoryID(parsing: "model:acme/child") else { return [] }
            return [Descendant(repository: child, relation: "finetune of")]
        }
    }
}
