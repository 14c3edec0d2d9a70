import SQL

/// Rows of jobs and their files.
extension JobStore {
    static let progressColumns = [
        "files_total", "files_done", "files_failed", "bytes_total", "bytes_done", "bytes_fetched",
    ]

    static func job(_ id: Int64, in connection: any Connection) throws -> Job? {
        try connection.first("SELECT * FROM jobs WHERE id = ?", [.integer(id)]).map(job)
    }

    /// The job with a unique key that has not ended.
    static func active(_ key: String, in connection: any Connection) throws -> Job? {
        try connection.first("SELECT * FROM jobs WHERE active_key = ?", [.text(key)]).map(job)
    }

    static func job(_ row: Row) throws -> Job {
        let id = try row.integer("id")
        guard let state = JobState(rawValue: try row.text("state")),
            let payload = JSONText.decode(try row.text("payload"))
        else { throw HubError(.storageCorrupt, "The job \(id) cannot be read.") }
        let draft = JobDraft(
            kind: try row.text("kind"), subject: try row.text("subject"), uniqueKey: try row.optionalText("unique_key"),
            account: try row.text("account"), requestedBy: try row.optionalText("requested_by"),
            mirror: try row.optionalText("mirror"), run: try row.optionalInteger("run_id"),
            priority: JobPriority(rawValue: Int(try row.integer("priority"))) ?? .normal, payload: payload,
            notBefore: try row.integer("not_before"))
        let failure = try row.optionalText("failure_code").map { code in
            (code: code, message: try row.optionalText("failure") ?? "")
        }
        return Job(
            id: id, draft: draft, state: state, attempts: Int(try row.integer("attempts")),
            waitsFor: try row.optionalText("waits_for"), progress: try progress(row),
            upstream: try row.optionalText("upstream"), failure: failure,
            leaseOwner: try row.optionalText("lease_owner"), createdAt: try row.integer("created_at"),
            startedAt: try row.optionalInteger("started_at"), updatedAt: try row.integer("updated_at"),
            finishedAt: try row.optionalInteger("finished_at"))
    }

    static func progress(_ row: Row) throws -> JobProgress {
        var progress = JobProgress()
        progress.filesTotal = try row.integer("files_total")
        progress.filesDone = try row.integer("files_done")
        progress.filesFailed = try row.integer("files_failed")
        progress.bytesTotal = try row.integer("bytes_total")
        progress.bytesDone = try row.integer("bytes_done")
        progress.bytesFetched = try row.integer("bytes_fetched")
        return progress
    }

    static func values(of progress: JobProgress) -> [Value] {
        [
            .integer(progress.filesTotal), .integer(progress.filesDone), .integer(progress.filesFailed),
            .integer(progress.bytesTotal), .integer(progress.bytesDone), .integer(progress.bytesFetched),
        ]
    }

    static func file(_ row: Row) throws -> JobFile {
        JobFile(
            path: try row.text("path"), digest: try row.optionalText("sha256").flatMap { BlobID($0) },
            size: try row.integer("size"), state: JobFile.State(rawValue: try row.text("state")) ?? .waiting,
            bytes: try row.integer("bytes"), failure: try row.optionalText("failure"))
    }

    static func write(_ file: JobFile, of id: Int64, in connection: any Connection) throws {
        try connection.upsert(
            into: "job_files", key: [("job_id", .integer(id)), ("path", .text(file.path))],
            values: [
                ("sha256", Value(file.digest?.hex)), ("size", .integer(file.size)),
                ("state", .text(file.state.rawValue)), ("bytes", .integer(file.bytes)),
                ("failure", Value(file.failure.map { String($0.prefix(2_000)) })),
            ])
    }
}
