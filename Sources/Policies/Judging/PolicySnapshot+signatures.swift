extension PolicySnapshot {
    /// What `provenance.requireSignature` of a mirror says: what no trusted key signed is denied where one is required.
    ///
    /// Where it cannot be told whether a signature is required, it is.
    func signatureJudgements(_ mirror: Mirror, _ facts: Facts) -> Judgements {
        var judgements = Judgements()
        guard let required = mirror.provenance?.requiredSignature else { return judgements }
        let condition = required.condition?.evaluate(facts, isComplete: facts.file != nil)
        if let condition, condition.truth == false { return judgements }
        let place = "\(required.location.file):\(required.location.line)"
        guard facts.commit != nil, let isSigned = facts.isSignedByTrustedKey else {
            judgements.notEvaluated.append("requireSignature (\(place)): not known: whether a trusted key signed it")
            return judgements
        }
        guard !isSigned else { return judgements }
        judgements.apply(
            ProvenanceSettings.ruleID, .deny, at: required.location,
            "no statement about exactly these files is signed by a trusted key")
        return judgements
    }
}
