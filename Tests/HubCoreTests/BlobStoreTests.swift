import Foundation
import Testing

@testable import HubCore

@Suite("Storing whole blobs")
struct BlobStoreTests {
    @Test("a body is stored under its digest, read-only, and read back", arguments: [0, 1, 70_000, 3_500_000])
    func roundTrip(size: Int) async throws {
        let fixture = try BlobFixture()
        let bytes = BlobFixture.bytes(size)
        let id = BlobID(hashing: bytes)
        let stored = try await fixture.store.store(nil, size: nil, from: BlobFixture.chunks(bytes))
        #expect(stored.id == id && stored.size == Int64(size))
        let reader = try #require(try await fixture.store.open(id))
        #expect(reader.isComplete && reader.size == Int64(size))
        #expect(try await BlobFixture.readAll(reader) == bytes)
        #expect(try await fixture.store.size(of: id) == Int64(size))
        #expect(try await fixture.store.verify(id))
        let path = "blobs/sha256/\(id.hex.prefix(2))/\(id.hex.dropFirst(2).prefix(2))/\(id.hex)"
        let mode = try FileManager.default.attributesOfItem(atPath: fixture.directory.appending(path))[
            .posixPermissions]
        #expect(mode as? Int == 0o444)
        #expect(fixture.directory.names(in: "blobs/incoming").isEmpty)
    }

