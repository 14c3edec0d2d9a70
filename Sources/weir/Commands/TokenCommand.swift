import ArgumentParser
import HubCore

extension TokenGrant.Scope: ExpressibleByArgument {}

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Access tokens.", subcommands: [Create.self, List.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Make an access token and print it; it cannot be shown again.")

        @Option(help: "Whose token it is.") var user: String
        @Option(help: "What it allows: read, upload, write or admin.") var scope: TokenGrant.Scope = .read
        @Option(help: "A name to know it by.") var name: String = "cli"
        @Option(help: "After how many days it ends; never by default.") var days: Int64?
        @Option(help: "A namespace or repository to narrow it to, as acme or model:acme/demo; may be repeated.")
        var only: [String] = []
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
                if let days, !(1...3_650).contains(days) {
                    throw HubError(.badRequest, "A token lasts 1 to 3650 days.")
                }
                let resources = try only.map { text in
                    guard let resource = TokenResource(parsing: text) else {
                        throw HubError(.badRequest, "'\(text)' names no namespace or repository.")
                    }
                    return resource
                }
                let token = try await hub.identities.createToken(
                    for: owner, name: name, scope: scope,
                    expiresAt: days.map { hub.clock.now() + $0 * 86_400_000 },
                    resources: only.isEmpty ? nil : resources)
                print(token.reveal())
                await hub.close()
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Show a user's tokens: id, scope, last four characters, last use and name.")

        @Option(help: "Whose tokens.") var user: String
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                guard let owner = try await hub.identities.userRecord(named: user)?.user else {
                    throw HubError(.notFound, "There is no user called '\(user)'.")
                }
                for record in try await hub.identities.tokens(of: owner) {
                    let used = record.lastUsedAt.map { JSONDate.text(milliseconds: $0) } ?? "never"
                    print(
                        "\(String(record.grant.id, radix: 16)) \(record.grant.scope.rawValue) ...\(record.lastFour) "
                            + "\(used) \(record.grant.name)")
                }
                await hub.close()
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "revoke", abstract: "End a token at once.")

        @Argument(help: "The token's id, as 'weir token list' shows it.") var id: String
        @Option(help: "Whose token it is.") var user: String
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                guard let owner = try await hub.identities.userRecord(named: user)?.user else {
                    throw HubError(.notFound, "There is no user called '\(user)'.")
                }
                guard let number = Int64(id, radix: 16) else {
                    throw HubError(.notFound, "'\(user)' has no such token.")
                }
                try await hub.identities.revokeToken(number, of: owner)
                await hub.close()
            }
        }
    }
}
