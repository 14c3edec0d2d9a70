import Foundation
import Testing

@testable import HubCore

@Suite("Blobs that are arriving")
struct BlobPartialTests {
    private static let size = 1_000_000
    private static let bytes = BlobFixture.bytes(size)
    private static let id = BlobID(hashing: bytes)
    private static let lost = HubError(.upstreamUnavailable, "The upstream is gone.")

    @Test("readers follow the writer, early and late, and get every byte")
    func following() async throws {
        let fixture = try BlobFixture()
        let partial = try await fixture.store.partial(Self.id, size: Int64(Self.size))
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<200 {
                let reader = try await partial.reader()
                #expect(!reader.isComplete && reader.size == Int64(Self.size))
                group.addTask { try await BlobFixture.readAll(reader) }
            }
            for start in stride(from: 0, to: Self.size, by: 128_000) {
                try await partial.append(Array(Self.bytes[start..<min(start + 128_000, Self.size)]))
                let late = try await partial.reader()
                group.addTask { try await BlobFixture.readAll(late) }
            }
            #expect(try await fixture.store.open(Self.id) == nil)
            try await partial.finish()
            for try await read in group { #expect(read == Self.bytes) }
        }
        #expect(try await partial.reader().isComplete)
        #expect(try await fixture.store.open(Self.id) != nil)
        #expect(fixture.directory.names(in: "blobs/partial").isEmpty)
    }

    @Test("S20: the last 64 KiB are held back until the digest matches")
    func withholding() async throws {
        let fixture = try BlobFixture()
        let partial = try await fixture.store.partial(Self.id, size: Int64(Self.size))
        try await partial.append(Self.bytes)
        let following = try #require(try await partial.reader().following)
        let visible = Int64(Self.size - 65_536)
        #expect(try await following.released(past: 0) == visible)
        let waiting = Task { try await following.released(past: visible) }
        await BlobFixture.settle()
        try await partial.finish()
        #expect(try await waiting.value == Int64(Self.size))
    }

    @Test("S20: wrong bytes are quarantined, and no reader gets all of them")
    func mismatch() async throws {
        let fixture = try BlobFixture()
        let partial = try await fixture.store.partial(Self.id, size: Int64(Self.size))
        let reader = try await partial.reader()
        let read = Task { try await BlobFixture.readAll(reader) }
        var wrong = Self.bytes
        wrong[5] ^= 1
        try await partial.append(wrong)
        let error = await #expect(throws: HubError.self) { try await partial.finish() }
        #expect(error?.code == .upstreamCorrupt)
        let seen = await #expect(throws: HubError.self) { try await read.value }
        #expect(seen?.code == .upstreamCorrupt)
        await #expect(throws: HubError.self) { try await partial.reader() }
        await #expect(throws: HubError.self) { try await partial.append([1]) }
        #expect(try await fixture.store.open(Self.id) == nil)
        #expect(fixture.directory.names(in: "blobs/partial").isEmpty)
        #expect(fixture.directory.names(in: "blobs/quarantine").count == 1)
        // The next source starts over at once.
        let next = try await fixture.store.partial(Self.id, size: Int64(Self.size))
        #expect(await next.written == 0)
        try await next.append(Self.bytes)
        try await next.finish()
        #expect(try await fixture.store.verify(Self.id))
    }

    @Test("a part is held back like the whole, wherever it ends")
    func partsWithheld() async throws {
        let fixture = try BlobFixture()
        let partial = try await fixture.store.partial(Self.id, size: Int64(Self.size))
        try await partial.append(Array(Self.bytes.prefix(500_000)))
        let reader = try await partial.reader()
        #expect(try await reader.released(past: 0, within: 0..<200_000) == 200_000 - 65_536)
        #expect(try await reader.released(past: 300_000, within: 300_000..<900_000) == 500_000)
        let small = Task { try await reader.released(past: 10, within: 10..<20) }
        let end = Task { try await reader.released(past: 200_000 - 65_536, within: 0..<200_000) }
        try await partial.append(Array(Self.bytes.dropFirst(500_000)))
        await BlobFixture.settle()
        #expect(!small.isCancelled)
        try await partial.finish()
        #expect(try await small.value == 20)
        #expect(try await end.value == 200_000)
    }

    @Test("parts fail with the writer")
    func partsFail() async throws {
        let fixture = try BlobFixture()
        let partial = try await fixture.store.partial(Self.id, size: Int64(Self.size))
        let reader = try await partial.reader()
        try await partial.append(BlobFixture.bytes(Self.size, seed: 7))
        await #expect(throws: HubError.self) { try await partial.finish() }
        let error = await #expect(throws: HubError.self) { try await reader.released(past: 0, within: 0..<10) }
        #expect(error?.code == .upstreamCorrupt)
    }

