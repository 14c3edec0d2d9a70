extension PolicySnapshot {
    /// What `provenance.requireSignature` of a mirror says.
    func signatureJudgements(_ mirror: Mirror, _ facts: Facts) -> Judgements {
        Judgements()
    }
}
