/// What somebody needs: "customer service in Chinese on one card of 24 GiB, commercially".
package struct RankingScene: Sendable, Hashable {
    package var kind: String
    /// Only what is for this task; nil: any.
    package var task: String?
    package var languages: [String] = []
    package var library: String?
    /// Tags or words of names that count in favour.
    package var words: [String] = []
    /// Leaves out what is not for commercial use.
    package var isCommercial = false
    /// Leaves out what has any of these obligations.
    package var excludedFlags: Set<LicenseFlag> = []
    /// Leaves out what somebody has to review first.
    package var excludesReview = false
    /// Bytes of memory of the accelerator; nil: not asked.
    package var memory: Int64?
    /// Tokens of context that are to fit beside the weights.
    package var context: Int64 = 4_096
    /// `owner/name` of a model: what is like it, what follows it, or data to train it with.
    package var like: String?
    /// Bytes that may be fetched for it; nil: cost counts gently.
    package var downloadBudget: Int64?
    /// What the organisation uses, `owner/name`, and how much.
    package var history: [String: Double] = [:]
    /// Leaves out what the organisation uses already.
    package var excludesHistory = true
    /// Missing ones are as usual; zero switches a signal off.
    package var weights: [RankingSignal: Double] = [:]
    package var limit = 10

    package init(kind: String) { self.kind = kind }

    func weight(_ signal: RankingSignal) -> Double {
        max(0, weights[signal] ?? RankingSignal.usualWeights[signal] ?? 0)
    }
}
