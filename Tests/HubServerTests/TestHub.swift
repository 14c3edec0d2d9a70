import Foundation
import HTTPTypes
import HubCore
import HubServer
import HubTestSupport
import Logging
import NIOCore
import SQL

/// A hub on a temporary folder with the real stores, for tests of surfaces: no socket, no upstream, no sleeping.
final class TestHub: Sendable {
    /// Content of one file of a commit.
    enum File {
        /// In git itself.
        case git(String)
        /// A pointer in git, and the bytes in the blob store.
        case lfs([UInt8])
        /// A pointer whose bytes nobody has.
        case pointer(LFSPointer)
        /// Removed by this commit.
        case gone
    }

    /// Milliseconds since 1970 at which everything here happens.
    static let now: Int64 = 1_700_000_000_123

    let store: RepositoryStore
    let git: GitStore
    let blobs: FileBlobStore
    let identities: IdentityStore
    let authorizer: Authorizer
    let repositories: RepositoryService
    let clock = WallClock { TestHub.now }
    let jobs: JobStore
    let database: SQLiteDatabase
    private let root: String

    init(source: (any RepositorySource)? = nil, gate: (any ContentGate)? = nil) async throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("weir-hub-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        database = try SQLiteDatabase(path: "\(root)/weir.db")
        try await Migrator(Schema.migrations).migrate(database)
        try await RepositoryStore.prepareIndex(database)
        jobs = JobStore(database: database, clock: clock)
        let identifiers = IdentifierSource(clock: clock)
        store = RepositoryStore(database: database, clock: clock, identifiers: identifiers)
        identities = IdentityStore(database: database, clock: clock, identifiers: identifiers)
        git = GitStore(root: "\(root)/git", threadCount: 2)
        blobs = try FileBlobStore(root: "\(root)/blobs", threads: 2)
        authorizer = Authorizer(store: store, source: source)
        repositories = RepositoryService(store: store, git: git, blobs: blobs, source: source, gate: gate)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    var uploads: UploadService { UploadService(store: store, blobs: blobs) }
    var locks: LockService { LockService(store: store) }

    /// The text that a statement finds first.
    func text(_ statement: String) async throws -> String {
        try await database.read { connection in
            try connection.first(statement).flatMap { row in try row.optionalText("token") } ?? ""
        }
    }

    /// The database as another process opens it.
    func anotherDatabase() throws -> SQLiteDatabase { try SQLiteDatabase(path: "\(root)/weir.db") }

    // MARK: Content

    /// Makes an account with a token, and returns the token.
    func token(for name: String, scope: TokenGrant.Scope = .write) async throws -> String {
        let user: User
        if let known = try await identities.user(named: name) {
            user = known
        } else {
            user = try await identities.createUser(name, isAdministrator: false)
        }
        return try await identities.createToken(for: user, name: "test", scope: scope, expiresAt: nil).reveal()
    }

    /// Makes an empty local repository.
    /// - Parameter id: as in `model:acme/demo`.
    @discardableResult
    func create(_ id: String, visibility: Repository.Visibility = .public) async throws -> Int64 {
        let key = try await store.createLocal(try Self.id(id), visibility: visibility, defaultBranch: "main")
        try await git.create(key)
        return key
    }

    /// Registers a repository as one that follows an upstream.
    @discardableResult
    func mirror(_ id: String) async throws -> Int64 {
        let id = try Self.id(id)
        let key = try await store.registerMirror(
            id, of: Repository.Mirror(mirror: "test", upstream: "hub", path: id.path), visibility: .public,
            defaultBranch: "main")
        try await git.create(key)
        return key
    }

    /// Commits to a ref of a repository, on top of what it stands at.
    @discardableResult
    func commit(
        _ files: [String: File], to key: Int64, kind: RepositoryKind = .model, ref: String = "refs/heads/main",
        message: String = "Change files", date: Date = Date(timeIntervalSince1970: 1_600_000_000)
    ) async throws -> CommitID {
        guard let ref = RefName(ref) else { throw HubError(.badRequest, "'\(ref)' is no ref.") }
        var changes: [TreeChange] = []
        var links: [BlobLink] = []
        var card: Card?
        for (name, file) in files.sorted(by: { $0.key < $1.key }) {
            guard let path = GitPath(name) else { throw HubError(.badRequest, "'\(name)' is no path.") }
            let bytes: [UInt8]
            switch file {
            case .gone:
                changes.append(.delete(path: path))
                continue
            case .git(let text):
                bytes = Array(text.utf8)
                if name == "README.md" { card = Card(readme: bytes) }
            case .pointer(let pointer):
                bytes = pointer.encoded
            case .lfs(let content):
                let chunks = AsyncThrowingStream<[UInt8], any Error> { stream in
                    stream.yield(content)
                    stream.finish()
                }
                let stored = try await blobs.store(nil, size: nil, from: chunks)
                try await store.noteBlob(stored.id, size: stored.size)
                let pointer = LFSPointer(oid: stored.id, size: stored.size)
                links.append(BlobLink(pointer: pointer, commit: nil, path: name))
                bytes = pointer.encoded
            }
            changes.append(.put(path: path, blob: try await git.writeBlob(bytes, in: key), executable: false))
        }
        let head = try await store.ref(ref, of: key)?.target
        let signature = Signature(name: "Ada", email: "ada@example.org", date: date)
        let commit = try await git.commit(
            changes: changes, parents: head.map { [$0] } ?? [], author: signature, committer: signature,
            message: message, in: key)
        try await store.moveRef(
            ref, of: key, from: head, to: commit, changeLog: message, card: card, tags: card?.tags(for: kind) ?? [],
            links: links)
        return commit
    }

    // MARK: Requests

    /// What a surface answered.
    struct Answer {
        let status: Int
        let headers: HTTPFields
        let body: [UInt8]
        /// Bytes of the body; what `Content-Length` will say, also to HEAD.
        let length: Int64?

        var text: String { String(decoding: body, as: UTF8.self) }
        var json: JSONValue { JSONText.decode(text) ?? .null }
    }

    /// Asks a surface's routes, through the router, as a client would.
    func ask(
        _ routes: [Route], _ method: HTTPRequest.Method = .get, _ target: String, token: String? = nil,
        headers: HTTPFields = [:], body: String = ""
    ) async throws -> Answer {
        var headers = headers
        if let token { headers[.authorization] = "Bearer \(token)" }
        let dispatcher = RequestDispatcher(table: try RouteTable(routes), logger: Logger(label: "test"))
        let authenticator = RequestAuthenticator(identities: identities)
        let request = try HubRequest(
            method: method, target: target, headers: headers, body: RequestBody(body), baseURL: "http://hub.test",
            authenticator: { try await authenticator.principal(of: $0) })
        let response = await dispatcher.respond(to: request)
        var bytes: [UInt8] = []
        if method != .head {
            switch response.body {
            case .none: break
            case .bytes(let buffer): bytes = Array(buffer.readableBytesView)
            case .file(let reader, let range):
                bytes = try reader.file.read(at: range.lowerBound, count: Int(range.upperBound - range.lowerBound))
            case .stream: throw HubError(.internalError, "A streamed body needs a socket.")
            }
        }
        return Answer(
            status: response.status, headers: response.headers, body: bytes, length: response.body.length)
    }

    private static func id(_ text: String) throws -> RepositoryID {
        guard let id = RepositoryID(parsing: text) else { throw HubError(.badRequest, "'\(text)' is no repository.") }
        return id
    }
}

extension JSONValue {
    /// The elements of an array; none for other values.
    var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// The names of an object's members; none for other values.
    var keys: [String] {
        if case .object(let members) = self { members.map(\.key) } else { [] }
    }

    /// The number of an integer value.
    var flag: Bool? {
        if case .boolean(let flag) = self { flag } else { nil }
    }

    var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }
}
