import ArgumentParser
import Foundation
import HubCore

struct GarbageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Remove what nothing names any more.",
        discussion: """
            Blobs and xorbs that no repository links, uploads that broke off, git objects that no ref reaches, folders of
            removed repositories, expired rows; and puts loose git objects into packs. It may run beside the server, which
            does the same by itself (serve --gc-every). What nothing names is marked first, and removed by the first run
            after its grace. Ends with 1 when some of it could not be done.
            """)

    @Flag(help: "Tell what would go, and change nothing.") var dryRun = false
    @Flag(help: "Print the report as JSON.") var json = false
    @OptionGroup var graces: GraceOptions
    @OptionGroup var data: DataOption

    func run() async throws {
        try await CommandFailure.report {
            var settings = try graces.settings()
            settings.isDryRun = dryRun
            let hub = try await Hub(path: data.path)
            let report = try await Reclaimer(hub: hub, settings: settings).run()
            print(json ? try JSONText.encode(report.json) : Self.text(report))
            await hub.close()
            if !report.problems.isEmpty { throw ExitCode.failure }
        }
    }

    private static func text(_ report: ReclaimReport) -> String {
        func line(_ kind: ReclaimReport.Class, _ amounts: [ReclaimReport.Class: ReclaimReport.Amount]) -> String {
            guard let amount = amounts[kind] else { return "0 of 0 bytes" }
            return "\(amount.count) of \(amount.bytes) bytes"
        }
        var lines = ReclaimReport.Class.allCases.map { kind in
            "\(kind.rawValue): \(report.isDryRun ? "would remove" : "removed") \(line(kind, report.removed)), "
                + "waiting \(line(kind, report.waiting))"
        }
        lines.append("repositories put together: \(report.consolidated), left alone: \(report.skipped)")
        lines += report.problems.map { "problem: \($0)" }
        return lines.joined(separator: "\n")
    }
}

/// How long what nothing names is kept, as every command says it.
struct GraceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("How long blobs and xorbs that nothing names are kept, as 24h or 7d.", valueName: "time"))
    var grace: String?
    @Option(help: ArgumentHelp("The same for git objects that no ref reaches.", valueName: "time"))
    var gitGrace: String?
    @Option(help: ArgumentHelp("How long an upload that broke off can be continued.", valueName: "time"))
    var uploadGrace: String?

    func settings() throws -> ReclaimSettings {
        var settings = ReclaimSettings()
        if let grace { settings.grace = try TimeSpan(grace).milliseconds }
        if let gitGrace { settings.gitGrace = try TimeSpan(gitGrace).milliseconds }
        if let uploadGrace { settings.uploadGrace = try TimeSpan(uploadGrace).milliseconds }
        return settings
    }
}
