import ArgumentParser

/// The option that every command on a data directory has.
struct DataOption: ParsableArguments {
    @Option(name: .customLong("data"), help: ArgumentHelp("The data directory.", valueName: "dir"))
    var path: String = "data"
}
