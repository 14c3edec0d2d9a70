import MirrorGateway

/// What was recommended to people on their start pages, so that a page need not wait for it again: to rank a hundred
/// thousand repositories takes longer than all the rest of the page.
///
/// Whoever shows an answer asks of each repository here whether its reader may still see it.
actor RecommendationMemory {
    private struct Kept {
        let answer: Recommender.Answer
        let policy: String
        let madeAt: Int64
    }

    private var kept: [Int64: Kept] = [:]
    private var underWay: [Int64: Task<Void, Never>] = [:]

    /// For how long an answer is shown as it is, and for how long while the next is made, in milliseconds.
    private static let fresh: Int64 = 60_000
    private static let usable: Int64 = 5 * 60_000
    private static let most = 1_000
    private static let step = Duration.milliseconds(10)

    deinit {
        for task in underWay.values { task.cancel() }
    }

    /// What is known for an account, or becomes so within some time.
    /// - Parameters:
    ///   - policy: what the answer was made under; another is never shown under this one.
    ///   - now: milliseconds since 1970.
    ///   - make: goes on when nobody waits any more, so that the next page has what it finds.
    func answer(
        for account: Int64, policy: String, now: Int64, within patience: Duration,
        make: @escaping @Sendable () async throws -> Recommender.Answer
    ) async -> Recommender.Answer? {
        let known = known(account, policy, now)
        if let known, now - known.madeAt < Self.fresh { return known.answer }
        if underWay[account] == nil {
            underWay[account] = Task { [weak self] in
                let answer = try? await make()
                await self?.keep(answer.map { Kept(answer: $0, policy: policy, madeAt: now) }, account)
            }
        }
        if let known { return known.answer }
        let clock = ContinuousClock()
        let end = clock.now + patience
        while clock.now < end, !Task.isCancelled {
            try? await Task.sleep(for: Self.step)
            if let known = self.known(account, policy, now) { return known.answer }
            guard underWay[account] != nil else { return nil }
        }
        return nil
    }

    private func known(_ account: Int64, _ policy: String, _ now: Int64) -> Kept? {
        kept[account].flatMap { $0.policy == policy && now - $0.madeAt < Self.usable ? $0 : nil }
    }

    private func keep(_ answer: Kept?, _ account: Int64) {
        underWay[account] = nil
        if kept.count >= Self.most { kept = [:] }
        if let answer { kept[account] = answer }
    }
}
