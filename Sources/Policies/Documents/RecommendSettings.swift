/// How recommendations are weighed.
package struct RecommendSettings: Sendable, Hashable {
    package enum Signal: String, Sendable, Hashable, CaseIterable {
        case task
        case license
        case hardware
        case lineage
        case popularity
        case trend
        case org
    }

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
    package var weights: [Signal: Double] = [:]
    package var hardware: [Hardware] = []
    package var exclude: [Exclusion] = []
}
