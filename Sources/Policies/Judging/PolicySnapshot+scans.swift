extension PolicySnapshot {
    /// What the `scan` settings of a mirror say.
    func scanJudgements(_ mirror: Mirror, _ facts: Facts) -> Judgements {
        Judgements()
    }
}
