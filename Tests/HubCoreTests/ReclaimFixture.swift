import Foundation

@testable import HubCore

/// A hub with a collector whose clocks the test turns together.
struct ReclaimFixture: Sendable {
    let hub: HubFixture

    init() async throws { hub = try await HubFixture() }

    var directory: String { hub.hub.directory.path }

    /// Runs the collector; without times given, with graces of a day, for git of two, and no rest for writers.
    @discardableResult
    func collect(dryRun: Bool = false, _ change: (inout ReclaimSettings) -> Void = { _ in }) async throws
        -> ReclaimReport
    {
        var settings = ReclaimSettings()
        settings.gitGrace = 2 * 86_400_000
        settings.quiet = 0
        settings.isDryRun = dryRun
        change(&settings)
        let clock = hub.hub.clock
        return try await Reclaimer(hub: hub.hub, settings: settings, machine: { clock.now() }).run()
    }

    func passDays(_ days: Int64) { hub.pass(seconds: days * 86_400) }

    /// A repository of somebody who may write to it.
    func repository(_ name: String) async throws -> Repository {
        try await hub.create(name)
        return try await open(name, .contentWrite)
    }

    func open(_ name: String, _ verb: Verb) async throws -> Repository {
        let id = try HubFixture.id(name)
        return try await hub.authorizer.open(try await hub.principal(id.namespace), verb, id)
    }

    /// Uploads bytes to a repository as one object.
    @discardableResult
    func upload(_ bytes: [UInt8], to repository: Repository) async throws -> LFSPointer {
        let pointer = LFSPointer(oid: BlobID(hashing: bytes), size: Int64(bytes.count))
        let body = AsyncThrowingStream<[UInt8], any Error> { continuation in
            continuation.yield(bytes)
            continuation.finish()
        }
        try await hub.hub.uploads.receive(pointer, of: repository, from: body)
        return pointer
    }

    func isStored(_ pointer: LFSPointer) async throws -> Bool {
        try await hub.hub.blobs.size(of: pointer.oid) == pointer.size
    }

    func remove(_ name: String) async throws {
        try await hub.repositories.delete(try await open(name, .delete))
    }

    /// Commits one file to a branch.
    @discardableResult
    func commit(_ text: String, as path: String = "a.txt", to repository: Repository, branch: String = "main")
        async throws -> CommitID
    {
        guard let path = GitPath(path), let ref = RefName.branch(branch) else {
            throw HubError(.badRequest, "no path or branch")
        }
        return try await hub.repositories.commit(
            CommitDraft(ref: ref, operations: [.write(path: path, bytes: Array(text.utf8))], summary: text),
            to: repository
        ).commit
    }

    func folder(of key: Int64) throws -> ObjectFolder {
        try ObjectFolder(at: hub.hub.git.directory(of: key) + "/objects", abandonedBefore: .min)
    }
}
