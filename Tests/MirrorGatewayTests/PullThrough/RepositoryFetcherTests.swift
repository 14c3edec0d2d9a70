import Foundation
import HubCore
import Testing

@testable import MirrorGateway

@Suite("Commits of a mirror", .enabled(if: GitServerFixture.isPossible))
struct RepositoryFetcherTests {
    private func history(_ fixture: GatewayFixture, _ revision: String? = nil) async throws -> [CommitID] {
        try await fixture.repositories.history(of: fixture.snapshot(revision), path: nil, skip: 0, limit: 100).map(\.id)
    }

    private func boundary(_ fixture: GatewayFixture) async throws -> [ObjectID] {
        try await fixture.hub.git.shallowBoundary(fixture.open().key)
    }

    @Test("a commit comes alone first, and with its history when somebody needs that")
    func deepening() async throws {
        let fixture = try await GatewayFixture()
        let head = try await fixture.snapshot().commit
        #expect(try await boundary(fixture) == [head])
        #expect(try await history(fixture).count == 3)
        #expect(try await boundary(fixture).isEmpty)
        fixture.upstream.forgetCalls()
        #expect(try await history(fixture).count == 3)
        #expect(fixture.upstream.calls.isEmpty)
    }

    @Test("asking for an old commit or tag alone does not cut the history that is here already")
    func noCut() async throws {
        let fixture = try await GatewayFixture()
        #expect(try await history(fixture).count == 3)
        fixture.upstream.forgetCalls()
        let tag = try await fixture.snapshot("v1").commit
        #expect(tag == (try fixture.idAbove("HEAD~1")))
        let old = try fixture.idAbove("HEAD~2")
        #expect(try await fixture.snapshot(old.hex).commit == old)
        #expect(try await history(fixture).count == 3)
        #expect(try await history(fixture, "v1").count == 2)
        #expect(fixture.upstream.count(.pack) == 0)
    }

    @Test("nor where another branch is cut")
    func noCutBesideAnother() async throws {
        let fixture = try await GatewayFixture()
        #expect(try await history(fixture).count == 3)
        let new = try fixture.commitAbove(["new.txt": [1]], on: "other")
        fixture.pass(seconds: 601)
        #expect(try await fixture.snapshot("other").commit == new)
        #expect(try await fixture.snapshot("v1").commit == (try fixture.idAbove("HEAD~2")))
        #expect(try await history(fixture).count == 3)
        #expect(try await history(fixture, "v1").count == 2)
        #expect(try await history(fixture, "other").count == 4)
    }

    @Test("history is continued, not fetched again")
    func continued() async throws {
        let fixture = try await GatewayFixture()
        _ = try await history(fixture)
        try fixture.commitAbove(["new.txt": [1]])
        fixture.pass(seconds: 601)
        fixture.upstream.forgetCalls()
        let repository = try await fixture.open()
        _ = try await fixture.repositories.refs(of: repository)
        let new = try fixture.idAbove("HEAD")
        try await fixture.source.acquire([new], of: repository, history: true)
        let bodies = fixture.upstream.calls.filter { $0.question == .pack }.map(\.body)
        #expect(bodies.count == 1 && bodies[0].contains("have "))
        #expect(try await history(fixture).count == 4)
    }

    @Test("a branch that was rewritten above is followed, and its old commit stays readable")
    func rewritten() async throws {
        let fixture = try await GatewayFixture()
        let old = try await fixture.snapshot().commit
        try fixture.git.git("-C", "work", "reset", "-q", "--hard", "HEAD~2")
        let new = try fixture.commitAbove(["other.txt": [1, 2, 3]])
        try prune(fixture)
        fixture.pass(seconds: 601)
        #expect(try await fixture.snapshot().commit == new)
        #expect(try await fixture.snapshot(old.hex).commit == old)
        // The boundary at the old commit cannot be lifted any more; that is no reason to have no history.
        #expect(try await history(fixture).count == 2)
        try await clone(fixture, "rewritten", count: 2)
    }

