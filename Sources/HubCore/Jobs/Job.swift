/// How a job stands.
package enum JobState: String, Sendable, Hashable, CaseIterable {
    /// Waits for a worker, for its time, or for what `Job.waitsFor` says.
    case queued
    /// A worker has leased it.
    case running
    /// Somebody stopped it; it goes on when somebody says so.
    case paused
    case succeeded
    case failed
    case cancelled

    /// Whether nothing more happens to it by itself or by a worker.
    package var isTerminal: Bool { self == .succeeded || self == .failed || self == .cancelled }
}

/// Which job goes first. The raw value is what is stored; smaller goes first.
package enum JobPriority: Int, Sendable, Hashable, CaseIterable, Comparable {
    /// Takes the place of a job of lower priority when every worker is busy.
    case urgent = 0
    case high = 1
    case normal = 2
    case low = 3

    package static func < (left: JobPriority, right: JobPriority) -> Bool { left.rawValue < right.rawValue }
}

/// Long work that somebody asks for.
package struct JobDraft: Sendable {
    /// Which handler does it, such as `sync`.
    package var kind: String
    /// What it is about, for people: `model:acme/demo@main`.
    package var subject: String
    /// Another job with the same key that has not ended is given instead of a second one.
    package var uniqueKey: String?
    /// Who shares the workers fairly with others: `org:acme`, `user:amy` or `mirror:hf`.
    package var account: String
    /// Name of the user who asked; nil for the gateway itself.
    package var requestedBy: String?
    package var mirror: String?
    /// The run of a mirror's schedule that it belongs to.
    package var run: Int64?
    package var priority: JobPriority
    /// What the handler needs, as it wants it.
    package var payload: JSONValue
    /// Milliseconds since 1970 before which it does not begin.
    package var notBefore: Int64

    package init(
        kind: String, subject: String, uniqueKey: String? = nil, account: String, requestedBy: String? = nil,
        mirror: String? = nil, run: Int64? = nil, priority: JobPriority = .normal, payload: JSONValue,
        notBefore: Int64 = 0
    ) {
        self.kind = kind
        self.subject = subject
        self.uniqueKey = uniqueKey
        self.account = account
        self.requestedBy = requestedBy
        self.mirror = mirror
        self.run = run
        self.priority = priority
        self.payload = payload
        self.notBefore = notBefore
    }
}

/// How far a job is.
package struct JobProgress: Sendable, Hashable {
    package var filesTotal: Int64 = 0
    package var filesDone: Int64 = 0
    package var filesFailed: Int64 = 0
    package var bytesTotal: Int64 = 0
    /// Bytes that are here of those, also such as were here before.
    package var bytesDone: Int64 = 0
    /// Bytes that came from upstream by this job.
    package var bytesFetched: Int64 = 0

    package init() {}
}

/// Long work as it is stored.
package struct Job: Sendable {
    package let id: Int64
    package let draft: JobDraft
    package let state: JobState
    package let attempts: Int
    /// Why it does not run now, for people; nil when nothing holds it.
    package let waitsFor: String?
    package let progress: JobProgress
    /// The upstream it was last heard to fetch from.
    package let upstream: String?
    package let failure: (code: String, message: String)?
    package let leaseOwner: String?
    /// Milliseconds since 1970.
    package let createdAt: Int64
    package let startedAt: Int64?
    package let updatedAt: Int64
    package let finishedAt: Int64?

    package init(
        id: Int64, draft: JobDraft, state: JobState, attempts: Int, waitsFor: String?, progress: JobProgress,
        upstream: String?, failure: (code: String, message: String)?, leaseOwner: String?, createdAt: Int64,
        startedAt: Int64?, updatedAt: Int64, finishedAt: Int64?
    ) {
        self.id = id
        self.draft = draft
        self.state = state
        self.attempts = attempts
        self.waitsFor = waitsFor
        self.progress = progress
        self.upstream = upstream
        self.failure = failure
        self.leaseOwner = leaseOwner
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.updatedAt = updatedAt
        self.finishedAt = finishedAt
    }
}

/// One file of a job.
package struct JobFile: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        case waiting
        case fetching
        case done
        case failed
    }

    package let path: String
    /// Nil for a file that is no LFS object.
    package let digest: BlobID?
    package let size: Int64
    package var state: State
    /// Bytes of it that are here.
    package var bytes: Int64
    package var failure: String?

    package init(
        path: String, digest: BlobID?, size: Int64, state: State = .waiting, bytes: Int64 = 0, failure: String? = nil
    ) {
        self.path = path
        self.digest = digest
        self.size = size
        self.state = state
        self.bytes = bytes
        self.failure = failure
    }
}