    @Test("S14: a body that is not what was announced leaves nothing behind")
    func mismatch() async throws {
        let fixture = try BlobFixture()
        let bytes = BlobFixture.bytes(2_000_000)
        let other = BlobID(hashing: [1])
        let attempts: [(BlobID?, Int64?)] = [(other, nil), (nil, 1_999_999), (nil, 2_000_001), (other, 2_000_000)]
        for (id, size) in attempts {
            let error = await #expect(throws: HubError.self) {
                try await fixture.store.store(id, size: size, from: BlobFixture.chunks(bytes))
            }
            #expect(error?.code == .unprocessable)
        }
        #expect(try await fixture.store.open(BlobID(hashing: bytes)) == nil)
        #expect(try await fixture.store.open(other) == nil)
        #expect(fixture.directory.names(in: "blobs/incoming").isEmpty)
    }

    @Test("a body that breaks off fails with its own error and leaves nothing behind")
    func broken() async throws {
        struct Cut: Error {}
        let fixture = try BlobFixture()
        let chunks = AsyncThrowingStream<[UInt8], any Error> { continuation in
            continuation.yield(BlobFixture.bytes(1_500_000))
            continuation.finish(throwing: Cut())
        }
        await #expect(throws: Cut.self) { try await fixture.store.store(nil, size: nil, from: chunks) }
        #expect(fixture.directory.names(in: "blobs/incoming").isEmpty)
    }

    @Test("S14: a hundred uploads at once, right and wrong ones, leave one right copy that is never rewritten")
    func racing() async throws {
        let fixture = try BlobFixture()
        let store = fixture.store
        let right = BlobFixture.bytes(300_000)
        let wrong = BlobFixture.bytes(300_000, seed: 2)
        let id = BlobID(hashing: right)
        _ = try await store.store(id, size: nil, from: BlobFixture.chunks(right))
        let first = try #require(try await store.open(id))
        let outcomes = await withTaskGroup(of: (Bool, Bool).self) { group in
            for number in 0..<100 {
                group.addTask {
                    let isRight = number % 2 == 0
                    let body = BlobFixture.chunks(isRight ? right : wrong)
                    return (isRight, (try? await store.store(id, size: 300_000, from: body)) != nil)
                }
            }
            return await group.reduce(into: [(Bool, Bool)]()) { $0.append($1) }
        }
        for (isRight, succeeded) in outcomes { #expect(isRight == succeeded) }
        var before = stat()
        var after = stat()
        let again = try #require(try await store.open(id))
        #expect(fstat(first.file.descriptor, &before) == 0 && fstat(again.file.descriptor, &after) == 0)
        #expect(before.st_ino == after.st_ino)
        var ids: [BlobID] = []
        for try await id in store.allIDs() { ids.append(id) }
        #expect(ids == [id])
        #expect(fixture.directory.names(in: "blobs/incoming").isEmpty)
    }

    @Test("a file is imported with its digest, and left as it is")
    func importing() async throws {
        let fixture = try BlobFixture()
        let bytes = BlobFixture.bytes(5_000_000)
        let path = try fixture.directory.write(bytes, to: "source.bin")
        let stored = try await fixture.store.store(fileAt: path, expecting: BlobID(hashing: bytes))
        #expect(stored.size == 5_000_000)
        let reader = try #require(try await fixture.store.open(stored.id))
        #expect(try await BlobFixture.readAll(reader) == bytes)
        #expect(try fixture.directory.read("source.bin") == bytes)
        let wrong = await #expect(throws: HubError.self) {
            try await fixture.store.store(fileAt: path, expecting: BlobID(hashing: []))
        }
        #expect(wrong?.code == .unprocessable)
        try FileManager.default.createSymbolicLink(
            atPath: fixture.directory.appending("link"), withDestinationPath: path)
        for name in ["link", "missing", "blobs"] {
            await #expect(throws: HubError.self) {
                try await fixture.store.store(fileAt: fixture.directory.appending(name), expecting: nil)
            }
        }
        #expect(fixture.directory.names(in: "blobs/incoming").isEmpty)
    }

    @Test("damage is found, quarantined and healed by storing again")
    func damage() async throws {
        let fixture = try BlobFixture()
        let bytes = BlobFixture.bytes(200_000)
        let id = BlobID(hashing: bytes)
        _ = try await fixture.store.store(id, size: nil, from: BlobFixture.chunks(bytes))
        let name = "blobs/sha256/\(id.hex.prefix(2))/\(id.hex.dropFirst(2).prefix(2))/\(id.hex)"
        var flipped = bytes
        flipped[100_000] ^= 1
        try fixture.directory.write(flipped, to: name)
        #expect(try await !fixture.store.verify(id))
        try await fixture.store.quarantine(id)
        #expect(try await fixture.store.open(id) == nil)
        #expect(fixture.directory.names(in: "blobs/quarantine").count == 1)
        _ = try await fixture.store.store(id, size: nil, from: BlobFixture.chunks(bytes))
        #expect(try await fixture.store.verify(id))
        #expect(try await fixture.store.remove(id) == 200_000)
        #expect(try await fixture.store.remove(id) == nil)
        let missing = await #expect(throws: HubError.self) { try await fixture.store.verify(id) }
        #expect(missing?.code == .blobNotFound)
    }

    @Test("every stored blob is listed, in order")
    func listing() async throws {
        let fixture = try BlobFixture()
        var expected: Set<BlobID> = []
        for number in 0..<40 {
            let body = BlobFixture.chunks(BlobFixture.bytes(10, seed: UInt64(number)))
            expected.insert(try await fixture.store.store(nil, size: nil, from: body).id)
        }
        var listed: [BlobID] = []
        for try await id in fixture.store.allIDs() { listed.append(id) }
        #expect(Set(listed) == expected)
        #expect(listed.map(\.hex) == listed.map(\.hex).sorted())
    }

    @Test("leftovers of a crash are reaped when they are old, and never what somebody writes")
    func reaping() async throws {
        let fixture = try BlobFixture()
        try fixture.directory.write([1], to: "blobs/incoming/left-over")
        let bytes = BlobFixture.bytes(100)
        let partial = try await fixture.store.partial(BlobID(hashing: bytes), size: 100)
        try await partial.append(bytes)
        #expect(try await fixture.store.reapIncoming(olderThan: .seconds(3600)) == 0)
        let later = try fixture.reopened(now: { Date(timeIntervalSinceNow: 7200) })
        #expect(try await later.reapIncoming(olderThan: .seconds(3600)) == 1)
        #expect(fixture.directory.names(in: "blobs/incoming").isEmpty)
        try await partial.finish()
        #expect(try await fixture.store.verify(BlobID(hashing: bytes)))
    }
}
