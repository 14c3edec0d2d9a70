import CZlib
import HubCore
import NIOCore

/// Inflates gzip as it arrives, one bounded piece at a time.
///
/// It owns a `z_stream`, which zlib wants at one address for its whole life. Used by one task at a time.
final class GzipInflater {
    /// Bytes of one piece.
    static let pieceSize = 128 << 10

    private let stream: UnsafeMutablePointer<z_stream>
    private let limits: InflationLimits
    private var input = ByteBuffer()
    private var consumed: Int64 = 0
    private var produced: Int64 = 0
    /// A member has ended and nothing of another one has come.
    private(set) var isAtMemberEnd = false

    init(limits: InflationLimits) throws {
        self.limits = limits
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, and 16 for "gzip only".
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK else {
            stream.deinitialize(count: 1)
            stream.deallocate()
            throw HubError(.internalError, "zlib could not be started.")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Gives it the next compressed bytes; call ``next()`` until it answers nil before giving more.
    func feed(_ buffer: ByteBuffer) {
        input = buffer
        consumed += Int64(buffer.readableBytes)
    }

    /// The next inflated piece; nil when more input is needed.
    ///
    /// - Throws: `badRequest` for what is no gzip, `payloadTooLarge` beyond the limits.
    func next() throws -> ByteBuffer? {
        while input.readableBytes > 0 {
            if isAtMemberEnd {
                // RFC 1952 §2.2: a gzip file is a series of members.
                guard inflateReset(stream) == Z_OK else { throw Self.malformed }
                isAtMemberEnd = false
            }
            let output = try inflateOnce()
            if output.readableBytes > 0 {
                produced += Int64(output.readableBytes)
                try check()
                return output
            }
        }
        return nil
    }

    private func inflateOnce() throws -> ByteBuffer {
        var output = ByteBuffer()
        var status = Z_OK
        var used = 0
        let before = input.readableBytes
        input.withUnsafeReadableBytes { source in
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self))
            stream.pointee.avail_in = UInt32(clamping: source.count)
            output.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.pieceSize) { target in
                let capacity = min(target.count, Self.pieceSize)
                stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.pointee.avail_out = UInt32(clamping: capacity)
                status = inflate(stream, Z_NO_FLUSH)
                return capacity - Int(stream.pointee.avail_out)
            }
            used = source.count - Int(stream.pointee.avail_in)
        }
        input.moveReaderIndex(forwardBy: used)
        switch status {
        case Z_STREAM_END: isAtMemberEnd = true
        case Z_OK, Z_BUF_ERROR:
            guard used > 0 || output.readableBytes > 0 || before == 0 else { throw Self.malformed }
        default: throw Self.malformed
        }
        return output
    }

    private func check() throws {
        guard produced <= limits.size else {
            throw HubError(
                .payloadTooLarge, "The request body inflates to more than \(limits.size) bytes.",
                remedy: "Send it uncompressed, or in parts.")
        }
        if produced > limits.freeSize, produced / limits.ratio > consumed {
            throw HubError(
                .payloadTooLarge, "The request body inflates to more than \(limits.ratio) times its size.",
                remedy: "Send it uncompressed.")
        }
    }

    private static var malformed: HubError {
        HubError(.badRequest, "The request body is not the gzip its Content-Encoding says.")
    }
}
