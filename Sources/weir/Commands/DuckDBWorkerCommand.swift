import ArgumentParser
import DataTools

/// Reads tables for a hub that started it; of no use to people.
struct DuckDBWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duckdb-worker", abstract: "Read tables for the dataset viewer; started by the hub itself.",
        shouldDisplay: false)

    @Argument(help: "The library DuckDB.") var library: String
    @Argument(help: "Folders below which files may be read.") var folders: [String] = []

    func run() { WorkerProgram.run(library: library, folders: folders) }
}
