import ArgumentParser
import Foundation
import HubCore
import HubServer
import Logging
import MirrorGateway
import Policies

struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Fetch ahead what mirrors are to have, and see what that would bring.",
        discussion: """
            A server on the same data directory does the fetching; `weir jobs` shows and steers it. What is printed is for
            people on a terminal, and one JSON object a line otherwise.
            """,
        subcommands: [Plan.self, Run.self, Runs.self])

    /// What is to be fetched.
    struct Wanted: ParsableArguments {
        @Argument(
            help: ArgumentHelp("By its name here; without one, all of a mirror.", valueName: "kind:ns/name[@rev]"))
        var repository: String?
        @Option(help: "The mirror, by the name in its file.") var mirror: String?
        @Option(help: "Only files that match; may be repeated.") var file: [String] = []
        @Option(help: "No files that match; may be repeated.") var notFile: [String] = []

        func request(priority: JobPriority = .normal) throws -> SyncRequest {
            let parts = repository?.split(separator: "@", maxSplits: 1).map(String.init)
            var id: RepositoryID?
            if let name = parts?.first {
                id = RepositoryID(parsing: name) ?? RepositoryID(kind: .model, path: name)
                guard id != nil else {
                    throw HubError(
                        .badRequest, "'\(name)' does not name a repository.", remedy: "Write it as model:acme/demo.")
                }
            }
            var revision: Revision?
            if let parts, parts.count == 2 {
                revision = Revision(parts[1])
                guard revision != nil else { throw HubError(.badRequest, "'\(parts[1])' is not a revision.") }
            }
            guard id != nil || mirror != nil else {
                throw HubError(.badRequest, "Name a repository, or a mirror with --mirror.")
            }
            return SyncRequest(
                mirror: mirror, repository: id, revision: revision, files: try file.map(Self.glob),
                notFiles: try notFile.map(Self.glob), priority: priority,
                account: mirror.map { "mirror:\($0)" } ?? "operator")
        }

        private static func glob(_ text: String) throws -> Glob {
            do {
                return try Glob(text, for: .file)
            } catch {
                throw HubError(.badRequest, "'\(text)' is no pattern: \(error)")
            }
        }
    }

    /// Where the hub is, and how things are printed.
    struct Place: ParsableArguments {
        @Flag(help: "Print JSON on a terminal too.") var json = false
        @Option(help: ArgumentHelp("The folder of policy files.", valueName: "dir")) var mirrors: String = "mirrors.d"
        @OptionGroup var data: DataOption

        var isForPeople: Bool { !json && isatty(STDOUT_FILENO) == 1 }

        /// A gateway beside the server's.
        func with(_ work: (Gateway) async throws -> Void) async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                let gateway = try Gateway(
                    hub: hub, mirrors: mirrors, isOffline: false, environment: ProcessInfo.processInfo.environment,
                    logger: Logger(label: "weir") { _ in SwiftLogNoOpLogHandler() })
                do {
                    try await work(gateway)
                } catch {
                    await gateway.egress.close()
                    await hub.close()
                    throw error
                }
                await gateway.egress.close()
                await hub.close()
            }
        }

        func printJSON(_ write: (inout JSONWriter) -> Void) {
            print(CatalogueLine.json(write))
        }
    }

    struct Plan: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "plan", abstract: "List what a sync would bring, what it would cost, and what policy says.",
            discussion: "No content of an upstream that can be listed is fetched.")

        @OptionGroup var wanted: Wanted
        @OptionGroup var place: Place

        func run() async throws {
            try await place.with { gateway in
                let plan = try await gateway.sync.plan(try wanted.request())
                guard place.isForPeople else { return place.printJSON { SyncJSON.write(plan, to: &$0) } }
                for line in SyncText.lines(of: plan) { print(line) }
            }
        }
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "run", abstract: "Have it fetched by the server, and watch.")

        @OptionGroup var wanted: Wanted
        @Option(help: "urgent, high, normal or low.") var priority: String = "normal"
        @Flag(help: "Wait until it is done, also where nobody watches.") var wait = false
        @OptionGroup var place: Place

        func run() async throws {
            try await place.with { gateway in
                guard let priority = SyncText.priority(self.priority) else {
                    throw HubError(.badRequest, "'\(self.priority)' is no priority.")
                }
                let jobs = try await gateway.sync.start(try wanted.request(priority: priority))
                for job in jobs {
                    if place.isForPeople {
                        print("job \(job.id): \(job.draft.subject.onOneLine)")
                    } else {
                        place.printJSON { json in
                            json.object { json in
                                json.member("job", job.id)
                                json.member("subject", job.draft.subject)
                                json.member("run", job.draft.run.map { String($0) })
                            }
                        }
                    }
                }
                guard wait || place.isForPeople else { return }
                try await follow(jobs, gateway)
            }
        }

        /// Shows how far it is until it is over, and ends with 1 when some of it failed.
        private func follow(_ jobs: [Job], _ gateway: Gateway) async throws {
            let runs = jobs.compactMap(\.draft.run)
            var last = ""
            while true {
                var states: [Job] = []
                for job in jobs { if let now = try await gateway.jobs.job(job.id) { states.append(now) } }
                var progress = states.reduce(into: JobProgress()) { sum, job in SyncText.add(job.progress, to: &sum) }
                var isOver = states.allSatisfy { $0.state.isTerminal }
                for run in runs {
                    SyncText.add(try await gateway.jobs.progress(JobQuery(run: run)), to: &progress)
                    if let now = try await gateway.hub.sync.run(run), now.finishedAt == nil, isOver {
                        isOver = now.state == .running ? try await gateway.hub.sync.openJobs(of: run) == 0 : false
                    }
                }
                let line = SyncText.line(of: progress, states.compactMap(\.waitsFor).first)
                if place.isForPeople, line != last {
                    print("\r\u{1B}[K\(line)", terminator: "")
                    fflush(nil)
                    last = line
                }
                if isOver {
                    if place.isForPeople { print() }
                    let failed = states.filter { $0.state != .succeeded }
                    for job in failed {
                        FileHandle.standardError.write(
                            Data(
                                "job \(job.id) \(job.state.rawValue): \((job.failure?.message ?? "").onOneLine)\n".utf8)
                        )
                    }
                    if !failed.isEmpty || progress.filesFailed > 0 { throw ExitCode.failure }
                    return
                }
                try await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    struct Runs: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "runs", abstract: "List when mirrors fetched ahead, or show what one run did.")

        @Argument(help: "The run's number.") var run: Int64?
        @Option(help: "Only those of a mirror.") var mirror: String?
        @Option(help: "How many at most.") var limit = 20
        @OptionGroup var place: RunsPlace

        /// Runs are read without policy files.
        struct RunsPlace: ParsableArguments {
            @Flag(help: "Print JSON on a terminal too.") var json = false
            @OptionGroup var data: DataOption
        }

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: place.data.path)
                let isForPeople = !place.json && isatty(STDOUT_FILENO) == 1
                func printJSON(_ write: (inout JSONWriter) -> Void) {
                    print(CatalogueLine.json(write))
                }
                if let id = self.run {
                    guard let found = try await hub.sync.run(id) else {
                        throw HubError(.notFound, "There is no run \(id).")
                    }
                    var outcomes: [SyncOutcome] = []
                    while true {
                        let page = try await hub.sync.outcomes(of: id, after: outcomes.last?.subject, limit: 1_000)
                        outcomes += page
                        if page.count < 1_000 { break }
                    }
                    if isForPeople {
                        for line in [SyncText.line(of: found)] + outcomes.map(SyncText.line) { print(line) }
                    } else {
                        printJSON { SyncJSON.write(found, outcomes, next: nil, to: &$0) }
                    }
                } else {
                    for found in try await hub.sync.runs(of: mirror, limit: max(1, min(limit, 200))) {
                        if isForPeople {
                            print(SyncText.line(of: found))
                        } else {
                            printJSON { SyncJSON.write(found, to: &$0) }
                        }
                    }
                }
                await hub.close()
            }
        }
    }
}

