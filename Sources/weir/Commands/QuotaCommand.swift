import ArgumentParser
import HubCore

struct QuotaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quota", abstract: "What users and organisations may store.",
        subcommands: [Set.self, Show.self, List.self, Recount.self])

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Limit a user or an organisation.",
            discussion:
                "A limit is a number, 'unlimited', or 'default' for what the server says. What is not named becomes the default."
        )

        @Argument(help: "The user or the organisation.") var name: String
        @Option(help: ArgumentHelp("As 20GB or 1.5TiB.", valueName: "size")) var bytes: String?
        @Option(help: ArgumentHelp("How many repositories.", valueName: "count")) var repositories: String?
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let limits = QuotaLimits(
                    bytes: try QuotaOption.limit(bytes), repositories: try QuotaOption.limit(repositories))
                let hub = try await Hub(path: data.path)
                print(QuotaOption.line(try await hub.store.quotas.set(limits, of: name)))
                await hub.close()
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show what somebody may store and stores.")

        @Argument(help: "The user or the organisation.") var name: String
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                print(QuotaOption.line(try await hub.store.quotas.account(named: name)))
                await hub.close()
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Show everybody who stores something or has a limit.")

        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                var last: String?
                while true {
                    let page = try await hub.store.quotas.accounts(after: last, limit: 500)
                    for account in page { print(QuotaOption.line(account)) }
                    guard let end = page.last, page.count == 500 else { break }
                    last = end.name
                }
                await hub.close()
            }
        }
    }

    struct Recount: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "recount", abstract: "Add up what everybody stores and compare it with the books.",
            discussion: "Ends with 65 when the books are wrong and --fix is not given.")

        @Flag(help: "Put the books right.") var fix = false
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                let (accounts, deviations) = try await hub.store.quotas.recount(correcting: fix)
                for wrong in deviations {
                    print(
                        "\(wrong.name): \(wrong.booked) bytes in the books, \(wrong.counted) counted; "
                            + "\(wrong.bookedReserved) set aside in the books, \(wrong.countedReserved) counted")
                }
                print("\(accounts) accounts counted, \(deviations.count) \(fix ? "corrected" : "wrong")")
                await hub.close()
                if !fix, !deviations.isEmpty { throw CommandFailure.corrupt }
            }
        }
    }
}

/// How limits are written on the command line.
enum QuotaOption {
    /// - Throws: `.badRequest`.
    static func limit(_ text: String?) throws -> QuotaLimits.Limit {
        switch text {
        case nil, "default": return .inherited
        case "unlimited": return .unlimited
        case .some(let text):
            guard let count = ByteCount(parsing: text) else {
                throw HubError(
                    .badRequest, "'\(text)' is no limit.", remedy: "Write 20GB, 1.5TiB, unlimited or default.")
            }
            return .of(count.bytes)
        }
    }

    static func line(_ account: QuotaAccount) -> String {
        let limit = account.byteLimit.map { "\($0) (\(ByteCount($0)))" } ?? "any number of"
        let repositories = account.repositoryLimit.map(String.init) ?? "any number"
        return "\(account.name): \(account.used) bytes used, \(account.reserved) set aside, of \(limit); "
            + "\(account.repositories) repositories of \(repositories)\(account.isDefault ? "; server's default" : "")"
    }
}
