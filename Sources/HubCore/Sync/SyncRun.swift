/// One time that a mirror fetched ahead.
package struct SyncRun: Sendable {
    package enum Cause: String, Sendable, Hashable, CaseIterable {
        /// Its schedule.
        case schedule
        /// Somebody asked for it.
        case request
    }

    package enum State: String, Sendable, Hashable, CaseIterable {
        /// What is to come is being looked for.
        case planning
        /// Its jobs go on.
        case running
        case finished
        /// It was due while the one before still went on.
        case skipped
        /// It could not be planned.
        case failed
        case cancelled
    }

    package let id: Int64
    package let mirror: String
    package let cause: Cause
    /// Name of the user who asked; nil for the schedule.
    package let requestedBy: String?
    /// Milliseconds since 1970 at which the schedule wanted it.
    package let dueAt: Int64?
    package let state: State
    package let planningJob: Int64?
    /// How it went, once it is over.
    package let report: JSONValue?
    /// Milliseconds since 1970.
    package let startedAt: Int64
    package let finishedAt: Int64?
}

/// What a run did with one repository.
package struct SyncOutcome: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        /// A job is to bring it.
        case queued
        /// All of it is here.
        case fetched
        /// All of it was here before.
        case current
        /// No rule lets it in.
        case skipped
        /// Policy holds it for somebody to look at.
        case review
        case denied
        /// Something of it is missing.
        case failed
        case gone
        case restricted
    }

    /// `model:acme/demo`, by its name here.
    package let subject: String
    package let state: State
    package let reason: String?
    package let job: Int64?
    package let files: Int64
    package let filesFailed: Int64
    package let bytesFetched: Int64

    package init(
        subject: String, state: State, reason: String? = nil, job: Int64? = nil, files: Int64 = 0,
        filesFailed: Int64 = 0, bytesFetched: Int64 = 0
    ) {
        self.subject = subject
        self.state = state
        self.reason = reason
        self.job = job
        self.files = files
        self.filesFailed = filesFailed
        self.bytesFetched = bytesFetched
    }
}
