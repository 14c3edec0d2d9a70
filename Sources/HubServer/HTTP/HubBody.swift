package import HubCore
package import NIOCore

/// What follows the head of a response.
package enum HubBody: Sendable {
    case none
    case bytes(ByteBuffer)
    /// Part of a blob, sent by sendfile where that is possible. The range is in bytes and lies within the blob.
    case file(BlobReader, range: Range<Int64>)
    /// Bytes made while they are sent. `length` is what will be written, or nil to send it in chunks.
    /// When the closure throws, the connection is aborted, so that the client never sees a clean end.
    case stream(length: Int64?, @Sendable (BodyWriter) async throws -> Void)

    /// A body of text in UTF-8.
    package static func text(_ text: String) -> HubBody {
        .bytes(ByteBuffer(string: text))
    }

    /// A body of bytes.
    package static func bytes(_ bytes: [UInt8]) -> HubBody {
        .bytes(ByteBuffer(bytes: bytes))
    }

    /// Bytes of the body where that is known.
    package var length: Int64? {
        switch self {
        case .none: 0
        case .bytes(let buffer): Int64(buffer.readableBytes)
        case .file(_, let range): range.upperBound - range.lowerBound
        case .stream(let length, _): length
        }
    }
}
