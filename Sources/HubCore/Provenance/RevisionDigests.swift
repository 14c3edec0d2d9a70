import Crypto
import SQL

/// Finds the SHA-256 of every file of a commit. Small files are read once for each content and remembered.
package struct RevisionDigests: Sendable {
    let store: RepositoryStore
    let git: GitStore

    /// Files of one turn at the repository and of one transaction: others wait for no more than these.
    private static let batch = 1_000
    /// Bytes of one turn at the repository, or one file.
    private static let turnBytes: Int64 = 64 << 20

    package init(store: RepositoryStore, git: GitStore) {
        self.store = store
        self.git = git
    }

    /// - Parameter entries: the files of the commit; folders and submodules among them are left out.
    /// - Throws: `HubError` when a file cannot be read.
    package func digests(of entries: [TreeEntry], in key: Int64) async throws -> [FileDigest] {
        let files = entries.filter { $0.kind != .directory && $0.kind != .submodule }
        let small = Dictionary(
            files.filter { $0.lfs == nil }.map { ($0.id, $0.contentSize) }, uniquingKeysWith: { first, _ in first })
        var known: [ObjectID: String] = [:]
        let all = Array(small.keys)
        for start in stride(from: 0, to: all.count, by: Self.batch) {
            let some = all[start..<min(start + Self.batch, all.count)]
            let old = try await remembered(some, in: key)
            let unknown = some.filter { old[$0] == nil }
            var digests: [String] = []
            for turn in Self.turns(of: unknown, sizes: small) {
                digests += try await git.digests(of: turn, in: key, limit: RepositoryService.maximumObjectSize)
            }
            let new = Array(zip(unknown, digests))
            if !new.isEmpty { try await remember(new, in: key) }
            known.merge(old) { first, _ in first }
            known.merge(new) { first, _ in first }
        }
        return files.compactMap { file in
            guard let sha256 = file.lfs?.oid.hex ?? known[file.id] else { return nil }
            return FileDigest(
                path: file.path, size: file.contentSize, sha256: sha256, object: file.id, isLarge: file.lfs != nil,
                isSymlink: file.kind == .symlink)
        }
    }

    /// Cuts files into turns, in their order.
    static func turns(of ids: [ObjectID], sizes: [ObjectID: Int64]) -> [ArraySlice<ObjectID>] {
        var turns: [ArraySlice<ObjectID>] = []
        var (start, bytes): (Int, Int64) = (0, 0)
        for (index, id) in ids.enumerated() {
            let size = sizes[id] ?? 0
            if index > start, bytes.addingClamped(size) > turnBytes {
                turns.append(ids[start..<index])
                (start, bytes) = (index, 0)
            }
            bytes = bytes.addingClamped(size)
        }
        if start < ids.count { turns.append(ids[start...]) }
        return turns
    }

    /// - Throws: `.revisionNotFound` when the commit is not stored, `HubError` when a file cannot be read.
    package func digests(of commit: CommitID, in key: Int64) async throws -> [FileDigest] {
        guard let entries = try await git.list(nil, commit: commit, in: key, recursive: true) else {
            throw HubError(.revisionNotFound, "The commit \(commit) is not stored here.")
        }
        return try await digests(of: entries, in: key)
    }

    private func remembered(_ ids: ArraySlice<ObjectID>, in key: Int64) async throws -> [ObjectID: String] {
        try await store.database.read { connection in
            var known: [ObjectID: String] = [:]
            let marks = Array(repeating: "?", count: ids.count).joined(separator: ", ")
            try connection.forEach(
                "SELECT object_id, sha256 FROM object_digests WHERE repository_id = ? AND object_id IN (\(marks))",
                [.integer(key)] + ids.map { .text($0.hex) }
            ) { row in
                if let id = ObjectID(try row.text("object_id")) { known[id] = try row.text("sha256") }
                return true
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
