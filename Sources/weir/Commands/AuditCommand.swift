import ArgumentParser
import Foundation
import HubCore

/// What changed on this hub, and whether the record of it is whole.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "The record of changes.",
        subcommands: [Verify.self, Checkpoint.self, Export.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Follow the hashes of the audit log and of the transparency log from the first to the last.",
            discussion: """
                Prints how many records there are, and the last one's anchor; then how many entries the transparency log
                has, and its root. Keep the anchor, or a checkpoint ('weir audit checkpoint'), elsewhere, and give it
                back later: a log that was cut, or written anew, agrees with itself but not with them. A checkpoint that
                somebody else was shown tells whether both of you saw the same log.
                Ends with 65 and names the first that is missing or changed.
                """)

        @Option(help: ArgumentHelp("What an earlier run printed; may be repeated.", valueName: "record:hash"))
        var anchor: [String] = []
        @Option(help: ArgumentHelp("A checkpoint that was kept elsewhere; may be repeated.", valueName: "file"))
        var checkpoint: [String] = []
        @Option(
            help: ArgumentHelp(
                "Believe this key only, not those in the data directory; may be repeated.", valueName: "verifier key"))
        var key: [String] = []
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let anchors = try anchor.map { text in
                    guard let anchor = AuditAnchor(parsing: text) else {
                        throw HubError(.badRequest, "'\(text)' is no anchor, which is a number, a colon and 64 digits.")
                    }
                    return anchor
                }
                var witness = TransparencyWitness()
                witness.keys = key
                witness.checkpoints = try checkpoint.map(Self.read)
                let hub = try await Hub(path: data.path)
                let (count, head, broken) = try await AuditLog(database: hub.database).verify(anchors: anchors)
                let report = try await TransparencyAudit(hub.transparency).run(witness)
                await hub.close()
                if let broken {
                    CommandFailure.complain("The audit record \(broken) is missing or is not what was written.")
                } else {
                    print(count == 0 ? "0 records" : "\(count) records, the last is \(count):\(head)")
                }
                for problem in report.problems { CommandFailure.complain(problem) }
                if broken != nil || !report.problems.isEmpty { throw CommandFailure.corrupt }
                print(
                    "\(report.size) entries in the transparency log, root \(report.root.hex), "
                        + "\(report.checkpoints) checkpoints agree")
            }
        }

        private static func read(_ file: String) throws -> TransparencyCheckpoint {
            guard let data = FileManager.default.contents(atPath: file) else {
                throw HubError(.notFound, "The file \(file) cannot be read.")
            }
            return try TransparencyCheckpoint(note: String(decoding: data, as: UTF8.self))
        }
    }

    struct Checkpoint: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "checkpoint", abstract: "Sign what the transparency log is now, and print the note.",
            discussion: "Keep it where whoever administers this hub cannot change it.")

        @Flag(help: "Print the keys with which checkpoints are checked instead, the newest first.") var keys = false
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                if keys {
                    for key in try await hub.transparency.verifierKeys() { print(key) }
                } else {
                    print(try await hub.transparency.checkpoint().note, terminator: "")
                }
                await hub.close()
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Write the transparency log to a file that can be checked without Weir.",
            discussion: """
                One JSON object a line: the log's name and keys, then each entry with its hash and text, then each
                checkpoint. Entries name private repositories: the file is for auditors.
                """)

        @Argument(help: "The file to write; '-' for standard output.") var file: String
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                if file != "-", !FileManager.default.createFile(atPath: file, contents: nil) {
                    throw HubError(.badRequest, "The file \(file) cannot be written.")
                }
                let output = file == "-" ? FileHandle.standardOutput : FileHandle(forWritingAtPath: file)
                guard let output else { throw HubError(.badRequest, "The file \(file) cannot be written.") }
                try await Self.write(hub.transparency, to: output)
                try output.close()
                await hub.close()
            }
        }

        private static func write(_ log: TransparencyLog, to output: FileHandle) async throws {
            func line(_ members: [JSONValue.Member]) throws -> String { try JSONText.encode(.object(members)) + "\n" }
            let keys = try await log.verifierKeys().map(JSONValue.string)
            let head: [JSONValue.Member] = [
                .init(key: "origin", value: .string(try await log.origin())), .init(key: "keys", value: .array(keys)),
            ]
            try output.write(contentsOf: Data(line(head).utf8))
            var next: Int64 = 0
            while true {
                let page = try await log.entries(from: next, to: .max)
                guard let last = page.last else { break }
                let text = try page.map { entry in
                    try line([
                        .init(key: "index", value: .integer(entry.index)),
                        .init(key: "hash", value: .string(entry.hash)), .init(key: "leaf", value: .string(entry.text)),
                    ])
                }
                try output.write(contentsOf: Data(text.joined().utf8))
                next = last.index + 1
            }
            var before: Int64?
            while true {
                let page = try await log.checkpoints(before: before, limit: 1_000)
                guard let last = page.last else { return }
                let text = try page.map { try line([.init(key: "checkpoint", value: .string($0.note))]) }
                try output.write(contentsOf: Data(text.joined().utf8))
                before = last.id
            }
        }
    }
}
