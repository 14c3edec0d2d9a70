import Foundation
import HTTPTypes
import HubCore
import Logging
import MirrorGateway
import NIOCore
import Synchronization
import Testing

@testable import HubServer

/// Every route that opens a repository, taken from the hub's own list, against a repository that policy refuses and one
/// that is private (S1, S3, S69). A route that is added without a line in ``expectations`` fails here.
@Suite("Permissions of every route")
struct PermissionMatrixTests {
    /// What a route answers for a mirrored repository that policy denies, to somebody with an account.
    enum Denial {
        /// 403 with the rule.
        case refused
        /// git's own error packet with the rule, which comes with 200.
        case gitError
        /// 200, and an error with code 403 for each object.
        case objects
        /// The repository is a mirror, which nobody may change: 403 whatever the policy says.
        case readOnly
        /// 501: the message tells nothing of the repository.
        case unsupported
        /// 200 with the decision, for which it was asked.
        case explained
    }

    /// By method and pattern without mount; `*` stands for the word of the kind. Surfaces that write have files of
    /// their own beside this one.
    static let expectations: [String: Denial] = [
        reading, huggingFaceWrites, community, lfsWrites, xet, gitWrites, csghubWrites, identity,
    ].reduce(into: [:]) { $0.merge($1) { first, _ in first } }

    private static let reading: [String: Denial] = [
        "GET /*/{namespace}/{name}/info/refs": .refused,
        "GET /{namespace}/{name}/info/refs": .refused,
        "POST /*/{namespace}/{name}/git-upload-pack": .gitError,
        "POST /{namespace}/{name}/git-upload-pack": .gitError,
        "POST /*/{namespace}/{name}/info/lfs/objects/batch": .objects,
        "POST /{namespace}/{name}/info/lfs/objects/batch": .objects,
        "GET /*/{namespace}/{name}/info/lfs/objects/{oid}": .refused,
        "GET /{namespace}/{name}/info/lfs/objects/{oid}": .refused,
        "GET /*/{namespace}/{name}/info/lfs/{oid}": .refused,
        "GET /{namespace}/{name}/info/lfs/{oid}": .refused,
        "GET /*/{namespace}/{name}/info/lfs/locks": .unsupported,
        "GET /{namespace}/{name}/info/lfs/locks": .unsupported,
        "POST /*/{namespace}/{name}/info/lfs/locks": .unsupported,
        "POST /{namespace}/{name}/info/lfs/locks": .unsupported,
        "POST /*/{namespace}/{name}/info/lfs/locks/verify": .unsupported,
        "POST /{namespace}/{name}/info/lfs/locks/verify": .unsupported,
        "GET /api/*/{namespace}/{name}": .refused,
        "GET /api/*/{namespace}/{name}/revision/{revision}/{path...}": .refused,
        "GET /api/*/{namespace}/{name}/tree/{revision}/{path...}": .refused,
        "POST /api/*/{namespace}/{name}/paths-info/{revision}/{path...}": .refused,
        "GET /api/*/{namespace}/{name}/refs": .refused,
        "GET /api/*/{namespace}/{name}/commits/{revision}/{path...}": .refused,
        "GET /api/*/{namespace}/{name}/auth-check": .refused,
        "GET /api/*/{namespace}/{name}/auth-check/write": .readOnly,
        "GET /{namespace}/{name}/resolve/{revision}/{path...}": .refused,
        "GET /*/{namespace}/{name}/resolve/{revision}/{path...}": .refused,
        "GET /api/*/{namespace}/{name}/resolve/{revision}/{path...}": .refused,
        "GET /{namespace}/{name}/raw/{revision}/{path...}": .refused,
        "GET /*/{namespace}/{name}/raw/{revision}/{path...}": .refused,
        "GET /api/gateway/v1/provenance/{kind}/{namespace}/{name}": .refused,
        "GET /api/gateway/v1/explain": .explained,
        "GET /api/v1/*/{namespace}/{name}": .refused,
        "GET /api/v1/*/{namespace}/{name}/branches": .refused,
        "GET /api/v1/*/{namespace}/{name}/tags": .refused,
        "GET /api/v1/*/{namespace}/{name}/size/{ref}": .refused,
        "GET /api/v1/*/{namespace}/{name}/commits": .refused,
        "GET /api/v1/*/{namespace}/{name}/commit/{id}": .refused,
        "GET /api/v1/*/{namespace}/{name}/last_commit": .refused,
        "GET /api/v1/*/{namespace}/{name}/diff": .refused,
        "GET /api/v1/*/{namespace}/{name}/tree": .refused,
        "GET /api/v1/*/{namespace}/{name}/refs/{ref}/tree/{path...}": .refused,
        "GET /api/v1/*/{namespace}/{name}/refs/{ref}/remote_tree/{path...}": .refused,
        "GET /api/v1/*/{namespace}/{name}/refs/{ref}/logs_tree/{path...}": .refused,
        "GET /api/v1/*/{namespace}/{name}/all_files": .refused,
        "GET /api/v1/*/{namespace}/{name}/raw/{path...}": .refused,
        "GET /api/v1/*/{namespace}/{name}/blob/{path...}": .refused,
        "GET /api/v1/*/{namespace}/{name}/download/{path...}": .refused,
        "GET /api/v1/*/{namespace}/{name}/resolve/{path...}": .refused,
        "GET /api/v1/*/{namespace}/{name}/relations": .refused,
    ]

