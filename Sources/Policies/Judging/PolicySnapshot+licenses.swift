extension PolicySnapshot {
    /// What the licence lists of a mirror and of the shared fragments say.
    func licenseJudgements(_ mirror: Mirror, _ facts: Facts) -> Judgements {
        var judgements = Judgements()
        for lists in [mirror.license].compactMap(\.self) + sharedLicenses {
            guard let licenses = facts.licenses else {
                judgements.notEvaluated.append(
                    "licence lists (\(lists.location.file):\(lists.location.line)): not known: license")
                continue
            }
            let verdict = lists.verdict(on: licenses.expression)
            guard verdict.isDecided else { continue }
            judgements.apply(LicenseRules.ruleID, verdict.outcome, at: verdict.location, verdict.reason)
        }
        return judgements
    }
}
