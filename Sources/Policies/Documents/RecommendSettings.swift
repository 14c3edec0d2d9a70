/// How recommendations are weighed.
package struct RecommendSettings: Sendable, Hashable {
    package struct Hardware: Sendable, Hashable {
        package let name: String
        /// Bytes.
        package let memory: Int64
    }

    package enum Exclusion: String, Sendable, Hashable, CaseIterable {
        case denied
        case review
    }

    /// 0…1 each.
    package var weights: [RankingSignal: Double] = [:]
    package var hardware: [Hardware] = []
    package var exclude: [Exclusion] = []
}
