import ArgumentParser
import HubCore

struct OrganisationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "org", abstract: "Organisations and their members.",
        subcommands: [Create.self, Add.self, Remove.self, Robot.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Found an organisation, which owns the namespace of its name.")

        @Argument(help: "The organisation's name.") var name: String
        @Option(help: "The user who becomes its first admin.") var owner: String
        @Option(help: "What people call it; its name by default.") var fullName: String?
        @Flag(help: "Make new repositories private where their maker does not say.") var privateByDefault = false
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                guard let user = try await hub.identities.user(named: owner) else {
                    throw HubError(
                        .notFound, "There is no user called '\(owner)'.", remedy: "Make one with 'weir user create'.")
                }
                let made = try await hub.store.organisations.createAsOperator(name, fullName: fullName, owner: user)
                if privateByDefault {
                    _ = try await hub.store.organisations.change(made, fullName: nil) { $0.isPrivateByDefault = true }
                }
                await hub.close()
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Make a user a member, or change what he is.")

        @Argument(help: "The organisation's name.") var name: String
        @Argument(help: "The user's name.") var user: String
        @Option(help: "reader, contributor, writer, maintainer or admin.") var role: String = "reader"
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                guard let role = Role(name: role) else {
                    throw HubError(
                        .badRequest, "'\(role)' is no role.",
                        remedy: "Use one of \(Role.allCases.map(\.name).joined(separator: ", ")).")
                }
                let hub = try await Hub(path: data.path)
                let authorizer = Authorizer(store: hub.store, source: nil)
                let organisation = try await authorizer.openOrganisationAsOperator(.memberAdmin, name)
                try await hub.store.organisations.setRole(role, of: user, in: organisation)
                await hub.close()
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "remove", abstract: "End a membership.")

        @Argument(help: "The organisation's name.") var name: String
        @Argument(help: "The user's name.") var user: String
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                let authorizer = Authorizer(store: hub.store, source: nil)
                let organisation = try await authorizer.openOrganisationAsOperator(.memberAdmin, name)
                try await hub.store.organisations.remove(user, from: organisation)
                await hub.close()
            }
        }
    }

    struct Robot: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "robot",
            abstract: "Make an account for programs, and print its first token; it cannot be shown again.")

        @Argument(help: "The organisation's name.") var name: String
        @Argument(help: "What the robot is called within it.") var robot: String
        @Option(help: "reader, contributor, writer or maintainer.") var role: String = "reader"
        @Option(help: "After how many days it ends; never by default.") var days: Int64?
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                guard let role = Role(name: role) else { throw HubError(.badRequest, "'\(role)' is no role.") }
                if let days, !(1...3_650).contains(days) {
                    throw HubError(.badRequest, "A robot lasts 1 to 3650 days.")
                }
                let hub = try await Hub(path: data.path)
                let authorizer = Authorizer(store: hub.store, source: nil)
                let organisation = try await authorizer.openOrganisationAsOperator(.memberAdmin, name)
                let made = try await hub.store.robots.create(
                    robot, role: role, expiresAt: days.map { hub.clock.now() + $0 * 86_400_000 }, in: organisation)
                let (token, _) = try await hub.store.robots.createToken(
                    for: made, name: "first", scope: role > .reader ? .write : .read, expiresAt: nil, resources: nil,
                    by: organisation.principal)
                print(token.reveal())
                await hub.close()
            }
        }
    }
}
