import Crypto
import SQL

extension Hub {
    /// Buries something; of bytes that are here and may lie in git too, their name there is found out first.
    package func bury(_ target: TombstoneTarget, reason: String, by principal: Principal? = nil) async throws
        -> Tombstone
    {
        var gitID: ObjectID?
        if case .digest(let blob) = target { gitID = try await nameInGit(of: blob) }
        return try await tombstones.bury(target, gitID: gitID, reason: reason, by: principal ?? .operator)
    }

    /// Lifts a tombstone as whoever holds the data directory.
    package func lift(_ tombstone: Int64, note: String?) async throws -> Tombstone {
        try await tombstones.lift(tombstone, note: note, by: .operator)
    }

    /// Decides on a request as whoever holds the data directory.
    package func decide(_ approval: Int64, _ ruling: ApprovalStore.Ruling, note: String?) async throws -> Approval {
        try await approvals.decide(approval, ruling, note: note, by: .operator)
    }

    /// The object id that stored bytes have in git; nil for what is not stored, or larger than git takes.
    private func nameInGit(of blob: BlobID) async throws -> ObjectID? {
        guard let reader = try await blobs.open(blob), reader.size <= Int64(RepositoryService.maximumObjectSize) else {
            return nil
        }
        var hash = Insecure.SHA1()
        hash.update(data: Array("blob \(reader.size)\0".utf8))
        var offset: Int64 = 0
        while offset < reader.size {
            let bytes = try reader.file.read(at: offset, count: Int(min(1 << 20, reader.size - offset)))
            guard !bytes.isEmpty else { return nil }
            hash.update(data: bytes)
            offset += Int64(bytes.count)
        }
        return ObjectID(bytes: Array(hash.finalize()))
    }
}

extension RepositoryStore {
    /// The blobs that a repository's commits and uploads named.
    package func linkedBlobs(of key: Int64, limit: Int) async throws -> [BlobID] {
        try await database.read { connection in
            try connection.query(
                "SELECT sha256 FROM links WHERE repository_id = ? ORDER BY sha256 LIMIT ?",
                [.integer(key), .integer(Int64(limit))]
            ).compactMap { BlobID(try $0.text("sha256")) }
        }
    }
}
