import Foundation
import HubCore
import Policies
import Testing

@testable import MirrorGateway

@Suite("Fetching a repository ahead", .enabled(if: GitServerFixture.isPossible))
struct SyncRunnerTests {
    private static let weights = GatewayFixture.bytes(200_000)
    private static let other = GatewayFixture.bytes(50_000, seed: 2)
    private static let mirrored = """
          mode: mirror
          rules:
          - {id: demo, match: {repo: [acme/demo], files: ["*.bin", "README.md"], revision: [main, "v*"]}, action: allow}
          - {id: no-pickles, match: {files: ["*.pkl"]}, action: deny}
        """

    private func fixture(_ spec: String = mirrored) async throws -> GatewayFixture {
        let fixture = try await GatewayFixture(spec: spec)
        try fixture.commitAbove(["README.md": Array("# old\n".utf8), "first.txt": [1]])
        try fixture.commitAbove([
            "README.md": Array("---\nlicense: mit\n---\n# demo\n".utf8),
            "model.bin": fixture.upstream.offer(Self.weights).encoded,
            "same.bin": fixture.upstream.offer(Self.weights).encoded,
            "bad.pkl": fixture.upstream.offer(Self.other).encoded, "config.json": Array("{}".utf8),
        ])
        return fixture
    }

    private func isStored(_ bytes: [UInt8], _ fixture: GatewayFixture) async throws -> Bool {
        try await fixture.hub.blobs.size(of: BlobID(hashing: bytes)) != nil
    }

