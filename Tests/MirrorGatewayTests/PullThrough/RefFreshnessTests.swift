import Foundation
import HubCore
import Testing

@testable import MirrorGateway

@Suite("Refs of a mirror", .enabled(if: GitServerFixture.isPossible))
struct RefFreshnessTests {
    @Test("a pinned commit never asks upstream, however old and whatever is up")
    func pinned() async throws {
        let fixture = try await GatewayFixture()
        let commit = try await fixture.snapshot().commit
        fixture.upstream.forgetCalls()
        fixture.upstream.fallSilent()
        fixture.pass(seconds: 400 * 86_400)
        let pinned = try await fixture.snapshot(commit.hex)
        #expect(pinned.commit == commit && pinned.freshness == .fresh)
        let again = try await fixture.restarted().snapshot(of: fixture.open(), at: .commit(commit))
        #expect(again.commit == commit)
        #expect(fixture.upstream.calls.isEmpty)
    }

    @Test("a branch asks at most once in its time to live, and all who wait share the question")
    func shared() async throws {
        let fixture = try await GatewayFixture()
        _ = try await fixture.snapshot()
        for _ in 0..<5 { _ = try await fixture.snapshot("main") }
        #expect(fixture.upstream.count(.listing) == 1)
        fixture.pass(seconds: 601)
        fixture.upstream.forgetCalls()
        try await withThrowingTaskGroup(of: CommitID.self) { group in
            for _ in 0..<30 { group.addTask { try await fixture.snapshot().commit } }
            try await group.waitForAll()
        }
        #expect(fixture.upstream.count(.listing) == 1)
        #expect(fixture.upstream.count(.pack) == 0)
    }

    @Test("a moved branch is served as soon as its time to live is over")
    func moved() async throws {
        let fixture = try await GatewayFixture()
        let old = try await fixture.snapshot().commit
        let new = try fixture.commitAbove(["README.md": Array("hello".utf8)])
        #expect(try await fixture.snapshot().commit == old)
        fixture.pass(seconds: 601)
        #expect(try await fixture.snapshot().commit == new)
    }

    @Test("a silent upstream leaves the last known state, marked stale, and is asked again after a pause")
    func stale() async throws {
        let fixture = try await GatewayFixture()
        let commit = try await fixture.snapshot().commit
        fixture.pass(seconds: 601)
        fixture.upstream.fallSilent()
        fixture.upstream.forgetCalls()
        for _ in 0..<3 {
            let snapshot = try await fixture.snapshot()
            #expect(snapshot.commit == commit)
            guard case .stale(let since, let reason) = snapshot.freshness else {
                Issue.record("not stale")
                return
            }
            #expect(since == GatewayFixture.start && !reason.isEmpty)
        }
        #expect(fixture.upstream.calls.count == 1)
        fixture.pass(seconds: 6)
        _ = try await fixture.snapshot()
        #expect(fixture.upstream.calls.count == 2)
        fixture.upstream.comeBack()
        fixture.pass(seconds: 6)
        #expect(try await fixture.snapshot().freshness == .fresh)
    }

