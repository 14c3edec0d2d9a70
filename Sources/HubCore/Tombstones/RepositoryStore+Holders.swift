import SQL

/// A repository that holds something, and where in it.
package struct Holder: Sendable, Hashable {
    package let key: Int64
    package let repository: RepositoryID
    /// The mirror that it came by; nil for a local one.
    package let mirror: String?
    /// The repository's path at its upstream; nil for a local one.
    package let upstreamPath: String?
    /// The commit that had it first, where that is known.
    package let commit: CommitID?
    /// Where it lies in that commit.
    package let path: String?
}

extension RepositoryStore {
    /// Repositories that hold what a tombstone would bury, in the order of their keys.
    /// - Parameter offset: those before the part that is wanted.
    package func holders(of target: TombstoneTarget, offset: Int = 0, limit: Int) async throws -> [Holder] {
        let columns = "r.id, r.kind, r.namespace, r.name, r.mirror, r.upstream_path"
        let (source, condition, arguments): (String, String, [Value])
        var (commit, path) = ("NULL", "NULL")
        switch target {
        case .digest(let blob):
            source = "links l JOIN repositories r ON r.id = l.repository_id"
            (condition, arguments) = ("l.sha256 = ?", [.text(blob.hex)])
            (commit, path) = ("l.commit_id", "l.path")
        case .object(let object):
            // What git holds itself has no row; who took it has.
            source = "repositories r"
            condition = "r.id IN (SELECT repository_key FROM pulls WHERE digest = ?)"
            arguments = [.text(object.hex)]
        case .repository(let id), .revision(let id, _):
            source = "repositories r"
            condition = "r.kind = ? AND ((r.namespace_key = ? AND r.name_key = ?) OR LOWER(r.upstream_path) = ?)"
            arguments = [
                .text(id.kind.rawValue), .text(id.namespaceKey), .text(id.nameKey),
                .text(RepositoryID.key(id.path)),
            ]
        case .namespace(let name):
            source = "repositories r"
            condition = "r.namespace_key = ? OR LOWER(r.upstream_path) LIKE ? ESCAPE '!'"
            let key = RepositoryID.key(name)
            arguments = [.text(key), .text(Self.escapeLike(key) + "/%")]
        case .license(let name):
            source = "repositories r JOIN repository_facets f ON f.repository_id = r.id"
            (condition, arguments) = ("f.tag_key = ?", [.text("license:\(name.lowercased())")])
        }
        let fixed: CommitID? = if case .revision(_, let commit) = target { commit } else { nil }
        let (commitColumn, pathColumn) = (commit, path)
        return try await database.read { connection in
            try connection.query(
                """
                SELECT \(columns), \(commitColumn) AS found_commit, \(pathColumn) AS found_path FROM \(source)
                WHERE \(condition) ORDER BY r.id LIMIT ? OFFSET ?
                """, arguments + [.integer(Int64(limit)), .integer(Int64(offset))]
            ).compactMap { row in
                guard let kind = RepositoryKind(rawValue: try row.text("kind")),
                    let id = RepositoryID(
                        kind: kind, namespace: try row.text("namespace"), name: try row.text("name"))
                else { return nil }
                return Holder(
                    key: try row.integer("id"), repository: id, mirror: try row.optionalText("mirror"),
                    upstreamPath: try row.optionalText("upstream_path"),
                    commit: try fixed ?? row.optionalText("found_commit").flatMap { CommitID($0) },
                    path: try row.optionalText("found_path"))
            }
        }
    }
}
