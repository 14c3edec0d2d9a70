import Policies

/// Who knows who used what.
protocol UsageSource: Sendable {
    /// What was used, by names as `user:alice` and `org:acme`, and by the upstream's names of what came from one.
    /// - Parameter since: milliseconds since 1970.
    func usage(since: Int64) async throws -> [Usage]
}