/// Syncs as people read them on a terminal.
enum SyncText {
    static func lines(of plan: SyncPlan) -> [String] {
        var lines: [String] = []
        for entry in plan.entries {
            let files = entry.branches.flatMap(\.files)
            let wanted = files.filter { $0.verdict == .fetch }
            let new = wanted.filter { !$0.isHere }
            var line = "\(entry.verdict.rawValue)\t\(entry.local)"
            if let problem = entry.problem { line += "\tnot looked at: \(problem.line)" }
            if entry.verdict == .fetch, entry.problem == nil {
                line += "\t\(new.count) of \(wanted.count) files, \(bytes(new.reduce(0) { $0 &+ $1.size }))"
            } else if let reason = entry.reason {
                line += "\t\(reason.onOneLine)"
            }
            lines.append(line)
            for file in files where file.verdict == .deny || file.verdict == .review {
                lines.append("  \(file.verdict.rawValue)\t\(file.path.onOneLine)\t\((file.reason ?? "").onOneLine)")
            }
        }
        var last = "\(plan.filesToFetch) files to fetch, \(bytes(plan.bytesToFetch)), about \(plan.requests) requests"
        if let duration = plan.estimatedDuration { last += ", \(time(duration.components.seconds)) under the limits" }
        return lines + [last]
    }

