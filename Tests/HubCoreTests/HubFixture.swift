import Foundation
import Synchronization

@testable import HubCore

/// A hub in a temporary folder, with a clock that the test turns.
final class HubFixture: Sendable {
    let folder: TemporaryDirectory
    let hub: Hub
    private let time: Time

    final class Time: Sendable {
        private let milliseconds = Mutex<Int64>(1_700_000_000_000)
        var now: Int64 { milliseconds.withLock { $0 } }
        func pass(_ duration: Int64) { milliseconds.withLock { $0 += duration } }
    }

    init() async throws {
        folder = try TemporaryDirectory()
        let time = Time()
        self.time = time
        hub = try await Hub(path: folder.appending("data"), clock: WallClock { time.now })
    }

    func pass(seconds: Int64) { time.pass(seconds * 1_000) }

    var authorizer: Authorizer { Authorizer(store: hub.store, source: nil) }
    var repositories: RepositoryService {
        RepositoryService(store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil)
    }

    static func id(_ text: String) throws -> RepositoryID {
        guard let id = RepositoryID(parsing: text) else { throw HubError(.badRequest, "'\(text)' is no repository.") }
        return id
    }

    @discardableResult
    func create(_ id: String, _ visibility: Repository.Visibility = .public) async throws -> Int64 {
        let key = try await hub.store.createLocal(try Self.id(id), visibility: visibility, defaultBranch: "main")
        try await hub.git.create(key)
        pass(seconds: 1)
        return key
    }

    @discardableResult
    func mirror(_ id: String, _ visibility: Repository.Visibility = .public) async throws -> Int64 {
        let id = try Self.id(id)
        return try await hub.store.registerMirror(
            id, of: Repository.Mirror(mirror: "test", upstream: "hub", path: id.path), visibility: visibility,
            defaultBranch: "main")
    }

    func principal(_ name: String, scope: TokenGrant.Scope = .write, isAdministrator: Bool = false) async throws
        -> Principal
    {
        var user = try await hub.identities.user(named: name)
        if user == nil { user = try await hub.identities.createUser(name, isAdministrator: isAdministrator) }
        guard let user else { throw HubError(.internalError, "no user") }
        let token = try await hub.identities.createToken(for: user, name: "test", scope: scope, expiresAt: nil)
        guard let principal = try await hub.identities.principal(token: token.reveal()) else {
            throw HubError(.internalError, "no principal")
        }
        return principal
    }

    /// Writes a folder to import.
    func write(_ files: [String: [UInt8]], to name: String = "model") throws -> String {
        try? FileManager.default.removeItem(atPath: folder.appending(name))
        for (path, bytes) in files { try folder.write(bytes, to: "\(name)/\(path)") }
        return folder.appending(name)
    }

    /// The paths and kinds of a repository's default branch.
    func tree(_ id: String) async throws -> [TreeEntry] {
        let repository = try await authorizer.openAsOperator(.contentRead, try Self.id(id))
        let snapshot = try await repositories.snapshot(of: repository, at: nil)
        return try await repositories.contents(of: snapshot).files
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
