import ArgumentParser
import HubCore
import Logging
import MirrorGateway
import Policies

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say what the policy files decide about a repository or a file, and why.",
        discussion: "Asks no upstream: what is not stored here is decided by its name. Ends with 77 when it is refused."
    )

    @Argument(help: ArgumentHelp("As in model:acme/demo@main.", valueName: "kind:ns/name[@rev]")) var repository: String
    @Option(help: "A file of the repository.") var file: String?
    @Option(help: "For whom.") var user: String?
    @Option(help: ArgumentHelp("The folder of policy files.", valueName: "dir")) var mirrors: String = "mirrors.d"
    @OptionGroup var data: DataOption

    func run() async throws {
        try await CommandFailure.report {
            let parts = repository.split(separator: "@", maxSplits: 1).map(String.init)
            guard let name = parts.first, let id = RepositoryID(parsing: name),
                parts.count == 1 || Revision(parts[1]) != nil
            else {
                throw HubError(
                    .badRequest, "'\(repository)' does not name a repository.",
                    remedy: "Write it as model:acme/demo or model:acme/demo@main.")
            }
            let hub = try await Hub(path: data.path)
            let metrics = MetricRegistry()
            let policies = try PolicyEngine(
                directory: mirrors, transport: EgressClient(metrics: GatewayMetrics(registry: metrics)),
                metrics: metrics,
                clock: hub.clock, environment: ProcessInfo.processInfo.environment)
            let repositories = RepositoryService(
                store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil)
            let stored = try await Self.stored(
                id, at: parts.count == 2 ? Revision(parts[1]) : nil, in: hub, repositories)
            let explanation = try await Explanation.make(
                id, repository: stored.repository, snapshot: stored.snapshot, file: file, user: user,
                repositories: repositories, policies: policies,
                gate: PolicyGate(reading: hub, policies: policies, metrics: metrics))
            for line in explanation.lines { print(line) }
            await hub.close()
            if explanation.isRefused { throw CommandFailure.refused }
        }
    }

    /// What is here of a repository; a mirror may know a name before it has a commit.
    private static func stored(
        _ id: RepositoryID, at revision: Revision?, in hub: Hub, _ repositories: RepositoryService
    ) async throws -> (repository: Repository?, snapshot: Snapshot?) {
        let repository: Repository
        do {
            repository = try await Authorizer(store: hub.store, source: nil).openAsOperator(.metaRead, id)
        } catch let error as HubError where error.code == .repositoryNotFound {
            return (nil, nil)
        }
        guard let snapshot = try? await repositories.snapshot(of: repository, at: revision),
            try await hub.git.contains(snapshot.commit, in: repository.key)
        else {
            if let revision, !repository.isMirror {
                throw HubError(.revisionNotFound, "The revision '\(revision)' does not exist in \(id).")
            }
            return (repository, nil)
        }
        return (repository, snapshot)
    }
}
