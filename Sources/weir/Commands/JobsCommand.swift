import ArgumentParser
import Foundation
import HubCore
import HubServer

extension JobState: ExpressibleByArgument {}

extension JobPriority: ExpressibleByArgument {
    /// Reads the word that people write.
    public init?(argument: String) { self.init(word: argument) }
    /// The word that people write.
    public var defaultValueDescription: String { word }
    /// All of them.
    public static var allValueStrings: [String] { allCases.map(\.word) }
}

struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "Long work such as syncs: how far it is, and what shall become of it.",
        discussion: """
            A server on the same data directory does the work; it obeys within a second or so. What is printed is for
            people on a terminal, and one JSON object a line otherwise.
            """,
        subcommands: [
            List.self, Show.self, Watch.self, Pause.self, Resume.self, Cancel.self, Retry.self, Prioritise.self,
        ])

    /// How jobs are printed.
    struct Output: ParsableArguments {
        @Flag(help: "Print JSON on a terminal too.") var json = false
        @OptionGroup var data: DataOption

        var isForPeople: Bool { !json && isatty(STDOUT_FILENO) == 1 }

        func print(_ job: Job) {
            Swift.print(isForPeople ? JobLine.text(job) : JobText.json(job, rate: nil))
        }
    }

    /// Jobs that are named.
    struct Named: ParsableArguments {
        @Argument(help: "Numbers of jobs.") var jobs: [Int64]
        @OptionGroup var output: Output

        func each(_ act: (JobStore, Int64) async throws -> Job) async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: output.data.path)
                for id in jobs { output.print(try await act(hub.jobs, id)) }
                await hub.close()
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List jobs, newest first.")

        @Option(help: "Only those of a state; may be repeated.") var state: [JobState] = []
        @Option(help: "Only those of a kind, as sync.") var kind: String?
        @Option(help: "Only those of a mirror.") var mirror: String?
        @Option(help: ArgumentHelp("Only those of an account.", valueName: "org:acme")) var account: String?
        @Option(help: "Only those about this.") var subject: String?
        @Option(help: "How many at most.") var limit = 100
        @OptionGroup var output: Output

        func run() async throws {
            try await CommandFailure.report {
                guard (1...1_000_000).contains(limit) else {
                    throw HubError(.badRequest, "The limit is a number from 1 to 1000000.")
                }
                let hub = try await Hub(path: output.data.path)
                var left = limit
                var cursor: String?
                repeat {
                    let (jobs, next) = try await hub.jobs.jobs(
                        JobQuery(
                            states: Set(state), kind: kind, mirror: mirror, account: account, subject: subject,
                            after: cursor, limit: min(left, 1_000)))
                    for job in jobs { output.print(job) }
                    left -= jobs.count
                    cursor = next
                } while cursor != nil && left > 0
                await hub.close()
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show a job, and its files if asked.")

        @Argument(help: "The job's number.") var job: Int64
        @Flag(help: "Its files too.") var files = false
        @OptionGroup var output: Output

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: output.data.path)
                guard let found = try await hub.jobs.job(job) else {
                    throw HubError(.notFound, "There is no job \(job).")
                }
                output.print(found)
                if output.isForPeople {
                    if let waitsFor = found.waitsFor { print("  waits: \(waitsFor.onOneLine)") }
                    if let failure = found.failure { print("  failed: \(failure.message.onOneLine)") }
                }
                var last: String?
                while files {
                    let page = try await hub.jobs.files(of: job, after: last, limit: 1_000)
                    for file in page { print(output.isForPeople ? JobLine.text(file) : JobText.json(file)) }
                    guard page.count == 1_000, let end = page.last else { break }
                    last = end.path
                }
                await hub.close()
            }
        }
    }

    struct Watch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "watch", abstract: "Follow jobs until they have ended.",
            discussion: "Ends with 1 when one that was named has failed.")

        @Argument(help: "Numbers of jobs; all that have not ended by default.") var jobs: [Int64] = []
        @OptionGroup var output: Output

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: output.data.path)
                let watch = JobWatch(jobs: hub.jobs, clock: hub.clock, isForPeople: output.isForPeople)
                let hasFailed = try await watch.run(jobs)
                await hub.close()
                if hasFailed { throw ExitCode.failure }
            }
        }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pause", abstract: "Stop jobs until they are resumed.")
        @OptionGroup var named: Named
        func run() async throws { try await named.each { try await $0.pause($1) } }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "resume", abstract: "Let paused jobs go on.")
        @OptionGroup var named: Named
        func run() async throws { try await named.each { try await $0.resume($1) } }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "cancel", abstract: "End jobs for good; what was fetched stays.")
        @OptionGroup var named: Named
        func run() async throws { try await named.each { try await $0.cancel($1) } }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retry",
            abstract: "Do jobs again that failed or were cancelled, and now what waits for its next attempt.")
        @OptionGroup var named: Named
        func run() async throws { try await named.each { try await $0.retry($1) } }
    }

    struct Prioritise: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "prioritise", abstract: "Move jobs before or behind others.")
        @Option(help: "Urgent jobs take the place of running ones.") var to: JobPriority
        @OptionGroup var named: Named
        func run() async throws { try await named.each { try await $0.prioritise($1, to: to) } }
    }
}
