import ArgumentParser
import HubCore

struct TombstoneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tombstone", abstract: "What is served nowhere any more.",
        discussion: """
            A target is sha256:DIGEST, git:OBJECT, model:acme/demo, model:acme/demo@COMMIT, author:acme or license:mit.
            A server on the same data directory notices a change within two seconds.
            """,
        subcommands: [List.self, Add.self, Lift.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Show the tombstones: number, target, day, who and why.")

        @Flag(help: "Also those that were lifted.") var all = false
        @Flag(help: "Print them as JSON, one a line.") var json = false
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                var last: Int64 = 0
                while true {
                    let page = try await hub.tombstones.list(since: last, limit: 500)
                    for tombstone in page where all || !tombstone.isLifted {
                        print(json ? try JSONText.encode(tombstone.json) : Self.line(tombstone))
                    }
                    guard page.count == 500, let end = page.last else { break }
                    last = end.sequence
                }
                await hub.close()
            }
        }

        private static func line(_ tombstone: Tombstone) -> String {
            let day = JSONDate.text(milliseconds: tombstone.buriedAt).prefix(10)
            let lifted = tombstone.isLifted ? " (lifted)" : ""
            return
                "#\(tombstone.id) \(tombstone.target)\(lifted) \(day) \(tombstone.buriedBy): \(tombstone.reason.onOneLine)"
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Bury something, and print the tombstone's number.")

        @Argument(help: "What is buried.") var target: String
        @Option(help: "What whoever asks for it is told.") var reason: String
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let target = try BuriedThing.parse(target)
                let hub = try await Hub(path: data.path)
                print(try await hub.bury(target, reason: reason).id)
                await hub.close()
            }
        }
    }

    struct Lift: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "lift", abstract: "Take a tombstone away.")

        @Argument(help: "The tombstone's number, as 'weir tombstone list' shows it.") var id: Int64
        @Option(help: "Why.") var note: String?
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                _ = try await hub.lift(id, note: note)
                print("lifted #\(id)")
                await hub.close()
            }
        }
    }
}

/// What is buried, as people write it on the command line.
enum BuriedThing {
    static func parse(_ text: String) throws -> TombstoneTarget {
        guard let target = TombstoneTarget(parsing: text) else {
            throw HubError(
                .badRequest, "'\(text)' is nothing that can be buried.",
                remedy:
                    "Write sha256:…, git:…, model:acme/demo, model:acme/demo@COMMIT, author:acme or license:mit.")
        }
        return target
    }
}
