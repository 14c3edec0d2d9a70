import HTTPTypes
import HubCore
import Hummingbird
import MirrorGateway
import NIOCore

/// One answer on its way: framing, the body, what is left of the request, and the record of it.
struct ResponseSending: Sendable {
    /// Bytes of an unread request body that are read over to keep the connection; for more it is closed.
    private static let discardLimit: Int64 = 64 << 10

    let response: HubResponse
    let request: HubRequest
    let body: RequestBodySource
    let connection: Connection
    let sink: ChannelSink
    let accessLog: AccessLog
    let started: ContinuousClock.Instant

    /// What Hummingbird shall write. Bodies that take time write themselves, and are recorded when they are done.
    func response() async throws -> Response {
        var headers = response.framedHeaders
        let status = HTTPResponse.Status(code: response.status)
        let isHead = request.method == .head
        if case .stream = response.body, response.status < 300, body.awaitsInvitation {
            // The handler has accepted the request and reads its body while it answers.
            try await body.inviteOnce()
        }
        // For HEAD the encoder would frame unknown length as chunked and send the last chunk, which no HEAD answer has.
        let closes = leavesTooMuch || response.isLast || (isHead && response.body.length == nil)
        if closes { headers[.connection] = "close" }
        if !closes, let immediate = response.immediateBody(to: request.method) {
            response.use?.sent(Int64(immediate?.readableBytes ?? 0))
            record(sent: Int64(immediate?.readableBytes ?? 0), isAborted: false)
            return Response(
                status: status, headers: headers,
                body: immediate.map { ResponseBody(byteBuffer: $0) } ?? ResponseBody())
        }
        return Response(
            status: status, headers: headers,
            body: ResponseBody { writer in
                let meter = SendMeter(limit: response.body.length, of: response.use)
                do {
                    if !isHead, !response.hasNoContent { try await send(meter) }
                } catch {
                    // Never a clean end: the client must see that this is not the whole.
                    sink.channel.close(promise: nil)
                    record(sent: meter.total, isAborted: true)
                    throw error
                }
                try await writer.finish(nil)
                record(sent: meter.total, isAborted: false)
                if closes || hasStreamLeftTooMuch { try await closeGently() }
            })
    }

    /// Whether so much of the request has not been read that the connection is not worth keeping.
    private var leavesTooMuch: Bool {
        isStream ? false : isTooMuchUnread
    }

    /// The same after a streamed body, which may have read the request while it was sent.
    private var hasStreamLeftTooMuch: Bool {
        isStream && isTooMuchUnread
    }

    private var isTooMuchUnread: Bool {
        body.awaitsInvitation || (body.unread ?? .max) > Self.discardLimit
    }

    private var isStream: Bool {
        if case .stream = response.body { true } else { false }
    }

    private func send(_ meter: SendMeter) async throws {
        let writer = BodyWriter(sink: sink, meter: meter)
        switch response.body {
        case .none: break
        case .bytes(let buffer): try await writer.send(buffer)
        case .file(let reader, let range):
            let file = FileBody(reader: reader, range: range)
            // A complete file needs no watching: a write to a client that has left fails by itself.
            if reader.following == nil {
                try await file.send(to: writer)
            } else {
                try await connection.untilGone { try await file.send(to: writer) }
            }
        case .stream(_, let produce):
            try await connection.untilGone { try await produce(writer) }
        }
        guard meter.isComplete else {
            throw HubError(.internalError, "A response body is shorter than its declared length.")
        }
    }

    /// Closes our side, reads over a little more so that the answer is not lost to a reset, then closes.
    private func closeGently() async throws {
        let channel = sink.channel
        try? await channel.close(mode: .output).get()
        let deadline = channel.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
        _ = try? await body.discard(upTo: Self.discardLimit)
        deadline.cancel()
        channel.close(promise: nil)
        throw ClosedOnPurpose()
    }

    private func record(sent: Int64, isAborted: Bool) {
        response.use?.finish()
        accessLog.record(
            request, status: response.status, sent: sent, received: body.received, isAborted: isAborted,
            took: ContinuousClock.now - started)
    }
}

/// Ends Hummingbird's loop over the requests of a connection.
private struct ClosedOnPurpose: Error {}
