import SQL
import Testing

@testable import HubCore

@Suite("What scans found, and what waits for them")
struct ScanStoreTests {
    private static func blob(_ text: String) -> BlobID { BlobID(hashing: Array(text.utf8)) }

    private static func record(
        _ digest: BlobID, version: String = "1", scanner: ScanRecord.Scanner = .weir, verdict: String = "clean",
        at time: Int64 = 5
    ) -> ScanRecord {
        ScanRecord(
            digest: digest, scanner: scanner, version: version, size: 3, format: "text", verdict: verdict,
            findings: "[]", scannedAt: time, milliseconds: 1)
    }

    private static func store(_ fixture: HubFixture, _ text: String) async throws -> BlobID {
        let id = Self.blob(text)
        try await fixture.hub.store.noteBlobWithoutFile(id, size: Int64(text.utf8.count))
        return id
    }

    @Test("one process has a blob at a time, and a lease that was not kept is taken over")
    func leases() async throws {
        let fixture = try await HubFixture()
        let scans = fixture.hub.scans
        let id = Self.blob("a")
        try await scans.enqueue([id], .arrived)
        let first = try #require(try await scans.claim(by: "one", lease: 30_000))
        #expect(try await scans.claim(by: "two", lease: 30_000) == nil)
        #expect(try await scans.claim(id, by: "two", lease: 30_000) == nil)
        fixture.pass(seconds: 31)
        let second = try #require(try await scans.claim(by: "two", lease: 30_000))
        // The first woke up: neither can it keep the lease nor write what it found.
        #expect(try await !scans.renew(first, for: 30_000))
        #expect(try await !scans.finish(first, [Self.record(id, verdict: "dangerous")]))
        #expect(try await scans.records(of: id).isEmpty)
        #expect(try await scans.finish(second, [Self.record(id)]))
        #expect(try await scans.records(of: id).map(\.verdict) == ["clean"])
        #expect(try await scans.backlog() == ScanBacklog(waiting: 0, running: 0, failing: 0))
    }

    @Test("what another process finished since the caller looked does not wait again; what is to be scanned anew does")
    func finishedMeanwhile() async throws {
        let fixture = try await HubFixture()
        let scans = fixture.hub.scans
        let id = Self.blob("a")
        try await scans.enqueue([id], .arrived)
        let lease = try #require(try await scans.claim(by: "one", lease: 30_000))
        #expect(try await scans.finish(lease, [Self.record(id)]))
        let version = try #require(try await scans.records(of: id).first?.version)
        try await scans.enqueue([id], .asked, lacking: (version, false))
        #expect(try await scans.waiting(id) == nil)
        try await scans.enqueue([id], .asked, lacking: (version, true))
        #expect(try await scans.waiting(id) != nil)
        let again = try #require(try await scans.claim(by: "one", lease: 30_000))
        try await scans.drop(again)
        try await scans.rescan([id])
        let anew = try #require(try await scans.claim(by: "one", lease: 30_000))
        try await scans.drop(anew)
        try await scans.enqueue([id], .asked, lacking: (version, false))
        #expect(try await scans.waiting(id) != nil)
    }

    @Test("what a killed process had leased is taken up at once")
    func reclaimed() async throws {
        let fixture = try await HubFixture()
        let scans = fixture.hub.scans
        try await scans.enqueue([Self.blob("a"), Self.blob("b")], .arrived)
        _ = try await scans.claim(by: "dead", lease: 30_000)
        #expect(try await scans.owners(otherThan: "alive") == ["dead"])
        #expect(try await scans.reclaim(from: ["dead"]) == 1)
        #expect(try await scans.backlog() == ScanBacklog(waiting: 2, running: 0, failing: 0))
    }

    @Test("what somebody waits for goes first, and what failed waits for a while")
    func order() async throws {
        let fixture = try await HubFixture()
        let scans = fixture.hub.scans
        let (old, new, asked) = (Self.blob("old"), Self.blob("new"), Self.blob("asked"))
        try await scans.enqueue([old], .stale)
        try await scans.enqueue([new, asked], .arrived)
        try await scans.enqueue([asked], .asked)
        try await scans.enqueue([asked], .stale)
        let first = try #require(try await scans.claim(by: "one", lease: 1_000))
        #expect(first.digest == asked)
        try await scans.release(first, failure: "the disk fails", pause: 5_000)
        #expect(try await scans.waiting(asked)?.failure == "the disk fails")
        #expect(try await scans.claim(by: "one", lease: 1_000)?.digest == new)
        #expect(try await scans.claim(by: "one", lease: 1_000)?.digest == old)
        #expect(try await scans.claim(by: "one", lease: 1_000) == nil)
        fixture.pass(seconds: 6)
        let again = try #require(try await scans.claim(asked, by: "one", lease: 1_000))
        #expect(again.attempts == 1)
    }