    @Test("a blob whose wrong bytes may have left is suspect, now and after a restart, and others are not")
    func suspects() async throws {
        let fixture = try BlobFixture()
        let first = try await fixture.store.partial(Self.id, size: Int64(Self.size))
        #expect(try await !first.reader().isSuspect)
        try await first.append(BlobFixture.bytes(Self.size, seed: 7))
        await #expect(throws: HubError.self) { try await first.finish() }
        let second = try await fixture.store.partial(Self.id, size: Int64(Self.size))
        #expect(try await second.reader().isSuspect)
        try await second.append(Self.bytes)
        try await second.finish()
        #expect(try await fixture.store.open(Self.id)?.isSuspect == true)
        #expect(try await fixture.reopened().open(Self.id)?.isSuspect == true)
        let other = try await fixture.store.store(nil, size: nil, from: BlobFixture.chunks([1, 2, 3]))
        #expect(try await fixture.store.open(other.id)?.isSuspect == false)
    }

    @Test("a download that is cut and completed by the same bytes is not suspect")
    func resumedIsNotSuspect() async throws {
        let fixture = try BlobFixture()
        let first = try await fixture.store.partial(Self.id, size: Int64(Self.size))
        try await first.append(Array(Self.bytes.prefix(400_000)))
        await first.fail(Self.lost, keepBytes: true)
        let second = try await fixture.store.partial(Self.id, size: Int64(Self.size))
        try await second.append(Array(Self.bytes.dropFirst(400_000)))
        try await second.finish()
        #expect(try await fixture.store.open(Self.id)?.isSuspect == false)
    }

    @Test("bytes that left and were thrown away unverified make the blob suspect")
    func thrownAway() async throws {
        let fixture = try BlobFixture()
        let prefix = Array(Self.bytes.prefix(400_000))
        for (name, ending) in [("a full disk", 0), ("reaping", 1), ("another way in", 2)] {
            let fixture = try BlobFixture(now: { Date(timeIntervalSinceNow: 86_400) })
            let partial = try await fixture.store.partial(Self.id, size: Int64(Self.size))
            try await partial.append(prefix)
            await partial.fail(ending == 0 ? HubError(.storageFull, "Full.") : Self.lost, keepBytes: true)
            if ending == 1 { #expect(try await fixture.store.reapIncoming(olderThan: .seconds(3_600)) == 1) }
            _ = try await fixture.store.store(Self.id, size: nil, from: BlobFixture.chunks(Self.bytes))
            #expect(try await fixture.store.open(Self.id)?.isSuspect == true, "\(name)")
        }
        // A blob of which nothing had left is not.
        _ = try await fixture.store.partial(Self.id, size: Int64(Self.size))
        _ = try await fixture.store.store(Self.id, size: nil, from: BlobFixture.chunks(Self.bytes))
        #expect(try await fixture.store.open(Self.id)?.isSuspect == false)
    }

    @Test("too few and too many bytes are refused")
    func wrongSize() async throws {
        let fixture = try BlobFixture()
        let short = try await fixture.store.partial(Self.id, size: Int64(Self.size))
        try await short.append(Array(Self.bytes.dropLast()))
        let few = await #expect(throws: HubError.self) { try await short.finish() }
        #expect(few?.code == .upstreamCorrupt)
        let long = try await fixture.store.partial(Self.id, size: Int64(Self.size))
        let following = try #require(try await long.reader().following)
        try await long.append(Self.bytes)
        let many = await #expect(throws: HubError.self) { try await long.append([0]) }
        #expect(many?.code == .upstreamCorrupt)
        await #expect(throws: HubError.self) { try await following.released(past: 0) }
        await #expect(throws: HubError.self) { try await long.finish() }
        #expect(fixture.directory.names(in: "blobs/partial").isEmpty)
    }

    @Test("quarantine keeps the newest sixteen")
    func quarantineBound() async throws {
        let clock = FakeClock()
        let fixture = try BlobFixture(now: { clock.now() })
        for _ in 0..<20 {
            let partial = try await fixture.store.partial(Self.id, size: 3)
            try await partial.append([1, 2, 3])
            await #expect(throws: HubError.self) { try await partial.finish() }
        }
        let names = fixture.directory.names(in: "blobs/quarantine")
        #expect(names.count == 16)
        #expect(names.contains("\(Self.id.hex).20000") && !names.contains("\(Self.id.hex).4000"))
    }

    @Test("a download resumes after a failure that keeps its bytes, and they are hashed again")
    func resuming() async throws {
        let fixture = try BlobFixture()
        let first = try await fixture.store.partial(Self.id, size: Int64(Self.size))
        try await first.append(Array(Self.bytes.prefix(400_000)))
        await first.fail(Self.lost, keepBytes: true)
        let second = try await fixture.reopened().partial(Self.id, size: Int64(Self.size))
        #expect(await second.written == 400_000)
        let following = try #require(try await second.reader().following)
        #expect(try await following.released(past: 0) == 400_000)
        try await second.append(Array(Self.bytes.dropFirst(400_000)))
        try await second.finish()
        #expect(try await fixture.store.verify(Self.id))
    }

    @Test("a failure that keeps nothing, and a full disk, give the space back")
    func givingBack() async throws {
        let fixture = try BlobFixture()
        for error in [Self.lost, HubError(.storageFull, "Full.")] {
            let partial = try await fixture.store.partial(Self.id, size: Int64(Self.size))
            #expect(await partial.written == 0)
            try await partial.append(Array(Self.bytes.prefix(400_000)))
            await partial.fail(error, keepBytes: error.code == .storageFull)
            #expect(fixture.directory.names(in: "blobs/partial").isEmpty)
        }
    }

    @Test("what a killed process left is never served, and is resumed")
    func killed() async throws {
        let fixture = try BlobFixture()
        try fixture.directory.write(Self.bytes, to: "blobs/partial/\(Self.id.hex)")
        #expect(try await fixture.store.open(Self.id) == nil)
        #expect(try await fixture.store.size(of: Self.id) == nil)
        var listed = 0
        for try await _ in fixture.store.allIDs() { listed += 1 }
        #expect(listed == 0)
        let partial = try await fixture.store.partial(Self.id, size: Int64(Self.size))
        #expect(await partial.written == Int64(Self.size))
        try await partial.finish()
        #expect(try await fixture.store.verify(Self.id))
    }

    @Test("a leftover that is too long starts over")
    func leftoverTooLong() async throws {
        let fixture = try BlobFixture()
        try fixture.directory.write(Self.bytes + [1], to: "blobs/partial/\(Self.id.hex)")
        let partial = try await fixture.store.partial(Self.id, size: Int64(Self.size))
        #expect(await partial.written == 0)
    }

    @Test("one blob has one writer, in this process and among several")
    func exclusive() async throws {
        let fixture = try BlobFixture()
        let other = try fixture.reopened()
        let partial = try await fixture.store.partial(Self.id, size: Int64(Self.size))
        for store in [fixture.store, other] {
            let error = await #expect(throws: HubError.self) {
                try await store.partial(Self.id, size: Int64(Self.size))
            }
            #expect(error?.code == .conflict)
        }
        try await partial.append(Self.bytes)
        try await partial.finish()
        let stored = await #expect(throws: HubError.self) { try await other.partial(Self.id, size: Int64(Self.size)) }
        #expect(stored?.code == .conflict)
        #expect(fixture.directory.names(in: "blobs/partial").isEmpty)
    }

