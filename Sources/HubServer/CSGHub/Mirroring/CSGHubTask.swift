import HubCore

/// How the mirroring of a repository stands, in CSGHub's words (wire/csghub.md §4.4).
struct CSGHubTask: Sendable, Equatable {
    enum Status: String, Sendable, CaseIterable {
        /// Nothing was asked for.
        case none = ""
        case queued
        case running
        case lfsStart = "lfs_start"
        case repositoryFailed = "repo_failed"
        case failed
        case incomplete
        case tooLarge = "too_large"
        case finished
        case cancelled
    }

    enum Phase: String, Sendable, CaseIterable {
        case repository = "repo"
        case lfs
        case done
    }

    /// What lists of repositories say.
    enum SyncStatus: String, Sendable, CaseIterable {
        case pending
        case inProgress = "inprogress"
        case completed
        case failed
        case canceled
    }

    /// Of the job; 0 where there is none.
    var id: Int64 = 0
    let status: Status
    let phase: Phase
    let isRetrying: Bool
    /// In percent; 100 when all is here and not before.
    let progress: Int
    /// Empty, or one of CSGHub's words.
    let failureReason: String
    /// Why it failed or what it waits for, for people.
    let message: String
    /// Milliseconds since 1970.
    let updatedAt: Int64

    /// Of a mirror that no job was about: it serves what it has not yet fetched as well.
    init(isWhole: Bool, updatedAt: Int64) {
        status = isWhole ? .finished : .none
        phase = isWhole ? .done : .repository
        isRetrying = false
        progress = isWhole ? 100 : 0
        failureReason = ""
        message = ""
        self.updatedAt = updatedAt
    }

    init(_ job: Job) {
        id = job.id
        updatedAt = job.updatedAt
        // The files are known once the commit is here.
        let hasCommit = job.progress.filesTotal > 0
        isRetrying = job.attempts > 0 && !job.state.isTerminal
        phase = job.state == .succeeded ? .done : hasCommit ? .lfs : .repository
        message = job.failure?.message ?? job.waitsFor ?? ""
        let total = max(job.progress.bytesTotal, 1)
        let done = Int(Double(min(job.progress.bytesDone, total)) / Double(total) * 100)
        progress = job.state == .succeeded ? 100 : hasCommit ? max(0, min(99, done)) : 0
        switch job.state {
        case .queued, .paused: status = .queued
        case .running: status = hasCommit ? .lfsStart : .running
        case .succeeded: status = .finished
        case .cancelled: status = .cancelled
        case .failed: status = Self.status(ofFailure: job.failure?.code, job.progress)
        }
        failureReason = Self.reason(status, job)
    }

    private static func status(ofFailure code: String?, _ progress: JobProgress) -> Status {
        let tooLarge: [HubError.Code] = [.payloadTooLarge, .quotaExceeded, .storageFull]
        if tooLarge.contains(where: { $0.rawValue == code }) { return .tooLarge }
        guard progress.filesTotal > 0 else { return .repositoryFailed }
        return progress.filesFailed > 0 ? .incomplete : .failed
    }

    private static func reason(_ status: Status, _ job: Job) -> String {
        let isExhausted = job.attempts > 1
        switch status {
        case .none, .queued, .running, .lfsStart, .finished: return ""
        case .repositoryFailed: return isExhausted ? "REPO_RETRY_EXHAUSTED" : "REPO_SYNC_FAILED"
        case .failed: return isExhausted ? "LFS_RETRY_EXHAUSTED" : "LFS_SYNC_FAILED"
        case .incomplete: return "LFS_INCOMPLETE"
        case .tooLarge: return "LFS_TOO_LARGE"
        case .cancelled: return "SYNC_CANCELLED"
        }
    }

    var isTerminal: Bool {
        switch status {
        case .none, .queued, .running, .lfsStart: false
        case .repositoryFailed, .failed, .incomplete, .tooLarge, .finished, .cancelled: true
        }
    }

    var syncStatus: SyncStatus {
        switch status {
        case .none, .queued: .pending
        case .running, .lfsStart: .inProgress
        case .finished: .completed
        case .repositoryFailed, .failed, .incomplete, .tooLarge: .failed
        case .cancelled: .canceled
        }
    }
}

extension JSONWriter {
    /// `{repository_id, mirror_id, task_id, status, …}` of `mirror_from_saas/status`.
    mutating func csghubTask(_ task: CSGHubTask, of repository: Repository, isSuperseded: Bool) {
        object { json in
            json.member("repository_id", repository.key)
            json.member("mirror_id", repository.key)
            json.member("task_id", task.id)
            json.member("status", task.status.rawValue)
            json.member("phase", task.phase.rawValue)
            json.member("repo_ready", task.phase != .repository)
            json.member("terminal", task.isTerminal)
            json.member("retrying", task.isRetrying)
            json.member("superseded", isSuperseded)
            json.member("progress", task.progress)
            json.member("failure_reason", task.failureReason)
            json.member("updated_at", JSONDate.text(milliseconds: task.updatedAt))
        }
    }

    /// A row of the queue: its two stages, and how often it was tried.
    mutating func csghubQueueRow(_ job: Job, _ task: CSGHubTask, key: Int64?, source: String) {
        func stage(_ name: String, isReached: Bool, isPassed: Bool, _ json: inout JSONWriter) {
            let state = isPassed ? "completed" : !isReached ? "waiting" : task.isTerminal ? "discarded" : "running"
            json.object(name) { json in
                json.member("state", task.status == .queued && !isPassed ? "available" : state)
                json.member("result", isPassed ? "success" : isReached && task.isTerminal ? task.failureReason : "")
            }
        }
        object { json in
            json.member("id", job.id)
            json.member("task_id", job.id)
            json.member("mirror_id", key ?? 0)
            json.member("repo_path", job.repository?.path ?? "")
            json.member("repo_type", job.repository?.kind.rawValue ?? "")
            json.member("source_url", source)
            json.member("status", task.status.rawValue)
            json.member("progress", task.progress)
            json.member("priority", job.draft.priority.csghubNumber)
            json.member("is_urgent", job.draft.priority == .urgent)
            json.member("retry_count", max(0, job.attempts - 1))
            json.member("error_message", task.message)
            stage("repo_stage", isReached: true, isPassed: task.phase != .repository, &json)
            stage("lfs_stage", isReached: task.phase != .repository, isPassed: task.phase == .done, &json)
            json.member("created_at", JSONDate.text(milliseconds: job.createdAt))
            json.member("updated_at", JSONDate.text(milliseconds: job.updatedAt))
        }
    }
}
