import HubCore
import NIOCore

/// The lines of a request body, one in memory at a time.
struct BodyLines {
    private let maximumLine: Int
    private let maximumBytes: Int
    private var pieces: RequestBody.AsyncIterator
    private var pending = ByteBuffer()
    /// Bytes of `pending` that hold no line's end.
    private var searched = 0
    private var received = 0

    /// - Parameters:
    ///   - maximumLine: bytes of the longest line taken.
    ///   - maximumBytes: bytes of the whole body taken, inflated.
    /// - Throws: `payloadTooLarge` for a body that declares more; it is not even invited.
    init(of body: RequestBody, maximumLine: Int, maximumBytes: Int) throws {
        if let declared = body.declaredLength, declared > Int64(maximumBytes) {
            throw RequestBodySource.tooLarge(maximumBytes)
        }
        pieces = body.makeAsyncIterator()
        self.maximumLine = maximumLine
        self.maximumBytes = maximumBytes
    }

    /// The next line that is not blank, without its end; nil at the end of the body.
    /// - Throws: `payloadTooLarge`, or as the body throws.
    mutating func next() async throws -> [UInt8]? {
        while true {
            while let line = takeLine() {
                if line.contains(where: { $0 > 0x20 }) { return line }
            }
            guard pending.readableBytes <= maximumLine else {
                throw HubError(
                    .payloadTooLarge, "A line of the request body is longer than \(maximumLine) bytes.",
                    remedy: "Upload large files by LFS or Xet.")
            }
            guard var piece = try await pieces.next() else {
                let rest = pending.readBytes(length: pending.readableBytes) ?? []
                searched = 0
                return rest.contains { $0 > 0x20 } ? rest : nil
            }
            received += piece.readableBytes
            guard received <= maximumBytes else { throw RequestBodySource.tooLarge(maximumBytes) }
            if pending.readableBytes == 0 { pending.clear() }
            pending.writeBuffer(&piece)
        }
    }

    private mutating func takeLine() -> [UInt8]? {
        let view = pending.readableBytesView
        let start = view.startIndex + searched
        guard let end = view[start...].firstIndex(of: 0x0A) else {
            searched = view.count
            return nil
        }
        let line = pending.readBytes(length: end - view.startIndex)
        pending.moveReaderIndex(forwardBy: 1)
        searched = 0
        return line
    }
}
