extension PolicySnapshot {
    /// What the policy says about content of a mirror.
    ///
    /// Every rule of the mirror and of every policy set is judged; deny wins over review, review over allow. A question
    /// without `facts.file` is about the repository as a whole: rules that need facts not known then are listed as not
    /// evaluated and decide when the file is asked for. Pure: the same facts always give the same decision.
    /// O(rules × facts).
    package func decide(mirror: Mirror, facts: Facts) -> Decision {
        let facts = judged(facts, for: mirror)
        var applying: [(rule: DeterminingRule, outcome: Decision.Outcome)] = []
        var advisories: [DeterminingRule] = []
        var notEvaluated: [String] = []
        var awaitingFile: [DeterminingRule] = []
        var allowIsUndecided = false

        for rule in mirror.rules + sharedRules {
            switch RuleEvaluation(rule: rule, facts: facts).result {
            case .doesNotApply: continue
            case .undecided(let missing):
                if rule.action == .allow, rule.enforcement == .enforce { allowIsUndecided = true }
                if rule.action != .allow, rule.enforcement == .enforce, !missing.isDisjoint(with: Self.fileFacts) {
                    awaitingFile.append(
                        DeterminingRule(
                            id: rule.id, file: rule.location.file, line: rule.location.line,
                            column: rule.location.column, action: rule.action, enforcement: rule.enforcement,
                            reason: "it is about files, and which file this is is not known", message: rule.message))
                }
                notEvaluated.append(
                    "rule '\(rule.id)' (\(rule.location.file):\(rule.location.line)): not known: "
                        + missing.sorted().joined(separator: ", "))
            case .applies(let outcome, let reason):
                let isExceededCap = rule.action == .allow && outcome == .deny
                let determining = DeterminingRule(
                    id: rule.id, file: rule.location.file, line: rule.location.line, column: rule.location.column,
                    action: isExceededCap ? .deny : rule.action, enforcement: rule.enforcement, reason: reason,
                    message: rule.message)
                if rule.enforcement == .enforce {
                    applying.append((determining, outcome))
                } else {
                    advisories.append(determining)
                }
            }
        }

        let ruleAllows = applying.contains { $0.outcome == .allow }
        for judgements in [
            licenseJudgements(mirror, facts), scanJudgements(mirror, facts), signatureJudgements(mirror, facts),
        ] {
            applying += judgements.applying
            advisories += judgements.advisories
            notEvaluated += judgements.notEvaluated
        }

        // A question about a whole repository is not turned away because an allow rule waits for the file.
        let mayStillBeAllowed = allowIsUndecided && facts.file == nil
        if mirror.defaultOutcome != .allow, !ruleAllows, !mayStillBeAllowed {
            applying.append(
                (
                    rule: Self.determining(
                        "default", mirror.defaultOutcome, mirror.defaultLocation,
                        "no rule of mirror '\(mirror.name)' allows it"), mirror.defaultOutcome
                ))
        }

        var outcome = applying.map(\.outcome).max() ?? .allow
        if outcome == .review {
            let held = applying.filter { $0.outcome == .review }.map(\.rule)
            if let approvals = Self.approvals(covering: held, facts) {
                outcome = .allow
                advisories += approvals.compactMap { Self.advisory($0, of: held) }
            }
        }
        return Decision(
            outcome: outcome, determining: applying.filter { $0.outcome == outcome }.map(\.rule),
            advisories: advisories, facts: facts.rendered, notEvaluated: notEvaluated, awaitingFile: awaitingFile,
            policyDigest: digest,
            remedy: remedy(for: outcome, mirror: mirror, facts: facts, rules: applying.map(\.rule)))
    }

    /// Names under which selectors and expressions miss the path of a file.
    private static let fileFacts: Set<String> = ["file", "file.path"]

    static func determining(
        _ id: String, _ outcome: Decision.Outcome, _ location: SourceLocation, _ reason: String
    ) -> DeterminingRule {
        let action: RuleAction =
            switch outcome {
            case .allow: .allow
            case .review: .review
            case .deny: .deny
            }
        return DeterminingRule(
            id: id, file: location.file, line: location.line, column: location.column, action: action,
            enforcement: .enforce, reason: reason, message: nil)
    }

    private func remedy(
        for outcome: Decision.Outcome, mirror: Mirror, facts: Facts, rules: [DeterminingRule]
    ) -> [String] {
        guard outcome != .allow else { return [] }
        var remedies: [String] = []
        if outcome == .review {
            remedies.append("ask an administrator to review \(facts.kind) \(facts.repository)")
        }
        if rules.contains(where: { $0.id == LicenseRules.ruleID && $0.action.outcome == outcome }),
            let allowed = mirror.license?.allow, !allowed.isEmpty
        {
            remedies.append(
                "use a repository under one of: " + allowed.prefix(8).map(\.text).joined(separator: ", "))
        }
        if let rule = rules.first(where: { $0.action.outcome == outcome }) {
            remedies.append("ask whoever keeps \(rule.file) to change rule '\(rule.id)'")
        }
        return remedies
    }
}
