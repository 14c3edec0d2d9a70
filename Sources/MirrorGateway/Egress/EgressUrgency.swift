/// For whom a request goes out. Budgets of an upstream are spent by people first.
package enum EgressUrgency: Int, Sendable, Hashable, Comparable, CaseIterable {
    /// Somebody waits for the answer.
    case people = 0
    /// Somebody asked for it to be fetched ahead, and soon.
    case urgentSync = 1
    /// Fetched ahead by a schedule.
    case sync = 2
    /// Only looked at.
    case browsing = 3

    package static func < (left: EgressUrgency, right: EgressUrgency) -> Bool { left.rawValue < right.rawValue }

    /// For whom the current task works; what it starts inherits it.
    @TaskLocal package static var current: EgressUrgency = .people
}
