import ArgumentParser
import HubCore

struct PinsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pins", abstract: "What is kept whatever retention says.",
        discussion: "A pin is of a repository, or of one revision: a branch, a tag or a commit.",
        subcommands: [List.self, Add.self, Remove.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Show the pins: id, repository, revision, end and note.")

        @Flag(help: "Print them as JSON, one a line.") var json = false
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                var last: Int64?
                while true {
                    let pins = try await hub.pins.list(after: last, limit: 500)
                    for pin in pins { print(json ? try JSONText.encode(pin.json) : Self.line(pin)) }
                    guard let end = pins.last else { break }
                    last = end.id
                }
                await hub.close()
            }
        }

        private static func line(_ pin: Pin) -> String {
            let end = pin.expiresAt.map { "until \(JSONDate.text(milliseconds: $0))" } ?? "for ever"
            let revision = pin.revision.map { "@\($0)" } ?? ""
            let note = pin.note.map { " \($0.onOneLine)" } ?? ""
            return "\(String(pin.id, radix: 16)) \(pin.repository)\(revision) \(end)\(note)"
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Pin a repository, or one revision of it, and print the pin's id.")

        @Argument(help: ArgumentHelp("As in model:acme/demo or model:acme/demo@main.", valueName: "kind:ns/name[@rev]"))
        var repository: String
        @Option(help: "Why.") var note: String?
        @Option(help: ArgumentHelp("For how long, as 24h or 30d; for ever by default.", valueName: "time"))
        var `for`: String?
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let (id, revision) = try PinnedName.parse(repository)
                let span = try self.for.map { try TimeSpan($0).milliseconds }
                let hub = try await Hub(path: data.path)
                let pin = try await hub.pins.add(
                    id, revision: revision, note: note, expiresAt: span.map { hub.clock.now() + $0 })
                print(String(pin.id, radix: 16))
                await hub.close()
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "remove", abstract: "Remove a pin.")

        @Argument(help: "The pin's id, as 'weir pins list' shows it.") var id: String
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                guard let number = Int64(id, radix: 16) else { throw HubError(.notFound, "There is no such pin.") }
                let hub = try await Hub(path: data.path)
                try await hub.pins.remove(number)
                await hub.close()
            }
        }
    }
}

/// A repository and perhaps a revision, as people write them on the command line.
enum PinnedName {
    static func parse(_ text: String) throws -> (RepositoryID, Revision?) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let id = RepositoryID(parsing: parts[0]) else {
            throw HubError(
                .badRequest, "'\(text)' does not name a repository.",
                remedy: "Write it as model:acme/demo or model:acme/demo@main.")
        }
        guard parts.count == 2 else { return (id, nil) }
        guard let revision = Revision(parts[1]) else {
            throw HubError(.badRequest, "'\(parts[1])' is not a revision.")
        }
        return (id, revision)
    }
}
