import SQL

extension RepositoryStore {
    /// The sizes of those blobs that a repository has a proved link of its own to. Links of other repositories do not
    /// count: what is not linked here has to come here (S13, S25).
    func provedSizes(of blobs: [BlobID], in key: Int64) async throws -> [BlobID: Int64] {
        try await database.read { connection in
            var sizes: [BlobID: Int64] = [:]
            for blob in Set(blobs) {
                let row = try connection.first(
                    "SELECT size FROM links WHERE repository_id = ? AND sha256 = ? AND is_proved = 1",
                    [.integer(key), .text(blob.hex)])
                if let row { sizes[blob] = try row.integer("size") }
            }
            return sizes
        }
    }

    /// Records a blob that was uploaded to a repository, which proves its link there. The file is durable before (law 3).
    /// - Throws: `.repositoryNotFound` when the repository was removed meanwhile.
    func noteUpload(of pointer: LFSPointer, to repository: Repository) async throws {
        let now = clock.now()
        try await database.write { connection in
            guard try connection.first("SELECT id FROM repositories WHERE id = ?", [.integer(repository.key)]) != nil
            else { throw Authorizer.notFound(repository.id, repository.principal) }
            try connection.upsert(
                into: "blobs", key: [("sha256", .text(pointer.oid.hex))],
                values: [("size", .integer(pointer.size)), ("stored_at", .integer(now))])
            try connection.upsert(
                into: "links", key: [("repository_id", .integer(repository.key)), ("sha256", .text(pointer.oid.hex))],
                values: [("size", .integer(pointer.size)), ("is_proved", Value(true))])
            try AuditLog.append(
                AuditEntry(
                    by: repository.principal, "lfs.upload", repository.id.description,
                    detail: .object([
                        .init(key: "oid", value: .string(pointer.oid.hex)),
                        .init(key: "size", value: .integer(pointer.size)),
                    ])), at: now, in: connection)
        }
    }
}