    @Test("a job brings what rules let in, with history, and what they deny stays above")
    func brings() async throws {
        let fixture = try await fixture()
        let sync = fixture.sync()
        let jobs = try await sync.start(fixture.request())
        #expect(jobs.map(\.draft.subject) == ["model:acme/demo"])
        let told = try await fixture.work(try #require(jobs.first), sync)
        #expect(told.files.values.allSatisfy { $0.state == .done })
        // The second file has the same bytes: there is nothing of it to fetch.
        #expect(Set(told.planned.map(\.path)) == ["README.md", "model.bin"])
        #expect(try await isStored(Self.weights, fixture))
        #expect(try await !isStored(Self.other, fixture))
        #expect(fixture.upstream.count(.blob) == 1)

        // Everything is served when the upstream is silent, with its history.
        fixture.upstream.fallSilent()
        #expect(try await GatewayFixture.read(fixture.blob("model.bin")) == Self.weights)
        #expect(try await GatewayFixture.read(fixture.blob("same.bin")) == Self.weights)
        let snapshot = try await fixture.snapshot()
        #expect(try await fixture.repositories.history(of: snapshot, path: nil, skip: 0, limit: 10).count >= 2)
    }

    @Test("a dry run lists what the run brings")
    func dryRun() async throws {
        let fixture = try await fixture()
        let sync = fixture.sync()
        let plan = try await sync.plan(fixture.request())
        let planned = plan.entries.flatMap(\.branches).flatMap(\.files).filter { $0.verdict == .fetch }
        #expect(fixture.upstream.count(.blob) == 0)
        #expect(plan.bytesToFetch == Int64(Self.weights.count))
        let told = try await fixture.work(try #require(try await sync.start(fixture.request()).first), sync)
        var seen: Set<BlobID> = []
        let expected = planned.filter { file in file.digest.map { seen.insert($0).inserted } ?? true }
        #expect(expected.map(\.path).sorted() == told.planned.map(\.path).sorted())
        let denied = plan.entries.flatMap(\.branches).flatMap(\.files).filter { $0.verdict == .deny }
        #expect(denied.map(\.path) == ["bad.pkl"])
        #expect(denied.first?.reason?.contains("no-pickles") == true)
        // A second plan finds nothing left to do.
        #expect(try await sync.plan(fixture.request()).bytesToFetch == 0)
    }

    @Test("tags and branches that a rule names come too")
    func revisions() async throws {
        let fixture = try await fixture()
        let old = fixture.upstream.offer(Self.other)
        try fixture.commitAbove(["model.bin": old.encoded], on: "v1")
        try fixture.commitAbove(
            ["model.bin": fixture.upstream.offer(GatewayFixture.bytes(1_000, seed: 9)).encoded], on: "other")
        let sync = fixture.sync()
        let told = try await fixture.work(try #require(try await sync.start(fixture.request()).first), sync)
        #expect(Set(told.planned.map(\.path)) == ["README.md", "model.bin", "model.bin@v1"])
        #expect(try await isStored(Self.other, fixture))
    }

    @Test("a file that the upstream spoils does not stop the others")
    func spoilt() async throws {
        let fixture = try await fixture(
            Self.mirrored.replacing("\"*.bin\"", with: "\"*.bin\", \"*.safetensors\""))
        let bad = BlobID(hashing: Self.other)
        try fixture.commitAbove(["z.safetensors": LFSPointer(oid: bad, size: Int64(Self.other.count)).encoded])
        fixture.upstream.script { call in
            guard call.question == .blob, call.request.url.path.hasSuffix(bad.hex) else { return nil }
            return ScriptedUpstream.file(GatewayFixture.bytes(Self.other.count, seed: 77), to: call.request)
        }
        let sync = fixture.sync()
        let job = try #require(try await sync.start(fixture.request()).first)
        let told = ToldProgress()
        await #expect(throws: HubError.self) { try await sync.handlers[0].run(job, told) }
        #expect(told.files["model.bin"]?.state == .done)
        #expect(told.files["z.safetensors"]?.state == .failed)
        #expect(told.files["z.safetensors"]?.failure != nil)
        #expect(try await !isStored(Self.other, fixture))
    }

    @Test("an upstream that falls silent makes the job wait, and little is asked meanwhile")
    func silent() async throws {
        let fixture = try await fixture()
        var files: [String: [UInt8]?] = [:]
        for index in 0..<40 {
            files["part-\(index).bin"] =
                fixture.upstream.offer(GatewayFixture.bytes(100, seed: UInt64(100 + index))).encoded
        }
        try fixture.commitAbove(files)
        fixture.upstream.script { call in
            guard call.question == .batch || call.question == .blob else { return nil }
            throw HubError(.upstreamUnavailable, "Upstream above answered 429.", retryAfter: 30)
        }
        let sync = fixture.sync()
        let job = try #require(try await sync.start(fixture.request()).first)
        let told = ToldProgress()
        do {
            try await sync.handlers[0].run(job, told)
            Issue.record("it did not wait")
        } catch let error as HubError {
            #expect(error.code == .upstreamUnavailable)
            #expect(error.retryAfter == 30)
            #expect(error.message.contains("429"))
        }
        #expect(told.files.values.filter { $0.failure != nil }.count < 20)
        fixture.upstream.script { _ in nil }
        let later = try await fixture.work(job, sync)
        #expect(later.files.values.allSatisfy { $0.state == .done })
    }

    @Test(
        "a repository that vanished is kept, refused or removed as its mirror file says",
        arguments: ["keep", "tombstone", "delete"])
    func vanished(deletions: String) async throws {
        let spec = Self.mirrored + "\n  schedule: {cron: \"0 1 * * *\", deletions: \(deletions)}"
        let fixture = try await fixture(spec)
        let sync = fixture.sync()
        let job = try #require(try await sync.start(fixture.request()).first)
        try await fixture.work(job, sync)
        let key = try await fixture.open().key
        fixture.upstream.vanish("acme/demo")
        fixture.pass(seconds: 60)
        do {
            try await fixture.work(job, sync)
            Issue.record("nobody noticed")
        } catch let error as HubError {
            #expect(error.code == .repositoryNotFound)
        }
        switch deletions {
        case "keep":
            #expect(fixture.absences.absence(of: key)?.state == .gone)
            #expect(try await GatewayFixture.read(fixture.blob("model.bin")) == Self.weights)
        case "tombstone":
            let error = await #expect(throws: HubError.self) { try await fixture.snapshot() }
            #expect(error?.message.contains("was removed from its upstream") == true)
            #expect(try await isStored(Self.weights, fixture))
        default:
            await #expect(throws: HubError.self) { try await fixture.open() }
        }
        // It comes back.
        guard deletions != "delete" else { return }
        fixture.upstream.exists("acme/demo")
        fixture.pass(seconds: 60)
        try await fixture.work(job, sync)
        #expect(try await GatewayFixture.read(fixture.blob("model.bin")) == Self.weights)
        #expect(fixture.absences.absence(of: key) == nil)
    }

    @Test("what policy denies or holds is neither registered nor fetched")
    func denied() async throws {
        let fixture = try await fixture(
            """
              mode: mirror
              rules:
              - {id: all, match: {repo: ["*/*"]}, action: allow}
              - {id: hold, match: {repo: [acme/demo]}, action: review}
            """)
        let sync = fixture.sync()
        await #expect(throws: HubError.self) { try await sync.start(fixture.request()) }
        let plan = try await sync.plan(fixture.request())
        #expect(plan.entries.map(\.verdict) == [.review])
        #expect(plan.filesToFetch == 0)
        #expect(fixture.upstream.calls.isEmpty)
    }

    @Test("a local namespace is never taken by a sync")
    func local() async throws {
        let fixture = try await fixture()
        let owner = try await fixture.principal("acme")
        _ = try await fixture.repositories.create(
            try Sample.id("model:acme/own"), visibility: .public, by: owner, authorizer: fixture.authorizer)
        let sync = fixture.sync()
        await #expect(throws: HubError.self) { try await sync.start(fixture.request()) }
        #expect(try await sync.plan(fixture.request()).entries.map(\.verdict) == [.skip])
    }
}
