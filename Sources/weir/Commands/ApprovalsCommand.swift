import ArgumentParser
import HubCore

struct ApprovalsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approvals", abstract: "What is held for review, and deciding on it.",
        discussion: "A server on the same data directory notices a decision within two seconds.",
        subcommands: [List.self, Show.self, Approve.self, Reject.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Show the requests from the newest back: number, state, repository, commit and reasons.")

        @Option(help: "Only those that are open, approved, rejected, expired or withdrawn.") var state: String?
        @Option(help: ArgumentHelp("Only those of a repository.", valueName: "kind:ns/name")) var repo: String?
        @Flag(help: "Print them as JSON, one a line.") var json = false
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let wanted = try state.map { word in
                    guard let state = Approval.State(rawValue: word) else {
                        throw HubError(.badRequest, "'\(word)' is no state of a request.")
                    }
                    return state
                }
                let repository = try repo.map { try PinnedName.parse($0).0 }
                let hub = try await Hub(path: data.path)
                var last: Int64?
                while true {
                    let page = try await hub.approvals.list(
                        state: wanted, repository: repository, before: last, limit: 200)
                    let now = hub.clock.now()
                    for approval in page {
                        print(
                            json
                                ? try JSONText.encode(approval.json(at: now, isWhole: false))
                                : Self.line(approval, now))
                    }
                    guard page.count == 200, let end = page.last else { break }
                    last = end.id
                }
                await hub.close()
            }
        }

        private static func line(_ approval: Approval, _ now: Int64) -> String {
            let commit = approval.commit.map { "@\($0.hex.prefix(12))" } ?? ""
            let end = approval.expiresAt.map { " until \(JSONDate.text(milliseconds: $0))" } ?? ""
            let reasons = approval.reasons.map { $0.text.onOneLine }.joined(separator: "; ")
            return
                "#\(approval.id) \(approval.state(at: now).rawValue)\(end) \(approval.repository)\(commit) \(reasons)"
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show one request with its evidence, as JSON.")

        @Argument(help: "The request's number.") var id: Int64
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                let approval = try await hub.approvals.approval(id)
                let askers = try await hub.approvals.askers(of: id)
                print(try JSONText.encode(approval.json(at: hub.clock.now(), isWhole: true, askers: askers)))
                await hub.close()
            }
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "approve", abstract: "Let pass what is held, for the reasons that the request names.")

        @Argument(help: "The request's number.") var id: Int64
        @Option(help: "revision (its commit), repository (every commit) or file.") var scope = "revision"
        @Option(help: "The file, for the scope 'file'.") var path: String?
        @Option(help: ArgumentHelp("For how long, as 24h or 30d; for ever by default.", valueName: "time"))
        var `for`: String?
        @Option(help: "Why.") var note: String?
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                guard let scope = Approval.Scope(word: scope, path: path) else {
                    throw HubError(
                        .badRequest, "'\(scope)' is no scope.",
                        remedy: "Write revision, repository, or file with --path.")
                }
                let span = try self.for.map { try TimeSpan($0).milliseconds }
                let hub = try await Hub(path: data.path)
                let end = span.map { hub.clock.now() + $0 }
                _ = try await hub.decide(id, .approve(scope, expiresAt: end), note: note)
                print("approved #\(id)")
                await hub.close()
            }
        }
    }

    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reject", abstract: "Refuse a request, or take back an approval.")

        @Argument(help: "The request's number.") var id: Int64
        @Option(help: "Why.") var note: String?
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                _ = try await hub.decide(id, .reject, note: note)
                print("rejected #\(id)")
                await hub.close()
            }
        }
    }
}
