import Crypto
import SQL

/// Finds the SHA-256 of every file of a commit. Small files are read once for each content and remembered.
package struct RevisionDigests: Sendable {
    let store: RepositoryStore
    let git: GitStore

    package init(store: RepositoryStore, git: GitStore) {
        self.store = store
        self.git = git
    }

    /// - Parameter entries: the files of the commit; folders and submodules among them are left out.
    /// - Throws: `HubError` when a file cannot be read.
    package func digests(of entries: [TreeEntry], in key: Int64) async throws -> [FileDigest] {
        let files = entries.filter { $0.kind != .directory && $0.kind != .submodule }
        let small = Set(files.filter { $0.lfs == nil }.map(\.id))
        var known = try await remembered(small, in: key)
        var found: [(ObjectID, String)] = []
        for id in small where known[id] == nil {
            let bytes = try await git.blob(id, in: key, limit: RepositoryService.maximumObjectSize)
            let digest = Hexadecimal.encode(SHA256.hash(data: bytes))
            known[id] = digest
            found.append((id, digest))
        }
        if !found.isEmpty { try await remember(found, in: key) }
        return files.compactMap { file in
            guard let sha256 = file.lfs?.oid.hex ?? known[file.id] else { return nil }
            return FileDigest(
                path: file.path, size: file.contentSize, sha256: sha256, object: file.id, isLarge: file.lfs != nil,
                isSymlink: file.kind == .symlink)
        }
    }

    /// - Throws: `.revisionNotFound` when the commit is not stored, `HubError` when a file cannot be read.
    package func digests(of commit: CommitID, in key: Int64) async throws -> [FileDigest] {
        guard let entries = try await git.list(nil, commit: commit, in: key, recursive: true) else {
            throw HubError(.revisionNotFound, "The commit \(commit) is not stored here.")
        }
        return try await digests(of: entries, in: key)
    }

    private func remembered(_ ids: Set<ObjectID>, in key: Int64) async throws -> [ObjectID: String] {
        try await store.database.read { connection in
            var known: [ObjectID: String] = [:]
            let all = Array(ids)
            for start in stride(from: 0, to: all.count, by: 200) {
                let some = all[start..<min(start + 200, all.count)]
                let marks = Array(repeating: "?", count: some.count).joined(separator: ", ")
                try connection.forEach(
                    "SELECT object_id, sha256 FROM object_digests WHERE repository_id = ? AND object_id IN (\(marks))",
                    [.integer(key)] + some.map { .text($0.hex) }
                ) { row in
                    if let id = ObjectID(try row.text("object_id")) { known[id] = try row.text("sha256") }
                    return true
                }
            }
            return known
        }
    }

    private func remember(_ digests: [(ObjectID, String)], in key: Int64) async throws {
        try await store.database.write { connection in
            for (id, sha256) in digests {
                try connection.upsert(
                    into: "object_digests", key: [("repository_id", .integer(key)), ("object_id", .text(id.hex))],
                    values: [("sha256", .text(sha256))])
            }
        }
    }
}
