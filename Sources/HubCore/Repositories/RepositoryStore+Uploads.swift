import SQL

extension RepositoryStore {
    /// The sizes of those blobs that a repository has a proved link of its own to, or that the same contributor has
    /// staged there. Links of other repositories do not count: what is not linked here has to come here (S13, S25).
    func provedSizes(of blobs: [BlobID], in repository: Repository) async throws -> [BlobID: Int64] {
        let (key, contributor) = (repository.key, repository.contributor)
        return try await database.read { connection in
            var sizes =
                try contributor.map { try StagedBlobs.sizes(of: blobs, by: $0.user, in: key, connection) } ?? [:]
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
    /// - Parameter reservation: what had been set aside for it.
    /// - Throws: `.repositoryNotFound` when the repository was removed meanwhile, `.quotaExceeded`.
    func noteUpload(of pointer: LFSPointer, to repository: Repository, endingReservation reservation: String?)
        async throws
    {
        let now = clock.now()
        let files = files
        try await database.write { connection in
            try files?.require(pointer.oid)
            try Self.noteArrival(
                of: pointer, in: repository, endingReservation: reservation, now: now, in: connection)
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
