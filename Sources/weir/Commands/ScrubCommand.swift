import ArgumentParser
import Foundation
import HubCore
import HubServer
import Logging
import MirrorGateway

/// Reads all that is stored, at a pace, and brings back what is damaged.
struct ScrubCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scrub", abstract: "Find what is damaged of what is stored, and heal it.",
        discussion: """
            Reads every blob, every file of every git repository and every xorb, and compares them with their names. With
            --repair what is damaged is put aside, so that it is not served, and brought back by its digest: from another
            repository, from the folders of --from, from the upstreams of mirrors, and from peers.
            An interrupted scrub is gone on with. Ends with 65 when something is damaged and not healed.
            """)

    @Flag(help: "Put aside what is damaged and bring it back; otherwise it is only told.") var repair = false
    @Option(
        help: ArgumentHelp("How much is read in a second, as 50MB; by default as fast as it goes.", valueName: "size"))
    var rate: String?
    @Option(help: ArgumentHelp("The folder of policy files, to heal from upstreams.", valueName: "dir"))
    var mirrors: String?
    @Option(
        help: ArgumentHelp(
            "A folder with blobs, such as another data directory or an unpacked bundle; may be repeated.",
            valueName: "dir")) var from: [String] = []
    @Flag(help: "Print the report as JSON.") var json = false
    @OptionGroup var data: DataOption

    private struct Report: Encodable {
        struct Damage: Encodable {
            let kind: String
            let name: String
            let repository: String?
            let reason: String
            let healed: Bool
            let source: String?
        }
        let counts: ScrubCounts
        let damages: [Damage]
    }

    func run() async throws {
        try await CommandFailure.report {
            let bytes = try rate.map { text in
                guard let rate = ByteCount(parsing: text) else {
                    throw HubError(.badRequest, "'\(text)' is no size.", remedy: "Write 50MB or 20MiB.")
                }
                return rate.bytes
            }
            LoggingSystem.bootstrap { label in JSONLogHandler(label: label, level: .critical) }
            let hub = try await Hub(path: data.path)
            var environment = ProcessInfo.processInfo.environment
            if !from.isEmpty { environment["WEIR_SCRUB_SOURCES"] = from.joined(separator: ":") }
            let gateway = try Gateway(
                hub: hub, mirrors: mirrors, isOffline: false, environment: environment, logger: Logger(label: "weir"))
            let started = hub.clock.now()
            let counts = try await gateway.integrity.scrub(rate: bytes, isRepair: repair)
            if repair { try await gateway.integrity.retry() }
            let damages = try await gateway.integrity.scrubs.damages(limit: 100_000)
                .filter { $0.foundAt >= started || $0.healedAt ?? .max >= started }
            await gateway.egress.close()
            await hub.close()
            try tell(counts, damages)
            if damages.contains(where: { $0.healedAt == nil }) { throw CommandFailure.corrupt }
        }
    }

    private func tell(_ counts: ScrubCounts, _ damages: [ScrubDamage]) throws {
        if json {
            let report = Report(
                counts: counts,
                damages: damages.map { damage in
                    Report.Damage(
                        kind: damage.finding.kind.rawValue, name: damage.finding.name,
                        repository: damage.finding.repository == 0
                            ? nil : String(damage.finding.repository, radix: 16),
                        reason: damage.finding.reason, healed: damage.healedAt != nil, source: damage.source)
                })
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(report), as: UTF8.self))
            return
        }
        for damage in damages {
            let outcome = damage.source.map { "healed from \($0)" } ?? "not healed"
            print("\(damage.finding.kind.rawValue) \(damage.finding.name): \(damage.finding.reason) \(outcome)")
        }
        print(
            "\(counts.bytes) bytes read: \(counts.blobs) blobs, \(counts.repositories) repositories, "
                + "\(counts.xorbs) xorbs; \(counts.damaged) damaged, \(counts.healed) healed")
    }
}
