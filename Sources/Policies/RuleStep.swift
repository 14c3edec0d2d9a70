/// One rule as it was judged, for people who ask why: also those that did not apply.
package struct RuleStep: Sendable, Hashable {
    package enum Verdict: String, Sendable, Hashable, CaseIterable {
        /// It does not apply.
        case passes
        /// It lets the content pass.
        case allows
        /// Somebody has to look at it.
        case holds
        case denies
        /// It applies, and is only to be told of.
        case warns
        /// Facts are missing that would tell.
        case unknown
    }

    /// The rule's id; `license`, `scan` and so on for the lists of a mirror, `default` for `spec.default`.
    package let id: String
    package let location: SourceLocation
    package let verdict: Verdict
    /// What made it apply, or what is missing; nil for a rule that does not apply.
    package let reason: String?
    /// Its author's own words.
    package let message: String?
}

extension PolicySnapshot {
    /// Every rule that is judged for content of a mirror, in the order of the files, each with what came of it. All are
    /// judged: the strictest decides, wherever it stands.
    package func trace(mirror: Mirror, facts: Facts) -> [RuleStep] {
        let facts = judged(facts, for: mirror)
        var steps = (mirror.rules + sharedRules).map { Self.step($0, facts) }
        if let lists = mirror.license ?? sharedLicenses.first {
            steps += Self.steps(LicenseRules.ruleID, lists.location, licenseJudgements(mirror, facts))
        }
        if let scan = mirror.scan {
            steps += Self.steps(ScanSettings.ruleID, scan.location, scanJudgements(mirror, facts))
        }
        if let signature = mirror.provenance?.requiredSignature {
            steps += Self.steps(ProvenanceSettings.ruleID, signature.location, signatureJudgements(mirror, facts))
        }
        if mirror.defaultOutcome != .allow {
            let decided = decide(mirror: mirror, facts: facts).determining.first { $0.id == "default" }
            steps.append(
                RuleStep(
                    id: "default", location: mirror.defaultLocation,
                    verdict: decided == nil ? .passes : Self.verdict(of: mirror.defaultOutcome),
                    reason: decided?.reason, message: nil))
        }
        return steps
    }

    private static func verdict(of outcome: Decision.Outcome) -> RuleStep.Verdict {
        switch outcome {
        case .allow: .allows
        case .review: .holds
        case .deny: .denies
        }
    }

    private static func step(_ rule: Rule, _ facts: Facts) -> RuleStep {
        let (verdict, reason): (RuleStep.Verdict, String?) =
            switch RuleEvaluation(rule: rule, facts: facts).result {
            case .doesNotApply: (.passes, nil)
            case .undecided(let missing): (.unknown, missing.sorted().joined(separator: ", "))
            case .applies(let outcome, let reason):
                (rule.enforcement == .enforce ? Self.verdict(of: outcome) : .warns, reason)
            }
        return RuleStep(
            id: rule.id, location: rule.location, verdict: verdict, reason: reason,
            message: verdict == .passes ? nil : rule.message)
    }

    /// Of what a part of the policy that is no rule of its own makes of the facts.
    private static func steps(_ id: String, _ location: SourceLocation, _ judgements: Judgements) -> [RuleStep] {
        let applying = judgements.applying.map { step($0.rule, verdict(of: $0.outcome)) }
        let told = judgements.advisories.map { step($0, .warns) }
        let unknown = judgements.notEvaluated.map {
            RuleStep(id: id, location: location, verdict: .unknown, reason: $0, message: nil)
        }
        let steps = applying + told + unknown
        guard steps.isEmpty else { return steps }
        return [RuleStep(id: id, location: location, verdict: .passes, reason: nil, message: nil)]
    }

    private static func step(_ rule: DeterminingRule, _ verdict: RuleStep.Verdict) -> RuleStep {
        RuleStep(
            id: rule.id, location: SourceLocation(file: rule.file, line: rule.line, column: rule.column),
            verdict: verdict, reason: rule.reason, message: rule.message)
    }
}
