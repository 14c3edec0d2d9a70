import HubCore
import NIOCore

/// Sends a run of a blob's chunks, each behind its header, following the blob's writer if it is still growing.
///
/// A piece is in memory at a time. As in any other answer the last bytes wait until the whole blob is verified (law 4),
/// and clients use no run that is not whole. That may take hours while they give up after minutes without a byte, so
/// one is sent now and then.
struct XetChunkBody: Sendable {
    /// Bytes of content of one read.
    private static let pieceSize = 8 * XetSlices.chunkBytes
    /// Bytes of the end that no sign of life is taken from: with the others, waiting may take a week.
    static let reserve = BlobReader.withheld / 2

    let reader: BlobReader
    let part: XetReconstruction.Part
    /// Between two signs of life: hf-xet gives up after 300 seconds, proxies between often after 60.
    var interval: Duration = .seconds(20)

    func send(to writer: BodyWriter) async throws {
        let range = part.content
        var offset = range.lowerBound
        var mark = offset
        while offset < range.upperBound {
            if mark <= offset { mark = try await released(past: offset) }
            let end = min(offset + Self.pieceSize, mark)
            try await writer.send(framed(try await FileReads.read(reader.file, offset..<end), offset..<end))
            offset = end
        }
    }

    /// How far the blob may be read; one byte further when nothing was released for a while, and it is here.
    private func released(past offset: Int64) async throws -> Int64 {
        let range = part.content
        guard let following = reader.following, offset < range.upperBound - Self.reserve else {
            return try await reader.released(past: offset, within: range)
        }
        return try await withThrowingTaskGroup(of: Int64.self) { group in
            group.addTask { [reader] in try await reader.released(past: offset, within: range) }
            group.addTask { [interval] in
                try await Task.sleep(for: interval)
                _ = try await following.released(past: offset)
                return offset + 1
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }

    /// Puts a header before each chunk that begins in `range`.
    private func framed(_ content: ByteBuffer, _ range: Range<Int64>) -> ByteBuffer {
        var content = content
        let chunks = Int((range.upperBound - range.lowerBound) / XetSlices.chunkBytes) + 2
        var framed = ByteBuffer()
        framed.reserveCapacity(content.readableBytes + chunks * XorbChunkHeader.byteCount)
        var offset = range.lowerBound
        while offset < range.upperBound {
            let chunk = part.chunk(at: offset)
            if offset == chunk.lowerBound {
                framed.writeBytes(XorbChunkHeader.uncompressed(Int(chunk.upperBound - chunk.lowerBound)))
            }
            let end = min(chunk.upperBound, range.upperBound)
            guard var bytes = content.readSlice(length: Int(end - offset)) else { break }
            framed.writeBuffer(&bytes)
            offset = end
        }
        return framed
    }
}
