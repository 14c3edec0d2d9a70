import ArgumentParser
import HubCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct SampleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample", abstract: "Fill a data directory with a small sample community hub.",
        discussion: "Models and datasets of several licences with made-up content, the same in every run.")

    @OptionGroup var data: DataOption

    func run() async throws {
        try await CommandFailure.report {
            let hub = try await Hub(path: data.path)
            for sample in SampleContent.all {
                guard let id = RepositoryID(parsing: sample.repository) else { continue }
                let made = try await Self.titles(of: id, in: hub)
                for revision in sample.revisions where !made.contains(revision.message) {
                    let report = try await Self.commit(revision, to: id, in: hub)
                    print("\(id) \(report.commit) \(revision.message)")
                }
            }
            await hub.close()
        }
    }

    /// The commits that an earlier run made, so that another run changes nothing.
    private static func titles(of id: RepositoryID, in hub: Hub) async throws -> Set<String> {
        guard let repository = try? await Authorizer(store: hub.store, source: nil).openAsOperator(.metaRead, id),
            let head = try await hub.store.refs(of: repository.key).first(where: \.name.isBranch)
        else { return [] }
        let history = try await hub.git.history(from: head.target, in: repository.key, path: nil, skip: 0, limit: 100)
        return Set(history.map(\.title))
    }

    private static func commit(_ revision: SampleContent.Revision, to id: RepositoryID, in hub: Hub) async throws
        -> ImportReport
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "weir-sample-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for file in revision.files {
            let path = "\(folder)/\(file.path)"
            let parent = path[..<(path.lastIndex(of: "/") ?? path.endIndex)]
            try FileManager.default.createDirectory(atPath: String(parent), withIntermediateDirectories: true)
            guard FileManager.default.createFile(atPath: path, contents: Data(file.bytes)) else {
                throw HubError(.storageFull, "'\(path)' cannot be written.")
            }
        }
        let report = try await hub.importer.run(
            folder: folder, as: id, isPrivate: false, message: revision.message, at: revision.date)
        if let tag = revision.tag.flatMap({ RefName.tag($0) }) {
            try await hub.importer.tag(tag, report)
        }
        return report
    }
}
