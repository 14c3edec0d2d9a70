import Foundation
import HubCore
import MirrorGateway
import Synchronization

/// An upstream without a network: answers come from a function, and every request is kept for the test to look at.
final class AnswerTable: UpstreamTransport {
    struct Sent: Sendable {
        let request: EgressRequest
        let connection: UpstreamConnection

        /// `GET https://hub.example/path?query`
        var line: String { "\(request.method) \(request.url.absoluteString)" }
        /// The credentials that would go with it.
        var credentials: Credentials { connection.credentials[request.url.origin] ?? .none }
        var body: String { String(decoding: request.body ?? [], as: UTF8.self) }

        func header(_ name: String) -> String? { request.headers.first { $0.0 == name }?.1 }
    }

    private let log = Mutex<[Sent]>([])
    private let answer: @Sendable (Sent) throws -> EgressResponse

    init(_ answer: @escaping @Sendable (Sent) throws -> EgressResponse) { self.answer = answer }

    var sent: [Sent] { log.withLock { $0 } }

    func send(_ request: EgressRequest, via connection: UpstreamConnection) async throws -> EgressResponse {
        let sent = Sent(request: request, connection: connection)
        log.withLock { $0.append(sent) }
        return try answer(sent)
    }
}

extension AnswerTable.Sent {
    func reply(
        _ status: Int = 200, _ type: String, _ body: [UInt8], headers: [(String, String)] = [], at url: EgressURL? = nil
    ) -> EgressResponse {
        EgressResponse(
            status: status, headers: EgressHeaders([("Content-Type", type)] + headers), finalURL: url ?? request.url,
            body: EgressBody([body]))
    }

    func json(_ text: String, status: Int = 200, headers: [(String, String)] = []) -> EgressResponse {
        reply(status, "application/json; charset=utf-8", Array(text.utf8), headers: headers)
    }
}

enum Sample {
    static let oid = BlobID(String(repeating: "ab", count: 32))
    static let commit = ObjectID("1111111111111111111111111111111111111111")
    static let loginPage = Array("<!DOCTYPE html><html><title>Sign in</title></html>".utf8)

    static func id(_ text: String) throws -> RepositoryID {
        guard let id = RepositoryID(parsing: text) else { throw HubError(.badRequest, "\(text) is no id") }
        return id
    }

    static func object(_ digit: Character) throws -> ObjectID {
        guard let id = ObjectID(String(repeating: digit, count: 40)) else { throw HubError(.badRequest, "no id") }
        return id
    }

    static func pointer(_ digits: String = "ab", size: Int64 = 5) throws -> LFSPointer {
        guard let oid = BlobID(String(repeating: digits, count: 64 / digits.count)) else {
            throw HubError(.badRequest, "no id")
        }
        return LFSPointer(oid: oid, size: size)
    }

    static func upstream(
        _ type: UpstreamType, _ base: String, git: String? = nil, credentials: Credentials = .none,
        transport: any UpstreamTransport, clock: WallClock = .system
    ) throws -> any Upstream {
        try Upstreams.make(
            UpstreamConfiguration(
                name: "above", type: type, baseURL: try EgressURL(parsing: base),
                gitURL: try git.map { try EgressURL(parsing: $0) }, credentials: credentials,
                connection: UpstreamConnection(name: "above")),
            transport: transport, clock: clock)
    }
}

/// The `HubError` a piece of work ends with; nil when it ends well.
func hubError(_ work: () async throws -> Void) async -> HubError? {
    do {
        try await work()
        return nil
    } catch {
        return error as? HubError
    }
}
