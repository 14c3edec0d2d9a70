import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Writes body parts to a connection and waits until the socket has taken them.
///
/// Hummingbird's own writer returns when a buffer is queued, so a producer can run gigabytes ahead of a slow client;
/// waiting for the write promise is what holds it back. The part is written from the codec's own context, which skips
/// the codec: below it a body part may be a file region.
struct ChannelSink: BodySink {
    let channel: any Channel
    /// False under TLS, which cannot encrypt a file region.
    let takesFileRegions: Bool

    func send(_ data: IOData) async throws {
        try Task.checkCancellation()
        try await withTaskCancellationHandler {
            try await channel.eventLoop.flatSubmit { [channel] in
                do {
                    let codec = try channel.pipeline.syncOperations.context(handlerType: HTTP1ToHTTPServerCodec.self)
                    let promise = channel.eventLoop.makePromise(of: Void.self)
                    codec.writeAndFlush(NIOAny(HTTPServerResponsePart.body(data)), promise: promise)
                    return promise.futureResult
                } catch {
                    return channel.eventLoop.makeFailedFuture(error)
                }
            }.get()
        } onCancel: {
            // A cancelled response cannot be completed; closing also frees the write that is waited for.
            channel.close(promise: nil)
        }
    }

    /// The whole stretch is sent from the event loop: a hop to a task and back for each window costs more than sendfile.
    func send(
        _ file: FileRegionSource, _ stretch: Range<Int64>, window: Int64, sent: @escaping @Sendable (Int64) -> Void
    ) async throws {
        try Task.checkCancellation()
        try await withTaskCancellationHandler {
            try await channel.eventLoop.flatSubmit { [channel] in
                let done = channel.eventLoop.makePromise(of: Void.self)
                Self.send(file, stretch, window: window, on: channel, sent: sent, done: done)
                return done.futureResult
            }.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    private static func send(
        _ file: FileRegionSource, _ stretch: Range<Int64>, window: Int64, on channel: any Channel,
        sent: @escaping @Sendable (Int64) -> Void, done: EventLoopPromise<Void>
    ) {
        guard !stretch.isEmpty else { return done.succeed() }
        let end = min(stretch.lowerBound + window, stretch.upperBound)
        let region = IOData.fileRegion(file.region(stretch.lowerBound..<end))
        let written = channel.eventLoop.makePromise(of: Void.self)
        do {
            let codec = try channel.pipeline.syncOperations.context(handlerType: HTTP1ToHTTPServerCodec.self)
            codec.writeAndFlush(NIOAny(HTTPServerResponsePart.body(region)), promise: written)
        } catch {
            written.fail(error)
        }
        written.futureResult.whenComplete { result in
            switch result {
            case .success:
                sent(end - stretch.lowerBound)
                // Not at once: a socket that takes everything must not keep the loop from other connections.
                channel.eventLoop.execute {
                    send(file, end..<stretch.upperBound, window: window, on: channel, sent: sent, done: done)
                }
            case .failure(let error): done.fail(error)
            }
        }
    }
}
