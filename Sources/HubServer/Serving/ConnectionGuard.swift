import NIOCore
import NIOHTTPTypes

/// Watches one connection: closes it when the client is too slow, and tells its requests when the client leaves.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// A client that shuts down its sending side may still read, for as long as this: most have left.
    private static let halfClosureGrace = TimeAmount.milliseconds(250)

    /// Bytes. Some of these wait for a handler that is slower than its client.
    private static let largestRead = 256 << 10

    private let limits: ConnectionPatience.Limits
    private let registry: ConnectionRegistry
    private let connection = Connection()
    private let onClose: @Sendable (ConnectionPatience.Reason) -> Void
    private var patience: ConnectionPatience
    private var ticking: RepeatedTask?

    init(
        limits: ConnectionPatience.Limits, registry: ConnectionRegistry,
        onClose: @escaping @Sendable (ConnectionPatience.Reason) -> Void
    ) {
        self.limits = limits
        self.registry = registry
        self.onClose = onClose
        patience = ConnectionPatience(limits: limits, now: Self.now)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        registry.add(connection, context.channel)
        // A fast upload comes in large reads, each of which costs the same; a quiet connection keeps a small buffer.
        _ = context.channel.setOption(
            .recvAllocator,
            value: AdaptiveRecvByteBufferAllocator(minimum: 1_024, initial: 2_048, maximum: Self.largestRead))
        let arrivals = ByteArrivals { [self] count in patience.received(count, now: Self.now) }
        do {
            try context.pipeline.syncOperations.addHandler(arrivals, position: .first)
        } catch {
            context.close(promise: nil)
        }
        let shortest = min(limits.idle, limits.head, limits.bodyWindow, limits.write)
        let interval = TimeAmount.nanoseconds(min(5_000_000_000, max(5_000_000, shortest / 2)))
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        ticking = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            bound.value.handler.tick(bound.value.context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        leave(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave(context)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: patience.readHead(now: Self.now)
        case .body: break
        case .end: patience.readEnd(now: Self.now)
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        patience.isServed(now: Self.now)
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        patience.wants(now: Self.now)
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { patience.finishedResponse(now: Self.now) }
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            context.eventLoop.scheduleTask(in: Self.halfClosureGrace) { [connection] in connection.markGone() }
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func tick(_ context: ChannelHandlerContext) {
        let buffered = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        guard let reason = patience.check(buffered: buffered, now: Self.now) else { return }
        onClose(reason)
        connection.markGone()
        context.close(promise: nil)
    }

    private func leave(_ context: ChannelHandlerContext) {
        ticking?.cancel()
        ticking = nil
        registry.remove(context.channel)
        connection.markGone()
    }

    private static var now: Int64 { Int64(clamping: NIODeadline.now().uptimeNanoseconds) }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}

/// Counts bytes below the HTTP decoder, where a head that trickles can be seen.
private final class ByteArrivals: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let report: (Int) -> Void

    init(_ report: @escaping (Int) -> Void) {
        self.report = report
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        report(unwrapInboundIn(data).readableBytes)
        context.fireChannelRead(data)
    }
}
