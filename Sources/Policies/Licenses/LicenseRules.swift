/// The three licence lists of a mirror or a policy set, and what they say about a declared licence.
package struct LicenseRules: Sendable, Hashable {
    /// The rule id under which these lists appear in decisions.
    package static let ruleID = "license"

    package let allow: [LicensePattern]?
    package let deny: [LicensePattern]
    package let review: [LicensePattern]
    /// Whether a derivative comes under the terms of what it derives from as well.
    package var inheritsFromBaseModel = false
    /// What to do where the declared licence and the licence's text, or those of an ancestor, disagree; nil: nothing.
    package var onMismatch: RuleAction?
    /// Where `onMismatch` is written.
    package var mismatchLocation: SourceLocation?
    /// Where the lists begin.
    package let location: SourceLocation

    /// What the lists say, and the entry that says it.
    struct Verdict: Equatable {
        let outcome: Decision.Outcome
        let location: SourceLocation
        /// Whether an entry or the allow list decided, rather than nothing.
        var isDecided = true
        /// Whether an entry decided.
        var isNamed = false
        /// A full clause: "licence cc-by-nc-4.0 is non-commercial".
        var reason: String
    }

    /// Deny, then review, then allow; a licence that an existing allow list does not name is denied.
    /// `AND` takes the worst of its parts, `OR` the best.
    func verdict(on expression: LicenseExpression) -> Verdict {
        switch expression {
        case .license(let license): verdict(on: license, exception: nil)
        case .with(let license, let exception): verdict(on: license, exception: exception)
        case .all(let parts): worst(parts.map(verdict(on:)))
        case .any(let parts): best(parts.map(verdict(on:)))
        }
    }

    /// What the lists say about an ancestor of which nothing is known: for people to look at, unless an entry names
    /// `unknown` or everything.
    func verdictOnUnknownAncestor(_ path: [String]) -> Verdict {
        let found = verdict(on: .unknown, exception: nil)
        let name = path.last ?? "an ancestor"
        guard !found.isNamed else {
            return Verdict(
                outcome: found.outcome, location: found.location, isNamed: true,
                reason: "nothing is known here of \(name), from which it derives, and unknown licences are on a list")
        }
        return Verdict(
            outcome: .review, location: location,
            reason: "nothing is known here of \(name), from which it derives")
    }

    private func verdict(on license: License, exception: String?) -> Verdict {
        let subject = license.id == License.unknown.id ? "no licence is declared, which" : "licence \(license.declared)"
        let lists: [(Decision.Outcome, String, [LicensePattern])] = [
            (.deny, "deny", deny), (.review, "review", review), (.allow, "allow", allow ?? []),
        ]
        for (outcome, name, patterns) in lists {
            if let entry = patterns.first(where: { $0.names(license, exception: exception) }) {
                return Verdict(
                    outcome: outcome, location: entry.location, isNamed: true,
                    reason: "\(subject) \(entry.reason(list: name))")
            }
        }
        for (outcome, name, patterns) in lists {
            if let entry = patterns.first(where: { $0.meaning == .everyOther }) {
                return Verdict(
                    outcome: outcome, location: entry.location, isNamed: true,
                    reason: "\(subject) \(entry.reason(list: name))")
            }
        }
        guard allow != nil else {
            return Verdict(
                outcome: .allow, location: location, isDecided: false, reason: "\(subject) is on no list")
        }
        return Verdict(outcome: .deny, location: location, reason: "\(subject) is not on the allow list")
    }

    private func worst(_ verdicts: [Verdict]) -> Verdict {
        verdicts.max { $0.outcome < $1.outcome } ?? verdict(on: .unknown, exception: nil)
    }

    private func best(_ verdicts: [Verdict]) -> Verdict {
        verdicts.min { $0.outcome < $1.outcome } ?? verdict(on: .unknown, exception: nil)
    }
}