    @Test("S1: every route that opens a repository says what it answers for a denied one, and no line is left over")
    func complete() async throws {
        let world = try await World()
        let rows = Set(world.repositoryRoutes.map(World.row))
        #expect(rows.subtracting(Self.expectations.keys).sorted() == [], "routes without an expectation")
        #expect(Set(Self.expectations.keys).subtracting(rows).sorted() == [], "expectations without a route")
    }

    @Test("a repository that policy denies is refused by every route, and an allowed one by none")
    func denied() async throws {
        let world = try await World()
        for route in world.repositoryRoutes {
            let expectation = try #require(Self.expectations[World.row(route)], "\(World.row(route))")
            for kind in World.kinds(of: route) {
                for method in World.methods(of: route) {
                    let denied = try await world.ask(route, method, kind, "acme/denied", as: world.reader)
                    let allowed = try await world.ask(route, method, kind, "acme/opened", as: world.reader)
                    let place: Comment =
                        "\(method) \(route.pattern) \(kind): \(denied.status) \(denied.text.prefix(200))"
                    let isHead = method == .head
                    switch expectation {
                    case .refused:
                        #expect(denied.status == 403, place)
                        #expect(isHead || denied.text.contains("rule 'closed'"), place)
                        #expect(allowed.status < 400, "\(place) allowed: \(allowed.status) \(allowed.text.prefix(200))")
                    case .gitError:
                        #expect(denied.status == 200 && denied.text.contains("ERR "), place)
                        if route.verb == .repository(.contentRead) {
                            #expect(denied.text.contains("rule 'closed'"), place)
                            #expect(allowed.status == 200 && allowed.text.contains("PACK"), place)
                        }
                    case .objects:
                        #expect(denied.status == 200 && denied.text.contains("\"code\":403"), place)
                        #expect(!denied.text.contains("href"), place)
                        #expect(allowed.text.contains("href"), place)
                    case .readOnly: #expect(denied.status == 403 && allowed.status == 403, place)
                    case .unsupported: #expect(denied.status == 501 && denied.text == allowed.text, place)
                    case .explained:
                        #expect(denied.text.contains("\"decision\":\"deny\""), place)
                        #expect(allowed.text.contains("\"decision\":\"allow\""), place)
                    }
                    #expect(!denied.text.contains(World.secret), "content in \(place)")
                    if expectation != .objects, expectation != .explained {
                        #expect(!denied.text.contains(world.oid), "a digest in \(place)")
                    }
                }
            }
        }
    }

