import ArgumentParser
import HubCore
import HubServer
import Logging
import MirrorGateway
import Policies

struct ScansCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scans", abstract: "What scans found in what is stored.",
        subcommands: [Show.self, Rescan.self, Backlog.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show what was found in the files of a revision, or in one blob.",
            discussion: """
                Prints a line for each file: its verdict (clean, unknown, suspicious, dangerous, or pending) and its path; \
                below it what was found, with its place. Exits with 2 when something is dangerous.
                """)

        @Argument(
            help: ArgumentHelp("As in model:acme/demo@main, or a SHA-256 in hex.", valueName: "kind:ns/name[@rev]"))
        var what: String
        @Flag(help: "Leave out what is clean.") var notable = false
        @OptionGroup var data: DataOption

        func run() async throws {
            var isDangerous = false
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                let gateway = try ScansCommand.gateway(hub)
                if let digest = BlobID(what) {
                    let scans = try await gateway.scanning.report(of: digest)
                    isDangerous = scans.verdict == .dangerous
                    tell(digest.hex, scans.verdict, scans.findings)
                } else {
                    let (repository, snapshot) = try await ScansCommand.snapshot(what, hub)
                    let local = RepositoryService(
                        store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil)
                    let files = try await local.contents(ofAcquired: snapshot.commit, in: repository).files
                    let states = try await ScanStates(gateway).states(of: files, in: snapshot)
                    for file in files {
                        guard let state = states[file.path] else { continue }
                        isDangerous = isDangerous || state.verdict == .dangerous
                        tell(file.path, state.verdict, state.findings)
                    }
                }
                await hub.close()
            }
            if isDangerous { throw ExitCode(2) }
        }

        private func tell(_ name: String, _ verdict: ScanVerdict?, _ findings: [ScanFinding]) {
            if notable, verdict == .clean { return }
            print("\(verdict?.rawValue ?? "pending") \(name.onOneLine)")
            for finding in findings where finding.verdict != .clean {
                let place = finding.place.isEmpty ? "" : " (\(finding.place.onOneLine))"
                print("  \(finding.verdict.rawValue) \(finding.code): \(finding.text.onOneLine)\(place)")
            }
        }
    }

    struct Rescan: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rescan", abstract: "Have a revision, or one blob, scanned anew.",
            discussion: "Files in git are scanned now; LFS objects by the server, soon. Prints how many of those wait.")

        @Argument(
            help: ArgumentHelp("As in model:acme/demo@main, or a SHA-256 in hex.", valueName: "kind:ns/name[@rev]"))
        var what: String
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                let gateway = try ScansCommand.gateway(hub)
                if let digest = BlobID(what) {
                    guard try await hub.blobs.size(of: digest) != nil else {
                        throw HubError(.blobNotFound, "Nothing with the SHA-256 \(digest) is stored here.")
                    }
                    try await gateway.scanning.rescan([digest])
                    print(1)
                } else {
                    let (repository, snapshot) = try await ScansCommand.snapshot(what, hub)
                    print(try await gateway.rescan(repository, at: .commit(snapshot.commit)))
                }
                await hub.close()
            }
        }
    }

    struct Backlog: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "backlog", abstract: "Show how many blobs wait to be scanned.")

        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                let backlog = try await hub.scans.backlog()
                print("waiting: \(backlog.waiting)\nrunning: \(backlog.running)\nfailing: \(backlog.failing)")
                await hub.close()
            }
        }
    }

    private static func gateway(_ hub: Hub) throws -> Gateway {
        try Gateway(
            hub: hub, mirrors: nil, isOffline: true, environment: [:],
            logger: Logger(label: "weir") { _ in SwiftLogNoOpLogHandler() })
    }

    private static func snapshot(_ name: String, _ hub: Hub) async throws -> (Repository, Snapshot) {
        let (id, revision) = try PinnedName.parse(name)
        let repository = try await Authorizer(store: hub.store, source: nil).openAsOperator(.metaRead, id)
        let local = RepositoryService(store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil)
        return (repository, try await local.snapshot(of: repository, at: revision))
    }
}
