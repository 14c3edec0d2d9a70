import SQL

/// That a repository contains a blob, and where it was first seen there. Only a link lets a repository's readers
/// have the blob; knowing its digest does not (S13).
package struct BlobLink: Sendable, Hashable {
    package let pointer: LFSPointer
    package let commit: CommitID?
    package let path: String?

    package init(pointer: LFSPointer, commit: CommitID?, path: String?) {
        self.pointer = pointer
        self.commit = commit
        self.path = path
    }
}

extension RepositoryStore {
    /// Records a stored, verified blob. The file is durable before this is called (law 3).
    package func noteBlob(_ id: BlobID, size: Int64) async throws {
        let now = clock.now()
        try await database.write { connection in
            try connection.upsert(
                into: "blobs", key: [("sha256", .text(id.hex))], values: [("size", .integer(size)), ("stored_at", .integer(now))])
        }
    }

    /// Every blob the database knows as stored, with its size in bytes.
    package func storedBlobs() async throws -> [(id: BlobID, size: Int64)] {
        try await database.read { connection in
            try connection.query("SELECT sha256, size FROM blobs ORDER BY sha256").compactMap { row in
                guard let id = BlobID(try row.text("sha256")) else { return nil }
                return (id, try row.integer("size"))
            }
        }
    }

    package func link(_ links: [BlobLink], to key: Int64) async throws {
        guard !links.isEmpty else { return }
        try await database.write { try Self.insert(links, of: key, in: $0) }
    }

    /// The links of a repository to these blobs.
    package func links(to blobs: [BlobID], of key: Int64) async throws -> [BlobID: BlobLink] {
        try await database.read { connection in
            var found: [BlobID: BlobLink] = [:]
            for blob in Set(blobs) {
                let row = try connection.first(
                    "SELECT size, commit_id, path FROM links WHERE repository_id = ? AND sha256 = ?",
                    [.integer(key), .text(blob.hex)])
                guard let row else { continue }
                found[blob] = BlobLink(
                    pointer: LFSPointer(oid: blob, size: try row.integer("size")),
                    commit: try row.optionalText("commit_id").flatMap { CommitID($0) },
                    path: try row.optionalText("path"))
            }
            return found
        }
    }

    static func insert(_ links: [BlobLink], of key: Int64, in connection: any Connection) throws {
        for link in links {
            try connection.upsert(
                into: "links", key: [("repository_id", .integer(key)), ("sha256", .text(link.pointer.oid.hex))],
                values: [
                    ("size", .integer(link.pointer.size)), ("commit_id", Value(link.commit?.hex)),
                    ("path", Value(link.path)),
                ])
        }
    }
}
