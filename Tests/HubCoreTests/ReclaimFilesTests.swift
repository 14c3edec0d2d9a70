import Foundation
import SQL
import Testing

@testable import HubCore

@Suite("Collecting blobs that nothing names")
struct ReclaimFilesTests {
    @Test("a mark is carried out only while nothing names the file and nobody touched it")
    func verdicts() {
        let mark = ReclaimMark(kind: .blob, name: "00", bytes: 1, stamp: 7, markedAt: 1_000)
        func verdict(_ isNamed: Bool, _ stamp: Int64?, _ now: Int64) -> ReclaimMark.Verdict {
            mark.verdict(isNamed: isNamed, stamp: stamp, now: now, grace: 500)
        }
        #expect(verdict(false, 7, 1_500) == .remove)
        #expect(verdict(false, 7, 1_499) == .wait)
        #expect(verdict(true, 7, 9_000) == .spare)
        #expect(verdict(false, 8, 9_000) == .spare)
        #expect(verdict(false, nil, 9_000) == .forget)
        #expect(verdict(true, nil, 9_000) == .spare)
        // A clock that was set back makes nothing old.
        #expect(verdict(false, 7, 0) == .wait)
    }

    @Test("F11: a step of the clock that people set is seen, and the time the machine slept or was off is none")
    func clock() {
        let before = ReclaimClock(wall: 1_000_000_000, machine: 5_000, start: "a")
        func after(_ wall: Int64, _ machine: Int64, _ start: String = "a") -> Bool {
            ReclaimClock(wall: 1_000_000_000 + wall, machine: 5_000 + machine, start: start).hasJumped(since: before)
        }
        #expect(!after(86_400_000, 86_400_000))
        #expect(!after(86_400_000 + 300_000, 86_400_000))
        #expect(after(400 * 86_400_000, 60_000))
        #expect(after(-2 * 3_600_000, 60_000))
        #expect(!after(400 * 86_400_000, -4_000, "b"))
        #expect(after(-2 * 3_600_000, -4_000, "b"))
        #expect(ReclaimClock(before.text) == before)
        #expect(ReclaimClock("x") == nil)
    }

    @Test("what a removed repository had goes after its grace, and what another links stays")
    func removedRepository() async throws {
        let fixture = try await ReclaimFixture()
        let (first, second) = (
            try await fixture.repository("model:acme/one"), try await fixture.repository("model:acme/two")
        )
        let own = try await fixture.upload(Array("only in one".utf8), to: first)
        let shared = try await fixture.upload(Array("in both".utf8), to: first)
        try await fixture.upload(Array("in both".utf8), to: second)
        try await fixture.remove("model:acme/one")

        var report = try await fixture.collect()
        #expect(report.removed[.blobs] == nil && report.waiting[.blobs]?.count == 1)
        #expect(try await fixture.isStored(own))
        fixture.passDays(1)
        report = try await fixture.collect(dryRun: true)
        #expect(report.removed[.blobs] == .init(count: 1, bytes: own.size) && report.problems == [])
        #expect(try await fixture.isStored(own))
        report = try await fixture.collect()
        #expect(report.removed[.blobs] == .init(count: 1, bytes: own.size))
        #expect(try await !fixture.isStored(own))
        #expect(try await fixture.isStored(shared))
        // Nothing is left that says it was there.
        #expect(try await fixture.hub.hub.store.storedBlobs().map(\.id) == [shared.oid])
        #expect(try await fixture.collect().removed[.blobs] == nil)
        #expect(try await Reclaimer(hub: fixture.hub.hub, settings: ReclaimSettings()).lastRun() != nil)
    }

    @Test("a blob that is uploaded again between mark and sweep stays, also when its link goes at once")
    func uploadedAgain() async throws {
        let fixture = try await ReclaimFixture()
        let bytes = Array("wanted again".utf8)
        let pointer = try await fixture.upload(bytes, to: try await fixture.repository("model:acme/one"))
        try await fixture.remove("model:acme/one")
        try await fixture.collect()
        fixture.passDays(2)
        try await fixture.upload(bytes, to: try await fixture.repository("model:acme/two"))
        #expect(try await fixture.collect().removed[.blobs] == nil)
        #expect(try await fixture.isStored(pointer))
        try await fixture.remove("model:acme/two")
        // Its grace begins anew.
        #expect(try await fixture.collect().removed[.blobs] == nil)
        fixture.passDays(1)
        #expect(try await fixture.collect().removed[.blobs]?.count == 1)
    }

    @Test("bytes that come again before they are linked keep the file they find")
    func touched() async throws {
        let fixture = try await ReclaimFixture()
        let bytes = Array("half way".utf8)
        let pointer = try await fixture.upload(bytes, to: try await fixture.repository("model:acme/one"))
        try await fixture.remove("model:acme/one")
        try await fixture.collect()
        fixture.passDays(2)
        // Stored, and its link is not written yet.
        _ = try await fixture.hub.hub.blobs.store(
            pointer.oid, size: pointer.size,
            from: AsyncThrowingStream<[UInt8], any Error> { continuation in
                continuation.yield(bytes)
                continuation.finish()
            })
        #expect(try await fixture.collect().removed[.blobs] == nil)
        #expect(try await fixture.isStored(pointer))
    }

