import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Gives kept answers from the event loop of the connection: no task is made for them and no other thread is woken.
///
/// A request to which an answer is kept goes no further; every other passes as it came. Answers leave in the order of
/// their requests, so none is given here while another is being made, nor after the last of a connection. A client that
/// does not read what it got, or asks without end, is left to those who wait for it.
final class KeptAnswerHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Answers to what came in one read, before other connections of the loop have their turns.
    private static let inOneRead = 16

    private struct Held {
        let head: HTTPRequest
        let extent: AnswerQuestion.Extent
        var body = ByteBuffer()
    }

    private let responder: HubResponder
    /// The request that is being read, as long as its answer may be given here.
    private var held: Held?
    /// Requests that were passed on and are not answered yet.
    private var due = 0
    /// Whether a request or an answer said that it is the last one.
    private var isLast = false
    private var given = 0

    init(_ responder: HubResponder) { self.responder = responder }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            held = extent(of: head, context).map { Held(head: head, extent: $0) }
            if held == nil { pass(head, context) }
        case .body(var bytes):
            guard held?.extent == .whole else {
                release(context)
                return context.fireChannelRead(data)
            }
            held?.body.writeBuffer(&bytes)
        case .end:
            if let held, let (answer, body) = answer(to: held, context) {
                self.held = nil
                return give(answer, body, context)
            }
            release(context)
            context.fireChannelRead(data)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        given = 0
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head): isLast = isLast || !Self.keepsConnection(head.headerFields)
        case .body: break
        case .end: due = max(0, due - 1)
        }
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A request that has begun is carried through, which those after this one can do only if they know of it.
        if event is ChannelShouldQuiesceEvent { release(context) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        held = nil
        context.fireChannelInactive()
    }

    /// How much of a request has to come before its answer may be given here; nil for one that is passed on at once.
    private func extent(of head: HTTPRequest, _ context: ChannelHandlerContext) -> AnswerQuestion.Extent? {
        guard due == 0, !isLast, given < Self.inOneRead, context.channel.isWritable,
            Self.keepsConnection(head.headerFields), head.headerFields["Expect"] == nil
        else { return nil }
        let framing = RequestFraming(head.headerFields)
        let extent = AnswerQuestion.extent(head.method, path: head.path ?? "", framing)
        return extent == .head && framing.declaredLength != 0 ? nil : extent
    }

    private func answer(to held: Held, _ context: ChannelHandlerContext) -> (HTTPResponse, ByteBuffer?)? {
        responder.kept(held.head, body: held.extent == .whole ? held.body : nil, channel: context.channel)
    }

    private func give(_ answer: HTTPResponse, _ body: ByteBuffer?, _ context: ChannelHandlerContext) {
        given += 1
        context.write(wrapOutboundOut(.head(answer)), promise: nil)
        if let body { context.write(wrapOutboundOut(.body(body)), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// Passes on what was held back of a request.
    private func release(_ context: ChannelHandlerContext) {
        guard let held else { return }
        self.held = nil
        pass(held.head, context)
        if held.body.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(.body(held.body))) }
    }

    private func pass(_ head: HTTPRequest, _ context: ChannelHandlerContext) {
        due += 1
        isLast = isLast || !Self.keepsConnection(head.headerFields)
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    private static func keepsConnection(_ headers: HTTPFields) -> Bool {
        headers[.connection].map { $0.lowercased() == "keep-alive" } ?? true
    }
}

@available(*, unavailable)
extension KeptAnswerHandler: Sendable {}
