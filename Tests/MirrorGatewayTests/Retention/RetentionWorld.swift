import Foundation
import Logging
import Synchronization

@testable import HubCore
@testable import MirrorGateway

/// A hub with mirrors on a small disk that there is not: bytes are counted instead.
final class RetentionWorld: Sendable {
    let folder: URL
    let hub: Hub
    let blobs: FileBlobStore
    let policies: PolicyEngine
    let retention: Retention
    let clock: TurnedClock
    let metrics = MetricRegistry()

    /// - Parameters:
    ///   - mirrors: lines of `retention` by the name of the mirror; empty for none.
    ///   - disk: bytes of the disk.
    init(mirrors: [String: String], disk: Int64, isOffline: Bool = false, grace: Int64 = 60_000) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("retention-\(UUID().uuidString)")
        self.folder = folder
        let files = folder.appendingPathComponent("mirrors.d").path
        try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: true)
        for (name, retention) in mirrors { try Self.write(name, retention, to: files) }
        let turned = TurnedClock(1_700_000_000_000)
        clock = turned
        let clock = WallClock { turned.now }
        hub = try await Hub(path: folder.appendingPathComponent("data").path, clock: clock)
        let root = hub.directory.blobs
        blobs = try FileBlobStore(
            root: root, threads: 2, space: { (max(0, disk - Self.bytes(below: root)), disk) })
        policies = try PolicyEngine(
            directory: files, transport: SilentTransport(), metrics: metrics, clock: clock, environment: [:])
        let isSilent = SilentUpstreams()
        self.isSilent = isSilent
        var times = RetentionTimes()
        times.grace = grace
        times.urgentGrace = min(grace, 1_000)
        retention = Retention(
            store: hub.store, git: hub.git, blobs: blobs, policies: policies, metrics: metrics, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, isOffline: isOffline, times: times,
            isReachable: { !isSilent.contains($0) })
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    let isSilent: SilentUpstreams

    private static func write(_ name: String, _ retention: String, to files: String) throws {
        let text = """
            apiVersion: weir/v1
            kind: Mirror
            metadata: {name: \(name)}
            spec:
              upstreams:
              - {name: \(name), type: git-lfs, url: "http://\(name).test"}
              namespace: {map: {"*": "\(name)-{owner}"}}
            \(retention.isEmpty ? "" : "  retention: {\(retention)}")
            """
        try text.write(toFile: "\(files)/\(name).yaml", atomically: true, encoding: .utf8)
    }

    static func bytes(below root: String) -> Int64 {
        guard let walk = FileManager.default.enumerator(atPath: root) else { return 0 }
        var sum: Int64 = 0
        for case let name as String in walk { sum += (try? PosixFile.regularSize("\(root)/\(name)")) ?? 0 }
        return sum
    }

    /// A mirrored repository, `<mirror>-acme/<name>` here and `acme/<name>` above.
    func mirrored(_ name: String, by mirror: String) async throws -> Int64 {
        guard let id = RepositoryID(parsing: "model:\(mirror)-acme/\(name)") else {
            throw HubError(.internalError, "no name")
        }
        return try await hub.store.registerMirror(
            id, of: .init(mirror: mirror, upstream: mirror, path: "acme/\(name)"), visibility: .public,
            defaultBranch: "main")
    }

    func local(_ name: String) async throws -> Int64 {
        guard let id = RepositoryID(parsing: "model:own/\(name)") else { throw HubError(.internalError, "no name") }
        return try await hub.store.createLocal(id, visibility: .public, defaultBranch: "main")
    }

    /// Brings a blob to a repository, as a download does; room is made for it.
    @discardableResult
    func bring(_ bytes: [UInt8], to key: Int64) async throws -> LFSPointer {
        let pointer = LFSPointer(oid: BlobID(hashing: bytes), size: Int64(bytes.count))
        if try await blobs.size(of: pointer.oid) == nil {
            let partial = try await RoomMakingBlobs(base: blobs, retention: retention).partial(
                pointer.oid, size: pointer.size)
            try await partial.append(bytes)
            try await partial.finish()
        }
        try await hub.store.noteArrival(of: pointer, in: key)
        return pointer
    }

    func isStored(_ id: BlobID) throws -> Bool { try blobs.directory.size(of: id) != nil }

    func opened(_ id: String) async throws -> Repository {
        guard let id = RepositoryID(parsing: id) else { throw HubError(.internalError, "no name") }
        return try await Authorizer(store: hub.store, source: nil).openAsOperator(.mirrorSync, id)
    }
}

/// Upstreams that do not answer.
final class SilentUpstreams: Sendable {
    private let names = Mutex<Set<String>>([])
    func contains(_ name: String) -> Bool { names.withLock { $0.contains(name) } }
    func insert(_ name: String) { names.withLock { _ = $0.insert(name) } }
    func remove(_ name: String) { names.withLock { _ = $0.remove(name) } }
}

/// Nobody is ever asked.
private struct SilentTransport: UpstreamTransport {
    func send(_ request: EgressRequest, via connection: UpstreamConnection) async throws -> EgressResponse {
        throw HubError(.upstreamUnavailable, "nobody is there")
    }
}

extension PosixFile {
    /// Bytes of a file; nil for a folder.
    fileprivate static func regularSize(_ path: String) throws -> Int64? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
            return nil
        }
        return try size(of: path)
    }
}
