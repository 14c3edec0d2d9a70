extension PolicySnapshot {
    /// Conflicts that are told one by one; more are counted.
    private static let toldConflicts = 5

    /// What the licence lists of a mirror and of the shared fragments say.
    func licenseJudgements(_ mirror: Mirror, _ facts: Facts) -> Judgements {
        var judgements = Judgements()
        for lists in licenseLists(of: mirror) {
            guard let conclusion = facts.licenseConclusion else {
                judge(facts.licenses, by: lists, &judgements)
                continue
            }
            judge(conclusion, by: lists, &judgements)
            judgeConflicts(of: conclusion, by: lists, &judgements)
        }
        // Data is no part of a model's terms; who looks at the decision should know of it all the same.
        if let lists = licenseLists(of: mirror).first, let conclusion = facts.licenseConclusion {
            judgements.advisories += conclusion.advisories.prefix(Self.toldConflicts).map {
                Self.determining(LicenseRules.ruleID, .allow, lists.location, $0.description)
            }
        }
        return judgements
    }

    /// The facts as the rules of a mirror see them: with the terms of ancestors where its licence lists inherit.
    func judged(_ facts: Facts, for mirror: Mirror) -> Facts {
        guard facts.licenseConclusion != nil else { return facts }
        var facts = facts
        facts.inheritsLicenses = licenseLists(of: mirror).contains(where: \.inheritsFromBaseModel)
        return facts
    }

    private func licenseLists(of mirror: Mirror) -> [LicenseRules] {
        [mirror.license].compactMap(\.self) + sharedLicenses
    }

    /// What the card says, where nobody looked at texts and ancestors.
    private func judge(_ declared: LicenseFact?, by lists: LicenseRules, _ judgements: inout Judgements) {
        let place = "licence lists (\(lists.location.file):\(lists.location.line))"
        guard let declared else {
            judgements.notEvaluated.append("\(place): not known: license")
            return
        }
        if lists.inheritsFromBaseModel { judgements.notEvaluated.append("\(place): not known: what it derives from") }
        let verdict = lists.verdict(on: declared.expression)
        guard verdict.isDecided else { return }
        judgements.apply(LicenseRules.ruleID, verdict.outcome, at: verdict.location, verdict.reason)
    }

    /// The worst of its own terms and, where the lists inherit, of its ancestors'.
    private func judge(_ conclusion: LicenseConclusion, by lists: LicenseRules, _ judgements: inout Judgements) {
        var verdicts: [LicenseRules.Verdict] = [lists.verdict(on: conclusion.own)]
        if lists.inheritsFromBaseModel {
            for term in conclusion.terms where term.path.count > 1 {
                var verdict = lists.verdict(on: term.expression)
                verdict.reason += " and holds by \(term.path.joined(separator: " ← "))"
                verdicts.append(verdict)
            }
            if let path = conclusion.unknownAncestors.first {
                verdicts.append(lists.verdictOnUnknownAncestor(path))
            } else if conclusion.isTruncated {
                verdicts.append(lists.verdictOnUnknownAncestor([]))
            }
        }
        // Of equal ones the nearest is told: `max` would take the last.
        let decided = verdicts.filter(\.isDecided)
        guard let worst = decided.map(\.outcome).max(), let verdict = decided.first(where: { $0.outcome == worst })
        else { return }
        judgements.apply(LicenseRules.ruleID, verdict.outcome, at: verdict.location, verdict.reason)
    }

    private func judgeConflicts(
        of conclusion: LicenseConclusion, by lists: LicenseRules, _ judgements: inout Judgements
    ) {
        guard let action = lists.onMismatch, !conclusion.conflicts.isEmpty else { return }
        var reasons = conclusion.conflicts.prefix(Self.toldConflicts).map(\.description)
        if conclusion.conflicts.count > reasons.count {
            reasons.append("and \(conclusion.conflicts.count - reasons.count) more")
        }
        let location = lists.mismatchLocation ?? lists.location
        let rule = DeterminingRule(
            id: LicenseRules.ruleID, file: location.file, line: location.line, column: location.column, action: action,
            enforcement: .enforce, reason: reasons.joined(separator: "; "), message: nil)
        if action == .allow {
            judgements.advisories.append(rule)
        } else {
            judgements.applying.append((rule, action.outcome))
        }
    }
}
