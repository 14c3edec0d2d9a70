import ArgumentParser
import Foundation
import HubCore
import HubServer
import Logging
import MirrorGateway
import Policies

struct LicenseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "license", abstract: "Which licences hold for what is here, and why.",
        discussion: "Looks at what is stored and asks no upstream; a server may run on the same data directory.",
        subcommands: [Show.self, Report.self])

    /// The data, and the policy files where there are some.
    struct Place: ParsableArguments {
        @Option(help: ArgumentHelp("The folder of policy files.", valueName: "dir")) var mirrors: String = "mirrors.d"
        @Option(help: ArgumentHelp("The texts of known licences.", valueName: "file")) var licenseTexts: String?
        @OptionGroup var data: DataOption

        func gateway(_ hub: Hub) throws -> Gateway {
            try Gateway(
                hub: hub, mirrors: FileManager.default.fileExists(atPath: mirrors) ? mirrors : nil, isOffline: true,
                environment: LicenseTextsOption.environment(licenseTexts), logger: Logger(label: "weir"))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show what a repository declares, what holds for it, and by which way each licence came.",
            discussion: "Ends with 77 when policy refuses it.")

        @Argument(help: ArgumentHelp("As in model:acme/demo@main.", valueName: "kind:ns/name[@rev]"))
        var repository: String
        @Flag(help: "Print JSON.") var json = false
        @OptionGroup var place: Place

        func run() async throws {
            try await CommandFailure.report {
                let parts = repository.split(separator: "@", maxSplits: 1).map(String.init)
                guard let id = parts.first.flatMap({ RepositoryID(parsing: $0) }),
                    parts.count == 1 || Revision(parts[1]) != nil
                else {
                    throw HubError(
                        .badRequest, "'\(repository)' does not name a repository.",
                        remedy: "Write it as model:acme/demo or model:acme/demo@main.")
                }
                let hub = try await Hub(path: place.data.path)
                let gateway = try place.gateway(hub)
                let opened = try await Authorizer(store: hub.store, source: nil).openAsOperator(.metaRead, id)
                let reading = RepositoryService(
                    store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil)
                let revision = parts.count == 2 ? parts[1] : opened.defaultBranch
                guard let asked = Revision(revision),
                    let commit = try await reading.storedCommit(of: asked, in: opened)
                else {
                    throw HubError(.revisionNotFound, "The revision '\(revision)' of \(id) is not stored here.")
                }
                let entry = try await gateway.compliance.entry(opened, at: commit, revision: revision)
                if json {
                    print(CatalogueLine.json { LicenseJSON.write(entry, showsAll: true, to: &$0) })
                } else {
                    for line in Self.lines(entry) { print(line) }
                }
                await hub.close()
                if let decision = entry.decision, decision.outcome != .allow { throw CommandFailure.refused }
            }
        }

        private static func lines(_ entry: ComplianceReport.Entry) -> [String] {
            var lines = ["repository: \(entry.repository.id)", "commit: \(entry.commit?.hex ?? "none")"]
            if let origin = entry.origin {
                lines.append(
                    "from: \(origin.path) of \(origin.upstream) (\(origin.url ?? "unknown")), mirror \(origin.mirror)")
            }
            lines.append("verdict: \(entry.verdict)")
            if let decision = entry.decision { lines.append("reason: \(decision.explanation)") }
            if let approval = entry.approval { lines.append("approval: \(approval)") }
            lines += entry.finding?.lines ?? []
            if let problem = entry.problem { lines.append("problem: \(problem)") }
            return lines.map(\.onOneLine)
        }
    }

    struct Report: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "report", abstract: "Report on every repository of an organisation, or of the hub.",
            discussion: "Prints where each came from, its licences and their conflicts, and what policy says of it.")

        @Option(help: "Only of an organisation.") var org: String?
        @Option(help: "json, csv, spdx or cyclonedx.") var format = "json"
        @OptionGroup var place: Place

        func run() async throws {
            try await CommandFailure.report {
                guard let name = ComplianceFormatName(rawValue: format) else {
                    throw HubError(
                        .badRequest, "'\(format)' is no form of a report.",
                        remedy: "Use one of json, csv, spdx, cyclonedx.")
                }
                let hub = try await Hub(path: place.data.path)
                let compliance = try place.gateway(hub).compliance
                let head = ComplianceHead(
                    organisation: org, generatedAt: compliance.now, policyDigest: compliance.policyDigest,
                    version: Version.text, id: UUID().uuidString.lowercased())
                try await compliance.write(name.format, head, of: org) { text in
                    try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
                }
                await hub.close()
            }
        }
    }
}

/// Where the texts of known licences are, for those who do not say it by `WEIR_LICENSE_TEXTS`.
enum LicenseTextsOption {
    /// The environment of the process, with what was said on the command line in place of what it says.
    static func environment(_ file: String?) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment
        if let file { environment["WEIR_LICENSE_TEXTS"] = file }
        return environment
    }
}
