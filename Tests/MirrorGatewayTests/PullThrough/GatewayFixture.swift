import Foundation
import HubCore
import Logging
import Synchronization

@testable import MirrorGateway

/// A hub with one mirror of a scripted upstream: real stores, real policies, real git, a clock that the test turns.
final class GatewayFixture: Sendable {
    let upstream: ScriptedUpstream
    let git: GitServerFixture
    let hub: Hub
    let policies: PolicyEngine
    let source: MirrorSource
    let gate: PolicyGate
    let absences: AbsenceRegister
    let approvals: ApprovalRegister
    let authorizer: Authorizer
    let repositories: RepositoryService
    let metrics = MetricRegistry()
    let root: String
    private let clock: WallClock
    private let sizes: RangePlan.Sizes

    static let start: Int64 = 1_700_000_000_000

    /// - Parameters:
    ///   - spec: lines of the mirror's `spec`, indented by two.
    ///   - hosts: names of the upstreams, each at `http://<name>.test`.
    ///   - isSignedIn: whether we have credentials there.
    ///   - sizes: from what size on files come in pieces.
    ///   - keys: more keys of upstreams, by their host.
    init(
        spec: String = "", hosts: [String] = ["above"], isOffline: Bool = false, isSignedIn: Bool = false,
        sizes: RangePlan.Sizes = RangePlan.Sizes(), keys: [String: String] = [:]
    ) async throws {
        git = try GitServerFixture()
        upstream = ScriptedUpstream(git: git)
        let time = TurnedClock(Self.start)
        clock = WallClock { time.now }
        turned = time
        root = git.folder.path
        try FileManager.default.createDirectory(atPath: "\(root)/mirrors.d", withIntermediateDirectories: true)
        try Self.write(spec: spec, hosts: hosts, keys: keys, isSignedIn: isSignedIn, to: root)
        hub = try await Hub(path: "\(root)/data", clock: clock)
        policies = try PolicyEngine(
            directory: "\(root)/mirrors.d", transport: upstream, metrics: metrics, clock: clock, environment: [:])
        absences = AbsenceRegister(store: hub.sync, clock: clock)
        approvals = ApprovalRegister(store: hub.approvals, clock: clock)
        gate = PolicyGate(
            policies: policies, metrics: metrics, absences: absences,
            sources: [ApprovalFactSource(register: approvals)],
            desk: ApprovalDesk(register: approvals, address: PublicAddress()))
        source = MirrorSource(
            store: hub.store, git: hub.git, blobs: hub.blobs, policies: policies, transport: upstream,
            metrics: GatewayMetrics(registry: metrics), clock: clock, logger: Self.logger, isOffline: isOffline,
            sizes: sizes, pause: { _ in await Task.yield() })
        self.sizes = sizes
        authorizer = Authorizer(store: hub.store, source: source)
        repositories = RepositoryService(
            store: hub.store, git: hub.git, blobs: hub.blobs, source: source, gate: gate)
    }

    deinit { git.remove() }

    private let turned: TurnedClock

    private static var logger: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    private static func write(
        spec: String, hosts: [String], keys: [String: String] = [:], isSignedIn: Bool = false, to root: String
    ) throws {
        var credentials = ""
        if isSignedIn {
            let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
            _ = FileManager.default.createFile(
                atPath: "\(root)/token", contents: Data("upstream-token".utf8), attributes: attributes)
            credentials = ", auth: {tokenFile: \"\(root)/token\"}"
        }
        let upstreams = hosts.map {
            "  - {name: \($0), type: git-lfs, url: \"http://\($0).test\"\(credentials)\(keys[$0].map { ", \($0)" } ?? "")}"
        }
        let text = """
            apiVersion: weir/v1
            kind: Mirror
            metadata: {name: test}
            spec:
              upstreams:
            \(upstreams.joined(separator: "\n"))
              cache: {ttl: {ref: 10m, negative: 1m}, serveStale: {maxAge: 30d}}
            \(spec)
            """
        try text.write(toFile: "\(root)/mirrors.d/test.yaml", atomically: true, encoding: .utf8)
    }

    /// Replaces the policy file and takes it into force.
    func reload(spec: String) throws {
        try Self.write(spec: spec, hosts: ["above"], to: root)
        try policies.reload()
    }

    func pass(seconds: Int64) { turned.pass(seconds * 1_000) }

    // MARK: The hub as its users see it

