/// When stored content is looked at, and how long what has just come is left alone. All times are milliseconds.
package struct RetentionTimes: Sendable, Hashable {
    /// From the end of one run to the next.
    package var every: Int64 = 300_000
    /// For which a blob stays after it came or was used.
    package var grace: Int64 = 300_000
    /// The same while something that was asked for waits for room.
    package var urgentGrace: Int64 = 10_000

    package init() {}
}