    @Test("a download for which there is no room is refused at once")
    func noRoom() async throws {
        let fixture = try BlobFixture()
        for size in [Int64.max, 1 << 60] {
            let error = await #expect(throws: HubError.self) { try await fixture.store.partial(Self.id, size: size) }
            #expect(error?.code == .storageFull)
        }
        #expect(fixture.directory.names(in: "blobs/partial").isEmpty)
        // Refusing holds nothing: the blob can be begun.
        _ = try await fixture.store.partial(Self.id, size: Int64(Self.size))
    }

    @Test("a reader that is cancelled stops waiting, and the others go on")
    func cancellation() async throws {
        let fixture = try BlobFixture()
        let partial = try await fixture.store.partial(Self.id, size: Int64(Self.size))
        let reader = try await partial.reader()
        let waiting = (0..<1000).map { _ in Task { try await BlobFixture.readAll(reader).count } }
        await BlobFixture.settle()
        for task in waiting.dropFirst(2) { task.cancel() }
        for task in waiting.dropFirst(2) {
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        try await partial.append(Self.bytes)
        try await partial.finish()
        for task in waiting.prefix(2) { #expect(try await task.value == Self.size) }
    }

    @Test("a download that is dropped fails its readers and can be begun again")
    func dropped() async throws {
        let fixture = try BlobFixture()
        let reader = try await {
            let partial = try await fixture.store.partial(Self.id, size: Int64(Self.size))
            try await partial.append(Array(Self.bytes.prefix(300_000)))
            return try await partial.reader()
        }()
        let error = await #expect(throws: HubError.self) { try await BlobFixture.readAll(reader) }
        #expect(error?.code == .upstreamUnavailable)
        let again = try await fixture.store.partial(Self.id, size: Int64(Self.size))
        #expect(await again.written == 300_000)
    }

    @Test("an empty blob can be downloaded")
    func empty() async throws {
        let fixture = try BlobFixture()
        let id = BlobID(hashing: [])
        let partial = try await fixture.store.partial(id, size: 0)
        try await partial.finish()
        #expect(try await fixture.store.open(id)?.size == 0)
    }
}

/// A clock that moves on by a second with each look.
private final class FakeClock: @unchecked Sendable {
    private let lock = NSLock()
    private var seconds = 0.0
    func now() -> Date {
        lock.withLock {
            seconds += 1
            return Date(timeIntervalSince1970: seconds)
        }
    }
}
