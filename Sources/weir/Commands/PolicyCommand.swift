import ArgumentParser
import HubCore
import MirrorGateway
import Policies

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Policy files.", subcommands: [Check.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Validate policy files without taking them into force.",
            discussion:
                "Prints file:line:column for everything that is wrong or not enforced yet; ends with 78 on errors.")

        @Option(help: ArgumentHelp("The folder of policy files.", valueName: "dir")) var mirrors: String = "mirrors.d"

        func run() async throws {
            try await CommandFailure.report {
                let environment = ProcessInfo.processInfo.environment
                let (load, problems) = try PolicyEngine.check(directory: mirrors, environment: environment)
                for notice in load.warnings + load.notices { print(notice) }
                for problem in problems { CommandFailure.complain(problem, prefix: "") }
                guard problems.isEmpty, let snapshot = load.snapshot else { throw CommandFailure.misconfigured }
                print("\(snapshot.mirrors.count) mirrors in force, policy digest \(snapshot.digest)")
            }
        }
    }
}
