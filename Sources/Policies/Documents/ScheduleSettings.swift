/// When a mirror fetches ahead.
package struct ScheduleSettings: Sendable, Hashable {
    /// What happens here to what disappeared upstream.
    package enum Deletions: String, Sendable, Hashable, CaseIterable {
        case keep
        case tombstone
        case delete
    }

    package let cron: CronExpression
    /// IANA name.
    package var timezone = "UTC"
    package var jitter: Duration = .zero
    package var singleActive = true
    package var deletions: Deletions = .keep
}
