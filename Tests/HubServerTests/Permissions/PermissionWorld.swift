import Foundation
import HTTPTypes
import HubCore
import HubServer
import HubTestSupport
import Logging
import MirrorGateway
import NIOCore
import SQL
import Synchronization
import Testing

/// One hub with every kind of repository in every state, and everybody who may ask for it. No socket, no upstream.
final class PermissionWorld: Sendable {
    static let secret = "the-content-that-must-not-leave"
    /// Milliseconds since 1970 at which everything here happens: so that no use of a token is a change.
    static let now: Int64 = 1_700_000_000_123
    /// A mirrored repository that policy allows.
    static let opened = Place(name: "allowed", namespace: "up")

    let routes: [Route]
    let hub: Hub
    let people: [Somebody]
    let oid: String
    let tokens: [String: String]
    private let dispatcher: RequestDispatcher
    let gateway: Gateway
    private let pointer: LFSPointer
    private let commits = Mutex<[String: CommitID]>([:])
    private let folder: PermissionFolder

    /// - Parameter kinds: those of which there are repositories.
    init(_ kinds: [RepositoryKind] = RepositoryKind.allCases) async throws {
        folder = try PermissionFolder()
        try """
        apiVersion: weir/v1
        kind: Mirror
        metadata: {name: m}
        spec:
          upstreams:
          - {name: hub, type: huggingface, url: "https://hub.example.com"}
          rules:
          - {id: closed, match: {repo: ["\(Place.denied.path)"]}, action: deny}

        """.write(toFile: folder.path + "/mirrors/m.yaml", atomically: true, encoding: .utf8)
        hub = try await Hub(path: folder.path + "/data", clock: WallClock { Self.now })
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        gateway = try Gateway(
            hub: hub, mirrors: folder.path + "/mirrors", isOffline: true, environment: [:], logger: logger)
        routes = try Surfaces.routes(
            gateway: gateway, version: "0", assets: .bare,
            // Answers are compared byte for byte.
            randomness: WebRandomness { [UInt8](repeating: 7, count: $0) })
        dispatcher = RequestDispatcher(table: try RouteTable(routes), logger: logger)
        pointer = try await Self.store(Self.secret, in: hub)
        oid = pointer.oid.hex
        people = Self.everybody
        tokens = try await Self.invite(people, to: hub)
        for kind in kinds {
            for place in Place.local + [.denied, Self.opened] { try await make(place, kind) }
        }
        // The first use of a token is noted; none is from here on.
        for token in tokens.values { _ = try await hub.identities.principal(token: token) }
    }

    // MARK: People

    /// Each right there is, and each way to have less of it.
    private static var everybody: [Somebody] {
        let admin = "acme-admin"
        let closed = Place.closed.path
        return [Somebody(name: "anonymous", scope: .read), Somebody(name: "outsider", user: "outsider")]
            + Role.allCases.map { role in
                Somebody(name: role.name, user: "acme-\(role.name)", role: role.name)
            } + [
                Somebody(name: "creator", user: "creator", role: "contributor", isCreator: true),
                Somebody(name: "auditor", user: "acme-auditor", role: "auditor"),
                Somebody(name: "operator", user: "acme-operator", role: "operator"),
                Somebody(name: "gatekeeper", user: "acme-gatekeeper", role: "gatekeeper"),
                Somebody(name: "site auditor", user: "site-auditor", siteOffice: "auditor"),
                Somebody(name: "site operator", user: "site-operator", siteOffice: "operator"),
                Somebody(name: "site gatekeeper", user: "site-gatekeeper", siteOffice: "gatekeeper"),
                Somebody(
                    name: "site operator's token that reads", user: "site-operator", siteOffice: "operator",
                    scope: .read),
                Somebody(
                    name: "site auditor's token for one repository", user: "site-auditor", siteOffice: "auditor",
                    reach: [closed]),
                Somebody(name: "owner", user: "ada"),
                Somebody(name: "site administrator", user: "root", isSiteAdministrator: true, scope: .admin),
                Somebody(name: "his everyday token", user: "root", isSiteAdministrator: true),
                Somebody(
                    name: "his token for one repository", user: "root", isSiteAdministrator: true, scope: .admin,
                    reach: [closed]),
                Somebody(name: "disabled account", user: "gone", role: "writer", isKnown: false),
                Somebody(name: "expired token", user: "acme-maintainer", role: "maintainer", isKnown: false),
                Somebody(name: "nobody's token", isKnown: false),
                Somebody(name: "token that reads", user: admin, role: "admin", scope: .read),
                Somebody(name: "token that uploads", user: admin, role: "admin", scope: .upload),
                Somebody(name: "token for one repository", user: admin, role: "admin", reach: [closed]),
                Somebody(name: "token for the organisation", user: admin, role: "admin", reach: ["acme"]),
                Somebody(name: "token for elsewhere", user: admin, role: "admin", reach: ["ada"]),
            ]
    }

