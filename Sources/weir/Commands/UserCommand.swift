import ArgumentParser
import HubCore

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Accounts.",
        subcommands: [Create.self, Password.self, Disable.self, Enable.self, SignOut.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Make an account and its namespace.")

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

    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "password", abstract: "Give a user a password for the website, read from standard input.",
            discussion: """
                Ends every session and token the user has. Passwords are for people in a browser: git and other programs
                use tokens.
                """)

        @Argument(help: "The user's name.") var name: String
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let password = try PasswordInput.read()
                let hub = try await Hub(path: data.path)
                try await hub.signIn.passwords.set(password, of: name)
                await hub.close()
            }
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable", abstract: "Shut an account out at once, ending its sessions and tokens for good.")

        @Argument(help: "The user's name.") var name: String
        @OptionGroup var data: DataOption

        func run() async throws { try await UserCommand.setDisabled(true, name, data) }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enable", abstract: "Let an account in again; its old sessions and tokens stay ended.")

        @Argument(help: "The user's name.") var name: String
        @OptionGroup var data: DataOption

        func run() async throws { try await UserCommand.setDisabled(false, name, data) }
    }

    struct SignOut: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sign-out", abstract: "End every session of a user; tokens go on.")

        @Argument(help: "The user's name.") var name: String
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                guard let user = try await hub.identities.user(named: name) else {
                    throw HubError(.notFound, "There is no user called '\(name)'.")
                }
                try await hub.identities.sessions.endAll(of: user)
                await hub.close()
            }
        }
    }

    private static func setDisabled(_ isDisabled: Bool, _ name: String, _ data: DataOption) async throws {
        try await CommandFailure.report {
            let hub = try await Hub(path: data.path)
            try await hub.identities.setDisabled(isDisabled, user: name)
            await hub.close()
        }
    }
}
