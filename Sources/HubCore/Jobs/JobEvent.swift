/// Something that happened to a job or around it, in the order of `sequence`.
package struct JobEvent: Sendable, Hashable {
    /// Grows with time; later events have larger ones.
    package let sequence: Int64
    /// Nil for what is of no job.
    package let job: Int64?
    /// Such as `sync.started`: the job's kind, and what happened.
    package let kind: String
    package let subject: String
    package let content: JSONValue
    /// Milliseconds since 1970.
    package let at: Int64
}
