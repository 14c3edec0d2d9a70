package import HubCore
package import NIOCore

/// The one way to write a streamed body: every `send` waits until the bytes have left for the client, so a producer
/// never runs ahead of a slow reader, and throws when the client is gone.
package struct BodyWriter: Sendable {
    let sink: any BodySink
    let meter: SendMeter

    init(sink: any BodySink, meter: SendMeter) {
        self.sink = sink
        self.meter = meter
    }

    /// A writer that hands its bytes to a closure, which is how streamed bodies are tested.
    package init(_ receive: @escaping @Sendable (ByteBuffer) async throws -> Void) {
        self.init(sink: ClosureSink(receive: receive), meter: SendMeter(limit: nil))
    }

    /// Sends `buffer` and waits until it has left.
    ///
    /// - Throws: when the client is gone, or the body would exceed its declared length.
    package func send(_ buffer: ByteBuffer) async throws {
        guard buffer.readableBytes > 0 else { return }
        try meter.admit(Int64(buffer.readableBytes))
        try await sink.send(.byteBuffer(buffer))
        meter.sent(Int64(buffer.readableBytes))
    }

    /// Sends `bytes` and waits until they have left.
    package func send(_ bytes: [UInt8]) async throws {
        try await send(ByteBuffer(bytes: bytes))
    }

    /// Sends text in UTF-8 and waits until it has left.
    package func send(_ text: String) async throws {
        try await send(ByteBuffer(string: text))
    }

    /// Sends a range of a blob as ``HubBody/file(_:range:)`` does, between other bytes: parts of archives and packs.
    package func send(_ reader: BlobReader, range: Range<Int64>) async throws {
        try await FileBody(reader: reader, range: range).send(to: self)
    }
}

/// Hands bytes to a closure.
struct ClosureSink: BodySink {
    let receive: @Sendable (ByteBuffer) async throws -> Void

    var takesFileRegions: Bool { false }

    func send(_ data: IOData) async throws {
        if case .byteBuffer(let buffer) = data { try await receive(buffer) }
    }
}
