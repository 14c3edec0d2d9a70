package import HubCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An export as a job keeps it. Whoever asked was let into each repository when he asked.
package struct BundleExportOrder: Codable, Sendable {
    package var mirrors: [String]
    /// As `model:acme/demo@main`.
    package var repos: [String]
    package var since: String?
    package var recipient: String?
    package var lifetime: Int64?
    package var partSize: Int64?
    /// What its file is called, below `bundles/` of the data directory.
    package var name: String
    package var requestedBy: String

    package init(
        mirrors: [String], repos: [String], since: String?, recipient: String?, lifetime: Int64?, partSize: Int64?,
        name: String, requestedBy: String
    ) {
        self.mirrors = mirrors
        self.repos = repos
        self.since = since
        self.recipient = recipient
        self.lifetime = lifetime
        self.partSize = partSize
        self.name = name
        self.requestedBy = requestedBy
    }
}

/// An import as a job keeps it.
package struct BundleImportOrder: Codable, Sendable {
    /// Names of files in the server's folder of bundles.
    package var files: [String]
    package var allowOlder: Bool
    package var allowRewind: Bool

    package init(files: [String], allowOlder: Bool, allowRewind: Bool) {
        self.files = files
        self.allowOlder = allowOlder
        self.allowRewind = allowRewind
    }
}

/// Writes bundles that were asked for by REST.
struct BundleExportJob: JobHandler {
    static let kind = "bundle-export"
    let exporter: BundleExporter
    let hub: Hub

    var kind: String { Self.kind }

    func run(_ job: Job, _ context: any JobContext) async throws {
        let order = try JSONText.decode(BundleExportOrder.self, from: job.draft.payload)
        let folder = Gateway.bundleFolder(of: hub)
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw HubError(.storageFull, "The folder of bundles cannot be made.")
        }
        var request = BundleRequest(
            selection: BundleSelection(
                mirrors: order.mirrors, repositories: try order.repos.map(BundleSelection.Named.init(parsing:))),
            output: "\(folder)/\(order.name)")
        request.since = order.since
        request.recipient = order.recipient
        request.lifetime = order.lifetime
        request.partSize = order.partSize
        request.requestedBy = order.requestedBy
        try await context.plan([JobFile(path: order.name, digest: nil, size: 0)])
        let report = try await exporter.run(request) { done, _ in
            await context.advance(order.name, bytes: done, fetched: 0, from: nil)
        }
        await context.report([
            JobFile(path: order.name, digest: nil, size: report.bytes, state: .done, bytes: report.bytes)
        ])
    }
}

/// Takes bundles in that somebody put into the server's folder.
struct BundleImportJob: JobHandler {
    static let kind = "bundle-import"
    let gateway: Gateway

    var kind: String { Self.kind }

    func run(_ job: Job, _ context: any JobContext) async throws {
        let order = try JSONText.decode(BundleImportOrder.self, from: job.draft.payload)
        _ = try await gateway.importBundle(order, isDryRun: false)
    }
}

extension BundleSelection.Named {
    /// Reads `model:acme/demo` or `model:acme/demo@main`.
    /// - Throws: `.badRequest`.
    package init(parsing text: String) throws {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let id = RepositoryID(parsing: parts[0]) else {
            throw HubError(
                .badRequest, "'\(text.prefix(200))' does not name a repository.",
                remedy: "Write it as model:acme/demo or model:acme/demo@main.")
        }
        guard parts.count == 2 else {
            self.init(id: id, revision: nil)
            return
        }
        guard let revision = Revision(parts[1]) else {
            throw HubError(.badRequest, "'\(parts[1].prefix(200))' is not a revision.")
        }
        self.init(id: id, revision: revision)
    }
}

extension Gateway {
    /// Who does the long work with bundles.
    var bundleHandlers: [any JobHandler] {
        [BundleExportJob(exporter: bundleExporter, hub: hub), BundleImportJob(gateway: self)]
    }

    /// Where bundles lie that were asked for by REST.
    static func bundleFolder(of hub: Hub) -> String { "\(hub.directory.path)/bundles" }

    /// Reads a bundle from the server's folder.
    /// - Throws: `.forbidden` where there is none, `.badRequest` for what is no name of a file; as the importer.
    package func importBundle(_ order: BundleImportOrder, isDryRun: Bool) async throws -> BundleImportReport {
        var options = BundleImportOptions(trust: try BundleTrust(hub.directory))
        options.site = bundleSettings.site
        options.isDryRun = isDryRun
        options.allowsOlder = order.allowOlder
        options.allowsRewinding = order.allowRewind
        return try await bundleImporter.run(try bundlePaths(order.files), options)
    }

    /// The paths of files in the server's folder of bundles.
    package func bundlePaths(_ names: [String]) throws -> [String] {
        guard let folder = bundleSettings.folder else {
            throw HubError(
                .forbidden, "This server reads no bundles.", remedy: "Start it with --bundle-folder.")
        }
        guard !names.isEmpty, names.count <= 100_000 else { throw HubError(.badRequest, "No file is named.") }
        return try names.map { name in
            guard let first = name.utf8.first, first != UInt8(ascii: "."), name.utf8.count <= 255,
                name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\") })
            else { throw HubError(.badRequest, "'\(name.prefix(64).description.onOneLine)' is no name of a file.") }
            return "\(folder)/\(name)"
        }
    }

    /// A file of a bundle that was asked for by REST.
    /// - Parameter part: nil for a bundle of one file.
    /// - Throws: `.notFound`.
    package func bundleFile(_ record: BundleRecord, part: Int?) async throws -> OpenFile {
        let folder = Self.bundleFolder(of: hub)
        guard record.direction == .outgoing, let file = record.file, file.hasPrefix("\(folder)/"),
            !file.dropFirst(folder.utf8.count + 1).contains("/")
        else { throw HubError(.notFound, "The files of this bundle are not kept here.") }
        let path = part.map { BundleOutput.name(file, part: $0) } ?? file
        do {
            return try await hub.blobs.blocking { try OpenFile(path: path) }
        } catch let error as HubError where error.code == .notFound {
            throw HubError(
                .notFound, "The bundle has no such file.", remedy: "A bundle in parts has ?part=0 and so on.")
        }
    }
}
