/// What one part of the policy makes of the facts.
struct Judgements {
    /// Rules that apply and are enforced, each with what it makes of the decision.
    var applying: [(rule: DeterminingRule, outcome: Decision.Outcome)] = []
    /// Rules that apply and block nothing.
    var advisories: [DeterminingRule] = []
    /// What could not be judged, and why.
    var notEvaluated: [String] = []

    mutating func apply(_ id: String, _ outcome: Decision.Outcome, at location: SourceLocation, _ reason: String) {
        applying.append((PolicySnapshot.determining(id, outcome, location, reason), outcome))
    }
}