    @Test("S3: a private repository answers outsiders as one that does not exist, byte for byte, on every route")
    func privateLikeMissing() async throws {
        let world = try await World()
        for route in world.repositoryRoutes {
            for kind in World.kinds(of: route) {
                for method in World.methods(of: route) {
                    for token in [nil, world.reader, world.writer] {
                        let hidden = try await world.ask(route, method, kind, "own/secret", as: token)
                        let missing = try await world.ask(route, method, kind, "own/absent", as: token)
                        let place: Comment =
                            "\(method) \(route.pattern) \(kind) \(token == nil ? "anonymous" : "outsider"): \(hidden.text)"
                        #expect(hidden.status == missing.status, place)
                        #expect(hidden.text.replacing("secret", with: "absent") == missing.text, place)
                        #expect(hidden.comparableHeaders == missing.comparableHeaders, place)
                        if token == nil {
                            #expect(hidden.status == 401, place)
                        } else {
                            let isPacket = route.method == .post && hidden.status == 200 && hidden.text.contains("ERR ")
                            #expect(hidden.status == 404 || isPacket, place)
                        }
                        #expect(!hidden.text.contains(World.secret), place)
                    }
                    if case .repository(let verb) = route.verb, verb.isRead {
                        let mine = try await world.ask(route, method, kind, "own/secret", as: world.owner)
                        #expect(
                            mine.status < 400 || mine.status == 501 || World.row(route).contains("provenance"),
                            "\(method) \(route.pattern) \(kind) for its owner: \(mine.status) \(mine.text)")
                    }
                }
            }
        }
    }

    @Test("S18: a repository that was removed answers its owner as one that never was, on every route that reads")
    func removed() async throws {
        let world = try await World()
        let routes = world.repositoryRoutes.filter { route in
            if case .repository(let verb) = route.verb { verb.isRead } else { false }
        }
        // Whatever keeps answers has them by now.
        for route in routes {
            for kind in World.kinds(of: route) {
                _ = try await world.ask(route, route.method, kind, "own/secret", as: world.owner)
            }
        }
        try await world.remove("own/secret")
        for route in routes {
            for kind in World.kinds(of: route) {
                for method in World.methods(of: route) {
                    let gone = try await world.ask(route, method, kind, "own/secret", as: world.owner)
                    let missing = try await world.ask(route, method, kind, "own/absent", as: world.owner)
                    let place: Comment = "\(method) \(route.pattern) \(kind): \(gone.status) \(gone.text.prefix(200))"
                    #expect(gone.status == missing.status, place)
                    #expect(gone.text.replacing("secret", with: "absent") == missing.text, place)
                    #expect(!gone.text.contains(World.secret), place)
                }
            }
        }
    }

    @Test("S1: routes for accounts and administrators turn away whoever is less")
    func closedRoutes() async throws {
        let world = try await World()
        for route in world.routes where route.verb == .authenticated || route.verb == .admin {
            let anonymous = try await world.ask(route, route.method, .model, "own/secret", as: nil)
            #expect(anonymous.status == 401, "\(route.pattern)")
            guard route.verb == .admin else { continue }
            let reader = try await world.ask(route, route.method, .model, "own/secret", as: world.writer)
            #expect(reader.status == 403, "\(route.pattern)")
        }
    }
}

/// A gateway with a denied and an allowed mirrored repository, and a private local one, of every kind.
private struct World {
    static let secret = "the-content-that-must-not-leave"

    let routes: [Route]
    let oid: String
    let reader: String
    let writer: String
    let owner: String
    private let hub: Hub
    private let dispatcher: RequestDispatcher
    private let commits: [String: CommitID]
    private let size: Int
    private let folder: Folder

    init() async throws {
        folder = try Folder()
        try """
        apiVersion: weir/v1
        kind: Mirror
        metadata: {name: m}
        spec:
          upstreams:
          - {name: hub, type: huggingface, url: "https://hub.example.com"}
          rules:
          - {id: closed, match: {repo: ["acme/denied"]}, action: deny}

        """.write(toFile: folder.path + "/mirrors/m.yaml", atomically: true, encoding: .utf8)
        hub = try await Hub(path: folder.path + "/data")
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let gateway = try Gateway(
            hub: hub, mirrors: folder.path + "/mirrors", isOffline: true, environment: [:], logger: logger)
        routes = try Surfaces.routes(gateway: gateway, version: "0")
        dispatcher = RequestDispatcher(table: try RouteTable(routes), logger: logger)
        (reader, writer, owner) = (
            try await Self.token("reader", .read, hub), try await Self.token("writer", .write, hub),
            try await Self.token("own", .write, hub)
        )
        let bytes = Array(Self.secret.utf8)
        let stored = try await hub.blobs.store(
            nil, size: nil,
            from: AsyncThrowingStream<[UInt8], any Error> { stream in
                stream.yield(bytes)
                stream.finish()
            })
        oid = stored.id.hex
        size = bytes.count
        var commits: [String: CommitID] = [:]
        for kind in RepositoryKind.allCases {
            for path in ["acme/denied", "acme/opened", "own/secret"] {
                let id = try #require(RepositoryID(kind: kind, path: path))
                commits[id.description] = try await Self.fill(id, LFSPointer(oid: stored.id, size: stored.size), hub)
            }
        }
        self.commits = commits
    }

