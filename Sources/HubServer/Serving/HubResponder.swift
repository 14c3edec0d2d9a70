import HTTPTypes
import HubCore
import Hummingbird
import Logging
import NIOCore
import NIOHTTPTypes

/// The connection a request came by.
struct ConnectionContext: InitializableFromSource {
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        channel = source.channel
    }
}

/// Stands between Hummingbird and the routes: makes requests, sends answers, keeps the log and the numbers.
struct HubResponder: HTTPResponder {
    typealias Context = ConnectionContext

    let dispatcher: RequestDispatcher
    /// Nil where every answer is made anew.
    let answers: AnswerCache?
    let registry: ConnectionRegistry
    let authenticator: Authenticator
    let baseURL: BaseURL
    let inflation: InflationLimits
    let usesSendfile: Bool
    let accessLog: AccessLog

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let started = ContinuousClock.now
        let channel = context.channel
        let connection = registry.connection(of: channel)
        let body = RequestBodySource(
            framing: RequestFraming(request.headers), limits: inflation,
            invite: {
                try await channel.writeAndFlush(HTTPResponsePart.head(HTTPResponse(status: .continue))).get()
            },
            pull: Self.pull(request.body))
        let (answered, seen) = await answer(request, body: body, channel: channel, connection: connection)
        let sending = ResponseSending(
            response: answered.named(seen.id), request: seen, body: body, connection: connection,
            sink: ChannelSink(channel: channel, takesFileRegions: usesSendfile), accessLog: accessLog,
            started: started)
        return try await sending.response()
    }

    /// The answer that is kept to a request, whole and on record as sent; nil where one has to be made.
    ///
    /// - Parameter body: the whole body, where it is part of the question.
    func kept(_ head: HTTPRequest, body: ByteBuffer?, channel: any Channel) -> (HTTPResponse, ByteBuffer?)? {
        guard let answers, answers.mayHaveAnswers else { return nil }
        let started = ContinuousClock.now
        let sent = RequestBody(body ?? ByteBuffer())
        guard let known = try? makeRequest(head, id: Self.id(head.headerFields), body: sent, channel: channel),
            let (answer, seen) = answers.answer(to: known, body: body), !answer.isLast,
            let content = answer.immediateBody(to: head.method)
        else { return nil }
        var headers = answer.named(seen.id).framedHeaders
        headers[.date] = DateHeader.now
        headers[.server] = HubApplication.serverName
        accessLog.record(
            seen, status: answer.status, sent: Int64(content?.readableBytes ?? 0),
            received: Int64(body?.readableBytes ?? 0), isAborted: false, took: ContinuousClock.now - started)
        return (HTTPResponse(status: HTTPResponse.Status(code: answer.status), headerFields: headers), content)
    }

    private func answer(
        _ request: Request, body: RequestBodySource, channel: any Channel, connection: Connection
    ) async -> (HubResponse, HubRequest) {
        let id = Self.id(request.headers)
        let known: HubRequest
        do {
            known = try makeRequest(request.head, id: id, body: RequestBody(source: body), channel: channel)
        } catch {
            let unknown = HubRequest(
                unreadable: id, method: request.method, target: request.head.path ?? "/", headers: request.headers,
                remoteAddress: channel.remoteAddress?.ipAddress)
            let refusal = dispatcher.render(error, for: unknown)
            if baseURL.accepts(authority: request.head.authority, headers: request.headers) {
                return (refusal, unknown)
            }
            // Whoever stands between may have read this request otherwise: what follows it is read by nobody (S49).
            return (refusal.with("Connection", "close"), unknown)
        }
        if let expectation = request.headers["Expect"], expectation.lowercased() != "100-continue" {
            let error = HubError(.badRequest, "Only the expectation 100-continue is known.", status: 417)
            return (dispatcher.render(error, for: known), known)
        }
        guard let answers, let (question, asked) = await answers.question(known) else {
            return await make(known, connection: connection)
        }
        if let kept = answers.answer(to: question, asked) { return kept }
        return await answers.making(question) { await make(asked, connection: connection) }
    }

    private func make(_ request: HubRequest, connection: Connection) async -> (HubResponse, HubRequest) {
        // A reader that has left needs no answer; what changes something is carried through.
        guard request.method == .get || request.method == .head else { return await dispatcher.answer(request) }
        do {
            return try await connection.untilGone { await dispatcher.answer(request) }
        } catch {
            return (dispatcher.render(error, for: request), request)
        }
    }

    private func makeRequest(
        _ head: HTTPRequest, id: RequestID, body: RequestBody, channel: any Channel
    ) throws -> HubRequest {
        try HubRequest(
            id: id, method: head.method, target: head.path ?? "/", headers: head.headerFields, body: body,
            baseURL: baseURL.resolve(
                authority: head.authority, headers: head.headerFields, fallback: Self.address(of: channel)),
            remoteAddress: baseURL.client(channel.remoteAddress?.ipAddress, headers: head.headerFields),
            authenticator: authenticator)
    }

    private static func address(of channel: any Channel) -> String {
        let local = channel.localAddress
        return "\(local?.ipAddress ?? "localhost"):\(local?.port ?? 80)"
    }

    private static func id(_ headers: HTTPFields) -> RequestID {
        headers["X-Request-Id"].flatMap { RequestID($0) } ?? RequestID(containing: headers["X-Amzn-Trace-Id"])
    }

    /// Hummingbird's body as a closure. Its iterator is made when the first piece is wanted.
    private static func pull(_ body: Hummingbird.RequestBody) -> () async throws -> ByteBuffer? {
        var iterator: Hummingbird.RequestBody.AsyncIterator?
        return {
            var present = iterator ?? body.makeAsyncIterator()
            defer { iterator = present }
            return try await present.next()
        }
    }
}
