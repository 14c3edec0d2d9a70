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
        let files = files
        try await database.write { connection in
            try files?.require(id)
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
        let files = files
        try await database.write { connection in
            try TombstoneStore.requireUnburied(pointer.oid, in: connection)
            try files?.require(pointer.oid)
            try connection.upsert(
                into: "blobs", key: [("sha256", .text(pointer.oid.hex))],
                values: [("size", .integer(pointer.size)), ("stored_at", .integer(now))])
            let bytes = try Self.prove(pointer, in: key, connection)
            try QuotaLedger.charge(bytes, to: try QuotaLedger.account(of: key, in: connection), in: connection)
        }
    }

    /// Records a blob that somebody brought to a local repository: linked to it, or staged when he only proposes it.
    /// - Parameter reservation: what had been set aside for it.
    /// - Throws: `.quotaExceeded`, `.repositoryNotFound` when the repository was removed meanwhile.
    func noteArrival(of pointer: LFSPointer, in repository: Repository, endingReservation reservation: String?)
        async throws
    {
        let now = clock.now()
        let files = files
        try await database.write { connection in
            try files?.require(pointer.oid)
            try Self.noteArrival(
                of: pointer, in: repository, endingReservation: reservation, now: now, in: connection)
        }
    }

    static func noteArrival(
        of pointer: LFSPointer, in repository: Repository, endingReservation reservation: String?, now: Int64,
        in connection: any Connection
    ) throws {
        guard try connection.first("SELECT id FROM repositories WHERE id = ?", [.integer(repository.key)]) != nil
        else { throw Authorizer.notFound(repository.id, repository.principal) }
        // Here, whichever way it came: no surface can forget it.
        try TombstoneStore.requireUnburied(pointer.oid, in: connection)
        try connection.upsert(
            into: "blobs", key: [("sha256", .text(pointer.oid.hex))],
            values: [("size", .integer(pointer.size)), ("stored_at", .integer(now))])
        if let contributor = repository.contributor {
            return try StagedBlobs.stage(
                pointer, by: contributor, in: repository.key, endingReservation: reservation, now: now, in: connection)
        }
        let bytes = try prove(pointer, in: repository.key, connection)
        try QuotaLedger.charge(
            bytes, to: try QuotaLedger.account(of: repository.key, in: connection), endingReservation: reservation,
            in: connection)
    }

    /// Links blobs whose upstream gives them out for this repository.
    package func linkGranted(_ pointers: [LFSPointer], to key: Int64) async throws {
        guard !pointers.isEmpty else { return }
        try await database.write { connection in
            var bytes: Int64 = 0
            for pointer in pointers { bytes += try Self.prove(pointer, in: key, connection) }
            try QuotaLedger.charge(bytes, to: try QuotaLedger.account(of: key, in: connection), in: connection)
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

    /// What nothing named until now may have been collected since it was stored: its row went with its file.
    private static func requireKnown(_ blob: BlobID, in connection: any Connection) throws {
        let known = try connection.first("SELECT sha256 FROM blobs WHERE sha256 = ?", [.text(blob.hex)])
        guard known == nil else { return }
        throw StoredFiles.gone("object \(blob.hex)")
    }

    /// Inserts links; one that has a place already keeps it.
    /// - Parameter user: whose staged blobs become the repository's, at the expense of who pays for them already.
    /// - Returns: bytes that are to be paid for.
    @discardableResult
    static func insert(
        _ links: [BlobLink], of key: Int64, by user: Int64? = nil, areProved: Bool, in connection: any Connection
    ) throws -> Int64 {
        var bytes: Int64 = 0
        for link in links {
            let row = try connection.first(
                "SELECT commit_id, path, is_proved FROM links WHERE repository_id = ? AND sha256 = ?",
                [.integer(key), .text(link.pointer.oid.hex)])
            let wasProved = try row?.boolean("is_proved") ?? false
            var payer: String?
            if areProved, let user {
                payer = try StagedBlobs.take(link.pointer.oid, of: user, in: key, connection)
                if wasProved, payer != nil {
                    // Somebody else brought it as well, and it is paid for.
                    try QuotaLedger.charge(-link.pointer.size, to: payer, in: connection)
                }
            }
            if let row, try row.optionalText("path") != nil, wasProved || !areProved { continue }
            let hasPlace = try row?.optionalText("path") != nil
            if row == nil, areProved, payer == nil { try requireKnown(link.pointer.oid, in: connection) }
            var values: [(String, Value)] = [("is_proved", Value(wasProved || areProved))]
            if !wasProved, areProved {
                if let payer { values.append(("payer", .text(payer))) } else { bytes += link.pointer.size }
            }
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
        return bytes
    }
}
