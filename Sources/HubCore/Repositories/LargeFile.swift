import SQL

/// A blob that a repository keeps, on whatever branch and however long ago.
package struct LargeFile: Sendable, Hashable {
    package let pointer: LFSPointer
    /// Where it was first committed; nil for what was uploaded and not committed.
    package let path: String?
    /// When its bytes were stored, in milliseconds since 1970; 0 when they are not here.
    package let storedAt: Int64
}

extension RepositoryService {
    /// Branches that are looked through for the place of a large file.
    private static let branchesSearched = 32

    /// The branches that have these large files where they were first committed: the default branch where it does, else
    /// the first by name. Files that only history keeps have none.
    package func branches(of files: some Collection<LargeFile>, in repository: Repository) async throws
        -> [BlobID: RefName]
    {
        var branches = try await store.refs(of: repository.key).map(\.name).filter(\.isBranch)
        if let main = branches.firstIndex(where: { $0.shortName == repository.defaultBranch }) {
            branches.insert(branches.remove(at: main), at: 0)
        }
        var found: [BlobID: RefName] = [:]
        for branch in branches.prefix(Self.branchesSearched) {
            guard let revision = Revision(branch.name) else { continue }
            let snapshot = try await snapshot(of: repository, at: revision)
            for file in files where found[file.pointer.oid] == nil {
                guard let path = file.path else { continue }
                do {
                    let entry = try await entry(at: path, in: snapshot)
                    if entry.lfs?.oid == file.pointer.oid { found[file.pointer.oid] = branch }
                } catch let error as HubError where error.code == .entryNotFound {
                    continue
                }
            }
            if found.count == files.count { break }
        }
        return found
    }

    /// The large files of a repository in the order of their digests.
    /// - Parameters:
    ///   - after: the last one seen; nil for the first.
    ///   - repository: opened for `.contentWrite`.
    package func largeFiles(of repository: Repository, after: BlobID?, limit: Int) async throws -> [LargeFile] {
        try requireWrite(repository)
        return try await store.largeFiles(of: repository.key, after: after, limit: limit)
    }
}

extension RepositoryStore {
    func largeFiles(of key: Int64, after: BlobID?, limit: Int) async throws -> [LargeFile] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT l.sha256, l.size, l.path, b.stored_at FROM links l LEFT JOIN blobs b ON b.sha256 = l.sha256
                WHERE l.repository_id = ? AND l.is_proved = 1 AND l.sha256 > ? ORDER BY l.sha256 LIMIT ?
                """, [.integer(key), .text(after?.hex ?? ""), .integer(Int64(limit))]
            ).compactMap { row in
                guard let oid = BlobID(try row.text("sha256")) else { return nil }
                return LargeFile(
                    pointer: LFSPointer(oid: oid, size: try row.integer("size")),
                    path: try row.optionalText("path"), storedAt: try row.optionalInteger("stored_at") ?? 0)
            }
        }
    }
}
