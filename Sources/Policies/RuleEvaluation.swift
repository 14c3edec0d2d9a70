/// Judges one rule against the facts.
struct RuleEvaluation {
    enum Result: Equatable {
        case doesNotApply
        /// It may apply; these facts would tell.
        case undecided(missing: Set<String>)
        case applies(outcome: Decision.Outcome, reason: String)
    }

    let rule: Rule
    let facts: Facts

    var result: Result {
        var missing: Set<String> = []
        var reasons: [String] = []
        switch rule.selector.match(facts) {
        case .no: return .doesNotApply
        case .unknown(let names): missing.formUnion(names)
        case .yes(let clauses): reasons = clauses
        }
        if let condition = rule.condition {
            let outcome = condition.evaluate(facts, isComplete: facts.file != nil)
            switch outcome.truth {
            case false?: return .doesNotApply
            case nil: missing.formUnion(outcome.missing.map(\.rawValue))
            case true?: reasons.insert(contentsOf: clauses(of: condition), at: 0)
            }
        }
        let isCap = rule.action == .allow && rule.selector.maximumSize != nil
        if !isCap {
            switch rule.selector.matchMaximumSize(facts) {
            case .no: return .doesNotApply
            case .unknown(let names): missing.formUnion(names)
            case .yes(let clauses): reasons += clauses
            }
        }
        guard missing.isEmpty else { return .undecided(missing: missing) }
        if isCap { return cap(reasons) }
        return .applies(
            outcome: rule.action.outcome, reason: reasons.isEmpty ? "it applies to everything" : Self.joined(reasons))
    }

    /// An `allow` rule with `maxSize` allows up to that size and denies what is larger.
    private func cap(_ reasons: [String]) -> Result {
        guard let limit = rule.selector.maximumSize else { return .doesNotApply }
        let sizes = [("file", facts.fileSize), ("repository", facts.totalSize)]
        for (owner, size) in sizes {
            if let size, size > limit {
                return .applies(
                    outcome: .deny,
                    reason:
                        "the \(owner)'s size \(ByteText.render(size)) is more than maxSize \(ByteText.render(limit))")
            }
        }
        guard facts.fileSize != nil || facts.totalSize != nil else { return .undecided(missing: ["size"]) }
        return .applies(
            outcome: .allow, reason: Self.joined(reasons + ["its size is at most \(ByteText.render(limit))"]))
    }

    private static func joined(_ reasons: [String]) -> String {
        reasons.joined(separator: " and ")
    }

    /// What a true condition says in words: the licence and its telling flags, or the condition itself.
    private func clauses(of condition: Expression) -> [String] {
        let readsLicense = condition.facts.contains { $0.isLicense || $0 == .licenseFlags }
        if readsLicense, let expression = facts.effectiveLicense {
            let telling = expression.flags.filter { condition.literals.contains($0.rawValue) }.sorted()
            let name = expression == .license(.unknown) ? "unknown" : expression.declared
            if !telling.isEmpty { return ["licence \(name) " + telling.map(\.predicate).joined(separator: " and ")] }
            return ["licence is \(name) and \(condition.text) holds"]
        }
        return ["\(condition.text) holds"]
    }
}
