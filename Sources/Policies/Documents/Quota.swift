/// How much one user or organisation, or each of them, may use.
package struct Quota: Sendable, Hashable {
    /// `user:NAME`, `org:NAME`, or `*` as the name for each.
    package let subject: String
    package var bytesPerDay: Int64?
    package var requestsPerMinute: Int?
    package var storedBytes: Int64?

    package init(
        subject: String, bytesPerDay: Int64? = nil, requestsPerMinute: Int? = nil, storedBytes: Int64? = nil
    ) {
        self.subject = subject
        self.bytesPerDay = bytesPerDay
        self.requestsPerMinute = requestsPerMinute
        self.storedBytes = storedBytes
    }
}
