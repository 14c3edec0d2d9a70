import Foundation
import Testing

@testable import HubCore

@Suite("Blobs that arrive out of order")
struct BlobRangesTests {
    private static let size = 1_000_000
    private static let bytes = BlobFixture.bytes(size)
    private static let id = BlobID(hashing: bytes)
    private static let lost = HubError(.upstreamUnavailable, "The upstream is gone.")
    private static let ledger = "blobs/partial/\(id.hex).ranges"

    private static func part(_ range: Range<Int>) -> [UInt8] { Array(bytes[range]) }

    private static func write(_ ranges: Range<Int>..., to partial: PartialBlob) async throws {
        for range in ranges { try await partial.write(part(range), at: Int64(range.lowerBound)) }
    }

    private static func begin(_ store: FileBlobStore) async throws -> PartialBlob {
        try await store.partial(id, size: Int64(size))
    }

    private func names(_ fixture: BlobFixture) -> [String] { fixture.directory.names(in: "blobs/partial") }

    @Test("pieces in any order, and such as overlap, make the blob")
    func anyOrder() async throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<20 {
            let fixture = try BlobFixture()
            let partial = try await Self.begin(fixture.store)
            let reader = try await partial.reader()
            let read = Task { try await BlobFixture.readAll(reader) }
            var pieces = stride(from: 0, to: Self.size, by: 50_000).map { start in
                max(0, start - Int.random(in: 0..<9_000, using: &generator))..<start + 50_000
            }
            pieces.shuffle(using: &generator)
            var fresh: Int64 = 0
            for piece in pieces {
                fresh += try await partial.write(Self.part(piece), at: Int64(piece.lowerBound))
            }
            #expect(fresh == Int64(Self.size))
            #expect(await partial.written == Int64(Self.size))
            try await partial.finish()
            #expect(try await read.value == Self.bytes)
            #expect(names(fixture).isEmpty)
            #expect(try await fixture.store.verify(Self.id))
        }
    }

    @Test("many writers at once make the blob")
    func manyWriters() async throws {
        let fixture = try BlobFixture()
        let partial = try await Self.begin(fixture.store)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for start in stride(from: 0, to: Self.size, by: 20_000) {
                group.addTask { try await Self.write(start..<start + 20_000, to: partial) }
            }
            try await group.waitForAll()
        }
        try await partial.finish()
        #expect(try await fixture.store.verify(Self.id))
    }

    @Test("the hash follows the bytes from the start; a reader of a part follows what came there")
    func following() async throws {
        let fixture = try BlobFixture()
        let partial = try await Self.begin(fixture.store)
        try await Self.write(500_000..<700_000, to: partial)
        let reader = try await partial.reader()
        #expect(await partial.written == 0)
        #expect(try await reader.released(past: 550_000, within: 550_000..<900_000) == 700_000)
        let start = Task { try await reader.released(past: 0, within: 0..<900_000) }
        let far = Task { try await reader.released(past: 800_000, within: 800_000..<900_000) }
        await BlobFixture.settle()
        #expect(partial.wanted == [0, 800_000])
        try await Self.write(0..<500_000, to: partial)
        #expect(try await start.value == 500_000)
        #expect(await partial.written == 700_000)
        try await Self.write(700_000..<1_000_000, to: partial)
        #expect(try await far.value == 900_000 - 65_536)
        // The last bytes wait for the digest as ever.
        let tail = Task { try await reader.released(past: 900_000 - 65_536, within: 0..<900_000) }
        await BlobFixture.settle()
        #expect(partial.wanted.isEmpty)
        try await partial.finish()
        #expect(try await tail.value == 900_000)
    }

    @Test("what a killed process wrote is not fetched again, wherever it was")
    func killed() async throws {
        let fixture = try BlobFixture()
        do {
            // Dropped without an end, as by kill -9: nothing is written or synced after the last write.
            let partial = try await Self.begin(fixture.store)
            try await Self.write(0..<100_000, 300_000..<400_000, 400_000..<450_000, 900_000..<1_000_000, to: partial)
        }
        let again = try await Self.begin(fixture.reopened())
        #expect(again.present.ranges == [0..<100_000, 300_000..<450_000, 900_000..<1_000_000])
        #expect(await again.written == 100_000)
        try await Self.write(100_000..<300_000, 450_000..<900_000, to: again)
        try await again.finish()
        #expect(try await fixture.store.verify(Self.id))
        #expect(try await fixture.store.open(Self.id)?.isSuspect == false)
        #expect(names(fixture).isEmpty)
    }

    @Test("a download that is paused goes on where it was")
    func paused() async throws {
        let fixture = try BlobFixture()
        let first = try await Self.begin(fixture.store)
        try await Self.write(200_000..<300_000, 0..<50_000, to: first)
        await first.fail(Self.lost, keepBytes: true)
        let second = try await Self.begin(fixture.reopened())
        #expect(second.present.ranges == [0..<50_000, 200_000..<300_000])
        await second.fail(Self.lost, keepBytes: false)
        #expect(names(fixture).isEmpty)
        #expect(try await Self.begin(fixture.store).present.isEmpty)
    }

    @Test("a torn ledger leaves the one before; without any that holds, everything is fetched again")
    func torn() async throws {
        let fixture = try BlobFixture()
        do {
            let partial = try await Self.begin(fixture.store)
            try await Self.write(0..<100_000, 300_000..<400_000, 600_000..<700_000, to: partial)
        }
        let url = URL(filePath: fixture.directory.appending(Self.ledger))
        var data = try Data(contentsOf: url)
        // Each slot in turn: one of them is the newest.
        let slot = RangeLedger.slotSize
        data[slot + 60] ^= 1
        try data.write(to: url)
        do {
            let present = try await Self.begin(fixture.reopened()).present.ranges
            #expect(present.first == 0..<100_000 && present.count >= 2)
        }
        data[60] ^= 1
        try data.write(to: url)
        let partial = try await Self.begin(fixture.reopened())
        #expect(partial.present.isEmpty)
        try await Self.write(0..<1_000_000, to: partial)
        try await partial.finish()
        #expect(try await fixture.store.verify(Self.id))
        // Nobody knows what left before.
        #expect(try await fixture.reopened().open(Self.id)?.isSuspect == true)
    }

    @Test("a ledger that is cut short, empty or of another file is not believed")
    func foreign() async throws {
        for length in [0, 10, 70, 8_192] {
            let fixture = try BlobFixture()
            do {
                let partial = try await Self.begin(fixture.store)
                try await Self.write(300_000..<400_000, to: partial)
            }
            let url = URL(filePath: fixture.directory.appending(Self.ledger))
            try Data(contentsOf: url).prefix(length).write(to: url)
            let again = try await Self.begin(fixture.reopened())
            #expect(again.present.isEmpty || length == 8_192)
        }
        let fixture = try BlobFixture()
        do {
            let partial = try await Self.begin(fixture.store)
            try await Self.write(300_000..<400_000, to: partial)
        }
        // Another file has come under the name: its bytes are those of nobody.
        let path = fixture.directory.appending("blobs/partial/\(Self.id.hex)")
        try FileManager.default.moveItem(atPath: path, toPath: path + ".old")
        try fixture.directory.write(Array(Self.bytes.prefix(500_000)), to: "blobs/partial/\(Self.id.hex)")
        #expect(try await Self.begin(fixture.store).present.isEmpty)
    }

    @Test("a ledger that lies cannot publish a wrong blob")
    func lying() async throws {
        let fixture = try BlobFixture()
        do {
            let partial = try await Self.begin(fixture.store)
            try await Self.write(0..<100_000, 300_000..<400_000, to: partial)
        }
        // The bytes that it vouches for are lost.
        let path = fixture.directory.appending("blobs/partial/\(Self.id.hex)")
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seek(toOffset: 300_000)
        try handle.write(contentsOf: Data(count: 50_000))
        try handle.close()
        let again = try await Self.begin(fixture.reopened())
        for gap in again.present.gaps(in: 0..<Int64(Self.size)) {
            try await Self.write(Int(gap.lowerBound)..<Int(gap.upperBound), to: again)
        }
        let error = await #expect(throws: HubError.self) { try await again.finish() }
        #expect(error?.code == .upstreamCorrupt)
        #expect(try await fixture.store.open(Self.id) == nil)
        #expect(names(fixture).isEmpty)
        #expect(fixture.directory.names(in: "blobs/quarantine").count == 1)
    }

    @Test("a ledger of more ranges than it holds forgets the last of them, and nothing else")
    func manyRanges() async throws {
        let fixture = try BlobFixture()
        do {
            let partial = try await Self.begin(fixture.store)
            for start in stride(from: 1_000, to: 700_000, by: 2_000) {
                try await Self.write(start..<start + 100, to: partial)
            }
        }
        let present = try await Self.begin(fixture.reopened()).present
        #expect(present.ranges.count == RangeLedger.limit)
        #expect(present.ranges.first == 1_000..<1_100)
    }

    @Test("bytes in order need no ledger")
    func inOrder() async throws {
        let fixture = try BlobFixture()
        let partial = try await Self.begin(fixture.store)
        try await Self.write(0..<100_000, 100_000..<200_000, to: partial)
        #expect(names(fixture) == [Self.id.hex])
    }

    @Test("reaping takes a ledger with its file, and one that is left alone; never that of a download that goes on")
    func reaping() async throws {
        let fixture = try BlobFixture(now: { Date(timeIntervalSinceNow: 86_400) })
        do {
            let partial = try await Self.begin(fixture.store)
            try await Self.write(300_000..<400_000, to: partial)
            _ = try await fixture.store.reapIncoming(olderThan: .seconds(60))
            #expect(names(fixture).count == 2)
        }
        #expect(try await fixture.store.reapIncoming(olderThan: .seconds(60)) == 1)
        #expect(names(fixture).isEmpty)
        try fixture.directory.write([1], to: Self.ledger)
        #expect(try await fixture.store.reapIncoming(olderThan: .seconds(60)) == 1)
        #expect(names(fixture).isEmpty)
    }

    @Test("a ledger without its file says nothing about the next download")
    func orphan() async throws {
        let fixture = try BlobFixture()
        do {
            let partial = try await Self.begin(fixture.store)
            try await Self.write(300_000..<400_000, to: partial)
        }
        try FileManager.default.removeItem(atPath: fixture.directory.appending("blobs/partial/\(Self.id.hex)"))
        #expect(try await Self.begin(fixture.store).present.isEmpty)
        #expect(names(fixture) == [Self.id.hex])
    }

    @Test("one blob has one writer while it arrives out of order, among several processes too")
    func exclusive() async throws {
        let fixture = try BlobFixture()
        let partial = try await Self.begin(fixture.store)
        try await Self.write(300_000..<400_000, to: partial)
        let other = try fixture.reopened()
        let error = await #expect(throws: HubError.self) { try await Self.begin(other) }
        #expect(error?.code == .conflict)
    }

    @Test("more than there can be is refused, wherever it is written")
    func tooMuch() async throws {
        let fixture = try BlobFixture()
        let partial = try await Self.begin(fixture.store)
        let error = await #expect(throws: HubError.self) { try await partial.write([1, 2], at: Int64(Self.size - 1)) }
        #expect(error?.code == .upstreamCorrupt)
    }

    @Test("ranges: what is inserted, missing and taken away")
    func ranges() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<300 {
            var ranges = ByteRanges()
            var set: Set<Int64> = []
            for _ in 0..<12 {
                let start = Int64.random(in: 0..<100, using: &generator)
                let range = start..<start + Int64.random(in: 0..<15, using: &generator)
                ranges.insert(range)
                set.formUnion(range)
            }
            #expect(Set(ranges.ranges.joined()) == set && ranges.count == Int64(set.count))
            for (left, right) in zip(ranges.ranges, ranges.ranges.dropFirst()) {
                #expect(left.upperBound < right.lowerBound)
            }
            #expect(Set(ranges.gaps(in: 10..<90).joined()) == Set(10..<90).subtracting(set))
            var late = ranges
            late.remove(before: 40)
            late.remove(from: 70)
            #expect(Set(late.ranges.joined()) == set.intersection(40..<70))
        }
    }
}
