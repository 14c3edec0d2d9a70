import SQL

/// That a repository contains a blob, and where it was first seen there. Only a link lets a repository's readers
/// have the blob; knowing its digest does not (S13).
///
/// A link is proved once the bytes came by its repository, or its upstream said that it gives them out: whoever can push
/// to an upstream can write a pointer to a blob that he may not read.
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
                into: "blobs", key: [("sha256", .text(id.hex))],
                values: [("size", .integer(size)), ("stored_at", .integer(now))])
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

    /// Records a blob that came by a repository, which proves its link there.
    package func noteArrival(of pointer: LFSPointer, in key: Int64) async throws {
        let now = clock.now()
        try await database.write { connection in
            try connection.upsert(
                into: "blobs", key: [("sha256", .text(pointer.oid.hex))],
                values: [("size", .integer(pointer.size)), ("stored_at", .integer(now))])
            try connection.upsert(
                into: "links", key: [("repository_id", .integer(key)), ("sha256", .text(pointer.oid.hex))],
                values: [("size", .integer(pointer.size)), ("is_proved", Value(true))])
        }
    }

    /// Links blobs whose upstream gives them out for this repository.
    package func linkGranted(_ pointers: [LFSPointer], to key: Int64) async throws {
        guard !pointers.isEmpty else { return }
        try await database.write { connection in
            for pointer in pointers {
                try connection.upsert(
                    into: "links", key: [("repository_id", .integer(key)), ("sha256", .text(pointer.oid.hex))],
                    values: [("size", .integer(pointer.size)), ("is_proved", Value(true))])
            }
        }
    }

    /// Whether a stored blob is a repository's to give to its reader: its link is proved, or that of another repository
    /// whose content the same reader may read.
    package func isProved(_ blob: BlobID, for repository: Repository) async throws -> Bool {
        var arguments: [Value] = [.text(blob.hex), .integer(repository.key)]
        let visible = Self.contentCondition(for: repository.principal, now: clock.now(), arguments: &arguments)
        let bound = arguments
        return try await database.read { connection in
            try connection.first(
                """
                SELECT l.size FROM links l JOIN repositories r ON r.id = l.repository_id
                WHERE l.sha256 = ? AND l.is_proved = 1 AND (l.repository_id = ? OR \(visible))
                """, bound) != nil
        }
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

    /// Inserts links; one that has a place already keeps it.
    static func insert(_ links: [BlobLink], of key: Int64, areProved: Bool, in connection: any Connection) throws {
        for link in links {
            let row = try connection.first(
                "SELECT commit_id, path, is_proved FROM links WHERE repository_id = ? AND sha256 = ?",
                [.integer(key), .text(link.pointer.oid.hex)])
            let wasProved = try row?.boolean("is_proved") ?? false
            if let row, try row.optionalText("path") != nil, wasProved || !areProved { continue }
            let hasPlace = try row?.optionalText("path") != nil
            var values: [(String, Value)] = [("is_proved", Value(wasProved || areProved))]
            if !hasPlace {
                values += [
                    ("size", .integer(link.pointer.size)), ("commit_id", Value(link.commit?.hex)),
                    ("path", Value(link.path)),
                ]
            } else {
                values.append(("size", .integer(link.pointer.size)))
            }
            try connection.upsert(
                into: "links", key: [("repository_id", .integer(key)), ("sha256", .text(link.pointer.oid.hex))],
                values: values)
        }
    }
}
