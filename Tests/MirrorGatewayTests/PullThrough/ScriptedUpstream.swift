import Foundation
import HubCore
import MirrorGateway
import Synchronization

/// One or two hubs above, without a network: git is the real `upload-pack` on a real repository, LFS and files are what the
/// test says, and every question is counted.
final class ScriptedUpstream: UpstreamTransport {
    /// What was asked.
    enum Question: String, Sendable, Hashable {
        case discovery, listing, pack, batch, blob
    }

    struct Call: Sendable {
        let question: Question
        let host: String
        let request: EgressRequest

        var range: String? { request.headers.first { $0.0 == "Range" }?.1 }
        var body: String { String(decoding: request.body ?? [], as: UTF8.self) }
    }

    typealias Answer = @Sendable (Call) async throws -> EgressResponse?

    private struct State {
        var calls: [Call] = []
        var blobs: [BlobID: [UInt8]] = [:]
        var isDown = false
        var answer: Answer?
    }

    let git: GitServerFixture
    private let state = Mutex(State())
    private let gitTransport: AnswerTable
    /// Names that exist above, without `.git`.
    private let names = Mutex<Set<String>>(["acme/demo"])
    /// Those of them that are shown to whoever has credentials alone.
    private let privateNames = Mutex<Set<String>>([])

    init(git: GitServerFixture) {
        self.git = git
        gitTransport = git.transport
    }

    // MARK: What the test says

    /// Bytes that are above, granted by LFS batches; their id.
    @discardableResult
    func offer(_ bytes: [UInt8]) -> LFSPointer {
        let id = BlobID(hashing: bytes)
        state.withLock { $0.blobs[id] = bytes }
        return LFSPointer(oid: id, size: Int64(bytes.count))
    }

    func exists(_ name: String) { names.withLock { _ = $0.insert(name) } }
    func existsInPrivate(_ name: String) {
        exists(name)
        privateNames.withLock { _ = $0.insert(name) }
    }
    func vanish(_ name: String) { names.withLock { _ = $0.remove(name) } }
    func fallSilent() { state.withLock { $0.isDown = true } }
    func comeBack() { state.withLock { $0.isDown = false } }
    /// Answers instead of the usual; nil leaves the usual.
    func script(_ answer: @escaping Answer) { state.withLock { $0.answer = answer } }

    var calls: [Call] { state.withLock { $0.calls } }
    func count(_ question: Question) -> Int { calls.count { $0.question == question } }
    func forgetCalls() { state.withLock { $0.calls = [] } }

    // MARK: Answers

    func send(_ request: EgressRequest, via connection: UpstreamConnection) async throws -> EgressResponse {
        let call = Call(question: Self.question(request), host: request.url.host, request: request)
        let (isDown, answer) = state.withLock { state in
            state.calls.append(call)
            return (state.isDown, state.answer)
        }
        if isDown { throw HubError(.upstreamUnavailable, "Upstream \(connection.name) does not answer.") }
        if let scripted = try await answer?(call) { return scripted }
        switch call.question {
        case .discovery, .listing, .pack:
            let isKnown = names.withLock { names in names.contains { request.url.path.hasPrefix("/\($0).git/") } }
            guard isKnown else { return Self.response(404, request) }
            if connection.credentials[request.url.origin] == nil {
                let isShut = privateNames.withLock { names in
                    names.contains { request.url.path.hasPrefix("/\($0).git/") }
                }
                guard !isShut else { return Self.response(401, request) }
            }
            return try await gitTransport.send(request, via: connection)
        case .batch: return batch(request)
        case .blob: return blob(request)
        }
    }

    private func batch(_ request: EgressRequest) -> EgressResponse {
        let document = JSONText.decode(String(decoding: request.body ?? [], as: UTF8.self))
        guard case .array(let objects)? = document?["objects"] else { return Self.response(422, request) }
        let answers = objects.compactMap { $0["oid"]?.string }.map { oid in
            guard let id = BlobID(oid), let bytes = state.withLock({ $0.blobs[id] }) else {
                return #"{"oid":"\#(oid)","error":{"code":404,"message":"not here"}}"#
            }
            return
                #"{"oid":"\#(oid)","size":\#(bytes.count),"actions":{"download":{"href":"\#(request.url.origin)/objects/\#(oid)"}}}"#
        }
        return Self.response(
            200, request, type: "application/vnd.git-lfs+json",
            body: [Array(#"{"transfer":"basic","objects":[\#(answers.joined(separator: ","))]}"#.utf8)])
    }

    private func blob(_ request: EgressRequest) -> EgressResponse {
        guard let id = BlobID(String(request.url.path.dropFirst("/objects/".count))),
            let bytes = state.withLock({ $0.blobs[id] })
        else { return Self.response(404, request) }
        return Self.file(bytes, to: request)
    }

    /// A file as a server with ranges gives it.
    /// - Parameter upTo: where the connection breaks.
    static func file(_ bytes: [UInt8], to request: EgressRequest, upTo end: Int? = nil) -> EgressResponse {
        let range = request.headers.first { $0.0 == "Range" }?.1
        let fields = range.map { $0.dropFirst("bytes=".count).split(separator: "-") } ?? []
        let start = fields.first.flatMap { Int($0) } ?? 0
        let last = fields.count > 1 ? Int(fields[1]) ?? bytes.count - 1 : bytes.count - 1
        let part = Array(bytes[start..<max(start, min(end ?? bytes.count, last + 1))])
        let pieces = stride(from: 0, to: part.count, by: 10_000).map { Array(part[$0..<min($0 + 10_000, part.count)]) }
        return range == nil
            ? response(200, request, headers: [("Content-Length", "\(bytes.count)")], body: pieces)
            : response(
                206, request, headers: [("Content-Range", "bytes \(start)-\(last)/\(bytes.count)")],
                body: pieces)
    }

    static func response(
        _ status: Int, _ request: EgressRequest, type: String = "application/octet-stream",
        headers: [(String, String)] = [], body: [[UInt8]] = []
    ) -> EgressResponse {
        EgressResponse(
            status: status, headers: EgressHeaders([("Content-Type", type)] + headers), finalURL: request.url,
            body: EgressBody(body))
    }

    private static func question(_ request: EgressRequest) -> Question {
        let path = request.url.path
        if path.hasSuffix("/info/refs") { return .discovery }
        if path.hasSuffix("/objects/batch") { return .batch }
        guard path.hasSuffix("/git-upload-pack") else { return .blob }
        return String(decoding: request.body ?? [], as: UTF8.self).contains("command=ls-refs") ? .listing : .pack
    }
}
