import ArgumentParser
import HubCore

extension AccessGrant.Effect: ExpressibleByArgument {}

struct GrantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant", abstract: "Rights apart from memberships: on a repository, an organisation or the hub.",
        discussion: """
            The roles are reader, contributor, writer, maintainer and admin; the offices auditor, who reads the record of
            changes, operator, who runs mirroring and sets quotas, and gatekeeper, who answers at gates; and roles that
            were made.
            """,
        subcommands: [Add.self, List.self, Remove.self])

    /// Where a right is given; on the whole hub when nothing is named.
    struct Place: ParsableArguments {
        @Option(help: "On all that an organisation owns.") var org: String?
        @Option(help: ArgumentHelp("On one repository.", valueName: "kind:namespace/name")) var repository: String?
        @OptionGroup var data: DataOption

        func open(_ hub: Hub) async throws -> GrantPlace {
            let authorizer = Authorizer(store: hub.store, source: nil)
            switch (org, repository) {
            case (nil, nil): return try authorizer.openGrantsAsOperator()
            case (let org?, nil): return try await authorizer.openGrantsAsOperator(inOrganisation: org)
            case (nil, let repository?):
                guard let id = RepositoryID(parsing: repository) else {
                    throw HubError(
                        .badRequest, "'\(repository)' names no repository.", remedy: "Write it as 'model:acme/demo'.")
                }
                return try await authorizer.openGrants(on: try await authorizer.openAsOperator(.memberAdmin, id))
            case (.some, .some): throw HubError(.badRequest, "Name an organisation or a repository, not both.")
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Give a user a role, or deny it, and print the grant's id.")

        @Argument(help: "The user's name, or a robot's.") var user: String
        @Option(help: "A role or an office.") var role: String
        @Option(help: "allow or deny.") var effect: AccessGrant.Effect = .allow
        @Option(help: "After how many days it ends; never by default.") var days: Int64?
        @OptionGroup var place: Place

        func run() async throws {
            try await CommandFailure.report {
                if let days, !(1...3_650).contains(days) {
                    throw HubError(.badRequest, "A grant lasts 1 to 3650 days.")
                }
                let hub = try await Hub(path: place.data.path)
                guard let account = try await hub.identities.account(named: user), account.kind != .deployKey else {
                    throw HubError(.notFound, "There is no user called '\(user)'.")
                }
                let opened = try await place.open(hub)
                let grant = try await hub.store.grants.add(
                    .user(account.id), role: try await hub.store.roles.role(named: role, at: opened), effect: effect,
                    expiresAt: days.map { hub.clock.now() + $0 * 86_400_000 }, at: opened)
                print(String(grant.id, radix: 16))
                await hub.close()
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Show the grants at one place: id, effect, role and whom it names.")

        @OptionGroup var place: Place

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: place.data.path)
                for grant in try await hub.store.grants.list(at: try await place.open(hub)) {
                    let name = try await Self.name(of: grant.subject, hub)
                    print("\(String(grant.id, radix: 16)) \(grant.effect.rawValue) \(grant.role.name) \(name)")
                }
                await hub.close()
            }
        }

        private static func name(of subject: AccessGrant.Subject, _ hub: Hub) async throws -> String {
            switch subject {
            case .everyone: "everyone"
            case .authenticated: "authenticated"
            case .user(let id): try await hub.identities.name(ofAccount: id) ?? "user:\(String(id, radix: 16))"
            case .team(let id): "team:\(String(id, radix: 16))"
            case .members(let id, let role): "members:\(String(id, radix: 16)):\(role.name)"
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "remove", abstract: "Take a grant away.")

        @Argument(help: "The grant's id, as 'weir grant list' shows it.") var id: String
        @OptionGroup var place: Place

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: place.data.path)
                guard let number = Int64(id, radix: 16) else {
                    throw HubError(.notFound, "There is no such grant here.")
                }
                try await hub.store.grants.remove(number, at: try await place.open(hub))
                await hub.close()
            }
        }
    }
}
