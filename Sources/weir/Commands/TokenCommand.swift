import ArgumentParser
import HubCore

extension TokenGrant.Scope: ExpressibleByArgument {}

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Access tokens.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an access token and print it; it cannot be shown again.")

        @Option(help: "Whose token it is.") var user: String
        @Option(help: "What it allows: read, write or admin.") var scope: TokenGrant.Scope = .read
        @Option(help: "A name to know it by.") var name: String = "cli"
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                guard let owner = try await hub.identities.user(named: user) else {
                    throw HubError(
                        .notFound, "There is no user called '\(user)'.", remedy: "Make one with 'weir user create'.")
                }
                if scope == .admin, !owner.isAdministrator {
                    throw HubError(
                        .forbidden, "'\(user)' is not an administrator.", remedy: "Choose the scope read or write.")
                }
                let token = try await hub.identities.createToken(
                    for: owner, name: name, scope: scope, expiresAt: nil)
                print(token.reveal())
                await hub.close()
            }
        }
    }
}
