import SQL
import Testing

@testable import HubCore

@Suite("Taking stored blobs away")
struct BlobEvictionTests {
    /// A mirrored repository with one stored blob.
    private func world() async throws -> (HubFixture, key: Int64, LFSPointer) {
        let fixture = try await HubFixture()
        let key = try await fixture.mirror("model:acme/demo")
        let pointer = try await Self.bring("one", to: key, fixture)
        return (fixture, key, pointer)
    }

    private static func bring(_ text: String, to key: Int64, _ fixture: HubFixture) async throws -> LFSPointer {
        let bytes = Array(text.utf8)
        let stored = try await fixture.hub.blobs.store(nil, size: nil, from: BlobFixture.chunks(bytes))
        let pointer = LFSPointer(oid: stored.id, size: stored.size)
        try await fixture.hub.store.noteArrival(of: pointer, in: key)
        return pointer
    }

    private func eviction(_ fixture: HubFixture) -> BlobEviction {
        BlobEviction(store: fixture.hub.store, blobs: fixture.hub.blobs)
    }

    private func problems(_ fixture: HubFixture) async throws -> Int {
        try await StorageCheck(store: fixture.hub.store, git: fixture.hub.git, blobs: fixture.hub.blobs).run { _ in }
            .problems
    }

    @Test("file and row go, the link stays, and a second reader of the inventory finds nothing")
    func removal() async throws {
        let (fixture, key, pointer) = try await world()
        let removed = try await eviction(fixture).remove([pointer.oid], pins: nil) { _, _ in true }
        #expect(removed == [pointer.oid: pointer.size])
        #expect(try await fixture.hub.blobs.size(of: pointer.oid) == nil)
        #expect(try await fixture.hub.store.storedBlobs().isEmpty)
        #expect(try await fixture.hub.store.links(to: [pointer.oid], of: key)[pointer.oid] != nil)
        #expect(try await fixture.hub.store.storedBlobs(ofRepository: key, after: nil, count: 100).blobs.isEmpty)
        #expect(try await problems(fixture) == 0)
    }

    @Test(
        "page by page, each blob of a repository is seen once, in order, with all who link it",
        arguments: [1, 2, 3, 100])
    func pages(count: Int) async throws {
        let (fixture, key, _) = try await world()
        let other = try await fixture.create("model:bob/own")
        for number in 0..<6 {
            let pointer = try await Self.bring("blob \(number)", to: key, fixture)
            if number.isMultiple(of: 2) { try await fixture.hub.store.noteArrival(of: pointer, in: other) }
        }
        var seen: [StoredBlob] = []
        var last: BlobID?
        repeat {
            let (blobs, next) = try await fixture.hub.store.storedBlobs(ofRepository: key, after: last, count: count)
            #expect(blobs.count <= count)
            seen += blobs
            last = next
        } while last != nil
        #expect(seen.map(\.id.hex) == Set(seen.map(\.id.hex)).sorted() && seen.count == 7)
        #expect(seen.filter { $0.repositories == [key, other].sorted() }.count == 3)
        let amount = try await fixture.hub.store.linkedAmount()
        #expect(amount.count == 7 && amount.bytes == seen.reduce(0) { $0 + $1.bytes })
        let fewer = try await fixture.hub.store.storedBlobs(ofRepository: other, after: nil, count: count)
        #expect(fewer.blobs.count == min(count, 3))
    }

    @Test("what changed since the plan is asked about in the transaction that removes")
    func judgedAgain() async throws {
        let (fixture, _, pointer) = try await world()
        let local = try await fixture.create("model:bob/own")
        _ = try await Self.bring("one", to: local, fixture)
        let seen = try await eviction(fixture).remove([pointer.oid], pins: nil) { blob, mirrors in
            blob.repositories.allSatisfy { mirrors[$0] != nil }
        }
        #expect(seen.isEmpty)
        #expect(try await fixture.hub.blobs.size(of: pointer.oid) != nil)
        // A new pin makes a plan stale.
        let content = PinnedContent(store: fixture.hub.store, git: fixture.hub.git)
        let version = try await content.pins().version
        _ = try await fixture.hub.pins.add(try HubFixture.id("model:acme/demo"), revision: nil)
        #expect(try await eviction(fixture).remove([pointer.oid], pins: version) { _, _ in true }.isEmpty)
    }

    @Test(
        "what upstream no longer lists, or no longer to us, is known from the catalogue",
        arguments: [true, false])
    func tombstones(isGone: Bool) async throws {
        let (fixture, key, _) = try await world()
        #expect(try await fixture.hub.store.mirroredRepositories()[key]?.isGone == false)
        let seen: RemoteObservation =
            isGone ? .gone(.model, path: "acme/demo", reason: "") : .restricted(.model, path: "acme/demo", reason: "")
        let known = RemoteObservation.described(RemoteDescription(kind: .model, path: "acme/demo"))
        try await fixture.hub.catalogue.record([known, seen], mirror: "test", upstream: "hub")
        #expect(try await fixture.hub.store.mirroredRepositories()[key]?.isGone == true)
        #expect(try await fixture.hub.store.retentionInventory(ofRepository: key).mirrors[key]?.isGone == true)
        try await fixture.hub.store.noteFailure("silent", of: key)
        #expect(try await fixture.hub.store.mirroredRepositories()[key]?.hasFailed == true)
    }

    @Test(
        "an eviction that was cut after the mark, or after the file, leaves a store that verifies, and is ended later")
    func interrupted() async throws {
        let (fixture, key, pointer) = try await world()
        let other = try await Self.bring("two", to: key, fixture)
        // As a kill leaves it: both are marked, the file of one is gone and its row is not.
        try await fixture.hub.database.write { connection in
            for blob in [pointer.oid, other.oid] {
                try connection.execute(
                    "INSERT INTO evictions (sha256, bytes, marked_at) VALUES (?, 0, 0)", [.text(blob.hex)])
            }
        }
        try await fixture.hub.blobs.remove(pointer.oid)
        #expect(try await problems(fixture) == 0)
        #expect(try await eviction(fixture).settle() == 1)
        #expect(try await fixture.hub.store.storedBlobs().map(\.id) == [other.oid])
        #expect(try await problems(fixture) == 0)
        try await fixture.hub.blobs.remove(other.oid)
        // Without a mark a missing file is a problem still.
        #expect(try await problems(fixture) == 1)
    }

    @Test("an open blob is known to be open, until its last reader lets it go")
    func leases() async throws {
        let (fixture, _, pointer) = try await world()
        let blobs = fixture.hub.blobs
        var first = try await blobs.open(pointer.oid)
        var second = try await blobs.open(pointer.oid)
        #expect(first != nil && second != nil && blobs.isOpen(pointer.oid))
        first = nil
        #expect(blobs.isOpen(pointer.oid))
        second = nil
        #expect(!blobs.isOpen(pointer.oid))
        #expect(try await blobs.open(BlobID(hashing: [9])) == nil)
        #expect(!blobs.isOpen(BlobID(hashing: [9])))
        do {
            let partial = try await blobs.partial(BlobID(hashing: [8]), size: 1)
            #expect(blobs.isOpen(BlobID(hashing: [8])))
            await partial.fail(HubError(.internalError, "done"), keepBytes: false)
        }
        // What ran for the actor holds it a moment longer than whoever called.
        for _ in 0..<200 where blobs.isOpen(BlobID(hashing: [8])) { try await Task.sleep(for: .milliseconds(10)) }
        #expect(!blobs.isOpen(BlobID(hashing: [8])))
    }
}