    @Test("who links a blob that was just removed is told to send it again, and nothing names what is not there")
    func linkedTooLate() async throws {
        let fixture = try await ReclaimFixture()
        let repository = try await fixture.repository("model:acme/one")
        let bytes = Array("gone".utf8)
        let pointer = LFSPointer(oid: BlobID(hashing: bytes), size: Int64(bytes.count))
        let store = fixture.hub.hub.store
        let attempts: [@Sendable () async throws -> Void] = [
            { try await store.noteUpload(of: pointer, to: repository, endingReservation: nil) },
            { try await store.noteArrival(of: pointer, in: repository.key) },
            { try await store.noteArrival(of: pointer, in: repository, endingReservation: nil) },
            { try await store.noteBlob(pointer.oid, size: pointer.size) },
        ]
        for attempt in attempts {
            do {
                try await attempt()
                Issue.record("it was linked")
            } catch let error as HubError {
                #expect(error.code == .conflict && error.status == 503 && error.retryAfter == 1)
            }
        }
        #expect(try await store.links(to: [pointer.oid], of: repository.key).isEmpty)
        #expect(try await store.storedBlobs().isEmpty)
        try await fixture.upload(bytes, to: repository)
        #expect(try await fixture.isStored(pointer))
    }

    @Test("what lies there without a row goes after its grace, and rows of what is not there go too")
    func strays() async throws {
        let fixture = try await ReclaimFixture()
        let stray = try await fixture.hub.hub.blobs.store(
            nil, size: nil,
            from: AsyncThrowingStream<[UInt8], any Error> { continuation in
                continuation.yield(Array("stray".utf8))
                continuation.finish()
            })
        try await fixture.collect()
        fixture.passDays(1)
        #expect(try await fixture.collect().removed[.blobs] == .init(count: 1, bytes: stray.size))
        #expect(try await fixture.hub.hub.blobs.size(of: stray.id) == nil)
    }

    @Test("without a grace one run marks and removes, and never what is named or staged")
    func noGrace() async throws {
        let fixture = try await ReclaimFixture()
        let named = try await fixture.upload(Array("named".utf8), to: try await fixture.repository("model:acme/one"))
        let proposed = try await fixture.hub.authorizer.open(
            try await fixture.hub.principal("bob"), .discuss, HubFixture.id("model:acme/one"))
        let staged = try await fixture.upload(Array("staged".utf8), to: proposed)
        let lost = try await fixture.upload(Array("lost".utf8), to: try await fixture.repository("model:acme/two"))
        try await fixture.remove("model:acme/two")
        #expect(try await fixture.collect { $0.grace = 0 }.removed[.blobs]?.count == 1)
        #expect(try await fixture.isStored(named))
        #expect(try await fixture.isStored(staged))
        #expect(try await !fixture.isStored(lost))
        // Staged for a week and never named.
        fixture.passDays(8)
        #expect(try await fixture.collect { $0.grace = 0 }.removed[.blobs]?.count == 1)
        #expect(try await fixture.isStored(named))
        #expect(try await !fixture.isStored(staged))
    }

    @Test("F11: after a jump of the clock every grace begins anew")
    func jump() async throws {
        let fixture = try await ReclaimFixture()
        let pointer = try await fixture.upload(Array("kept".utf8), to: try await fixture.repository("model:acme/one"))
        try await fixture.remove("model:acme/one")
        try await fixture.collect()
        fixture.passDays(400)
        let hub = fixture.hub.hub
        let still = hub.clock.now() - 400 * 86_400_000
        let report = try await Reclaimer(hub: hub, settings: ReclaimSettings(), machine: { still }).run()
        #expect(report.removed[.blobs] == nil && report.problems.count == 1)
        #expect(try await fixture.isStored(pointer))
    }

    @Test("F15: only one collector works on a data directory")
    func oneAtATime() async throws {
        let fixture = try await ReclaimFixture()
        let lock = try ReclaimLock(below: fixture.directory)
        do {
            try await fixture.collect()
            Issue.record("two at once")
        } catch let error as HubError {
            #expect(error.code == .conflict)
        }
        withExtendedLifetime(lock) {}
    }

    @Test("F5: uploads that race with a collector without grace are stored and linked, or told to come again")
    func race() async throws {
        let fixture = try await ReclaimFixture()
        let repository = try await fixture.repository("model:acme/one")
        let store = fixture.hub.hub.store
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for number in 0..<30 {
                        // Writers meet on the same bytes.
                        let bytes = Array("object \(number % 5 + writer % 2)".utf8)
                        do {
                            let pointer = try await fixture.upload(bytes, to: repository)
                            #expect(try await fixture.isStored(pointer))
                        } catch let error as HubError {
                            #expect(error.status == 503)
                        }
                    }
                }
            }
            group.addTask {
                for _ in 0..<15 {
                    let links = try await store.database.read { connection in
                        try connection.query("SELECT sha256 FROM links").compactMap { BlobID(try $0.text("sha256")) }
                    }
                    // What was there goes, so that the collector has something to take.
                    if let one = links.randomElement() { try await store.removeLinks(to: [one], of: repository) }
                    try await fixture.collect { $0.grace = 0 }
                }
            }
            try await group.waitForAll()
        }
        let linked = try await store.database.read { connection in
            try connection.query("SELECT sha256 FROM links").compactMap { BlobID(try $0.text("sha256")) }
        }
        for blob in linked { #expect(try await fixture.hub.hub.blobs.verify(blob)) }
    }
}