    @Test("a branch that is rewritten between the listing and the fetch is asked for once more")
    func rewrittenMeanwhile() async throws {
        let fixture = try await GatewayFixture()
        _ = try await fixture.repositories.refs(of: fixture.open())
        try fixture.git.git("-C", "work", "reset", "-q", "--hard", "HEAD~2")
        let new = try fixture.commitAbove(["other.txt": [1, 2, 3]])
        try fixture.git.git("-C", "origin.git", "update-ref", "-d", "refs/tags/v1")
        try prune(fixture)
        #expect(try await fixture.snapshot().commit == new)
    }

    @Test("when the upstream names a new commit and falls silent before it gives it, the last whole one answers as stale")
    func silentBetween() async throws {
        let fixture = try await GatewayFixture()
        let old = try await fixture.snapshot().commit
        try fixture.commitAbove(["new.txt": [1]])
        fixture.pass(seconds: 601)
        fixture.upstream.script { call in
            if call.question == .pack { throw HubError(.upstreamUnavailable, "Connection reset.") }
            return nil
        }
        let snapshot = try await fixture.snapshot()
        #expect(snapshot.commit == old && snapshot.freshness != .fresh)
    }

    @Test("an annotated tag is resolved by its name and by its own id")
    func tags() async throws {
        let fixture = try await GatewayFixture()
        let target = try fixture.idAbove("HEAD~1")
        let tag = try fixture.idAbove("v1")
        #expect(tag != target)
        #expect(try await fixture.snapshot(tag.hex).commit == target)
        #expect(try await fixture.snapshot("v1").commit == target)
        #expect(try await fixture.snapshot("refs/tags/v1").commit == target)
        let snapshot = try await fixture.snapshot(tag.hex)
        #expect(try await fixture.repositories.contents(of: snapshot).files.count == 2)
    }

    @Test("the card of the default branch is kept for lists, whoever asked for its commit first and by what name")
    func card() async throws {
        let fixture = try await GatewayFixture()
        let commit = try fixture.commitAbove(["README.md": Array("---\r\nlicense: mit\r\n---\r\n".utf8)])
        _ = try await fixture.snapshot(commit.hex)
        _ = try await fixture.snapshot()
        let summary = try await fixture.hub.store.summary(of: fixture.open())
        #expect(summary.head == commit)
        #expect(summary.tags == ["license:mit"])
    }

    @Test("a repository without a card, with a submodule and with a name that is not ASCII is read")
    func oddities() async throws {
        let fixture = try await GatewayFixture()
        let link = try fixture.idAbove("HEAD")
        try fixture.git.git("-C", "work", "update-index", "--add", "--cacheinfo", "160000,\(link.hex),module")
        try fixture.git.git("-C", "work", "commit", "-q", "-m", "module")
        try fixture.git.git("-C", "work", "push", "-q", "../origin.git", "HEAD:refs/heads/main")
        let snapshot = try await fixture.snapshot()
        let entries = try await fixture.repositories.list(nil, in: snapshot, recursive: true)
        #expect(entries.contains { $0.path == "module" && $0.kind == .submodule })
        #expect(try await fixture.repositories.contents(of: snapshot).card == .empty)
        let record = try await fixture.hub.store.provenance(of: snapshot.commit, in: snapshot.repository.key)
        #expect(record?.json.contains("\"module\"") == false)
        let entry = try await fixture.repositories.entry(at: "module", in: snapshot)
        #expect(await hubError { _ = try await fixture.repositories.open(entry, in: snapshot) }?.code == .entryNotFound)
    }

