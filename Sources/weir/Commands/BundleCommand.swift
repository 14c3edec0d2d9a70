import ArgumentParser
import Foundation
import HubCore
import Logging
import MirrorGateway

struct BundleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Carry content to a hub that no network reaches.",
        discussion: """
            A bundle is one file, or several parts, signed by the hub that made it. The hub that takes it in has that
            hub's public key in keys/trusted/ of its data directory.
            """,
        subcommands: [Export.self, Import.self, Inspect.self, Receipt.self, List.self, Key.self])

    /// What every command needs that looks at policy.
    struct Place: ParsableArguments {
        @Option(help: ArgumentHelp("The folder of policy files; without it no policy decides.", valueName: "dir"))
        var mirrors: String?
        @Flag(help: "Ask no upstream.") var offline = false
        @OptionGroup var data: DataOption

        func use<T>(_ body: (Gateway) async throws -> T) async throws -> T {
            let hub = try await Hub(path: data.path)
            let gateway = try Gateway(
                hub: hub, mirrors: mirrors, isOffline: offline, environment: ProcessInfo.processInfo.environment,
                logger: Logger(label: "weir") { _ in SwiftLogNoOpLogHandler() })
            let result = try await body(gateway)
            await gateway.egress.close()
            await hub.close()
            return result
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Write a bundle.",
            discussion: """
                Only what is stored here and what policy lets go is written; what is left out is told on standard error.
                """)

        @Option(help: ArgumentHelp("The file; its parts get .000, .001 and so on.", valueName: "file")) var out: String
        @Option(help: "Everything that came by a mirror; may be repeated.") var mirror: [String] = []
        @Option(
            help: ArgumentHelp(
                "A repository, or a branch or tag of it; may be repeated.", valueName: "kind:ns/name[@rev]"))
        var repo: [String] = []
        @Option(help: ArgumentHelp("An earlier bundle that the reader has: its file or id.", valueName: "bundle"))
        var since: String?
        @Option(help: ArgumentHelp("The reader's receipt.", valueName: "file")) var have: String?
        @Option(help: "The site that may take it; any by default.") var recipient: String?
        @Option(help: ArgumentHelp("For how long it is taken, as 90d; for ever by default.", valueName: "time"))
        var expires: String?
        @Option(help: ArgumentHelp("Bytes of a part, as 4GiB; one file by default.", valueName: "size"))
        var partSize: String?
        @Option(help: ArgumentHelp("A private key in PEM form; the hub's own by default.", valueName: "file"))
        var key: String?
        @Option(help: .hidden) var sequence: Int64?
        @Option(help: .hidden) var createdAt: Int64?
        @Flag(help: "Print the report as JSON.") var json = false
        @OptionGroup var place: Place

        func run() async throws {
            try await CommandFailure.report {
                guard !mirror.isEmpty || !repo.isEmpty else {
                    throw HubError(
                        .badRequest, "Nothing is chosen.", remedy: "Say --mirror NAME or --repo model:acme/demo.")
                }
                let selection = BundleSelection(
                    mirrors: mirror,
                    repositories: try repo.map { text in
                        let (id, revision) = try PinnedName.parse(text)
                        return BundleSelection.Named(id: id, revision: revision)
                    })
                var request = BundleRequest(selection: selection, output: out)
                request.since = since
                request.receipt = have
                request.recipient = recipient
                request.lifetime = try expires.map { try TimeSpan($0).milliseconds }
                request.partSize = try partSize.map { text in
                    guard let size = ByteCount(parsing: text) else {
                        throw HubError(.badRequest, "'\(text)' is no size.", remedy: "Write 700MB or 4GiB.")
                    }
                    return size.bytes
                }
                request.key = try key.map(BundleCommand.key)
                request.sequence = sequence
                request.createdAt = createdAt
                let asked = request
                let report = try await place.use { try await $0.bundleExporter.run(asked) }
                for one in report.leftOut {
                    let what = [one.repository, one.ref, one.file].compactMap(\.self).joined(separator: " ")
                    CommandFailure.complain("left out \(what): \(one.reason)")
                }
                if json { return print(try BundleCommand.text(report)) }
                print(
                    "bundle \(report.bundleId) number \(report.seq): \(report.repositories.count) repositories, "
                        + "\(report.blobs) blobs, \(report.required) known to the reader, \(report.bytes) bytes in "
                        + report.files.joined(separator: " "))
            }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import", abstract: "Take a bundle in.",
            discussion: """
                Nothing of it is seen until all of it was checked. What this hub's policy refuses is left out. An import that
                was interrupted goes on when it is begun again.
                """)

        @Argument(help: "The file, or all parts in any order.") var files: [String]
        @Option(help: ArgumentHelp("A public key that is trusted too; may be repeated.", valueName: "file"))
        var trust: [String] = []
        @Option(help: "What this site is called.") var site: String?
        @Flag(help: "Tell what would come in and what is missing, and change nothing.") var dryRun = false
        @Flag(help: "Take a bundle that is older than the last one of its exporter.") var allowOlder = false
        @Flag(help: "Let branches and tags move to commits that do not descend from where they are.")
        var allowRewind = false
        @Option(help: ArgumentHelp("Write a receipt there afterwards.", valueName: "file")) var receipt: String?
        @Flag(help: "Print the report as JSON.") var json = false
        @OptionGroup var place: Place

        func run() async throws {
            try await CommandFailure.report {
                let report = try await place.use { gateway in
                    var options = BundleImportOptions(trust: try BundleTrust(gateway.hub.directory, files: trust))
                    options.site = site
                    options.isDryRun = dryRun
                    options.allowsOlder = allowOlder
                    options.allowsRewinding = allowRewind
                    let report = try await gateway.bundleImporter.run(files, options)
                    if let receipt, !dryRun {
                        try BundleCommand.write(try await gateway.bundleReceipt(signedBy: nil), to: receipt)
                    }
                    return report
                }
                if json { return print(try BundleCommand.text(report)) }
                for missing in report.missing { print("missing: \(missing)") }
                for repository in report.repositories {
                    let reason = repository.reason.map { ": \($0)" } ?? ""
                    print("\(repository.outcome) \(repository.repository) \(repository.commit)\(reason)")
                    for one in repository.leftOut { print("  left out \(one.onOneLine)") }
                }
                print("bundle \(report.bundleId) number \(report.seq) signed by \(report.key)")
            }
        }
    }

    struct Inspect: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "inspect",
            abstract: "Show what a bundle says of itself, whoever signed it; its contents are not read.")

        @Argument(help: "The file, or its parts.") var files: [String]
        @Option(help: ArgumentHelp("A public key that is trusted too; may be repeated.", valueName: "file"))
        var trust: [String] = []
        @Flag(help: "Print it as JSON.") var json = false
        @OptionGroup var data: DataOption

        func run() async throws {
            try CommandFailure.reportNow {
                let archive = try BundleArchive(paths: files)
                // Looking at a file makes no data directory.
                let folder = FileManager.default.fileExists(atPath: data.path)
                let trusted =
                    folder
                    ? try BundleTrust(try DataDirectory(path: data.path), files: trust)
                    : try BundleTrust(keyFiles: trust)
                let inspection = BundleInspection(archive, trust: trusted)
                if json { return print(try BundleCommand.text(inspection)) }
                for line in inspection.lines { print(line) }
            }
        }
    }

    struct Receipt: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "receipt", abstract: "Write down what is here of all bundles, for an exporter to leave out.")

        @Option(help: ArgumentHelp("The file.", valueName: "file")) var out: String
        @Option(help: ArgumentHelp("A private key in PEM form; the hub's own by default.", valueName: "file"))
        var key: String?
        @OptionGroup var place: Place

        func run() async throws {
            try await CommandFailure.report {
                let signing = try key.map(BundleCommand.key)
                try await place.use { gateway in
                    try BundleCommand.write(try await gateway.bundleReceipt(signedBy: signing), to: out)
                }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Show the bundles that went out and came in, newest first.")

        @Option(help: ArgumentHelp("Only those that carried this blob.", valueName: "sha256")) var carrying: String?
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                if let carrying {
                    guard let id = BlobID(carrying) else {
                        throw HubError(.badRequest, "'\(carrying)' is not a SHA-256 in hex.")
                    }
                    for record in try await hub.bundles.carrying(digest: id) { print(Self.line(record)) }
                } else {
                    var before: Int64?
                    repeat {
                        let (page, next) = try await hub.bundles.list(before: before, limit: 500)
                        for record in page { print(Self.line(record)) }
                        before = next
                    } while before != nil
                }
                await hub.close()
            }
        }

        private static func line(_ record: BundleRecord) -> String {
            "\(record.direction.rawValue) \(record.bundleID) number \(record.sequence) "
                + "\(JSONDate.text(milliseconds: record.handledAt)) \(record.state.rawValue) \(record.bytes) bytes"
        }
    }

    struct Key: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "key",
            abstract: "Print the public key with which this hub signs bundles, for the other hub's keys/trusted/.")

        @OptionGroup var data: DataOption

        func run() async throws {
            try CommandFailure.reportNow {
                let ring = KeyRing(try DataDirectory(path: data.path))
                print(try ring.current().publicKey.pem, terminator: "")
            }
        }
    }

    static func key(_ path: String) throws -> SigningKey {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw HubError(.notFound, "The key file '\(path)' cannot be read.")
        }
        return try SigningKey(pem: String(decoding: data, as: UTF8.self))
    }

    static func write(_ envelope: DSSEEnvelope, to path: String) throws {
        do {
            try Data(envelope.json).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw HubError(.badRequest, "The file '\(path)' cannot be written.")
        }
    }

    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
