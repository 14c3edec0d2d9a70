import ArgumentParser
import Foundation
import HubCore
import MirrorGateway

/// Pins what a project uses to commits and digests.
struct LockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock", abstract: "Pin what a project uses to commits and digests, in a file hub.lock.",
        subcommands: [Resolve.self, Verify.self, Diff.self])

    struct Resolve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resolve", abstract: "Ask a hub which commits names stand for now, and write the lock.",
            discussion: "Names are such as model:acme/demo@main; without a revision main is meant.")

        @Argument(help: ArgumentHelp("Repositories.", valueName: "kind:namespace/name@revision")) var names: [String]
        @Option(help: ArgumentHelp("The hub, as http://127.0.0.1:8080.", valueName: "url")) var endpoint: String
        @Option(help: ArgumentHelp("A file with an access token.", valueName: "file")) var tokenFile: String?
        @Option(help: ArgumentHelp("The lock to write; '-' for standard output.", valueName: "file"))
        var output = "hub.lock"

        func run() async throws {
            try await CommandFailure.report {
                guard !names.isEmpty else {
                    throw HubError(.badRequest, "Nothing is named.", remedy: "Write model:acme/demo@main.")
                }
                let token = try tokenFile.map { file in
                    guard let data = FileManager.default.contents(atPath: file) else {
                        throw HubError(.notFound, "The file \(file) cannot be read.")
                    }
                    return Secret(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
                }
                let client = EgressClient()
                let resolver = LockResolver(client: client, endpoint: try EgressURL(parsing: endpoint), token: token)
                let lock = try await resolver.resolve(names)
                await client.close()
                let text = try lock.text()
                if output == "-" { return print(text, terminator: "") }
                do {
                    try Data(text.utf8).write(to: URL(filePath: output), options: .atomic)
                } catch {
                    throw HubError(.badRequest, "The lock '\(output)' cannot be written.")
                }
                for repository in lock.repositories {
                    print(
                        "\(repository.repository)@\(repository.revision) is \(repository.commit): "
                            + "\(repository.files.count) files, \(repository.bytes) bytes")
                }
            }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify", abstract: "Compare a folder with a lock, asking nobody.",
            discussion: """
                The folder is a client's cache (HF_HUB_CACHE), one with a folder for each repository (acme/demo), or, for a
                lock of one repository, the files themselves. Ends with 65 when a file is missing or another one.
                """)

        @Argument(help: "The lock.") var lock = "hub.lock"
        @Option(help: ArgumentHelp("Where the files are.", valueName: "dir")) var folder: String
        @Flag(help: "Files that the lock does not name are wrong as well.") var strict = false

        func run() async throws {
            try await CommandFailure.report {
                var verification = LockVerification(lock: try HubLock.read(lock), folder: folder, isStrict: strict)
                verification.run()
                for problem in verification.problems { CommandFailure.complain(problem, prefix: "") }
                print(
                    "\(verification.files) files of \(verification.bytes) bytes compared, "
                        + "\(verification.problems.count) problems")
                if !verification.problems.isEmpty { throw CommandFailure.corrupt }
            }
        }
    }

    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "diff",
            abstract: "Show what changed from one lock to another: commits, files, bytes, licences.")

        @Argument(help: "The older lock.") var old: String
        @Argument(help: "The newer lock.") var new: String

        func run() async throws {
            try await CommandFailure.report {
                let difference = LockDifference(from: try HubLock.read(old), to: try HubLock.read(new))
                print(difference.lines.isEmpty ? "no difference" : difference.lines.joined(separator: "\n"))
            }
        }
    }
}
