import HubCore

/// The statement about a commit that was written here: who, by which way, on top of what.
struct CommitStatement {
    let due: DueStatement
    let info: CommitInfo
    let files: [FileDigest]
    /// Against what the branch named before, or the first parent.
    let changes: TreeComparison

    /// Changed paths that are listed; how many there are is told in any case.
    private static let maximumPaths = 10_000

    func statement(by key: VerifyingKey) -> InTotoStatement {
        let prefix = StatementMatch.name(due.repository.kind, due.repository.path)
        return InTotoStatement(
            subjects: files.map { .init(name: "\(prefix)/\($0.path)", sha256: $0.sha256) },
            predicateType: StatementTypes.commit,
            predicate: .members([
                ("hub", .members([("id", .string(StatementTypes.key(key.id)))])),
                ("repository", .string(prefix)),
                ("commit", .string(due.commit.hex)),
                ("parents", .array(info.parents.map { .string($0.hex) })),
                ("ref", .string(due.ref)),
                ("previous", .text(due.previous?.hex)),
                (
                    "account",
                    .members([("name", .string(due.account)), ("id", .string(String(due.accountID, radix: 16)))])
                ),
                ("token", .text(due.tokenID.map { String($0, radix: 16) })),
                ("surface", .string(due.surface)),
                ("action", .string(due.action)),
                ("writtenAt", .string(JSONDate.text(milliseconds: due.at))),
                (
                    "changes",
                    .members([
                        ("count", .integer(Int64(changes.paths.count))),
                        ("added", Self.list(changes.added)), ("modified", Self.list(changes.modified)),
                        ("removed", Self.list(changes.removed)),
                    ])
                ),
            ]))
    }

    private static func list(_ paths: [String]) -> JSONValue {
        .array(paths.prefix(maximumPaths).map { .string($0) })
    }
}