    static func line(of run: SyncRun) -> String {
        var parts = [
            "\(run.id)", run.mirror, run.cause.rawValue, run.state.rawValue, JSONDate.text(milliseconds: run.startedAt),
        ]
        if case .object(let members)? = run.report {
            parts.append(
                members.compactMap { member in
                    switch member.value {
                    case .integer(0): nil
                    case .integer(let count): "\(member.key) \(count)"
                    case .string(let text): text.onOneLine
                    default: nil
                    }
                }.joined(separator: ", "))
        }
        return parts.joined(separator: "\t")
    }

    static func line(_ outcome: SyncOutcome) -> String {
        "  \(outcome.state.rawValue)\t\(outcome.subject)\t\(outcome.files) files\t\(bytes(outcome.bytesFetched))\t\((outcome.reason ?? "").onOneLine)"
    }

    static func line(of progress: JobProgress, _ waitsFor: String?) -> String {
        var line =
            "\(progress.filesDone)/\(progress.filesTotal) files, \(bytes(progress.bytesDone)) of \(bytes(progress.bytesTotal))"
        if progress.bytesTotal > 0 {
            let filled = Int(20 * Double(progress.bytesDone) / Double(progress.bytesTotal))
            line =
                "[" + String(repeating: "#", count: min(20, filled))
                + String(repeating: ".", count: max(0, 20 - filled)) + "] " + line
        }
        if progress.filesFailed > 0 { line += ", \(progress.filesFailed) failed" }
        if let waitsFor { line += ", waits: \(waitsFor.onOneLine.prefix(100))" }
        return line
    }

    static func add(_ progress: JobProgress, to sum: inout JobProgress) {
        sum.filesTotal += progress.filesTotal
        sum.filesDone += progress.filesDone
        sum.filesFailed += progress.filesFailed
        sum.bytesTotal += progress.bytesTotal
        sum.bytesDone += progress.bytesDone
        sum.bytesFetched += progress.bytesFetched
    }

    static func priority(_ word: String) -> JobPriority? {
        switch word {
        case "urgent": .urgent
        case "high": .high
        case "normal": .normal
        case "low": .low
        default: nil
        }
    }

    private static func bytes(_ count: Int64) -> String {
        var value = Double(count)
        for unit in ["B", "KiB", "MiB", "GiB"] {
            if value < 1_024 { return unit == "B" ? "\(count) B" : String(format: "%.1f %@", value, unit) }
            value /= 1_024
        }
        return String(format: "%.1f TiB", value)
    }

    private static func time(_ seconds: Int64) -> String {
        seconds < 120 ? "\(seconds) s" : seconds < 7_200 ? "\(seconds / 60) min" : "\(seconds / 3_600) h"
    }
}
