import ArgumentParser
import HubCore

struct IndexCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index", abstract: "What lists and searches are answered from.", subcommands: [Rebuild.self])

    struct Rebuild: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rebuild",
            abstract: "Make the index of cards and texts anew, from the repositories themselves.",
            discussion: """
                A hub that serves may go on; searches miss what is not indexed again yet. Each commit keeps the index up
                to date by itself, and a new release makes anew what it needs: nobody has to run this by habit.
                """)

        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                var problems = 0
                let indexed = try await hub.indexRebuild.all { key, error in
                    problems += 1
                    print("The repository with the key \(key) cannot be indexed: \(error)")
                }
                print("\(indexed) repositories indexed, \(problems) problems")
                await hub.close()
                if problems > 0 { throw CommandFailure.corrupt }
            }
        }
    }
}
