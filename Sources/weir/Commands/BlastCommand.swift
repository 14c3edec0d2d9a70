import ArgumentParser
import HubCore
import MirrorGateway

struct BlastCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blast", abstract: "What is touched when something is found to be bad.",
        discussion: "Who holds it, who took it, what was made of it, and which approvals let it in; as JSON.",
        subcommands: [Show.self, Bury.self], defaultSubcommand: Show.self)

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Show what is touched.")

        @Argument(help: "As 'weir tombstone' takes it: sha256:…, model:acme/demo, author:acme, license:mit.")
        var target: String
        @Option(help: "The most of each kind.") var limit = 100
        @Option(help: "How many to leave out first.") var offset = 0
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                guard (1...10_000).contains(limit), (0...10_000_000).contains(offset) else {
                    throw HubError(.badRequest, "The limit is 1 to 10000, the offset 0 to 10000000.")
                }
                let target = try BuriedThing.parse(target)
                let hub = try await Hub(path: data.path)
                let found = try await BlastRadiusFinder(hub: hub).find(target, offset: offset, limit: limit)
                print(try JSONText.encode(found.json(at: hub.clock.now())))
                await hub.close()
            }
        }
    }

    struct Bury: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "bury", abstract: "Bury something and what was made of it; print the tombstones.")

        @Argument(help: "As 'weir tombstone' takes it.") var target: String
        @Option(help: "What whoever asks for it is told.") var reason: String
        @Flag(help: "Leave what was made of it alone.") var withoutDescendants = false
        @Flag(help: "Bury its bytes wherever they are.") var digests = false
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let target = try BuriedThing.parse(target)
                let hub = try await Hub(path: data.path)
                let tombstones = try await BlastRadiusFinder(hub: hub).buryAll(
                    target, reason: reason, withDescendants: !withoutDescendants, withDigests: digests, by: nil)
                for tombstone in tombstones { print("#\(tombstone.id) \(tombstone.target)") }
                await hub.close()
            }
        }
    }
}
