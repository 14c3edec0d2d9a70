import ArgumentParser
import HubCore

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Commit a folder, or a Hugging Face cache snapshot, to a local repository.",
        discussion:
            "Large and binary files become LFS objects. The folder becomes the whole content of the branch main.")

    @Argument(help: "The folder.") var path: String
    @Option(name: .customLong("as"), help: ArgumentHelp("As in model:acme/demo.", valueName: "kind:ns/name"))
    var repository: String
    @Flag(name: .customLong("private"), help: "Visible to its owner and administrators only.") var isPrivate = false
    @Option(help: "The commit's message.") var message: String?
    @OptionGroup var data: DataOption

    func run() async throws {
        try await CommandFailure.report {
            guard let id = RepositoryID(parsing: repository) else {
                throw HubError(
                    .badRequest, "'\(repository)' does not name a repository.", remedy: "Write it as model:acme/demo.")
            }
            let hub = try await Hub(path: data.path)
            let report = try await hub.importer.run(folder: path, as: id, isPrivate: isPrivate, message: message)
            print(
                "\(report.repository) \(report.isUnchanged ? "is unchanged at" : "is now at") \(report.commit): "
                    + "\(report.files) files, \(report.large) of them LFS, \(report.bytes) bytes")
            await hub.close()
        }
    }
}