    @Test("a provenance record is written once, and the feed tells of a commit once")
    func provenance() async throws {
        let fixture = try await GatewayFixture()
        let snapshot = try await fixture.snapshot()
        let key = snapshot.repository.key
        let first = try #require(try await fixture.hub.store.provenance(of: snapshot.commit, in: key))
        fixture.pass(seconds: 86_400)
        _ = try await history(fixture)
        let other = ProvenanceRecord(json: "{}", sha256: "0")
        try await fixture.hub.store.noteAcquisition(
            of: snapshot.commit, in: key, hasHistory: false, links: [], provenance: other)
        #expect(try await fixture.hub.store.provenance(of: snapshot.commit, in: key) == first)
        #expect(try await fixture.hub.store.acquisition(of: snapshot.commit, in: key)?.hasHistory == true)
        let feed = try await fixture.hub.store.feed(after: 0, limit: 10, for: .anonymous)
        #expect(feed.entries.count == 1)
        #expect(JSONText.decode(first.json)?["acquiredAt"]?.string?.hasPrefix("2023-11-14T22:13:20") == true)
    }

    @Test("a lost git directory costs a fetch and nothing else")
    func lostDirectory() async throws {
        let fixture = try await GatewayFixture()
        let commit = try await fixture.snapshot().commit
        let repository = try await fixture.open()
        try await fixture.hub.git.remove(repository.key)
        let service = fixture.restarted()
        let snapshot = try await service.snapshot(of: repository, at: .commit(commit))
        #expect(try await service.contents(of: snapshot).files.count == 3)
    }

    @Test("a pack that lacks what was asked for is the upstream's fault, and is not kept")
    func withoutTheWant() async throws {
        let fixture = try await GatewayFixture()
        let want = try fixture.idAbove("HEAD")
        let other = try fixture.idAbove("side")
        let git = fixture.git
        fixture.upstream.script { call in
            guard call.question == .pack else { return nil }
            var request = call.request
            request.body = Array(call.body.replacingOccurrences(of: want.hex, with: other.hex).utf8)
            return try await git.transport.send(request, via: UpstreamConnection(name: "above"))
        }
        #expect(await hubError { _ = try await fixture.snapshot() }?.code == .upstreamCorrupt)
        let packs = fixture.hub.git.directory(of: try await fixture.open().key) + "/objects/pack"
        let kept = try FileManager.default.contentsOfDirectory(atPath: packs).filter { $0.hasSuffix(".keep") }
        #expect(kept.isEmpty)
    }

    @Test("git clones what the mirror publishes, a branch that nobody read before included")
    func cloning() async throws {
        let fixture = try await GatewayFixture()
        _ = try await fixture.snapshot()
        try await clone(fixture, "copy", count: 3)
    }

    @Test("every commit is fetched once, however many ask at the same time")
    func singleFetch() async throws {
        let fixture = try await GatewayFixture()
        _ = try await fixture.repositories.refs(of: fixture.open())
        try await withThrowingTaskGroup(of: CommitID.self) { group in
            for _ in 0..<20 { group.addTask { try await fixture.snapshot().commit } }
            try await group.waitForAll()
        }
        #expect(fixture.upstream.count(.pack) == 1)
    }

    /// Serves a clone as the git surface does, by the steps of its requests.
    private func clone(_ fixture: GatewayFixture, _ name: String, count: Int) async throws {
        let repository = try await fixture.open()
        _ = try await fixture.repositories.prepareUploadPack(of: repository, history: false)
        let directory = fixture.hub.git.directory(of: repository.key)
        let listed = try fixture.git.git("ls-remote", "file://\(directory)")
        #expect(listed.contains("refs/heads/side"))
        var request = UploadPackRequest(version: .v2, command: .fetch)
        request.wants = try await fixture.hub.store.refs(of: repository.key).map(\.target)
        try await fixture.repositories.prepare(request, of: repository)
        try fixture.git.git("clone", "-q", "file://\(directory)", name)
        #expect(try fixture.git.git("-C", name, "rev-list", "--count", "HEAD") == "\(count)")
        #expect(try fixture.git.git("-C", name, "rev-parse", "--is-shallow-repository") == "false")
        try fixture.git.git("-C", name, "fsck", "--strict")
    }

    /// Forgets above what no ref names.
    private func prune(_ fixture: GatewayFixture) throws {
        try fixture.git.git("-C", "origin.git", "reflog", "expire", "--expire=now", "--all")
        try fixture.git.git("-C", "origin.git", "gc", "-q", "--prune=now")
    }
}
