/// Vectors of users and items, learned so that what a user uses scores above what he does not: Bayesian personalised
/// ranking by matrix factorisation, −ln σ(x_ui − x_uj) + λ‖Θ‖².
struct PairwiseFactors: Sendable {
    /// How it is learned.
    struct Settings: Sendable {
        var dimensions = 48
        var epochs = 400
        var rate: Float = 0.1
        var regularisation: Float = 0.01
        var seed: UInt64 = 1
    }

    private let dimensions: Int
    private var users: [Float]
    private var items: [Float]
    private var biases: [Float]

    /// - Parameter histories: the items of each user, each once.
    init(_ histories: [[Int32]], itemCount: Int, settings: Settings = Settings()) {
        dimensions = settings.dimensions
        var random = SeededRandom(seed: settings.seed)
        func small(_ count: Int) -> [Float] { (0..<count).map { _ in Float.random(in: -0.05...0.05, using: &random) } }
        users = small(histories.count * dimensions)
        items = small(itemCount * dimensions)
        biases = [Float](repeating: 0, count: itemCount)
        guard itemCount > 1 else { return }
        let pairs = histories.enumerated().flatMap { user, history in history.map { (user, Int($0)) } }
        let used = histories.map(Set.init)
        guard !pairs.isEmpty else { return }
        for _ in 0..<settings.epochs {
            for _ in 0..<pairs.count {
                let (user, positive) = pairs[Int.random(in: 0..<pairs.count, using: &random)]
                let negative = Int.random(in: 0..<itemCount, using: &random)
                if used[user].contains(Int32(clamping: negative)) { continue }
                learn(user, positive, negative, settings)
            }
        }
    }

    private mutating func learn(_ user: Int, _ positive: Int, _ negative: Int, _ settings: Settings) {
        let difference = score(user, positive) - score(user, negative)
        let push = settings.rate * Float(Powers.logistic(-Double(difference)))
        let decay = settings.rate * settings.regularisation
        for dimension in 0..<dimensions {
            let u = user * dimensions + dimension
            let i = positive * dimensions + dimension
            let j = negative * dimensions + dimension
            let (of, p, n) = (users[u], items[i], items[j])
            users[u] += push * (p - n) - decay * of
            items[i] += push * of - decay * p
            items[j] += -push * of - decay * n
        }
        biases[positive] += push - decay * biases[positive]
        biases[negative] += -push - decay * biases[negative]
    }

    func score(_ user: Int, _ item: Int) -> Float {
        var sum = biases[item]
        for dimension in 0..<dimensions {
            sum += users[user * dimensions + dimension] * items[item * dimensions + dimension]
        }
        return sum
    }
}