    /// Makes the accounts, the organisation and a token for each who has one.
    private static func invite(_ people: [Somebody], to hub: Hub) async throws -> [String: String] {
        let identities = hub.identities
        var users: [String: User] = [:]
        for somebody in people {
            guard let name = somebody.user, users[name] == nil else { continue }
            users[name] = try await identities.createUser(name, isAdministrator: somebody.isSiteAdministrator)
        }
        let founder = try await identities.createUser("founder", isAdministrator: true)
        let grant = TokenGrant(id: 0, name: "founding", scope: .admin, createdAt: now)
        let organisation = try await hub.store.organisations.create(
            Place.organisation, fullName: nil, owner: founder, by: Principal(user: founder, token: grant))
        var tokens: [String: String] = [:]
        for somebody in people {
            guard let name = somebody.user, let user = users[name] else {
                if !somebody.isKnown { tokens[somebody.name] = AccessToken.generate().reveal() }
                continue
            }
            if let role = somebody.role.flatMap({ Role(name: $0) }) {
                try await hub.store.organisations.setRole(role, of: name, in: organisation)
            }
            try await Self.appoint(somebody, user, in: organisation, hub)
            tokens[somebody.name] = try await identities.createToken(
                for: user, name: somebody.name, scope: somebody.scope,
                expiresAt: somebody.name == "expired token" ? now - 1 : nil,
                resources: somebody.reach.map(resources)
            ).reveal()
        }
        try await identities.setDisabled(true, user: "gone")
        return tokens
    }

    /// Gives somebody the office he has, on the organisation or on the whole hub.
    private static func appoint(_ somebody: Somebody, _ user: User, in organisation: Organisation, _ hub: Hub)
        async throws
    {
        let authorizer = Authorizer(store: hub.store, source: nil)
        let places = [
            (somebody.role, try await authorizer.openGrants(organisation.principal, inOrganisation: organisation.name)),
            (somebody.siteOffice, try authorizer.openGrantsOfHub(organisation.principal)),
        ]
        for (name, place) in places {
            guard let office = name.flatMap(Office.init(name:)) else { continue }
            _ = try await hub.store.grants.add(
                .user(user.id), role: .office(office), effect: .allow, expiresAt: nil, at: place)
        }
    }

    private static func resources(_ reach: Set<String>) -> [TokenResource] {
        reach.flatMap { path in
            path.contains("/")
                ? RepositoryKind.allCases.compactMap { TokenResource(parsing: "\($0.rawValue):\(path)") }
                : [TokenResource.namespace(path)]
        }
    }

