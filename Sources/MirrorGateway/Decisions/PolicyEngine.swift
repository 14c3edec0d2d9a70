import Crypto
package import HubCore
import Logging
package import Policies
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Why a set of policy files was not taken.
package struct PolicyLoadFailure: Error, CustomStringConvertible {
    /// What is wrong, in the order of files and lines.
    package let problems: [String]

    package var description: String { problems.joined(separator: "\n") }
}

/// Holds the policy in force and swaps it all or nothing (policy-files.md §3).
package final class PolicyEngine: Sendable {
    private struct State {
        var current: PolicyState
        /// Counts the policies that were in force.
        var generation: UInt64 = 0
        var lastFailure: (at: Int64, problems: [String])?
    }

    private let directory: String
    private let transport: any UpstreamTransport
    private let metrics: MetricRegistry
    private let clock: WallClock
    private let environment: [String: String]
    private let state: Mutex<State>

    /// Reads the policy files for the first time.
    /// - Parameter directory: the folder of `*.yaml` files; one that does not exist is an error.
    /// - Throws: `PolicyLoadFailure`.
    package init(
        directory: String, transport: any UpstreamTransport, metrics: MetricRegistry, clock: WallClock,
        environment: [String: String]
    ) throws {
        self.directory = directory
        self.transport = transport
        self.metrics = metrics
        self.clock = clock
        self.environment = environment
        let first = try Self.read(directory, transport: transport, clock: clock, environment: environment)
        state = Mutex(State(current: first, lastFailure: nil))
    }

    /// Milliseconds since 1970, by the clock that everything here goes by.
    var now: Int64 { clock.now() }

    /// The policy in force.
    package var current: PolicyState { state.withLock { $0.current } }

    /// Another number for each policy that comes into force.
    package var generation: UInt64 { state.withLock { $0.generation } }

    /// The last reload that was refused, if it came after the policy in force.
    package var lastFailure: (at: Int64, problems: [String])? { state.withLock { $0.lastFailure } }

    /// Reads the files again. What is wrong with them leaves the policy in force as it is.
    /// - Throws: `PolicyLoadFailure`.
    package func reload() throws {
        do {
            let next = try Self.read(directory, transport: transport, clock: clock, environment: environment)
            state.withLock { $0 = State(current: next, generation: $0.generation + 1, lastFailure: nil) }
            metrics.counter("hub_policy_reloads_total", labels: ["outcome": "ok"], by: 1)
        } catch let failure as PolicyLoadFailure {
            let now = clock.now()
            state.withLock { $0.lastFailure = (now, failure.problems) }
            metrics.counter("hub_policy_reloads_total", labels: ["outcome": "refused"], by: 1)
            throw failure
        }
    }

    /// The upstreams that may give content of a mirrored repository: the one it was found at first.
    /// - Throws: `.policyDenied` when its mirror is gone from the policy files, `.offline` when the mirror asks nobody.
    func upstreams(of repository: Repository) throws -> [any Upstream] {
        guard case .mirror(let origin) = repository.origin else { return [] }
        guard let mirror = current.mirror(of: repository) else { throw Self.orphaned(repository, origin) }
        if mirror.takesBundlesOnly {
            throw HubError(
                .offline, "The content is not stored here, and the mirror '\(mirror.name)' has it from bundles only.",
                remedy: "Import a bundle that holds it.")
        }
        guard mirror.asksUpstream else {
            throw HubError(
                .offline, "The content is not stored here and the mirror '\(mirror.name)' is in mode 'offline'.",
                remedy: "Change the mode in \(mirror.document.location.file) or import the content.")
        }
        let first = mirror.upstreams.filter { $0.name == origin.upstream }
        return first + mirror.upstreams.filter { $0.name != origin.upstream }
    }

    static func orphaned(_ repository: Repository, _ origin: Repository.Mirror) -> HubError {
        HubError(
            .policyDenied, "\(repository.id) came by the mirror '\(origin.mirror)', which no policy file has any more.",
            remedy: "Restore that mirror, or remove the repository.")
    }

    // MARK: Reading

    /// The files as they are on disk now, by name.
    /// - Throws: `PolicyLoadFailure` for what cannot be read.
    package func files() throws -> [PolicyFile] { try Self.readFiles(directory) }

    /// The policy that would be in force with other files. Nothing is taken into force, and no secret is read.
    /// - Parameter texts: by the names of files in the folder; nil leaves a file out. The others are as they are on disk.
    /// - Throws: `PolicyLoadFailure`.
    func rehearse(_ texts: [String: String?]) throws -> PolicySnapshot {
        let shown = URL(filePath: directory).lastPathComponent
        let changed = Set(texts.keys.map { "\(shown)/\($0)" })
        var files = try Self.readFiles(directory).filter { !changed.contains($0.name) }
        for (name, text) in texts {
            if let text { files.append(PolicyFile(name: "\(shown)/\(name)", text: text)) }
        }
        files.sort { $0.name < $1.name }
        let load = PolicySnapshot.load(files, digest: Self.digest(of: files))
        guard let snapshot = load.snapshot else { throw PolicyLoadFailure(problems: load.errors.map(\.description)) }
        return snapshot
    }

    /// Reads and validates the files of a folder without taking them into force.
    package static func check(directory: String, environment: [String: String]) throws -> (
        load: PolicyLoad, problems: [String]
    ) {
        let files = try readFiles(directory)
        let load = PolicySnapshot.load(files, digest: digest(of: files))
        var problems = load.errors.map(\.description)
        problems += load.referencedFiles.compactMap(SecretFile.problem)
        if problems.isEmpty { problems += load.snapshot?.mirrors.flatMap { MirrorKeys.read($0).problems } ?? [] }
        return (load, problems)
    }

    private static func read(
        _ directory: String, transport: any UpstreamTransport, clock: WallClock, environment: [String: String]
    ) throws -> PolicyState {
        let (load, problems) = try check(directory: directory, environment: environment)
        guard problems.isEmpty, let snapshot = load.snapshot else { throw PolicyLoadFailure(problems: problems) }
        var mirrors: [ConnectedMirror] = []
        for document in snapshot.mirrors {
            let upstreams = try document.upstreams.compactMap { upstream -> (any Upstream)? in
                do {
                    return try UpstreamFactory.make(upstream, transport: transport, environment: environment)
                } catch let error as HubError {
                    throw PolicyLoadFailure(problems: ["\(upstream.location): error: \(error.line)"])
                }
            }
            let (keys, problems) = MirrorKeys.read(document)
            guard problems.isEmpty else { throw PolicyLoadFailure(problems: problems) }
            mirrors.append(ConnectedMirror(document: document, upstreams: upstreams, keys: keys))
        }
        return PolicyState(snapshot: snapshot, mirrors: mirrors, loadedAt: clock.now())
    }

    static func readFiles(_ directory: String) throws -> [PolicyFile] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw PolicyLoadFailure(problems: ["\(directory): error: the folder of policy files cannot be read"])
        }
        let shown = URL(filePath: directory).lastPathComponent
        return try names.filter { ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) && !$0.hasPrefix(".") }.sorted().map {
            guard let data = FileManager.default.contents(atPath: "\(directory)/\($0)") else {
                throw PolicyLoadFailure(problems: ["\(shown)/\($0):1:1: error: the file cannot be read"])
            }
            guard let text = String(validating: data, as: UTF8.self) else {
                throw PolicyLoadFailure(problems: ["\(shown)/\($0):1:1: error: the file is not UTF-8"])
            }
            return PolicyFile(name: "\(shown)/\($0)", text: text)
        }
    }

    static func digest(of files: [PolicyFile]) -> String {
        var hash = SHA256()
        for file in files {
            // Lengths first, so that no two sets of files run together to the same bytes.
            for text in [file.name, file.text] {
                hash.update(data: Array("\(text.utf8.count):".utf8))
                hash.update(data: Array(text.utf8))
            }
        }
        return Hexadecimal.encode(hash.finalize())
    }
}