    private static func token(_ name: String, _ scope: TokenGrant.Scope, _ hub: Hub) async throws -> String {
        let user = try await hub.identities.createUser(name, isAdministrator: false)
        return try await hub.identities.createToken(for: user, name: "t", scope: scope, expiresAt: nil).reveal()
    }

    private static func fill(_ id: RepositoryID, _ pointer: LFSPointer, _ hub: Hub) async throws -> CommitID {
        let isMirror = id.namespace == "acme"
        let key =
            isMirror
            ? try await hub.store.registerMirror(
                id, of: Repository.Mirror(mirror: "m", upstream: "hub", path: id.path), visibility: .public,
                defaultBranch: "main")
            : try await hub.store.createLocal(id, visibility: .private, defaultBranch: "main")
        try await hub.git.create(key)
        try await discuss(id, hub)
        var changes: [TreeChange] = []
        for (name, content) in [("README.md", Array("# \(secret)\n".utf8)), ("model.bin", pointer.encoded)] {
            let path = try #require(GitPath(name))
            changes.append(.put(path: path, blob: try await hub.git.writeBlob(content, in: key), executable: false))
        }
        let signature = Signature(name: "A", email: "a@b", seconds: 1_600_000_000)
        let commit = try await hub.git.commit(
            changes: changes, parents: [], author: signature, committer: signature, message: secret, in: key)
        let link = BlobLink(pointer: pointer, commit: commit, path: "model.bin")
        let main = try #require(RefName.branch("main"))
        if isMirror {
            try await hub.store.replaceRefs(
                of: key, by: [Ref(name: main, target: commit)], within: [], defaultBranch: "main")
            try await hub.store.noteAcquisition(
                of: commit, in: key, hasHistory: true, links: [link],
                provenance: ProvenanceRecord(
                    json: "{\"files\":\"\(secret)\"}", sha256: String(repeating: "0", count: 64)))
            try await hub.store.noteChecked(key, asked: 0)
            try await hub.store.linkGranted([pointer], to: key)
        } else {
            try await hub.store.moveRef(
                main, of: key, from: nil, to: commit, changeLog: "x", card: nil, tags: [], links: [link])
        }
        return commit
    }

    /// Gives a repository a discussion with number 1, so that there is something to find.
    private static func discuss(_ id: RepositoryID, _ hub: Hub) async throws {
        let authorizer = Authorizer(store: hub.store, source: nil)
        let discussions = Discussions(
            repositories: RepositoryService(store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil),
            authorizer: authorizer)
        _ = try await discussions.open(
            title: secret, description: secret, in: try await authorizer.openAsOperator(.discuss, id))
    }

    /// Removes a repository of every kind.
    func remove(_ path: String) async throws {
        let repositories = RepositoryService(
            store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil)
        for kind in RepositoryKind.allCases {
            let id = try #require(RepositoryID(kind: kind, path: path))
            try await repositories.delete(
                try await Authorizer(store: hub.store, source: nil).openAsOperator(.delete, id))
        }
    }

    // MARK: Routes

    var repositoryRoutes: [Route] {
        routes.filter { route in
            if case .repository = route.verb { true } else { false }
        }
    }

    /// The line of the table a route is in.
    static func row(_ route: Route) -> String {
        let segments = route.pattern.dropFirst(route.mount.count).split(separator: "/").map { segment in
            let isKind =
                segment.hasPrefix("{kinds:") || RepositoryKind.allCases.contains { $0.plural == segment }
            return isKind ? "*" : String(segment)
        }
        return "\(route.method) /\(segments.joined(separator: "/"))"
    }

