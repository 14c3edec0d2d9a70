import Crypto
import HubCore
import Policies

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Finds out what a commit says about its terms and its origin, from its card and its licence files.
struct EvidenceReader: Sendable {
    let git: GitStore
    let blobs: any BlobStore
    let comparison: LicenseTextComparison
    /// Brings a small file that is not here yet; nil where nobody can.
    let fetch: (@Sendable (LFSPointer, String) async throws -> BlobReader)?

    /// What was read, and whether all of it was: what is only missing now is looked for again.
    struct Reading: Sendable {
        var evidence = LicenseEvidence()
        var isWhole = true
    }

    /// The configuration of an adapter names what it adapts, whether its card does or not.
    private static let adapterFile = "adapter_config.json"
    private static let maximumConfiguration = 1 << 20

    func read(_ contents: CommitContents, in key: Int64) async throws -> Reading {
        var reading = Reading()
        let card = contents.card
        reading.evidence.card = Self.bounded(card.licenses)
        reading.evidence.name = card.data?["license_name"]?.scalarText.map(Self.bounded)
        reading.evidence.link = card.data?["license_link"]?.scalarText.map(Self.bounded)
        reading.evidence.tags = Self.bounded(
            (card.data?["tags"]?.strings ?? []).compactMap { tag in
                tag.lowercased().hasPrefix("license:") ? String(tag.dropFirst("license:".count)) : nil
            })
        var lineage = DeclaredLineage(card)
        if let adapted = try await adapted(contents, in: key) { lineage.add(adapted, .model, .adapter) }
        reading.evidence.edges = lineage.edges
        reading.evidence.omittedEdges = lineage.omitted
        try await readTexts(LicenseFiles(contents.files), in: key, &reading)
        return reading
    }

    private func adapted(_ contents: CommitContents, in key: Int64) async throws -> String? {
        guard
            let file = contents.files.first(where: { $0.path == Self.adapterFile && $0.lfs == nil }),
            file.size > 0, file.size <= Self.maximumConfiguration
        else { return nil }
        let bytes = try await git.blob(file.id, in: key, limit: Self.maximumConfiguration)
        let name = JSONText.decode(String(decoding: bytes, as: UTF8.self))?["base_model_name_or_path"]?.string
        // A path on the author's own disk names nothing.
        return name.flatMap { RepositoryID(kind: .model, path: $0)?.path }
    }

    private func readTexts(_ files: LicenseFiles, in key: Int64, _ reading: inout Reading) async throws {
        let canCompare = await comparison.isReady()
        if canCompare { reading.evidence.texts = [] }
        for file in files.chosen {
            let entry = file.entry
            let role = file.role
            reading.evidence.notices.append(entry.path)
            guard canCompare else { continue }
            var text: LicenseEvidence.Text
            do {
                let bytes = try await bytes(of: entry, in: key)
                let match = await comparison.classify(bytes)
                // Notices and rules of use are no licences unless they name one.
                if match == nil, role == .notice { continue }
                text = LicenseEvidence.Text(
                    path: entry.path, sha256: Hexadecimal.encode(SHA256.hash(data: bytes)), size: entry.contentSize,
                    match: try match.map(Self.json))
            } catch let error as Unreadable {
                if error.isPassing { reading.isWhole = false }
                if role == .notice { continue }
                text = LicenseEvidence.Text(
                    path: entry.path, sha256: nil, size: entry.contentSize, match: nil, unread: error.reason)
            }
            reading.evidence.texts?.append(text)
        }
        if files.omitted > 0, canCompare {
            reading.evidence.texts?.append(
                LicenseEvidence.Text(
                    path: "…", sha256: nil, size: 0, match: nil,
                    unread: "\(files.omitted) more files are called licences; \(LicenseFiles.maximumFiles) are read"))
        }
    }

    private struct Unreadable: Error {
        let reason: String
        /// Whether it may be read later.
        var isPassing = false
    }

    private func bytes(of entry: TreeEntry, in key: Int64) async throws -> [UInt8] {
        guard entry.kind == .file || entry.kind == .executable else {
            throw Unreadable(reason: "it is a link, and links are not followed")
        }
        guard entry.contentSize >= 0, entry.contentSize <= LicenseFiles.maximumBytes else {
            throw Unreadable(reason: "it has \(entry.contentSize) bytes, and \(LicenseFiles.maximumBytes) are read")
        }
        guard let pointer = entry.lfs else {
            return try await git.blob(entry.id, in: key, limit: LicenseFiles.maximumBytes)
        }
        do {
            if let stored = try await blobs.open(pointer.oid) { return try await Self.bytes(stored) }
            guard let fetch else { throw Unreadable(reason: "its bytes are not here", isPassing: true) }
            return try await Self.bytes(try await fetch(pointer, entry.path))
        } catch let error as HubError {
            throw Unreadable(reason: "its bytes are not here: \(error.message)", isPassing: true)
        }
    }

    private static func bytes(_ reader: BlobReader) async throws -> [UInt8] {
        guard reader.size > 0 else { return [] }
        var end: Int64 = 0
        while end < reader.size { end = try await reader.released(past: end, within: 0..<reader.size) }
        return try reader.file.read(at: 0, count: Int(clamping: reader.size))
    }

    static func json(_ match: LicenseTextMatch) throws -> JSONValue {
        let data = try JSONEncoder().encode(match)
        return try JSONDecoder().decode(JSONValue.self, from: data)
    }

    /// Cards may say anything, thousands of times.
    private static func bounded(_ values: [String]) -> [String] { values.prefix(32).map(bounded) }

    private static func bounded(_ text: String) -> String { String(text.prefix(256)).onOneLine }
}
