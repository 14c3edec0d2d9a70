import HubCore
import Testing

@Suite("A blob cut into xorbs")
struct XetSlicesTests {
    private static let blob = BlobID(hashing: [1])
    private static let chunk = XetSlices.chunkBytes
    private static let xorb = chunk * Int64(XetSlices.xorbChunks)

    /// Sizes and places around every border.
    private static let borders: [Int64] = [chunk, 2 * chunk, xorb, 2 * xorb + 3 * chunk].flatMap {
        [$0 - 1, $0, $0 + 1]
    }

    @Test("parts follow each other, hold the range, and begin with the chunk that has its first byte")
    func contiguous() throws {
        for size in [1] + Self.borders {
            let slices = XetSlices(Self.blob, size: size)
            let places = ([0, 1, size - 1, size] + Self.borders).filter { (0...size).contains($0) }
            for start in places {
                for end in places where start < end {
                    let found = try slices.reconstruction(of: start..<end, limit: 3)
                    let (first, last) = (try #require(found.parts.first), try #require(found.parts.last))
                    #expect(first.content.lowerBound + found.skipped == start && found.skipped < Self.chunk)
                    #expect(last.content.upperBound >= end && last.content.upperBound - end < Self.chunk)
                    for (part, next) in zip(found.parts, found.parts.dropFirst()) {
                        #expect(part.content.upperBound == next.content.lowerBound && next.chunks.lowerBound == 0)
                    }
                    for part in found.parts {
                        #expect(slices.part(part.number, part.chunks) == part)
                        let headers = Int64(part.chunks.count * XorbChunkHeader.byteCount)
                        #expect(part.stored.count == part.content.count + Int(headers))
                        #expect(part.stored.upperBound <= slices.storedBytes(of: part.number))
                    }
                }
            }
            let whole = try slices.reconstruction(of: 0..<size, limit: 3)
            #expect(whole.parts.allSatisfy { $0.stored == 0..<slices.storedBytes(of: $0.number) })
        }
    }

    @Test("chunks with their headers are a xorb as our own reader reads them")
    func readable() throws {
        let size = Self.chunk + 5
        let part = try #require(XetSlices(Self.blob, size: size).part(0, 0..<2))
        var reader = XorbReader()
        for start in [0, Self.chunk] {
            let chunk = part.chunk(at: start)
            reader.append(XorbChunkHeader.uncompressed(chunk.count) + [UInt8](repeating: 7, count: chunk.count))
        }
        let index = try reader.finish()
        #expect(index.chunks.map(\.contentBytes) == [Int(Self.chunk), 5])
        #expect(index.storedBytes == part.stored.upperBound)
        #expect(part.chunk(at: 0) == part.chunk(at: Self.chunk - 1))
        #expect(part.chunk(at: Self.chunk) == Self.chunk..<size)
    }

    @Test("there are no chunks beyond the blob, and no answers without a limit")
    func beyond() {
        let slices = XetSlices(Self.blob, size: Self.xorb + 1)
        #expect(slices.part(1, 0..<1) != nil)
        for (number, chunks) in [(1, 0..<2), (2, 0..<1), (-1, 0..<1), (Int.max, 0..<1), (0, 0..<0), (0, 0..<129)] {
            #expect(slices.part(number, chunks) == nil)
        }
        #expect(XetSlices(Self.blob, size: 0).part(0, 0..<1) == nil)
        #expect(throws: HubError.self) { try slices.reconstruction(of: 0..<(Self.xorb + 1), limit: 1) }
        #expect((try? slices.reconstruction(of: 5..<5, limit: 1))?.parts.isEmpty == true)
    }

    @Test("names tell blobs and xorbs apart")
    func distinct() {
        let (one, other) = (XetSlices(Self.blob, size: 1), XetSlices(BlobID(hashing: [2]), size: 1))
        #expect(Set([one.name(of: 0), one.name(of: 1), other.name(of: 0), other.name(of: 1)]).count == 4)
    }
}