    /// The kinds of repository a route can name.
    static func kinds(of route: Route) -> [RepositoryKind] {
        let segments = route.pattern.split(separator: "/")
        if let kind = segments.lazy.compactMap({ word in RepositoryKind.allCases.first { $0.plural == word } }).first {
            return [kind]
        }
        let hasKind = route.pattern.contains("{kinds:") || route.pattern.contains("{kind}")
        return hasKind || route.pattern.hasSuffix("/explain") ? [.model, .dataset] : [.model]
    }

    static func methods(of route: Route) -> [HTTPRequest.Method] {
        route.head ? [route.method, .head] : [route.method]
    }

    // MARK: Asking

    struct Answer {
        let status: Int
        let headers: HTTPFields
        let text: String

        /// All but what differs between any two answers.
        var comparableHeaders: [String] {
            headers.filter { $0.name.canonicalName != "x-request-id" }
                .map { "\($0.name): \($0.value.replacing("secret", with: "absent"))" }.sorted()
        }
    }

    /// Asks a route as a client that knows everything would.
    func ask(
        _ route: Route, _ method: HTTPRequest.Method, _ kind: RepositoryKind, _ path: String, as token: String?
    ) async throws -> Answer {
        let commit = commits["\(kind.rawValue):\(path)"] ?? ObjectID.zero
        var headers: HTTPFields = [:]
        if let token { headers[.authorization] = "Bearer \(token)" }
        var body = ""
        var query: [String] = []
        if route.pattern.hasSuffix("/info/refs") { query.append("service=git-upload-pack") }
        if route.pattern.hasSuffix("/explain") { query.append("repo=\(kind.rawValue):\(path)") }
        if route.pattern.hasSuffix("/diff") { query.append("left_commit_id=\(commit.hex)") }
        if route.pattern.hasSuffix("/git-upload-pack") {
            headers[.contentType] = "application/x-git-upload-pack-request"
            headers["Git-Protocol"] = "version=2"
            body = "0011command=fetch0001" + "0032want \(commit.hex)\n" + "0009done\n" + "0000"
        }
        if route.pattern.hasSuffix("/objects/batch") {
            body = "{\"operation\":\"download\",\"objects\":[{\"oid\":\"\(oid)\",\"size\":\(size)}]}"
        }
        if route.pattern.contains("/paths-info/") {
            headers[.contentType] = "application/x-www-form-urlencoded"
            body = "paths=model.bin"
        }
        if let known = PermissionMatrixTests.huggingFaceBody(of: route, kind, path) { body = known }
        let target = self.target(route, kind, path, commit) + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        let authenticator = RequestAuthenticator(identities: hub.identities)
        let request = try HubRequest(
            id: RequestID("same") ?? RequestID(), method: method, target: target, headers: headers,
            body: RequestBody(body), baseURL: "http://hub.test",
            authenticator: { try await authenticator.principal(of: $0) })
        let response = await dispatcher.respond(to: request)
        return Answer(
            status: response.status, headers: response.headers,
            text: method == .head ? "" : try await Self.text(of: response.body))
    }

    private func target(_ route: Route, _ kind: RepositoryKind, _ path: String, _ commit: CommitID) -> String {
        let names = path.split(separator: "/")
        let hasFolders = route.pattern.contains("tree")
        let values: [(String, String)] = [
            ("{namespace}", String(names[0])),
            ("{name}", String(names[1]) + (route.pattern.contains("/provenance/") ? "@\(commit.hex)" : "")),
            ("{kind}", kind.rawValue), ("{revision}", "main"), ("{ref}", "main"), ("{id}", commit.hex), ("{oid}", oid),
            ("{part}", "1"),
            ("{num}", "1"), ("{comment}", "000000000000000000000001"),
            (
                "{path...}",
                hasFolders || route.pattern.contains("paths-info") || route.pattern.contains("/revision/")
                    || route.pattern.contains("/commits/") ? "" : "model.bin"
            ),
        ]
        var target = route.pattern.split(separator: "/").map { segment in
            segment.hasPrefix("{kinds:") ? kind.plural : String(segment)
        }.joined(separator: "/")
        for (name, value) in values { target = target.replacing(name, with: value) }
        return "/" + target
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
            try await produce(
                BodyWriter { piece in
                    whole.withLock { _ = $0.writeImmutableBuffer(piece) }
                })
            return String(buffer: whole.withLock { $0 })
        }
    }
}

/// A temporary folder that goes with its owner.
private final class Folder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("weir-matrix-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path + "/mirrors", withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
