import Foundation
import HubCore
import Logging

@testable import MirrorGateway

/// Two hubs without a network between them: one makes bundles, the other takes them.
final class BundleWorld: Sendable {
    let folder: URL
    let above: Hub
    let below: Hub
    let exporter: BundleExporter
    let importer: BundleImporter
    let key: SigningKey

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("bundles-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        above = try await Hub(path: folder.appendingPathComponent("above").path)
        below = try await Hub(path: folder.appendingPathComponent("below").path)
        exporter = BundleExporter(
            hub: above, repositories: Self.repositories(of: above), gate: nil, policies: nil,
            attachments: [ProvenanceAttachments(store: above.store, provenance: above.provenance)])
        importer = BundleImporter(
            hub: below, repositories: Self.repositories(of: below), gate: nil, policies: nil,
            authorizer: Authorizer(store: below.store, source: nil))
        key = try above.signingKeys.current()
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static func repositories(of hub: Hub) -> RepositoryService {
        RepositoryService(store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil)
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// Commits files to a repository above; names that end in `.bin` become LFS objects.
    func commit(_ files: [String: [UInt8]], to name: String) async throws {
        let source = folder.appendingPathComponent("source-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
        for (file, bytes) in files { try Data(bytes).write(to: source.appendingPathComponent(file)) }
        _ = try await above.importer.run(
            folder: source.path, as: try Self.id(name), isPrivate: false, message: nil)
    }

    static func id(_ name: String) throws -> RepositoryID {
        guard let id = RepositoryID(parsing: name) else { throw HubError(.badRequest, "'\(name)' is no repository.") }
        return id
    }

    @discardableResult
    func export(_ name: String, of repositories: [String], since: String? = nil) async throws -> String {
        var request = BundleRequest(
            selection: BundleSelection(
                repositories: try repositories.map { .init(id: try Self.id($0), revision: nil) }), output: path(name))
        request.since = since
        _ = try await exporter.run(request)
        return path(name)
    }

    func options() -> BundleImportOptions {
        BundleImportOptions(trust: BundleTrust(keys: [key.publicKey]))
    }

    /// Everything below that anybody could see, and every file that lies there.
    func standing() async throws -> [String] {
        var lines: [String] = []
        for id in try await below.bundles.repositories(ofMirror: "bundle") {
            guard case .mirrored(let key, let mirror, let branch) = try await below.store.standing(ofBundled: id) else {
                continue
            }
            lines.append("\(id) \(key) \(mirror) \(branch)")
            lines += try await below.store.refs(of: key).map { "\($0)" }
            lines += try await below.bundles.blobs(of: key).map(\.hex)
            lines += try await below.store.acquiredCommits(of: key, limit: 1_000).map(\.hex).sorted()
        }
        lines += try await below.store.storedBlobs().map { "\($0.id) \($0.size)" }
        lines += try await below.bundles.list(limit: 100).bundles.map { "\($0.bundleID) \($0.state)" }
        for place in [below.directory.blobs, below.directory.git] {
            let files = FileManager.default.enumerator(atPath: place)?.compactMap { $0 as? String } ?? []
            lines += files.filter { name in
                var isFolder: ObjCBool = false
                let exists = FileManager.default.fileExists(atPath: "\(place)/\(name)", isDirectory: &isFolder)
                return exists && !isFolder.boolValue
            }.sorted()
        }
        return lines
    }
}

/// A bundle in memory, to be put together in other ways than an exporter does.
struct LooseBundle {
    var predicate: BundleStatement.Predicate
    var entries: [(name: String, bytes: [UInt8])]
    var blobs: [String: [UInt8]]

    init(file path: String) throws {
        let archive = try BundleArchive(paths: [path])
        predicate = archive.statement.predicate
        entries = []
        blobs = [:]
        for item in archive.layout.items {
            let bytes = try archive.exactly(Int(item.size), at: item.content)
            if item.name.hasPrefix(BundleLayout.blobFolder) {
                blobs[item.digest.hex] = bytes
            } else {
                entries.append((item.name, bytes))
            }
        }
    }

    /// Replaces a blob by other bytes under their own digest, wherever it is named.
    mutating func replace(_ digest: String, by bytes: [UInt8]) {
        let new = BlobID(hashing: bytes).hex
        blobs[digest] = nil
        blobs[new] = bytes
        for index in predicate.contains.indices where predicate.contains[index].digest == digest {
            predicate.contains[index].digest = new
            predicate.contains[index].size = Int64(bytes.count)
        }
        for index in predicate.repos.indices where predicate.repos[index].git == digest {
            predicate.repos[index].git = new
        }
    }

    /// The archive, signed; offsets and order are put right unless `asIs`.
    func encoded(signedBy keys: [SigningKey], asIs: Bool = false, envelope change: (String) -> String = { $0 }) throws
        -> [UInt8]
    {
        var predicate = predicate
        if !asIs {
            predicate.contains.sort { $0.digest < $1.digest }
            let offsets = try BundleLayout.offsets(
                entries: entries.map { ($0.name, Int64($0.bytes.count)) },
                blobs: predicate.contains.compactMap { content in BlobID(content.digest).map { ($0, content.size) } })
            for (index, offset) in zip(predicate.contains.indices, offsets) {
                predicate.contains[index].offset = offset
            }
        }
        let statement = try BundleStatement(predicate)
        let json = try DSSEEnvelope(signing: try statement.encoded(), with: keys).json
        let envelope = Array(change(String(decoding: json, as: UTF8.self)).utf8)
        var bytes =
            BundleLayout.head(statement: Int64(envelope.count)) + envelope + TarEntry.padding(Int64(envelope.count))
        for (name, content) in entries { bytes += Self.entry(name, content) }
        for content in predicate.contains {
            bytes += Self.entry(BundleLayout.blobFolder + content.digest, blobs[content.digest] ?? [])
        }
        return bytes + TarEntry.end
    }

    static func entry(_ name: String, _ content: [UInt8]) -> [UInt8] {
        TarEntry.header(name, size: Int64(content.count)) + content + TarEntry.padding(Int64(content.count))
    }
}
