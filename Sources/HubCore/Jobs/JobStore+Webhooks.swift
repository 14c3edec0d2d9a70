import SQL

/// What webhooks are told of jobs: that one about a repository that is here began, and how it ended.
extension JobStore {
    /// Queues `sync.started`, `sync.succeeded` and their like for whoever watches the job's repository.
    /// - Parameter members: what else is told of it.
    static func tellWebhooks(
        _ what: String, of job: Job, _ members: [JSONValue.Member] = [], at now: Int64, identifiers: IdentifierSource,
        in connection: any Connection
    ) throws {
        guard ["started", "succeeded", "failed"].contains(what),
            // A subject is a repository, maybe with a revision.
            let name = job.draft.subject.split(separator: "@", maxSplits: 1).first,
            let id = RepositoryID(parsing: String(name)),
            let row = try connection.first(
                """
                SELECT \(RepositoryStore.columns) FROM repositories r
                WHERE r.kind = ? AND r.namespace_key = ? AND r.name_key = ?
                """,
                [.text(id.kind.rawValue), .text(id.namespaceKey), .text(id.nameKey)])
        else { return }
        let record = try RepositoryStore.record(row)
        let event = WebhookEvent(
            domain: .repo, action: "update", scope: "repo.sync",
            members: [
                .init(
                    key: "job",
                    value: .object(
                        [
                            .init(key: "id", value: .integer(job.id)),
                            .init(key: "event", value: .string("\(job.draft.kind).\(what)")),
                            .init(key: "mirror", value: job.draft.mirror.map { .string($0) } ?? .null),
                            .init(key: "filesDone", value: .integer(job.progress.filesDone)),
                            .init(key: "bytesFetched", value: .integer(job.progress.bytesFetched)),
                        ] + members))
            ])
        try event.queue(
            for: record.id, key: record.key, isPrivate: record.visibility == .private, at: now,
            identifiers: identifiers, in: connection)
    }
}
