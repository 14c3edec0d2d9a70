import ArgumentParser
import HubCore

/// What changed on this hub, and whether the record of it is whole.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "The record of changes.", subcommands: [Verify.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Follow the hashes of the audit log from its first record to its last.",
            discussion: """
                Prints how many records there are, and the last one's anchor. Keep the anchor elsewhere, and give it back
                later: a log that was cut, or written anew, agrees with itself but not with it.
                Ends with 65 and names the first record that is missing or changed.
                """)

        @Option(help: ArgumentHelp("What an earlier run printed; may be repeated.", valueName: "record:hash"))
        var anchor: [String] = []
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let anchors = try anchor.map { text in
                    guard let anchor = AuditAnchor(parsing: text) else {
                        throw HubError(.badRequest, "'\(text)' is no anchor, which is a number, a colon and 64 digits.")
                    }
                    return anchor
                }
                let hub = try await Hub(path: data.path)
                let (count, head, broken) = try await AuditLog(database: hub.database).verify(anchors: anchors)
                await hub.close()
                if let broken {
                    CommandFailure.complain("The audit record \(broken) is missing or is not what was written.")
                    throw CommandFailure.corrupt
                }
                print(count == 0 ? "0 records" : "\(count) records, the last is \(count):\(head)")
            }
        }
    }
}
