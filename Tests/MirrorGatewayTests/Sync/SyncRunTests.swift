import Foundation
import HubCore
import Policies
import Testing

@testable import MirrorGateway

/// A catalogue that holds what the test says.
struct ScriptedCatalogue: KnownRepositories {
    let descriptions: [RemoteDescription]

    func page(of mirror: String, after cursor: Int64?, limit: Int) async throws -> (
        repositories: [KnownRepository], next: Int64?
    ) {
        let start = Int(cursor ?? 0)
        let page = descriptions.dropFirst(start).prefix(limit).map(Self.known)
        return (page, start + limit < descriptions.count ? Int64(start + limit) : nil)
    }

    func known(_ repository: UpstreamPath, mirror: String, upstreams: [String]) async throws -> KnownRepository? {
        descriptions.first { $0.kind == repository.kind && $0.path == repository.path }.map(Self.known)
    }

    func record(_ description: RemoteDescription, mirror: String, upstream: String) async throws {}

    private static func known(_ description: RemoteDescription) -> KnownRepository {
        KnownRepository(upstream: "above", description: description, isPresent: true, isDescribed: true, seenAt: 0)
    }
}

@Suite("Runs of a mirror", .enabled(if: GitServerFixture.isPossible))
struct SyncRunTests {
    private static let spec = """
          mode: mirror
          rules:
          - {id: popular, match: {repo: ["acme/*"], minDownloads: 100}, action: allow}
          - {id: hold, match: {repo: [acme/held]}, action: review}
          - {id: no, match: {repo: [acme/denied]}, action: deny}
          schedule: {cron: "0 * * * *", timezone: UTC}
        """

    private func fixture(_ spec: String = spec) async throws -> GatewayFixture {
        let fixture = try await GatewayFixture(spec: spec)
        for name in ["popular", "unpopular", "held", "denied"] { fixture.upstream.exists("acme/\(name)") }
        try fixture.commitAbove(["model.bin": fixture.upstream.offer(GatewayFixture.bytes(1_000)).encoded])
        return fixture
    }

    private static let catalogue = ScriptedCatalogue(
        descriptions: [("popular", 500), ("unpopular", 5), ("held", 500), ("denied", 500)].map { name, downloads in
            RemoteDescription(kind: .model, path: "acme/\(name)", downloads: downloads, defaultBranch: "main")
        })

