import Foundation
import Testing

@testable import HubCore

@Suite("Scrubbing what is stored")
struct ScrubberTests {
    private let fixture: HubFixture

    init() async throws { fixture = try await HubFixture() }

    private func store(_ bytes: [UInt8]) async throws -> BlobID {
        let stream = AsyncThrowingStream<[UInt8], any Error> { continuation in
            continuation.yield(bytes)
            continuation.finish()
        }
        return try await fixture.hub.blobs.store(nil, size: nil, from: stream).id
    }

    private func path(of id: BlobID) -> String {
        "\(fixture.hub.directory.blobs)/sha256/\(id.hex.prefix(2))/\(id.hex.dropFirst(2).prefix(2))/\(id.hex)"
    }

    private func flip(_ path: String, bit: Int) throws {
        chmod(path, 0o600)
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        try handle.seek(toOffset: UInt64(bit / 8))
        let byte = try #require(try handle.read(upToCount: 1)?.first)
        try handle.seek(toOffset: UInt64(bit / 8))
        try handle.write(contentsOf: Data([byte ^ (1 << UInt8(bit % 8))]))
        try handle.close()
    }

    private func scrub(from position: ScrubPosition = ScrubPosition()) async throws -> ([ScrubFinding], ScrubCounts) {
        var found: [ScrubFinding] = []
        let counts = try await Scrubber(hub: fixture.hub, rate: nil).run(from: position) { findings in
            found += findings
            return 0
        } reached: { _, _ in
        }
        return (found, counts)
    }

    @Test("every single bit of a blob is looked at")
    func everyBit() async throws {
        let id = try await store(Array("a few bytes".utf8))
        #expect(try await scrub().0.isEmpty)
        for bit in 0..<(8 * 11) {
            try flip(path(of: id), bit: bit)
            #expect(try await scrub().0.map(\.name) == [id.hex])
            try flip(path(of: id), bit: bit)
        }
        #expect(try await scrub().0.isEmpty)
    }

    @Test("a file that is cut off, or no file at all, is damaged")
    func cut() async throws {
        let id = try await store(Array(repeating: 7, count: 9_000))
        #expect(truncate(path(of: id), 8_999) == 0)
        #expect(try await scrub().0.map(\.name) == [id.hex])
        try FileManager.default.removeItem(atPath: path(of: id))
        try FileManager.default.createSymbolicLink(atPath: path(of: id), withDestinationPath: "/dev/null")
        #expect(try await scrub().0.map(\.name) == [id.hex])
    }

    @Test("what is put aside is not served, and can be stored again")
    func aside() async throws {
        let bytes: [UInt8] = Array("right".utf8)
        let id = try await store(bytes)
        try flip(path(of: id), bit: 3)
        let found = try await scrub().0
        for finding in found { _ = try await Scrubber(hub: fixture.hub, rate: nil).setAside(finding) }
        #expect(try await fixture.hub.blobs.open(id) == nil)
        #expect(try await store(bytes) == id)
        #expect(try await scrub().0.isEmpty)
    }

    @Test("it goes on where it was")
    func resumed() async throws {
        var ids: [BlobID] = []
        for number in 0..<20 { ids.append(try await store([UInt8(number)])) }
        ids.sort { $0.hex < $1.hex }
        var position = ScrubPosition()
        position.after = ids[11].hex
        #expect(try await scrub(from: position).1.blobs == 8)
        position.part = .git
        position.after = ""
        #expect(try await scrub(from: position).1.blobs == 0)
    }

    @Test("a read that is verified holds back the end of a damaged blob and tells of it")
    func verifiedReads() async throws {
        let id = try await store(Array(repeating: 9, count: 200_000))
        let (told, tell) = AsyncStream<ScrubFinding>.makeStream()
        fixture.hub.blobs.readVerification = ReadVerification { tell.yield($0) }
        let good = try #require(try await fixture.hub.blobs.open(id))
        #expect(try await good.released(past: 0, within: 0..<200_000) == 200_000 - BlobReader.withheld)
        #expect(try await good.released(past: 199_000, within: 0..<200_000) == 200_000)
        // What was right a moment ago is not hashed again.
        #expect(try #require(try await fixture.hub.blobs.open(id)).isComplete)
        try flip(path(of: id), bit: 5)
        let bad = try #require(try await fixture.hub.blobs.open(id))
        #expect(try await bad.released(past: 0, within: 10..<100_000) == 100_000 - BlobReader.withheld)
        await #expect(throws: HubError.self) { try await bad.released(past: 99_000, within: 10..<100_000) }
        var findings = told.makeAsyncIterator()
        #expect(await findings.next()?.name == id.hex)
    }

    @Test("a pace keeps to its rate")
    func pace() async throws {
        let pace = ScrubPace(rate: 1_000_000)
        let start = ContinuousClock.now
        for _ in 0..<4 { try await pace.spend(50_000) }
        #expect(start.duration(to: .now) >= .milliseconds(195))
    }
}
