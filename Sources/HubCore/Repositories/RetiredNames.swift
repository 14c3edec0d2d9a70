import SQL

/// Names that repositories had once. People and programs still ask for them, so they are not for whoever comes next:
/// who takes such a name again is believed to be who had it (S22).
enum RetiredNames {
    /// Notes that a repository's present name is given up, whether it is removed or moved.
    static func retire(_ repository: Repository, at now: Int64, in connection: any Connection) throws {
        let creator = try connection.first(
            "SELECT created_by FROM repositories WHERE id = ?", [.integer(repository.key)])?
            .optionalInteger("created_by")
        try connection.upsert(
            into: "retired_names", key: key(repository.id),
            values: [("created_by", Value(creator)), ("retired_at", .integer(now))])
    }

    /// Takes a name into use again, where it was in use before.
    /// - Parameters:
    ///   - principal: who asks; nil for the operator on the data directory.
    ///   - mayReclaim: whether the principal could have removed what had the name.
    /// - Throws: `.conflict` when the name was somebody else's.
    static func reclaim(
        _ id: RepositoryID, by principal: Principal?, mayReclaim: Bool, in connection: any Connection
    ) throws {
        guard
            let row = try connection.first(
                "SELECT created_by FROM retired_names WHERE kind = ? AND namespace_key = ? AND name_key = ?",
                key(id).map(\.1))
        else { return }
        let creator = try row.optionalInteger("created_by")
        let isOwn = creator != nil && creator == principal?.user?.id
        guard principal == nil || principal == .operator || isOwn || mayReclaim else {
            throw HubError(
                .conflict, "The name \(id.path) was a repository of somebody else's before.",
                remedy: "Choose another name, or ask a maintainer of '\(id.namespace)' to make the repository.")
        }
        try connection.execute(
            "DELETE FROM retired_names WHERE kind = ? AND namespace_key = ? AND name_key = ?", key(id).map(\.1))
    }

    private static func key(_ id: RepositoryID) -> [(String, Value)] {
        [
            ("kind", .text(id.kind.rawValue)), ("namespace_key", .text(id.namespaceKey)),
            ("name_key", .text(id.nameKey)),
        ]
    }
}
