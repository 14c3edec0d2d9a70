/// The right to do a job and to write of it, until somebody else has it.
package struct JobLease: Sendable {
    package let job: Job
    package let owner: String
    /// Grows with each lease of the job: what an earlier holder writes is refused by it (F15).
    package let epoch: Int64
}

/// The lease is somebody else's, or ran out: the holder writes nothing more.
package struct JobLeaseLost: Error, Sendable, Equatable {
    package let job: Int64
}

/// How an attempt at a job ended.
package enum JobOutcome: Sendable {
    case succeeded
    case failed(HubError)
    /// It is tried again.
    /// - Parameters:
    ///   - counts: whether it is one of the attempts after which a job is given up.
    ///   - startsAnew: whether it got further than those before it, so that they no longer count.
    case again(at: Int64, why: String, counts: Bool, startsAnew: Bool)
    /// Back into the queue, for nothing that it did wrong.
    case released(why: String?)
}