    @Test(
        "blobs without a result of this version are found, page by page, and what is newer than the scanner is not asked"
    )
    func lacking() async throws {
        let fixture = try await HubFixture()
        let scans = fixture.hub.scans
        var ids: [BlobID] = []
        for name in ["a", "b", "c", "d"] {
            ids.append(try await Self.store(fixture, name))
            fixture.pass(seconds: 1)
        }
        try await scans.note([Self.record(ids[0]), Self.record(ids[1], version: "0")])
        let (first, next) = try await scans.lacking(version: "1", wantsClamAV: false, after: (0, ""), limit: 3)
        #expect(first.map(\.digest) == [ids[1], ids[2]] && first.map(\.isKnown) == [true, false])
        let (second, end) = try await scans.lacking(
            version: "1", wantsClamAV: false, after: try #require(next), limit: 3)
        #expect(second.map(\.digest) == [ids[3]])
        #expect(
            try await scans.lacking(version: "1", wantsClamAV: false, after: try #require(end), limit: 3).next == nil)
        let (all, _) = try await scans.lacking(version: "1", wantsClamAV: true, after: (0, ""), limit: 10)
        #expect(all.count == 4)
        try await scans.note(ids.map { Self.record($0, version: "ClamAV 1", scanner: .clamav) })
        #expect(try await scans.lacking(version: "0", wantsClamAV: true, after: (0, ""), limit: 10).lacking.count == 3)
    }

    @Test("asked to scan anew, what was found stays until something else is")
    func rescan() async throws {
        let fixture = try await HubFixture()
        let scans = fixture.hub.scans
        let id = Self.blob("a")
        try await scans.note([Self.record(id, verdict: "dangerous")])
        try await scans.rescan([id])
        let record = try #require(try await scans.records(of: id).first)
        #expect(record.verdict == "dangerous" && record.version.isEmpty)
        #expect(try await scans.claim(by: "one", lease: 1_000)?.digest == id)
    }

    @Test("revisions, upstreams' words and digests of git objects are kept, and go with their repository")
    func others() async throws {
        let fixture = try await HubFixture()
        let scans = fixture.hub.scans
        let key = try await fixture.create("model:acme/demo")
        let commit = try #require(ObjectID(String(repeating: "a", count: 40)))
        let found = RevisionScanRecord(
            commit: commit, version: "1", verdict: "clean", findings: "{}", files: 3, scannedAt: 9)
        try await scans.note(found, of: key)
        #expect(try await scans.revision(commit, of: key) == found)
        let told = UpstreamScanRecord(upstream: "hub", isDone: true, issues: ["a b.pkl": "unsafe"], askedAt: 7)
        try await scans.note(told, of: commit, in: key)
        #expect(try await scans.upstream(commit, of: key) == told)
        try await scans.note([], objects: [(commit, Self.blob("x"), 1)])
        #expect(try await scans.digests(of: [commit]) == [commit: Self.blob("x")])
        #expect(try await scans.newestFinding() == 0, "what is clean is no news")
        try await scans.note([Self.record(Self.blob("bad"), verdict: "dangerous", at: 11)])
        #expect(try await scans.newestFinding() == 11)
        let admin = try await fixture.principal("root", scope: .admin, isAdministrator: true)
        let repository = try await fixture.authorizer.open(admin, .delete, try HubFixture.id("model:acme/demo"))
        try await fixture.repositories.delete(repository)
        #expect(try await scans.revision(commit, of: key) == nil)
        #expect(try await scans.upstream(commit, of: key) == nil)
    }
}

extension RepositoryStore {
    /// Writes a blob down as stored, for what looks at rows only.
    func noteBlobWithoutFile(_ id: BlobID, size: Int64) async throws {
        let now = clock.now()
        try await database.write { connection in
            try connection.upsert(
                into: "blobs", key: [("sha256", .text(id.hex))],
                values: [("size", .integer(size)), ("stored_at", .integer(now))])
        }
    }
}
