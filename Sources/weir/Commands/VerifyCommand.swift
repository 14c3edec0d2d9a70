import ArgumentParser
import HubCore

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read everything that is stored and compare it with its digest.",
        discussion: "Ends with 65 when anything is wrong.")

    @OptionGroup var data: DataOption

    func run() async throws {
        try await CommandFailure.report {
            let hub = try await Hub(path: data.path)
            let report = try await StorageCheck(store: hub.store, git: hub.git, blobs: hub.blobs).run { print($0) }
            print(
                "\(report.blobs) blobs of \(report.bytes) bytes and \(report.repositories) repositories checked, "
                    + "\(report.problems) problems")
            await hub.close()
            if report.problems > 0 { throw CommandFailure.corrupt }
        }
    }
}
