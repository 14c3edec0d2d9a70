import Foundation
import HubCore
import Logging
import Policies
import Synchronization

@testable import MirrorGateway

/// What a handler told, for tests to look at.
final class ToldProgress: JobContext {
    private struct State {
        var planned: [JobFile] = []
        var files: [String: JobFile] = [:]
        var waits: [String] = []
        var plans = 0
    }

    private let state = Mutex(State())

    var planned: [JobFile] { state.withLock { $0.planned } }
    var files: [String: JobFile] { state.withLock { $0.files } }
    var plans: Int { state.withLock { $0.plans } }

    func plan(_ files: [JobFile]) async throws {
        state.withLock { state in
            state.planned = files
            state.plans += 1
            state.files = Dictionary(files.map { ($0.path, $0) }, uniquingKeysWith: { $1 })
        }
    }

    func report(_ files: [JobFile]) async {
        state.withLock { state in
            for file in files { state.files[file.path] = file }
        }
    }

    func advance(_ path: String, bytes: Int64, fetched: Int64, from upstream: String?) async {}
    func wait(for reason: String?) async { state.withLock { $0.waits.append(reason ?? "") } }
}

extension GatewayFixture {
    /// The sync of this hub, with a catalogue of its own making.
    func sync(known: any KnownRepositories = NoKnownRepositories()) -> SyncService {
        let standing = StandingFacts(known, policies: policies, clock: hub.clock)
        return SyncService(
            hub: hub, policies: policies, source: source, repositories: repositories, standing: standing,
            absences: absences, isOffline: false, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Does one job as a worker would.
    @discardableResult
    func work(_ job: Job, _ sync: SyncService) async throws -> ToldProgress {
        let told = ToldProgress()
        guard let handler = sync.handlers.first(where: { $0.kind == job.draft.kind }) else {
            throw HubError(.internalError, "nobody does \(job.draft.kind)")
        }
        try await handler.run(job, told)
        return told
    }

    /// Enqueues and does all jobs there are, until none is left.
    func workAll(_ sync: SyncService) async throws -> [Int64: Result<ToldProgress, HubError>] {
        var results: [Int64: Result<ToldProgress, HubError>] = [:]
        while let lease = try await hub.jobs.claim(by: "test", lease: 60_000) {
            do {
                results[lease.job.id] = .success(try await work(lease.job, sync))
                _ = try await hub.jobs.finish(lease, .succeeded)
            } catch let error as HubError {
                results[lease.job.id] = .failure(error)
                _ = try await hub.jobs.finish(lease, .failed(error))
            }
        }
        return results
    }

    func request(_ repository: String? = "model:acme/demo", mirror: String? = nil) throws -> SyncRequest {
        SyncRequest(
            mirror: mirror, repository: try repository.map { try Sample.id($0) }, account: "mirror:test")
    }
}
