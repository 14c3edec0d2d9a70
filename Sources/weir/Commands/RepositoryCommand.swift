import ArgumentParser
import HubCore

extension Repository.Visibility: ExpressibleByArgument {}
extension BranchProtection.Level: ExpressibleByArgument {}

struct RepositoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repository", abstract: "Local repositories.", subcommands: [Create.self, Protect.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "create", abstract: "Make an empty repository.")

        @Argument(help: ArgumentHelp("The new repository.", valueName: "kind:namespace/name")) var repository: String
        @Option(help: "Who may see it: public, internal or private.") var visibility: Repository.Visibility = .public
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let id = try RepositoryCommand.id(repository)
                let hub = try await Hub(path: data.path)
                try await hub.git.create(
                    try await hub.store.createLocal(id, visibility: visibility, defaultBranch: "main"))
                await hub.close()
            }
        }
    }

    struct Protect: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "protect",
            abstract: "Protect branches of a repository; those that are not named are free again.")

        @Argument(help: ArgumentHelp("The repository.", valueName: "kind:namespace/name")) var repository: String
        @Option(help: "A branch, or the beginning of names and a '*' behind it; repeat it for more.")
        var branch: [String] = []
        @Option(help: "history: no force push and no deletion; frozen: no push at all.")
        var level: BranchProtection.Level = .history
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let id = try RepositoryCommand.id(repository)
                let rules = try branch.map { try BranchProtection(pattern: $0, level: level) }
                let hub = try await Hub(path: data.path)
                let opened = try await Authorizer(store: hub.store, source: nil).openAsOperator(.settings, id)
                let repositories = RepositoryService(
                    store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil)
                try await repositories.protect(BranchProtections(rules), of: opened)
                await hub.close()
            }
        }
    }

    private static func id(_ text: String) throws -> RepositoryID {
        guard let id = RepositoryID(parsing: text) else {
            throw HubError(
                .badRequest, "'\(text)' names no repository.", remedy: "Write it as 'model:acme/demo'.")
        }
        return id
    }
}