    /// A source with nothing in memory, as after a restart.
    func restarted(isOffline: Bool = false) -> RepositoryService {
        let source = MirrorSource(
            store: hub.store, git: hub.git, blobs: hub.blobs, policies: policies, transport: upstream,
            metrics: GatewayMetrics(registry: metrics), clock: clock, logger: Self.logger, isOffline: isOffline,
            sizes: sizes, pause: { _ in await Task.yield() })
        return RepositoryService(
            store: hub.store, git: hub.git, blobs: hub.blobs, source: source,
            gate: PolicyGate(policies: policies, metrics: metrics))
    }

    func principal(_ name: String, isAdministrator: Bool = false) async throws -> Principal {
        var user = try await hub.identities.user(named: name)
        if user == nil { user = try await hub.identities.createUser(name, isAdministrator: isAdministrator) }
        guard let user else { throw HubError(.internalError, "no user") }
        let token = try await hub.identities.createToken(for: user, name: "test", scope: .write, expiresAt: nil)
        guard let principal = try await hub.identities.principal(token: token.reveal()) else {
            throw HubError(.internalError, "no principal")
        }
        return principal
    }

    func open(_ id: String = "model:acme/demo", as principal: Principal = .anonymous) async throws -> Repository {
        try await authorizer.open(principal, .contentRead, try Sample.id(id))
    }

    func snapshot(_ revision: String? = nil, as principal: Principal = .anonymous) async throws -> Snapshot {
        try await repositories.snapshot(of: open(as: principal), at: revision.flatMap { Revision($0) })
    }

    /// Opens an LFS file of the default branch.
    func blob(_ path: String, of id: String = "model:acme/demo", as principal: Principal = .anonymous) async throws
        -> BlobReader
    {
        let snapshot = try await repositories.snapshot(of: open(id, as: principal), at: nil)
        let entry = try await repositories.entry(at: path, in: snapshot)
        guard case .blob(let reader) = try await repositories.open(entry, in: snapshot).content else {
            throw HubError(.internalError, "'\(path)' is no LFS file")
        }
        return reader
    }

    // MARK: The repository above

    /// Commits files to the branch above; nil removes one.
    @discardableResult
    func commitAbove(_ files: [String: [UInt8]?], on branch: String = "main") throws -> CommitID {
        for (name, bytes) in files {
            let url = git.folder.appendingPathComponent("work/\(name)")
            guard let bytes else {
                try FileManager.default.removeItem(at: url)
                continue
            }
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: url)
        }
        try git.git("-C", "work", "add", "-A")
        try git.git("-C", "work", "commit", "-q", "--allow-empty", "-m", "change")
        try git.git("-C", "work", "push", "-q", "--force", "../origin.git", "HEAD:refs/heads/\(branch)")
        return try idAbove("HEAD")
    }

    func idAbove(_ name: String) throws -> CommitID {
        guard let id = ObjectID(try git.git("-C", "work", "rev-parse", name)) else {
            throw HubError(.internalError, "no commit \(name)")
        }
        return id
    }

    /// Reads a blob as a client does, following its writer.
    static func read(_ reader: BlobReader) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while Int64(bytes.count) < reader.size {
            let released = try await reader.following?.released(past: Int64(bytes.count)) ?? reader.size
            bytes += try reader.file.read(at: Int64(bytes.count), count: Int(released) - bytes.count)
        }
        return bytes
    }

    static func bytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }
}

/// A clock that stands until it is turned.
final class TurnedClock: Sendable {
    private let milliseconds: Mutex<Int64>
    init(_ start: Int64) { milliseconds = Mutex(start) }
    var now: Int64 { milliseconds.withLock { $0 } }
    func pass(_ duration: Int64) { milliseconds.withLock { $0 += duration } }
}

/// Holds back whoever comes until it is opened.
final class Latch: Sendable {
    private let state = Mutex<(isOpen: Bool, arrived: Int, waiting: [CheckedContinuation<Void, Never>])>((false, 0, []))

    /// How many came so far.
    var arrived: Int { state.withLock { $0.arrived } }

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                state.arrived += 1
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Waits until `condition` holds, or for a minute, to be sure that it never will. It sleeps rather than yields: on
    /// a busy machine any number of yields can pass before a thread that was set aside goes on.
    static func until(_ condition: () -> Bool) async {
        for _ in 0..<60_000 where !condition() { try? await Task.sleep(for: .milliseconds(1)) }
    }

    /// Lets tasks that were started run until they wait, where nothing shows that they do.
    static func settle() async { try? await Task.sleep(for: .milliseconds(200)) }
}
