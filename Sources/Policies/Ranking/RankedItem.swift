/// Something that is recommended, and why.
package struct RankedItem: Sendable {
    package struct Reason: Sendable, Hashable {
        package let signal: RankingSignal
        /// 0…1.
        package let value: Double
        /// Its share of all weights that count for this scene.
        package let weight: Double
        /// For people: `needs about 16.2 GiB of 24 GiB`.
        package let text: String
    }

    package let item: RankingItem
    /// 0…1: the weighted mean of its signals.
    package let score: Double
    /// What contributes most comes first.
    package let reasons: [Reason]
}

/// A list of recommendations, and what was left out.
package struct Ranking: Sendable {
    /// Why something was not considered.
    package enum Exclusion: String, Sendable, Hashable, CaseIterable {
        case denied
        case review
        case licenseFlag
        case memory
        case unknownSize
        case task
        case used
    }

    package let items: [RankedItem]
    package let considered: Int
    package let excluded: [Exclusion: Int]
}