    @Test("a run brings what the rules pick out of the catalogue, and says what became of the rest")
    func run() async throws {
        let fixture = try await fixture()
        let sync = fixture.sync(known: Self.catalogue)
        let scheduler = try #require(sync.scheduler(interval: .seconds(1)))
        let job = try #require(try await sync.start(fixture.request(nil, mirror: "test")).first)
        let run = try #require(job.draft.run)
        _ = try await fixture.workAll(sync)
        await scheduler.tick()
        let ended = try #require(try await fixture.hub.sync.run(run))
        #expect(ended.state == .finished)
        let outcomes = try await fixture.hub.sync.outcomes(of: run, limit: 100)
        #expect(
            Dictionary(uniqueKeysWithValues: outcomes.map { ($0.subject, $0.state) })
                == ["model:acme/popular": .fetched, "model:acme/held": .review, "model:acme/denied": .denied])
        #expect(outcomes.allSatisfy { $0.state == .fetched || $0.reason?.isEmpty == false })
        #expect(ended.report?["fetched"] == .integer(1))
        // What the rules did not pick is not here.
        await #expect(throws: HubError.self) {
            try await Authorizer(store: fixture.hub.store, source: nil).open(
                .anonymous, .metaRead, try Sample.id("model:acme/unpopular"))
        }
    }

    @Test("a plan of a mirror lists what its run would bring")
    func plan() async throws {
        let fixture = try await fixture()
        let plan = try await fixture.sync(known: Self.catalogue).plan(fixture.request(nil, mirror: "test"))
        #expect(
            Dictionary(uniqueKeysWithValues: plan.entries.map { ($0.local.description, $0.verdict) })
                == ["model:acme/popular": .fetch, "model:acme/held": .review, "model:acme/denied": .deny])
        #expect(plan.filesToFetch == 1)
    }

    @Test("two processes begin what is due once, and what was missed is one run")
    func due() async throws {
        let fixture = try await fixture()
        let sync = fixture.sync(known: Self.catalogue)
        let first = try #require(sync.scheduler(interval: .seconds(1)))
        let second = try #require(sync.scheduler(interval: .seconds(1)))
        await first.tick()
        // The schedule is known from now on: what would have been due before is not missed.
        #expect(try await fixture.hub.sync.runs(limit: 10).isEmpty)
        fixture.pass(seconds: 5 * 3_600)
        await first.tick()
        await second.tick()
        #expect(try await fixture.hub.sync.runs(limit: 10).map(\.cause) == [.schedule])
        _ = try await fixture.workAll(sync)
        await second.tick()
        #expect(try await fixture.hub.sync.runs(limit: 10).map(\.state) == [.finished])
    }

    @Test("what is due while a run goes on is skipped and says so")
    func single() async throws {
        let fixture = try await fixture()
        let sync = fixture.sync(known: Self.catalogue)
        let scheduler = try #require(sync.scheduler(interval: .seconds(1)))
        await scheduler.tick()
        fixture.pass(seconds: 3_600)
        await scheduler.tick()
        fixture.pass(seconds: 3_600)
        await scheduler.tick()
        let runs = try await fixture.hub.sync.runs(limit: 10)
        #expect(runs.map(\.state) == [.skipped, .planning])
        #expect(runs.first?.report?["reason"]?.string?.contains("still goes on") == true)
    }

    @Test("a change that the upstream told of is brought at once")
    func follows() async throws {
        let fixture = try await fixture()
        let sync = fixture.sync(known: Self.catalogue)
        let scheduler = try #require(sync.scheduler(interval: .seconds(1)))
        _ = try await sync.start(fixture.request(nil, mirror: "test"))
        _ = try await fixture.workAll(sync)
        await scheduler.tick()
        #expect(try await fixture.hub.jobs.counts()[.queued] == nil)
        let bytes = GatewayFixture.bytes(2_000, seed: 5)
        try fixture.commitAbove(["new.bin": fixture.upstream.offer(bytes).encoded])
        fixture.pass(seconds: 10)
        try await fixture.hub.catalogue.recordFeed(
            [RemoteChange(kind: .model, path: "acme/popular", version: 7, modifiedAt: nil)], mirror: "test",
            upstream: "above", cursor: 7)
        await scheduler.tick()
        await scheduler.tick()
        #expect(try await fixture.hub.jobs.counts()[.queued] == 1)
        _ = try await fixture.workAll(sync)
        #expect(try await fixture.hub.blobs.size(of: BlobID(hashing: bytes)) == 2_000)
    }

    @Test("decisions at serving time know what decided at fetching time")
    func sameFacts() async throws {
        let fixture = try await fixture(Self.spec + "\n  default: deny")
        let sync = fixture.sync(known: Self.catalogue)
        _ = try await sync.start(fixture.request(nil, mirror: "test"))
        _ = try await fixture.workAll(sync)
        let gate = PolicyGate(
            policies: fixture.policies, metrics: fixture.metrics,
            remote: StandingFacts(Self.catalogue, policies: fixture.policies, clock: fixture.hub.clock))
        let service = RepositoryService(
            store: fixture.hub.store, git: fixture.hub.git, blobs: fixture.hub.blobs, source: fixture.source, gate: gate
        )
        let repository = try await fixture.open("model:acme/popular")
        let snapshot = try await service.snapshot(of: repository, at: nil)
        let entry = try await service.entry(at: "model.bin", in: snapshot)
        guard case .blob = try await service.open(entry, in: snapshot).content else {
            Issue.record("no blob")
            return
        }
    }

    @Test("a candidate policy tells what it would block, allow and bring")
    func rehearsal() async throws {
        let fixture = try await fixture()
        let sync = fixture.sync(known: Self.catalogue)
        _ = try await sync.start(fixture.request(nil, mirror: "test"))
        _ = try await fixture.workAll(sync)
        let text = try String(contentsOfFile: "\(fixture.root)/mirrors.d/test.yaml", encoding: .utf8)
        let stricter = text.replacing(
            "  schedule:", with: "  - {id: no-bins, match: {files: [\"*.bin\"]}, action: deny}\n  schedule:")
        let rehearsal = try await sync.rehearse(["test.yaml": stricter])
        let blocked = rehearsal.changes.filter(\.isNewlyBlocked)
        #expect(blocked.map(\.repository.path) == ["acme/popular"])
        #expect(blocked.first?.examples == ["model.bin"])
        let looser = text.replacing("minDownloads: 100", with: "minDownloads: 1")
        let wider = try await sync.rehearse(["test.yaml": looser])
        #expect(wider.changes.filter(\.isNewlyMirrored).map(\.repository.path) == ["acme/unpopular"])
        #expect(wider.unknownSizes == 1)
        await #expect(throws: HubError.self) { try await sync.rehearse(["test.yaml": "kind: Nonsense"]) }
        #expect(try await sync.rehearse([:]).changes.isEmpty)
    }
}
