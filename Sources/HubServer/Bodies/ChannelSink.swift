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
}
