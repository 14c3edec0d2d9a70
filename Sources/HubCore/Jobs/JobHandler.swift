/// Does one kind of long work.
package protocol JobHandler: Sendable {
    /// The `JobDraft.kind` it takes.
    var kind: String { get }

    /// Does the work, or goes on with it where an earlier attempt ended: it may be begun any number of times, by any
    /// process, and only one at a time.
    ///
    /// It is cancelled (as a task) when the job is paused, cancelled, pre-empted, or its lease is lost, and should end
    /// soon then; what it did stays.
    /// - Throws: `HubError`. One with `retryAfter`, or `upstreamUnavailable`, is tried again after a pause that grows;
    ///   any other fails the job.
    func run(_ job: Job, _ context: any JobContext) async throws
}

/// What a handler tells of its work. Nothing told by a worker whose lease is lost is written.
package protocol JobContext: Sendable {
    /// Says which files the work is about, replacing what was said before; states of files that were done stay done.
    func plan(_ files: [JobFile]) async throws

    /// Says how files stand now. Cheap: written together with others once a second at most, and at the end.
    func report(_ files: [JobFile]) async

    /// Says how many bytes of a file are here, and how many came from which upstream since the last time.
    func advance(_ path: String, bytes: Int64, fetched: Int64, from upstream: String?) async

    /// Says what the work waits for now, such as an upstream's budget; nil when it goes on.
    func wait(for reason: String?) async
}
