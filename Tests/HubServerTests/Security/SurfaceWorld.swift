import Foundation
import HTTPTypes
import HubCore
import Logging
import MirrorGateway
import NIOCore
import SQL
import Synchronization

@testable import HubServer

/// A hub without mirrors and all of its routes, asked through the router as a client would.
final class SurfaceWorld: Sendable {
    struct Answer {
        let status: Int
        let headers: HTTPFields
        let text: String

        var json: JSONValue { JSONText.decode(text) ?? .null }
    }

    let hub: Hub
    let routes: [Route]
    private let dispatcher: RequestDispatcher
    private let root: String

    init() async throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("weir-secure-\(UUID().uuidString)").path
        hub = try await Hub(path: root + "/data")
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let gateway = try Gateway(hub: hub, mirrors: nil, isOffline: false, environment: [:], logger: logger)
        routes = try Surfaces.routes(gateway: gateway, version: "0", assets: .bare)
        dispatcher = RequestDispatcher(table: try RouteTable(routes), logger: logger)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    var authorizer: Authorizer { Authorizer(store: hub.store, source: nil) }
    var repositories: RepositoryService {
        RepositoryService(store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil)
    }

    func id(_ text: String) throws -> RepositoryID {
        guard let id = RepositoryID(parsing: text) else { throw HubError(.badRequest, "'\(text)' is no repository.") }
        return id
    }

    func token(_ name: String, _ scope: TokenGrant.Scope = .write, isAdministrator: Bool = false) async throws -> String
    {
        var user = try await hub.identities.user(named: name)
        if user == nil { user = try await hub.identities.createUser(name, isAdministrator: isAdministrator) }
        guard let user else { throw HubError(.internalError, "no user") }
        return try await hub.identities.createToken(for: user, name: "t", scope: scope, expiresAt: nil).reveal()
    }

    @discardableResult
    func create(_ text: String, _ visibility: Repository.Visibility = .public) async throws -> Int64 {
        let key = try await hub.store.createLocal(id(text), visibility: visibility, defaultBranch: "main")
        try await hub.git.create(key)
        return key
    }

    /// Puts a large file into the blob store and into a repository.
    func put(_ content: String, into text: String) async throws -> BlobID {
        let repository = try await authorizer.openAsOperator(.contentWrite, id(text))
        let bytes = Array(content.utf8)
        let blob = BlobID(hashing: bytes)
        let draft = try CommitDraft(
            ref: required(RefName.branch("main")),
            operations: [.write(path: required(GitPath("README.md")), bytes: Array("# \(content)\n".utf8))],
            summary: "Begin")
        if try await hub.store.ref(required(RefName.branch("main")), of: repository.key) == nil {
            _ = try await repositories.commit(draft, to: repository)
        }
        try await hub.uploads.receive(
            LFSPointer(oid: blob, size: Int64(bytes.count)), of: repository,
            from: AsyncThrowingStream<[UInt8], any Error> { stream in
                stream.yield(bytes)
                stream.finish()
            })
        return blob
    }

    private func required<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw HubError(.internalError, "no value") }
        return value
    }

    func ask(
        _ method: HTTPRequest.Method, _ target: String, token: String? = nil, headers: HTTPFields = [:],
        body: String = ""
    ) async throws -> Answer {
        var headers = headers
        if let token { headers[.authorization] = "Bearer \(token)" }
        let authenticator = RequestAuthenticator(identities: hub.identities)
        let request = try HubRequest(
            id: RequestID("same") ?? RequestID(), method: method, target: target, headers: headers,
            body: RequestBody(body), baseURL: "http://hub.test",
            authenticator: { try await authenticator.principal(of: $0) })
        let response = await dispatcher.respond(to: request)
        return Answer(
            status: response.status, headers: response.headers, text: try await Self.text(of: response.body))
    }

    private static func text(of body: HubBody) async throws -> String {
        switch body {
        case .none: return ""
        case .bytes(let buffer): return String(buffer: buffer)
        case .file(let reader, let range):
            return String(
                decoding: try reader.file.read(at: range.lowerBound, count: Int(range.upperBound - range.lowerBound)),
                as: UTF8.self)
        case .stream(_, let produce):
            let whole = Mutex(ByteBuffer())
            try await produce(BodyWriter { piece in whole.withLock { _ = $0.writeImmutableBuffer(piece) } })
            return String(buffer: whole.withLock { $0 })
        }
    }
}
