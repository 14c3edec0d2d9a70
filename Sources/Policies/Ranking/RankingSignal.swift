/// One reason for which something is recommended.
package enum RankingSignal: String, Sendable, Hashable, CaseIterable {
    /// It is for the task, the library, the languages that were asked for.
    case task
    /// Policy lets its licence pass.
    case license
    /// It fits into the memory there is.
    case hardware
    /// It belongs to the family of what was named, or of what the organisation uses.
    case lineage
    /// Many use it.
    case popularity
    /// More use it than before.
    case trend
    /// Those who use what this organisation uses, use it.
    case org
    /// Those who looked at it liked it, or approved it here.
    case quality
    /// Little of it has to be fetched.
    case cost

    /// Weights where a mirror says nothing else.
    package static let usualWeights: [RankingSignal: Double] = [
        .task: 0.25, .license: 0.15, .hardware: 0.20, .lineage: 0.25, .popularity: 0.10, .trend: 0.05, .org: 0.60,
        .quality: 0.05, .cost: 0.05,
    ]
}
