import Foundation
import HubCore
import NIOCore
import Synchronization
import Testing

@testable import HubServer

@Suite("Chunks of a blob")
struct XetChunkBodyTests {
    /// A writer that has written everything and verified nothing, until it is told.
    private final class Writer: BlobFollowing {
        private let size: Int64
        private let isVerified = Mutex(false)

        init(size: Int64) { self.size = size }

        func verify() { isVerified.withLock { $0 = true } }

        func released(past offset: Int64) async throws -> Int64 {
            if offset < size - BlobReader.withheld { return size - BlobReader.withheld }
            while !isVerified.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
            return size
        }
    }

    private static let size = 2 * XetSlices.chunkBytes + 100_000
    private static let content = (0..<Int(size)).map { UInt8(truncatingIfNeeded: $0 / 251) }

    private func body(following writer: (any BlobFollowing)?) throws -> XetChunkBody {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("weir-\(UUID().uuidString)").path
        try Data(Self.content).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let blob = BlobID(hashing: Self.content)
        let reader = BlobReader(
            id: blob, file: try OpenFile(path: path), size: Self.size, following: writer)
        let part = try #require(XetSlices(blob, size: Self.size).part(0, 0..<2))
        return XetChunkBody(reader: reader, part: part, interval: .milliseconds(1))
    }

    private static let framed = [0, 1].flatMap { number in
        let start = number * Int(XetSlices.chunkBytes)
        return XorbChunkHeader.uncompressed(Int(XetSlices.chunkBytes))
            + content[start..<(start + Int(XetSlices.chunkBytes))]
    }

    @Test("each chunk comes behind its header")
    func framing() async throws {
        let sent = Mutex<[UInt8]>([])
        try await body(following: nil).send(
            to: BodyWriter { piece in sent.withLock { $0 += Array(piece.readableBytesView) } })
        #expect(sent.withLock { $0 == Self.framed })
    }

    @Test("while a blob waits for its digest, single bytes tell that it is alive, and the end is kept back")
    func signsOfLife() async throws {
        let writer = Writer(size: Self.size)
        let body = try body(following: writer)
        let sent = Mutex<[UInt8]>([])
        let pieces = Mutex<[Int]>([])
        let free = Self.framed.count - Int(BlobReader.withheld)
        try await body.send(
            to: BodyWriter { piece in
                sent.withLock { $0 += Array(piece.readableBytesView) }
                let count = pieces.withLock {
                    $0.append(piece.readableBytes)
                    return $0.count
                }
                // Enough was seen: now it is verified.
                if count == 6 { writer.verify() }
            })
        #expect(sent.withLock { $0 == Self.framed })
        #expect(pieces.withLock { $0.prefix(6).dropFirst() }.allSatisfy { $0 == 1 })
        #expect(pieces.withLock { $0.first } == free)
    }
}
