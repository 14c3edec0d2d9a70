import ArgumentParser
import HubCore

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Accounts.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make an account and its namespace.")

        @Argument(help: "The user's name.") var name: String
        @Flag(help: "May do everything.") var admin = false
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                _ = try await hub.identities.createUser(name, isAdministrator: admin)
                await hub.close()
            }
        }
    }
}
