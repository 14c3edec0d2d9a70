import HubCore
import NIOCore

/// Sends a range of a blob, following its writer if it is still growing.
///
/// On plain TCP by sendfile in windows of 2 MiB: half the CPU of copying, and small enough that one window does not
/// keep the event loop from other connections (p99 16 ms; a whole file in one call: 153 ms). Otherwise by reading
/// 1 MiB ahead of the piece that is being sent. Memory per reader is at most two pieces.
///
/// A stored blob goes in stretches of several windows, which the event loop sends by itself: what a window costs beside
/// its sendfile is then next to nothing. A blob that is still arriving may be cut off at any time, so each of its
/// windows is looked at before it is sent.
struct FileBody: Sendable {
    /// Bytes of one sendfile call.
    static let windowSize: Int64 = 2 << 20
    /// Bytes of a stored blob that are sent without looking at the file again.
    static let stretchSize: Int64 = 16 << 20
    /// Bytes of one read.
    static let pieceSize: Int64 = 1 << 20

    let reader: BlobReader
    let range: Range<Int64>

    func send(to writer: BodyWriter) async throws {
        guard range.lowerBound >= 0, range.upperBound <= reader.size else {
            throw HubError(.internalError, "A response wants bytes outside its blob.")
        }
        if writer.sink.takesFileRegions {
            try await sendRegions(to: writer)
        } else {
            try await sendCopies(to: writer)
        }
    }

    private func sendRegions(to writer: BodyWriter) async throws {
        let file = try FileRegionSource(reader.file)
        defer { file.close() }
        var offset = range.lowerBound
        var mark = offset
        // Short at first: a reader of a few bytes must not cause a long read ahead.
        var stretch = Self.windowSize
        while offset < range.upperBound {
            if mark <= offset { mark = try await released(past: offset) }
            let end = min(offset + stretch, mark)
            // The window after this one is asked for too, so that a disk works while the network does.
            try await file.prefetch(offset..<min(end + Self.windowSize, mark))
            try writer.meter.admit(end - offset)
            try await writer.sink.send(file, offset..<end, window: Self.windowSize) { [meter = writer.meter] in
                meter.sent($0)
            }
            offset = end
            if reader.following == nil { stretch = min(2 * stretch, Self.stretchSize) }
        }
    }

    private func sendCopies(to writer: BodyWriter) async throws {
        guard !range.isEmpty else { return }
        var next = try await piece(at: range.lowerBound)
        while true {
            let current = next
            let offset = current.end
            guard offset < range.upperBound else { return try await writer.send(current.bytes) }
            async let ahead = piece(at: offset)
            try await writer.send(current.bytes)
            next = try await ahead
        }
    }

    private func piece(at offset: Int64) async throws -> (bytes: ByteBuffer, end: Int64) {
        let mark = try await released(past: offset)
        let end = min(offset + Self.pieceSize, mark)
        let bytes = try await FileReads.read(reader.file, offset..<end)
        return (bytes, end)
    }

    /// How far the file may be read, within the range.
    private func released(past offset: Int64) async throws -> Int64 {
        try await reader.released(past: offset, within: range)
    }
}
