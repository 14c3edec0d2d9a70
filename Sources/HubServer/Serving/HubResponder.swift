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
        var response = answered
        response.headers["X-Request-Id"] = seen.id.text
        response.headers[.xContentTypeOptions] = "nosniff"
        let sending = ResponseSending(
            response: response, request: seen, body: body, connection: connection,
            sink: ChannelSink(channel: channel, takesFileRegions: usesSendfile), accessLog: accessLog,
            started: started)
        return try await sending.response()
    }

    private func answer(
        _ request: Request, body: RequestBodySource, channel: any Channel, connection: Connection
    ) async -> (HubResponse, HubRequest) {
        let id = Self.id(request.headers)
        let known: HubRequest
        do {
            known = try makeRequest(request, id: id, body: body, channel: channel)
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
        _ request: Request, id: RequestID, body: RequestBodySource, channel: any Channel
    ) throws -> HubRequest {
        let local = channel.localAddress
        let fallback = "\(local?.ipAddress ?? "localhost"):\(local?.port ?? 80)"
        return try HubRequest(
            id: id, method: request.method, target: request.head.path ?? "/", headers: request.headers,
            body: RequestBody(source: body),
            baseURL: baseURL.resolve(
                authority: request.head.authority, headers: request.headers, fallback: fallback),
            remoteAddress: baseURL.client(channel.remoteAddress?.ipAddress, headers: request.headers),
            authenticator: authenticator)
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
