import Foundation
import HubCore
import Policies
import Synchronization
import Testing

@testable import MirrorGateway

@Suite("Scans of stored blobs")
struct ScanningTests {
    @Test("a blob is scanned once, however many wait for it, and known by its digest from then on")
    func once() async throws {
        let fixture = try await ScanningFixture()
        defer { fixture.remove() }
        let id = try await fixture.store(ScanningFixture.dangerousPickle)
        let scanning = fixture.scanning
        let all = try await withThrowingTaskGroup(of: BlobScans.self) { group in
            for _ in 0..<20 { group.addTask { try await scanning.scan(id) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(all).count == 1 && all.first?.verdict == .dangerous)
        #expect(fixture.metrics.value("hub_scans_total", labels: ["verdict": "dangerous"]) == 1)
        // Nothing is left in the queue, and the next who asks is answered from what is known.
        #expect(try await fixture.hub.scans.backlog().waiting == 0)
        #expect(try await scanning.scan(id) == all.first)
        #expect(fixture.metrics.value("hub_scans_total", labels: ["verdict": "dangerous"]) == 1)
    }

    @Test("verdicts are those of the scanners: 7z is unknown, an unknown class suspicious, words are clean")
    func verdicts() async throws {
        let fixture = try await ScanningFixture()
        defer { fixture.remove() }
        for (bytes, verdict) in [
            (ScanningFixture.sevenZip, ScanVerdict.unknown), (ScanningFixture.unknownPickle, .suspicious),
            (ScanningFixture.cleanText, .clean),
        ] {
            let id = try await fixture.store(bytes)
            #expect(try await fixture.scanning.scan(id).verdict == verdict)
        }
    }

    @Test("a blob changed on disk gets no verdict and leaves the store, and the right bytes may come again")
    func changed() async throws {
        let fixture = try await ScanningFixture()
        defer { fixture.remove() }
        let id = try await fixture.store(ScanningFixture.dangerousPickle)
        try fixture.damage(id, with: ScanningFixture.cleanText)
        let error = await hubError { _ = try await fixture.scanning.scan(id) }
        #expect(error?.code == .storageCorrupt)
        #expect(try await fixture.hub.scans.records(of: id).isEmpty)
        #expect(try await fixture.hub.blobs.size(of: id) == nil)
        #expect(try await fixture.store(ScanningFixture.dangerousPickle) == id)
        #expect(try await fixture.scanning.scan(id).verdict == .dangerous)
    }

    @Test("a large blob that was changed after this process verified it is hashed, and leaves the store too")
    func changedAfterVerification() async throws {
        let fixture = try await ScanningFixture()
        defer { fixture.remove() }
        let bytes = [UInt8](repeating: 0x61, count: 2 << 20)
        let id = try await fixture.store(bytes)
        try await Task.sleep(for: .milliseconds(20))
        try fixture.damage(id, with: [UInt8](repeating: 0x62, count: bytes.count))
        let error = await hubError { _ = try await fixture.scanning.scan(id) }
        #expect(error?.code == .storageCorrupt)
        #expect(try await fixture.hub.scans.records(of: id).isEmpty)
        #expect(try await fixture.hub.blobs.size(of: id) == nil)
    }

    @Test("what was verified as it came is not hashed by its scan, but is by the next one")
    func hashedOnce() async throws {
        let fixture = try await ScanningFixture()
        defer { fixture.remove() }
        let id = try await fixture.store([UInt8](repeating: 0x61, count: 2 << 20))
        let file = try #require(try await fixture.hub.blobs.open(id)).file
        #expect(fixture.hub.blobs.isVerified(id, in: file))
        _ = try await fixture.scanning.scan(id)
        #expect(!fixture.hub.blobs.isVerified(id, in: file))
    }

    @Test("bytes that are touched while they are scanned are hashed after all", arguments: [1, 2, 3])
    func touchedMeanwhile(looks: Int) async throws {
        let fixture = try await ScanningFixture()
        defer { fixture.remove() }
        let id = try await fixture.store(ScanningFixture.cleanText)
        let file = try #require(try await fixture.hub.blobs.open(id)).file
        let asked = Mutex(0)
        // Not the name of these bytes: only hashing tells.
        let other = BlobID(hashing: [1])
        let examination = BlobExamination(digest: other, clamd: nil, clock: fixture.hub.clock) {
            asked.withLock { asked in
                asked += 1
                return asked < looks
            }
        }
        if looks < 3 {
            #expect(throws: BlobExamination.Mismatch.self) { try examination.run(file, stop: ScanStopSign()) }
        } else {
            #expect(try examination.run(file, stop: ScanStopSign()).records.count == 1)
        }
    }

    @Test("two processes do not scan the same blob at once: one does, the other waits for what it finds")
    func twoProcesses() async throws {
        let first = try await ScanningFixture()
        defer { first.remove() }
        let second = try await ScanningFixture(sharing: first)
        var ids: [BlobID] = []
        for number in 0..<20 {
            ids.append(try await first.store(Array("text \(number) ".utf8) + [UInt8](repeating: 0x61, count: 100_000)))
        }
        let all = ids
        try await withThrowingTaskGroup(of: Void.self) { group in
            for scanning in [first.scanning, second.scanning] {
                group.addTask { for id in all { _ = try await scanning.scan(id) } }
            }
            try await group.waitForAll()
        }
        let counts = [first, second].map { $0.metrics.value("hub_scans_total", labels: ["verdict": "clean"]) ?? 0 }
        #expect(counts.reduce(0, +) == 20)
    }

    @Test("a newer scanner scans anew what an older one saw; until then what that one found counts")
    func versions() async throws {
        let fixture = try await ScanningFixture()
        defer { fixture.remove() }
        let id = try await fixture.store(ScanningFixture.dangerousPickle)
        try await fixture.hub.scans.note([
            ScanRecord(
                digest: id, scanner: .weir, version: "0", size: 1, format: "pickle", verdict: "clean", findings: "[]",
                scannedAt: 1, milliseconds: 1)
        ])
        let old = try await fixture.scanning.report(of: id)
        #expect(old.verdict == .clean && !old.isCurrent)
        let (lacking, _) = try await fixture.hub.scans.lacking(
            version: BlobScans.version, wantsClamAV: false, after: (0, ""), limit: 10)
        #expect(lacking.map(\.isKnown) == [true])
        #expect(try await fixture.scanning.scan(id).verdict == .dangerous)
        #expect(try await fixture.scanning.report(of: id).isCurrent)
    }

    @Test("what is written down and cannot be read is not clean")
    func unreadable() async throws {
        let record = ScanRecord(
            digest: BlobID(hashing: []), scanner: .weir, version: "1", size: 1, format: "x", verdict: "clean",
            findings: "{", scannedAt: 1, milliseconds: 1)
        #expect(BlobScans(record.digest, [record]).verdict == .unknown)
    }

    @Test("ClamAV's word is joined to ours; while it cannot be asked ours counts and it is asked again")
    func malware() async throws {
        let clamd = try SimulatedClamd(.looking(for: "EVIL"))
        defer { clamd.stop() }
        let fixture = try await ScanningFixture(clamd: clamd.path)
        defer { fixture.remove() }
        let bad = try await fixture.store(Array("words with EVIL in them\n".utf8))
        let found = try await fixture.scanning.scan(bad)
        #expect(found.verdict == .dangerous && found.report?.verdict == .clean)
        #expect(found.findings.map(\.code) == ["malware.found"])
        #expect(found.malwareVersion?.hasPrefix("ClamAV 1.0.0") == true)

        clamd.behave(.closing)
        let good = try await fixture.store(Array("words alone\n".utf8))
        try await fixture.hub.scans.enqueue([good], .arrived)
        _ = try await fixture.scanning.scanNext()
        let half = try await fixture.scanning.report(of: good)
        #expect(half.report?.verdict == .clean && half.malware == nil && !fixture.scanning.isSettled(half))
        #expect(try await fixture.hub.scans.waiting(good)?.failure?.contains("virus scanner") == true)
        clamd.behave(.looking(for: "EVIL"))
        #expect(try await fixture.scanning.scan(good).malware?.verdict == .clean)

        clamd.behave(.limited(to: 1_000))
        let long = try await fixture.store([UInt8](repeating: 0x61, count: 5_000_000))
        #expect(try await fixture.scanning.scan(long).malware?.verdict == .unknown)
    }

    @Test("Hugging Face's word is read as it is written, and what cannot be read says nothing")
    func upstreamWords() throws {
        func read(_ text: String) -> (isDone: Bool, issues: [String: String])? {
            JSONText.decode(text).flatMap(HuggingFaceScans.read)
        }
        let told = try #require(
            read(#"{"scansDone":true,"filesWithIssues":[{"path":"a.pkl","level":"unsafe"},{"path":"b"}]}"#))
        #expect(told.isDone && told.issues == ["a.pkl": "unsafe", "b": ""])
        #expect(read(#"{"scansDone":true}"#) == nil)
        #expect(read("[]") == nil)
        let record = UpstreamScanRecord(upstream: "hub", isDone: true, issues: told.issues, askedAt: 0)
        #expect(UpstreamScans.finding(record, "a.pkl")?.verdict == .suspicious)
        #expect(UpstreamScans.finding(record, "c") == nil, "safe above says nothing")
    }
}
