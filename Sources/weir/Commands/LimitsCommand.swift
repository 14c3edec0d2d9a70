import ArgumentParser
import Foundation
import HubCore
import MirrorGateway
import Policies

/// What upstreams, users and organisations may use, and what they used today: from the policy files and the data
/// directory, so beside a running server too, which writes down every few seconds what is used.
struct LimitsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits", abstract: "Show the limits of upstreams and mirrors and what was used of them today.",
        discussion:
            "One line for each upstream and each subject; as JSON with --json or when the output is no terminal.")

    @Option(help: ArgumentHelp("The folder of policy files.", valueName: "dir")) var mirrors: String = "mirrors.d"
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var data: DataOption

    /// One line.
    private struct Line: Encodable {
        var mirror: String
        /// `upstream:NAME`, `user:NAME` or `org:NAME`; with `*` for what each may use.
        var subject: String
        var bytesToday: Int64 = 0
        var requestsToday: Int64 = 0
        var bytesPerDay: Int64?
        var requestsPerMin: Int?
        var requestsPer5m: [String: Int]?
        var storedBytes: Int64?
        var stored: Int64?
    }

    func run() async throws {
        try await CommandFailure.report {
            let (load, problems) = try PolicyEngine.check(
                directory: mirrors, environment: ProcessInfo.processInfo.environment)
            for problem in problems { CommandFailure.complain(problem, prefix: "") }
            guard problems.isEmpty, let snapshot = load.snapshot else { throw CommandFailure.misconfigured }
            let hub = try await Hub(path: data.path)
            let uses = try await hub.usedAllowances.uses(on: hub.clock.now() / 86_400_000)
            var lines: [Line] = []
            for mirror in snapshot.mirrors {
                lines += Self.upstreams(of: mirror, uses)
                lines += try await Self.subjects(of: mirror, uses, hub)
            }
            await hub.close()
            if json || isatty(STDOUT_FILENO) == 0 {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
                print(String(decoding: try encoder.encode(lines), as: UTF8.self))
            } else {
                for line in lines { print(Self.text(line)) }
            }
        }
    }

    private static func upstreams(of mirror: Mirror, _ uses: [UsedAllowance]) -> [Line] {
        mirror.upstreams.map { upstream in
            let subject = "upstream:\(upstream.name)"
            var line = Line(mirror: mirror.name, subject: subject)
            line.bytesToday = uses.first { $0.subject == subject }?.bytes ?? 0
            line.bytesPerDay = upstream.limits.bytesPerDay
            let requests = [
                ("api", upstream.limits.apiRequestsPer5Minutes),
                ("resolve", upstream.limits.resolveRequestsPer5Minutes),
            ].compactMap { name, limit in limit.map { (name, $0) } }
            if !requests.isEmpty { line.requestsPer5m = Dictionary(uniqueKeysWithValues: requests) }
            return line
        }
    }

    private static func subjects(of mirror: Mirror, _ uses: [UsedAllowance], _ hub: Hub) async throws -> [Line] {
        let prefix = "quota:\(mirror.name):"
        let used = uses.filter { $0.subject.hasPrefix(prefix) }
        var names = Set(mirror.quotas.map { $0.subject.lowercased() })
        names.formUnion(used.map { String($0.subject.dropFirst(prefix.count)) })
        var lines: [Line] = []
        for subject in names.sorted() {
            let parts = subject.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2, let kind = QuotaSubjectKind(rawValue: parts[0]) else { continue }
            let isEach = parts[1] == "*" || parts[1].contains("@")
            let terms = mirror.quotas.terms(of: kind, named: isEach ? nil : parts[1])
            let use = used.first { $0.subject == prefix + subject }
            var line = Line(mirror: mirror.name, subject: subject)
            line.bytesToday = use?.bytes ?? 0
            line.requestsToday = use?.requests ?? 0
            line.bytesPerDay = terms.bytesPerDay
            line.requestsPerMin = terms.requestsPerMinute
            line.storedBytes = terms.storedBytes
            if terms.storedBytes != nil, parts[1] != "*" {
                line.stored = try await hub.storedShares.bytes(of: subject, in: mirror.name)
            }
            lines.append(line)
        }
        return lines
    }

    private static func text(_ line: Line) -> String {
        var parts = ["\(ByteCount(line.bytesToday)) today" + (line.bytesPerDay.map { " of \(ByteCount($0))" } ?? "")]
        if let limit = line.requestsPerMin { parts.append("\(limit) requests a minute") }
        for (kind, limit) in (line.requestsPer5m ?? [:]).sorted(by: { $0.key < $1.key }) {
            parts.append("\(limit) \(kind) requests in five minutes")
        }
        if let limit = line.storedBytes {
            parts.append("\(line.stored.map { "\(ByteCount($0)) stored of " } ?? "stored: ")\(ByteCount(limit))")
        }
        return "\(line.mirror) \(line.subject): \(parts.joined(separator: ", "))"
    }
}
