package import NIOCore

/// The body of a request, read once, in pieces, already inflated.
///
/// A client that sent `Expect: 100-continue` is invited to send when the first piece is asked for, and not before:
/// a refused upload never crosses the wire.
package struct RequestBody: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    let source: RequestBodySource

    init(source: RequestBodySource) {
        self.source = source
    }

    /// No body.
    package static var empty: RequestBody { RequestBody(ByteBuffer()) }

    /// A body that is already here.
    package init(_ buffer: ByteBuffer) {
        var pieces = [buffer][...]
        source = RequestBodySource(framing: RequestFraming(length: Int64(buffer.readableBytes))) {
            pieces.popFirst()
        }
    }

    /// A body of text in UTF-8.
    package init(_ text: String) {
        self.init(ByteBuffer(string: text))
    }

    /// The length the client declared, in bytes as they are sent; nil when it did not. Zero without a body.
    package var declaredLength: Int64? { source.framing.declaredLength }

    /// Whether the request has no body at all.
    package var isEmpty: Bool { source.framing.declaredLength == 0 }

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(source: source)
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        let source: RequestBodySource

        /// The next piece, never empty; nil at the end.
        ///
        /// - Throws: `badRequest` when the body is malformed or ends early, `payloadTooLarge` when it inflates too far,
        ///   `unsupportedMediaType` for a content encoding other than gzip.
        package mutating func next() async throws -> ByteBuffer? {
            try await source.next()
        }
    }

    /// The whole body.
    ///
    /// - Parameter limit: in bytes; more is `payloadTooLarge`, and a body that declares more is not even invited.
    package func collect(upTo limit: Int) async throws -> ByteBuffer {
        if let declaredLength, declaredLength > Int64(limit) { throw RequestBodySource.tooLarge(limit) }
        var whole = ByteBuffer()
        for try await var piece in self {
            guard whole.readableBytes + piece.readableBytes <= limit else { throw RequestBodySource.tooLarge(limit) }
            if whole.readableBytes == 0 { whole = piece } else { whole.writeBuffer(&piece) }
        }
        return whole
    }
}
