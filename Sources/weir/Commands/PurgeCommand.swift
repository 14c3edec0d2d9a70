import ArgumentParser
import HubCore
import Logging
import MirrorGateway

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct PurgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: "Remove stored content of a mirrored repository.",
        discussion: """
            Who asks for it has it fetched again. What other repositories have too stays, and so does what is pinned. What
            no upstream may give again goes only with --force. A running server goes on answering from memory for a while
            that upstream lacks something; POST /api/gateway/v1/purge ends that too.
            """)

    @Argument(help: ArgumentHelp("As in model:acme/demo or model:acme/demo@main.", valueName: "kind:ns/name[@rev]"))
    var repository: String
    @Option(help: ArgumentHelp("Only the object with this SHA-256.", valueName: "hex")) var digest: String?
    @Flag(help: "Tell what would go, and change nothing.") var dryRun = false
    @Flag(help: "Remove only copies too, for ever.") var force = false
    @Flag(help: "Print the report as JSON.") var json = false
    @Option(help: ArgumentHelp("The folder of policy files.", valueName: "dir")) var mirrors: String = "mirrors.d"
    @OptionGroup var data: DataOption

    func run() async throws {
        try await CommandFailure.report {
            let (id, revision) = try PinnedName.parse(repository)
            let blob = try digest.map { text in
                guard let blob = BlobID(text) else { throw HubError(.badRequest, "'\(text)' is not a SHA-256 in hex.") }
                return blob
            }
            let hub = try await Hub(path: data.path)
            let gateway = try Gateway(
                hub: hub, mirrors: mirrors, isOffline: false, environment: ProcessInfo.processInfo.environment,
                logger: Logger(label: "weir") { _ in SwiftLogNoOpLogHandler() })
            let opened = try await Authorizer(store: hub.store, source: nil).openAsOperator(.mirrorSync, id)
            let report = try await gateway.purge(
                Purge(revision: revision, blob: blob, isDryRun: dryRun, isForced: force), of: opened)
            print(json ? try JSONText.encode(report.json) : Self.text(report))
            await gateway.egress.close()
            await hub.close()
        }
    }

    private static func text(_ report: Purge.Report) -> String {
        func line(_ what: String, _ amount: RetentionReport.Amount) -> String {
            "\(what) \(amount.count) of \(amount.bytes) bytes"
        }
        var lines = [line(report.isDryRun ? "would remove" : "removed", report.removed)]
        if report.shared.count > 0 { lines.append(line("shared with other repositories:", report.shared)) }
        for hold in RetentionHold.allCases {
            if let amount = report.held[hold] { lines.append(line("kept (\(hold.rawValue)):", amount)) }
        }
        return lines.joined(separator: "\n")
    }
}