    @Test("a failure that many wait for is noted once")
    func failureOnce() async throws {
        let fixture = try await GatewayFixture()
        _ = try await fixture.snapshot()
        fixture.pass(seconds: 601)
        let latch = Latch()
        fixture.upstream.script { call in
            guard call.question == .listing else { return nil }
            await latch.pass()
            throw HubError(.upstreamUnavailable, "No answer.")
        }
        fixture.upstream.forgetCalls()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<10 { group.addTask { _ = try await fixture.snapshot() } }
            await Latch.until { latch.arrived == 1 }
            latch.open()
            try await group.waitForAll()
        }
        #expect(fixture.upstream.count(.listing) == 1)
    }

    @Test("staleness has an end")
    func tooStale() async throws {
        let fixture = try await GatewayFixture()
        _ = try await fixture.snapshot()
        fixture.upstream.fallSilent()
        fixture.pass(seconds: 31 * 86_400)
        let error = await hubError { _ = try await fixture.snapshot() }
        #expect(error?.code == .upstreamUnavailable)
    }

    @Test("an unknown branch of a silent upstream is not said to be missing")
    func unknownWhileSilent() async throws {
        let fixture = try await GatewayFixture()
        _ = try await fixture.snapshot()
        #expect(await hubError { _ = try await fixture.snapshot("none") }?.code == .revisionNotFound)
        fixture.pass(seconds: 61)
        fixture.upstream.fallSilent()
        #expect(await hubError { _ = try await fixture.snapshot("none") }?.code == .upstreamUnavailable)
    }

    @Test("what does not exist is asked for again only after the negative time to live")
    func negative() async throws {
        let fixture = try await GatewayFixture()
        _ = try await fixture.snapshot()
        fixture.upstream.forgetCalls()
        let unknown = String(repeating: "9", count: 40)
        for revision in ["none", unknown] {
            for _ in 0..<3 {
                #expect(await hubError { _ = try await fixture.snapshot(revision) }?.code == .revisionNotFound)
            }
        }
        #expect(fixture.upstream.count(.listing) == 0)
        #expect(fixture.upstream.count(.pack) == 1)
        fixture.pass(seconds: 61)
        for revision in ["none", unknown] { _ = await hubError { _ = try await fixture.snapshot(revision) } }
        #expect(fixture.upstream.count(.listing) == 1)
        #expect(fixture.upstream.count(.pack) == 2)
    }

    @Test("a commit that nobody has does not make the refs of everybody outdated")
    func noAmplification() async throws {
        let fixture = try await GatewayFixture()
        _ = try await fixture.snapshot()
        fixture.upstream.forgetCalls()
        _ = await hubError { _ = try await fixture.snapshot(String(repeating: "8", count: 40)) }
        _ = try await fixture.snapshot()
        #expect(fixture.upstream.count(.listing) == 0)
    }

    @Test("a ref that is neither branch nor tag is asked for by itself, however fresh the branches are")
    func otherRefs() async throws {
        let fixture = try await GatewayFixture()
        _ = try await fixture.snapshot()
        try fixture.git.git("-C", "origin.git", "update-ref", "refs/pr/1", "refs/heads/side")
        let side = try fixture.idAbove("side")
        #expect(try await fixture.snapshot("refs/pr/1").commit == side)
        fixture.upstream.forgetCalls()
        _ = try await fixture.snapshot("refs/pr/1")
        #expect(fixture.upstream.calls.isEmpty)
        // And it does not stay at what it was while the branches are kept fresh.
        try fixture.git.git("-C", "origin.git", "update-ref", "refs/pr/1", "refs/heads/main")
        fixture.pass(seconds: 601)
        _ = try await fixture.snapshot()
        #expect(try await fixture.snapshot("refs/pr/1").commit == fixture.idAbove("main"))
        #expect(await hubError { _ = try await fixture.snapshot("refs/pr/2") }?.code == .revisionNotFound)
    }

    @Test("the first answer of an upstream whose default branch is not main is the right one, and a later change is followed")
    func defaultBranch() async throws {
        let fixture = try await GatewayFixture()
        try fixture.git.git("-C", "origin.git", "branch", "-m", "main", "trunk")
        try fixture.git.git("-C", "origin.git", "symbolic-ref", "HEAD", "refs/heads/trunk")
        let first = try await fixture.snapshot()
        #expect(first.commit == (try fixture.idAbove("main")) && first.repository.defaultBranch == "trunk")
        #expect(try await fixture.snapshot("main").commit == first.commit)
        #expect(try await fixture.snapshot("master").commit == first.commit)
        try fixture.git.git("-C", "origin.git", "branch", "-m", "trunk", "next")
        try fixture.git.git("-C", "origin.git", "symbolic-ref", "HEAD", "refs/heads/next")
        fixture.pass(seconds: 601)
        let second = try await fixture.snapshot()
        #expect(second.commit == first.commit && second.repository.defaultBranch == "next")
    }

    @Test("the hub is offline: what is here answers as stale, the rest says so, and nobody is asked")
    func offline() async throws {
        let fixture = try await GatewayFixture()
        let commit = try await fixture.snapshot().commit
        let repository = try await fixture.open()
        fixture.upstream.forgetCalls()
        fixture.pass(seconds: 400 * 86_400)
        let service = fixture.restarted(isOffline: true)
        let snapshot = try await service.snapshot(of: repository, at: nil)
        #expect(snapshot.commit == commit && snapshot.freshness != .fresh)
        #expect(try await service.snapshot(of: repository, at: .commit(commit)).freshness == .fresh)
        let missing = Revision.commit(try Sample.object("7"))
        #expect(await hubError { _ = try await service.snapshot(of: repository, at: missing) }?.code == .offline)
        #expect(fixture.upstream.calls.isEmpty)
    }

    @Test("an empty repository has no refs and no commit, which is no failure")
    func empty() async throws {
        let fixture = try await GatewayFixture()
        for name in ["refs/heads/main", "refs/heads/side", "refs/tags/v1"] {
            try fixture.git.git("-C", "origin.git", "update-ref", "-d", name)
        }
        let repository = try await fixture.open()
        #expect(try await fixture.repositories.refs(of: repository).refs.isEmpty)
        #expect(await hubError { _ = try await fixture.snapshot() }?.code == .revisionNotFound)
        _ = try await fixture.repositories.prepareUploadPack(of: repository, history: false)
    }

    @Test("of two upstreams the failing one does not turn what the other lacks into missing")
    func ranking() async throws {
        let fixture = try await GatewayFixture(hosts: ["above", "second"])
        _ = try await fixture.snapshot()
        fixture.upstream.script { call in
            guard call.host == "above.test" else { return ScriptedUpstream.response(404, call.request) }
            throw HubError(.upstreamUnavailable, "No answer.")
        }
        let unknown = String(repeating: "9", count: 40)
        #expect(await hubError { _ = try await fixture.snapshot(unknown) }?.code == .upstreamUnavailable)
    }
}