    func somebody(_ name: String) throws -> Somebody { try #require(people.first { $0.name == name }, "\(name)") }

    func principal(_ name: String) async throws -> Principal {
        let user = try #require(try await hub.identities.user(named: name))
        return Principal(user: user, token: TokenGrant(id: 0, name: "setup", scope: .write, createdAt: Self.now))
    }

    // MARK: Repositories

    var authorizer: Authorizer { gateway.authorizer }

    /// Makes a repository in a state, also again after it was removed.
    func make(_ place: Place, _ kind: RepositoryKind) async throws {
        let id = try #require(RepositoryID(kind: kind, path: place.path))
        let isMirror = place.namespace == Place.denied.namespace
        let owner = try await principal(place.namespace == Place.organisation ? "creator" : "ada")
        let key =
            isMirror
            ? try await hub.store.registerMirror(
                id, of: Repository.Mirror(mirror: "m", upstream: "hub", path: id.path), visibility: .public,
                defaultBranch: "main")
            : try await hub.store.createLocal(id, visibility: place.visibility, defaultBranch: "main", by: owner)
        try await hub.git.create(key)
        try await discuss(id)
        let commit = try await fill(key, isMirror: isMirror)
        commits.withLock { $0[id.description] = commit }
        guard place.isGated else { return }
        let settings = try await authorizer.openAsOperator(.settings, id)
        try await gateway.repositories.setGating(.manual, of: settings)
        guard place.letsAccountsIn else { return }
        let gate = try await authorizer.openAsOperator(.gateApprove, id)
        for user in Set(people.filter(\.isKnown).compactMap(\.user)) {
            try await hub.store.accessRequests.grant(user, to: gate)
        }
    }

    /// Gives a repository a discussion with number 1, so that there is something to find.
    private func discuss(_ id: RepositoryID) async throws {
        let repository = try await authorizer.openAsOperator(.discuss, id)
        _ = try await discussions.open(title: Self.secret, description: Self.secret, in: repository)
    }

    var discussions: Discussions { Discussions(repositories: gateway.repositories, authorizer: authorizer) }

    private func fill(_ key: Int64, isMirror: Bool) async throws -> CommitID {
        let commit = try await commit(
            [("README.md", Array("# \(Self.secret)\n".utf8)), ("model.bin", pointer.encoded)], on: [], to: key)
        let link = BlobLink(pointer: pointer, commit: commit, path: "model.bin")
        let main = try #require(RefName.branch("main"))
        guard isMirror else {
            try await hub.store.moveRef(
                main, of: key, from: nil, to: commit, changeLog: "x", card: nil, tags: [], links: [link])
            return commit
        }
        try await hub.store.replaceRefs(
            of: key, by: [Ref(name: main, target: commit)], within: [], defaultBranch: "main")
        try await hub.store.noteAcquisition(
            of: commit, in: key, hasHistory: true, links: [link],
            provenance: ProvenanceRecord(
                json: "{\"files\":\"\(Self.secret)\"}", sha256: String(repeating: "0", count: 64)))
        try await hub.store.noteChecked(key, asked: 0)
        try await hub.store.linkGranted([pointer], to: key)
        return commit
    }

    private func commit(_ files: [(String, [UInt8])], on parents: [CommitID], to key: Int64) async throws -> CommitID {
        var changes: [TreeChange] = []
        for (name, content) in files {
            let path = try #require(GitPath(name))
            changes.append(.put(path: path, blob: try await hub.git.writeBlob(content, in: key), executable: false))
        }
        let signature = Signature(name: "A", email: "a@b", seconds: 1_600_000_000)
        return try await hub.git.commit(
            changes: changes, parents: parents, author: signature, committer: signature, message: Self.secret, in: key)
    }

    /// Commits a large file that no other repository has, and tells its digest and the commit.
    func commit(_ text: String, to repository: Repository) async throws -> (oid: String, commit: String) {
        let pointer = try await Self.store(text, in: hub)
        let head = commit(repository.id.kind, repository.id.path)
        let commit = try await commit([("own.bin", pointer.encoded)], on: [head], to: repository.key)
        try await hub.store.moveRef(
            try #require(RefName.branch("main")), of: repository.key, from: head, to: commit, changeLog: "y",
            card: nil, tags: [], links: [BlobLink(pointer: pointer, commit: commit, path: "own.bin")])
        return (pointer.oid.hex, commit.hex)
    }

    private static func store(_ text: String, in hub: Hub) async throws -> LFSPointer {
        let stored = try await hub.blobs.store(
            nil, size: nil,
            from: AsyncThrowingStream<[UInt8], any Error> { stream in
                stream.yield(Array(text.utf8))
                stream.finish()
            })
        try await hub.store.noteBlob(stored.id, size: stored.size)
        return LFSPointer(oid: stored.id, size: stored.size)
    }

    // MARK: The database

    /// Every row of every table.
    func dump() async throws -> [String] {
        try await hub.database.read { connection in
            let tables = try connection.query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            return try tables.flatMap { table in
                let name = try table.text("name")
                // What a commit says of its licence is written down by whoever looks first, and is a change to nothing.
                // So is how far the transparency log has come signed for whoever asks.
                let noted = ["license_evidence", "lineage_edges", "transparency_checkpoints"]
                guard !noted.contains(name) else { return [String]() }
                let columns = try connection.query("SELECT name FROM pragma_table_info('\(name)')").map {
                    "quote(\"\(try $0.text("name"))\")"
                }
                guard !columns.isEmpty else { return [String]() }
                return try connection.query(
                    "SELECT \(columns.joined(separator: " || ',' || ")) AS line FROM \"\(name)\" ORDER BY 1"
                ).map { "\(name): \(try $0.text("line"))" }
            }
        }
    }

    // MARK: Asking

    struct Answer: Hashable {
        let status: Int
        let headers: [String]
        let text: String
    }

    /// How a token travels.
    enum Carrier: String, CaseIterable {
        case bearer, oauth, basicPassword, basicUser, basicMarked, syncHeader, syncAuthorization

        func headers(_ token: String) -> HTTPFields {
            func basic(_ text: String) -> HTTPFields {
                [.authorization: "Basic \(Data(text.utf8).base64EncodedString())"]
            }
            switch self {
            case .bearer: return [.authorization: "Bearer \(token)"]
            case .oauth: return [.authorization: "OAuth \(token)"]
            case .basicPassword: return basic("whoever:\(token)")
            case .basicUser: return basic("\(token):")
            case .basicMarked: return basic("\(token):x-oauth-basic")
            case .syncHeader:
                var headers = HTTPFields()
                headers["X-OPENCSG-Sync-Token"] = token
                return headers
            case .syncAuthorization: return [.authorization: "X-OPENCSG-Sync-Token\(token)"]
            }
        }
    }

    /// What may be different from the usual.
    struct Asking {
        var body: String?
        var query: [String] = []
        var headers: HTTPFields = [:]
        /// Values of captures that are not the repository's own.
        var captures: [String: String] = [:]
    }

    /// Asks a route as a client that knows everything would.
    func ask(
        _ route: Route, _ method: HTTPRequest.Method, _ kind: RepositoryKind, _ path: String,
        as token: String?, by carrier: Carrier = .bearer, _ asking: Asking = Asking()
    ) async throws -> Answer {
        let credentials = token.map(carrier.headers) ?? [:]
        var headers = asking.headers
        headers.append(contentsOf: credentials)
        var query = asking.query
        let template = template(route, kind, path)
        headers.append(contentsOf: template.headers)
        query += template.query
        let target =
            target(route, kind, path, asking.captures) + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        let authenticator = RequestAuthenticator(identities: hub.identities)
        let request = try HubRequest(
            id: RequestID("same") ?? RequestID(), method: method, target: target, headers: headers,
            body: RequestBody(asking.body ?? template.body), baseURL: "http://hub.test",
            authenticator: { try await authenticator.principal(of: $0) })
        let response = await dispatcher.respond(to: request)
        let text = method == .head ? "" : try await Self.text(of: response.body)
        return Answer(
            status: response.status,
            headers: response.headers.filter { $0.name.canonicalName != "x-request-id" }
                .map { "\($0.name): \($0.value)" }.sorted(),
            // What git says of its progress depends on the machine.
            // Pages say the same, escaped.
            text: text.contains("PACK") ? "PACK" : text.replacing("&#39;", with: "'"))
    }

    /// The commit that a repository stands at; for one that is missing, that of the private one.
    func commit(_ kind: RepositoryKind, _ path: String) -> CommitID {
        commits.withLock { known in
            known["\(kind.rawValue):\(path)"]
                ?? known["\(kind.rawValue):\(path.replacing(Place.missing.name, with: Place.closed.name))"]
                ?? ObjectID.zero
        }
    }

    /// What a message needs beside its path in order to be decided on.
    private func template(_ route: Route, _ kind: RepositoryKind, _ path: String)
        -> (body: String, query: [String], headers: HTTPFields)
    {
        let pattern = route.pattern.dropFirst(route.mount.count)
        let commit = commit(kind, path).hex
        let names = path.split(separator: "/")
        let word = kind.rawValue
        var headers: HTTPFields = [:]
        if pattern.hasSuffix("/info/refs") { return ("", ["service=git-upload-pack"], [:]) }
        if pattern.hasSuffix("/explain") || pattern == "/console/provenance" {
            return ("", ["repo=\(word):\(path)"], [:])
        }
        if pattern.hasSuffix("diff") { return ("", ["left_commit_id=\(commit)"], [:]) }
        if pattern.hasSuffix("/git-upload-pack") {
            headers[.contentType] = "application/x-git-upload-pack-request"
            headers["Git-Protocol"] = "version=2"
            return ("0011command=fetch00010032want \(commit)\n0009done\n0000", [], headers)
        }
        if pattern.hasSuffix("/objects/batch") {
            let object = "{\"oid\":\"\(oid)\",\"size\":\(pointer.size)}"
            return ("{\"operation\":\"download\",\"objects\":[\(object)]}", [], [:])
        }
        if pattern.contains("/paths-info/") {
            headers[.contentType] = "application/x-www-form-urlencoded"
            return ("paths=model.bin", [], headers)
        }
        if pattern.hasSuffix("/repos/delete") {
            return ("{\"organization\":\"\(names[0])\",\"name\":\"\(names[1])\",\"type\":\"\(word)\"}", [], [:])
        }
        if pattern.hasSuffix("/repos/move") {
            return ("{\"fromRepo\":\"\(path)\",\"toRepo\":\"no name\",\"type\":\"\(word)\"}", [], [:])
        }
        // Nobody can read it: who is let in is told so, and nothing happens.
        return (route.method == .get || route.method == .head ? "" : "!", [], [:])
    }

    private func target(_ route: Route, _ kind: RepositoryKind, _ path: String, _ captures: [String: String]) -> String
    {
        let names = path.split(separator: "/")
        let commit = commit(kind, path).hex
        let isOfTree = ["tree", "paths-info", "/revision/", "/commits/", "preupload", "/commit/", "xet-"]
            .contains { route.pattern.contains($0) }
        let values: [String: String] = [
            "namespace": String(names[0]),
            "name": String(names[1]) + (route.pattern.contains("/provenance/") ? "@\(commit)" : ""),
            "kind": kind.rawValue, "revision": "main", "ref": "main", "range": "main...main", "oid": oid, "part": "1",
            "num": "1",
            "id": route.pattern.contains("/commit/") ? commit : "0", "comment": "000000000000000000000001",
            "branch...": "nothing", "revision...": "nothing", "category": "license",
            "path...": isOfTree ? "" : "model.bin",
        ]
        let segments = route.pattern.split(separator: "/").map { segment -> String in
            guard segment.hasPrefix("{"), let end = segment.firstIndex(of: "}") else { return String(segment) }
            let name = segment[segment.index(after: segment.startIndex)..<end]
            if name.hasPrefix("kinds:") { return kind.plural }
            if name.contains(":") { return String(name.split(separator: ":")[1].split(separator: "|")[0]) }
            return (captures[String(name)] ?? values[String(name)] ?? "none") + segment[segment.index(after: end)...]
        }
        return "/" + segments.joined(separator: "/")
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

// MARK: Routes

extension PermissionWorld {
    /// The line of the table a route is in: its method and pattern without mount; `*` stands for the word of the kind.
    static func row(_ route: Route) -> String {
        let segments = route.pattern.dropFirst(route.mount.count).split(separator: "/").map { segment -> String in
            if segment.hasPrefix("{kinds:") { return "*" }
            for word in RepositoryKind.allCases.map(\.plural) {
                if segment == word { return "*" }
                if segment.hasPrefix("\(word)-") { return "*\(segment.dropFirst(word.count))" }
            }
            return String(segment)
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
        return hasKind || route.pattern.hasSuffix("/explain") || route.pattern == "/console/provenance"
            ? [.model, .dataset] : [.model]
    }

    static func methods(of route: Route) -> [HTTPRequest.Method] {
        route.head ? [route.method, .head] : [route.method]
    }
}

/// A temporary folder that goes with its owner.
private final class PermissionFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("weir-matrix-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path + "/mirrors", withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
