import SQL

/// The rows of xorbs, of who uploaded them, and of what files are made of them.
struct XetRecords: Sendable {
    let store: RepositoryStore

    private var database: any Database { store.database }

    /// Terms that one transaction writes: a large file must not keep every other writer waiting.
    private static let batch = 4_096

    /// A file that came by Xet.
    struct File: Sendable {
        let blob: BlobID
        let size: Int64
    }

    /// Records a stored xorb that was uploaded to a repository, or staged there by who only proposes a change. The file is
    /// durable before this is called (law 3).
    /// - Returns: whether it is new in this repository; whether others have it is theirs to know.
    func noteUpload(of xorb: XorbIndex, to repository: Repository) async throws -> Bool {
        let now = store.clock.now()
        let (key, contributor) = (repository.key, repository.contributor)
        // Only a xorb of one chunk is ever asked about.
        let uploader = xorb.chunks.count == 1 ? repository.principal.user : nil
        let name = xorb.hash.text
        let size = xorb.storedBytes
        let files = store.files
        return try await database.write { connection in
            try files?.require(xorb.hash)
            try connection.upsert(
                into: "xet_xorbs", key: [("hash", .text(name))],
                values: [("size", .integer(size)), ("stored_at", .integer(now))])
            if let contributor {
                let place: [Value] = [.integer(key), .integer(contributor.user), .text(name)]
                let known = try connection.first(
                    "SELECT hash FROM staged_xorbs WHERE repository_id = ? AND user_id = ? AND hash = ?", place)
                try connection.upsert(
                    into: "staged_xorbs", key: Array(zip(["repository_id", "user_id", "hash"], place)),
                    values: [("staged_at", .integer(now))])
                return known == nil
            }
            let isKnown =
                try connection.first(
                    "SELECT hash FROM xet_uploads WHERE repository_id = ? AND hash = ?", [.integer(key), .text(name)])
                != nil
            try connection.upsert(
                into: "xet_uploads", key: [("repository_id", .integer(key)), ("hash", .text(name))],
                values: [("uploaded_at", .integer(now))])
            if let uploader {
                try connection.upsert(
                    into: "xet_uploaders", key: [("user_id", .integer(uploader.id)), ("hash", .text(name))],
                    values: [("uploaded_at", .integer(now))])
            }
            return !isKnown
        }
    }

    /// Which of these xorbs the principal sent or staged himself, or were uploaded to the repository or to another whose
    /// content he may read.
    func visible(_ xorbs: Set<XetHash>, to repository: Repository) async throws -> Set<XetHash> {
        guard !xorbs.isEmpty else { return [] }
        var arguments: [Value] = [.integer(repository.key)]
        let condition = RepositoryStore.contentCondition(
            for: repository.principal, now: store.now, arguments: &arguments)
        let bound = arguments
        let user = repository.principal.user?.id ?? 0
        return try await database.read { connection in
            try xorbs.filter { xorb in
                for table in ["xet_uploaders", "staged_xorbs"] {
                    let own = try connection.first(
                        "SELECT hash FROM \(table) WHERE user_id = ? AND hash = ?",
                        [.integer(user), .text(xorb.text)])
                    if own != nil { return true }
                }
                return try connection.first(
                    """
                    SELECT u.hash FROM xet_uploads u JOIN repositories r ON r.id = u.repository_id
                    WHERE u.hash = ? AND (u.repository_id = ? OR \(condition))
                    """, [.text(xorb.text)] + bound) != nil
            }
        }
    }

    /// Which of these xorbs were stored once.
    func known(_ xorbs: Set<XetHash>) async throws -> Set<XetHash> {
        try await database.read { connection in
            try xorbs.filter { xorb in
                try connection.first("SELECT hash FROM xet_xorbs WHERE hash = ?", [.text(xorb.text)]) != nil
            }
        }
    }

    /// Forgets a xorb that was lost.
    func forget(_ xorb: XetHash) async throws {
        try await database.write { connection in
            try connection.execute("DELETE FROM xet_xorbs WHERE hash = ?", [.text(xorb.text)])
        }
    }

    /// The file of a name; nil when no shard described it.
    func file(_ hash: XetHash) async throws -> File? {
        try await database.read { connection in
            try connection.first("SELECT sha256, size FROM xet_files WHERE hash = ?", [.text(hash.text)])
                .flatMap { row in
                    guard let blob = BlobID(try row.text("sha256")) else { return nil }
                    return File(blob: blob, size: try row.integer("size"))
                }
        }
    }

    /// The names in Xet of blobs that came by Xet; others are absent.
    func hashes(of blobs: [BlobID]) async throws -> [BlobID: XetHash] {
        try await database.read { connection in
            var names: [BlobID: XetHash] = [:]
            for blob in Set(blobs) {
                names[blob] = try connection.first(
                    "SELECT hash FROM xet_files WHERE sha256 = ? ORDER BY created_at, hash", [.text(blob.hex)]
                ).flatMap { XetHash(try $0.text("hash")) }
            }
            return names
        }
    }

    /// Keeps how a verified file is put together. The terms that came first stay.
    func note(_ file: ShardFile, is blob: BlobID) async throws {
        let id = store.identifiers.next()
        let now = store.clock.now()
        var offset: Int64 = 0
        for start in stride(from: 0, to: file.terms.count, by: Self.batch) {
            let terms = file.terms[start..<min(start + Self.batch, file.terms.count)]
            let first = offset
            let files = store.files
            try await database.write { connection in
                var offset = first
                // From here on the terms keep the xorbs.
                for xorb in Set(terms.map(\.xorb)) { try files?.require(xorb) }
                for (number, term) in zip(terms.indices, terms) {
                    try connection.execute(
                        """
                        INSERT INTO xet_terms (file_id, number, file_offset, xorb, first_chunk, end_chunk, content_bytes)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        """,
                        [
                            .integer(id), .integer(Int64(number)), .integer(offset), .text(term.xorb.text),
                            .integer(Int64(term.chunks.lowerBound)), .integer(Int64(term.chunks.upperBound)),
                            .integer(Int64(term.contentBytes)),
                        ])
                    offset += Int64(term.contentBytes)
                }
            }
            offset += terms.reduce(0) { $0 + Int64($1.contentBytes) }
        }
        let size = offset
        // The file's row comes last: whoever sees it sees all its terms.
        try await database.write { connection in
            let name = file.hash.text
            if try connection.first("SELECT id FROM xet_files WHERE hash = ?", [.text(name)]) != nil {
                try connection.execute("DELETE FROM xet_terms WHERE file_id = ?", [.integer(id)])
                return
            }
            try connection.execute(
                "INSERT INTO xet_files (hash, id, sha256, size, created_at) VALUES (?, ?, ?, ?, ?)",
                [.text(name), .integer(id), .text(blob.hex), .integer(size), .integer(now)])
        }
    }
}
