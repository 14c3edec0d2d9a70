import Foundation
import HubCore
import Policies
import Testing

@testable import MirrorGateway

@Suite("Scans at the gate", .enabled(if: GitServerFixture.isPossible))
struct ScanGateTests {
    private static let strict = "  scan: {required: [pickle], serveBeforeScan: false, maxScanDelay: 1h}\n"

    private struct World {
        let fixture: GatewayFixture
        let scanning: Scanning
        let revisions: RevisionScans
        let repositories: RepositoryService
        let gate: PolicyGate

        init(_ spec: String) async throws {
            let fixture = try await GatewayFixture(spec: spec)
            self.fixture = fixture
            scanning = Scanning(
                hub: fixture.hub, settings: ScanningSettings(), metrics: fixture.metrics, logger: ScanningFixture.logger
            )
            revisions = RevisionScans(scanning: scanning)
            let facts = ScanFactSource(
                scanning: scanning, revisions: revisions,
                upstreams: UpstreamScans(scanning: scanning, policies: fixture.policies, isOffline: false),
                policies: fixture.policies)
            facts.bring { [source = fixture.source] pointer, path, commit, repository in
                try await source.bring(pointer, path: path, at: commit, of: repository) { _, _ in }
            }
            gate = PolicyGate(policies: fixture.policies, metrics: fixture.metrics, sources: [facts])
            repositories = RepositoryService(
                store: fixture.hub.store, git: fixture.hub.git, blobs: fixture.hub.blobs, source: fixture.source,
                gate: gate)
        }

        func read(_ path: String) async throws -> SnapshotFile {
            let snapshot = try await repositories.snapshot(of: fixture.open(), at: nil)
            return try await repositories.open(repositories.entry(at: path, in: snapshot), in: snapshot)
        }

        func pull() async throws {
            _ = try await repositories.prepareUploadPack(of: fixture.open(), history: false)
        }
    }

    @Test("an LFS object is fetched and scanned before its first byte is served")
    func objects() async throws {
        let world = try await World(Self.strict)
        let bad = world.fixture.upstream.offer(ScanningFixture.dangerousPickle)
        let good = world.fixture.upstream.offer(ScanningFixture.cleanText)
        try world.fixture.commitAbove(["bad.bin": bad.encoded, "good.txt": good.encoded])
        let refusal = await hubError { _ = try await world.read("bad.bin") }
        #expect(refusal?.code == .policyDenied)
        #expect(refusal?.message.contains("'bad.bin'") == true && refusal?.message.contains("os") == true)
        _ = try await world.read("good.txt")
        // Files are judged one by one, so git carries the pointers.
        try await world.pull()
        // By its digest alone it is refused as well.
        let repository = try await world.fixture.open()
        let link = try #require(try await world.repositories.lfsLinks(to: [bad], of: repository)[bad.oid])
        #expect(await hubError { try await world.repositories.authorize(link, of: repository) }?.code == .policyDenied)
    }

    @Test("a dangerous file in git holds git's transport, and that file; others are served")
    func gitFiles() async throws {
        let world = try await World(Self.strict)
        try world.fixture.commitAbove([
            "bad.pkl": ScanningFixture.dangerousPickle, "words.txt": ScanningFixture.cleanText,
        ])
        #expect(await hubError { try await world.pull() }?.code == .policyDenied)
        #expect(await hubError { _ = try await world.read("bad.pkl") }?.code == .policyDenied)
        _ = try await world.read("words.txt")
        try world.fixture.commitAbove(["bad.pkl": nil])
        world.fixture.pass(seconds: 700)
        try await world.pull()
    }

    @Test(
        "who does not wait is told to come back, nothing is fetched for him, and a virus scanner's absence is unknown")
    func impatience() async throws {
        let world = try await World("  scan: {required: [malware], serveBeforeScan: false}\n")
        let good = world.fixture.upstream.offer(ScanningFixture.cleanText)
        try world.fixture.commitAbove(["good.txt": good.encoded])
        let repository = try await world.fixture.open()
        let snapshot = try await world.repositories.snapshot(of: repository, at: nil)
        let entry = try await world.repositories.entry(at: "good.txt", in: snapshot)
        let pending = await hubError {
            try await ScanPatience.$current.withValue(.zero) {
                try await world.repositories.authorizeFile(entry, in: snapshot)
            }
        }
        #expect(pending?.code == .scanPending && pending?.status == 503 && (pending?.retryAfter ?? 0) > 0)
        #expect(try await world.fixture.hub.blobs.size(of: good.oid) == nil)
        let refusal = await hubError { try await world.repositories.authorizeFile(entry, in: snapshot) }
        #expect(refusal?.code == .policyReview)
        #expect(refusal?.message.contains("nobody looked for malware") == true)
    }

    @Test("content that may be served before its scan is served, and refused once something was found")
    func early() async throws {
        let world = try await World("  scan: {required: [pickle]}\n")
        let bad = world.fixture.upstream.offer(ScanningFixture.dangerousPickle)
        try world.fixture.commitAbove(["bad.bin": bad.encoded])
        guard case .blob(let reader) = try await world.read("bad.bin").content else {
            throw HubError(.internalError, "no blob")
        }
        _ = try await GatewayFixture.read(reader)
        while try await world.fixture.hub.blobs.size(of: bad.oid) == nil { await Task.yield() }
        _ = try await world.scanning.scan(bad.oid)
        #expect(await hubError { _ = try await world.read("bad.bin") }?.code == .policyDenied)
    }

    @Test("explain shows what scans found, and scans nothing itself")
    func explained() async throws {
        let world = try await World(Self.strict)
        let bad = world.fixture.upstream.offer(ScanningFixture.dangerousPickle)
        try world.fixture.commitAbove(["bad.bin": bad.encoded])
        let repository = try await world.fixture.open()
        let snapshot = try await world.repositories.snapshot(of: repository, at: nil)
        let contents = try await world.repositories.contents(of: snapshot)
        let request = ContentRequest(
            repository: repository, revision: snapshot.revision, commit: snapshot.commit,
            scope: .file(path: "bad.bin", size: bad.size))
        let before = try #require(try await world.gate.explain(request, user: nil) { contents })
        #expect(before.scan?.state == .pending && before.awaitsScan)
        _ = await hubError { _ = try await world.read("bad.bin") }
        let after = try #require(try await world.gate.explain(request, user: nil) { contents })
        #expect(after.outcome == .deny && after.scan?.verdict == .dangerous)
        #expect(after.scan?.findings.isEmpty == false)
    }

    @Test("a file in git is scanned once for all commits that have it")
    func onceForAllCommits() async throws {
        let world = try await World(Self.strict)
        try world.fixture.commitAbove(["a.txt": ScanningFixture.cleanText])
        try await world.pull()
        let counted = world.fixture.metrics.value("hub_scans_total", labels: ["verdict": "clean"]) ?? 0
        #expect(counted > 0)
        try world.fixture.commitAbove(["b.txt": Array("Other words.\n".utf8)])
        world.fixture.pass(seconds: 700)
        try await world.pull()
        #expect(world.fixture.metrics.value("hub_scans_total", labels: ["verdict": "clean"]) == counted + 1)
    }
}
