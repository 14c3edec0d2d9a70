extension AccessRules {
    /// What grants on parts of a repository say to a subject.
    /// - Parameters:
    ///   - grants: rows that may matter; others are passed over.
    ///   - isWhole: whether something else gives the verb that is asked for.
    static func rules(
        for subject: AccessSubject, _ target: AccessTarget, grants: [AccessGrant], isWhole: Bool = true, now: Int64
    ) -> ContentRules {
        // Most hubs have none: then this is all that is done.
        guard grants.contains(where: { $0.part != nil }) else { return .none }
        let concerning = grants.filter { $0.part != nil && $0.concerns(subject, target, now: now) }
        return ContentRules(
            denials: concerning.filter { $0.effect == .deny }, openings: isWhole ? nil : concerning.filter(\.opensPart))
    }
}

extension Authorizer {
    /// What goes with a decision that lets somebody in.
    func rules(of facts: RepositoryAccessFacts, _ decision: AccessDecision) -> ContentRules {
        AccessRules.rules(
            for: facts.subject, facts.target, grants: facts.grants, isWhole: decision.allowsWhole,
            now: store.clock.now())
    }

    /// What would be decided about a path, a ref, or a path on a ref.
    /// - Parameter verb: `.contentRead` or `.contentWrite`; for any other parts do not matter.
    /// - Returns: nil when there is no such repository.
    package func explain(
        _ principal: Principal, _ verb: Verb, _ id: RepositoryID, path: GitPath?, ref: RefName?, isActive: Bool = true
    ) async throws -> AccessDecision? {
        guard let facts = try await store.accessFacts(id, for: principal, isActive: isActive) else { return nil }
        let decision = decide(facts, verb)
        guard decision.isAllowed else { return decision }
        let rules = rules(of: facts, decision)
        func refused(_ grant: Int64?) -> AccessDecision {
            AccessDecision(outcome: .forbidden, reason: grant.map { .denyGrant($0) } ?? .nothing)
        }
        if verb == .contentRead, let path, let denial = rules.denialOfReading(path.path) { return refused(denial.id) }
        guard verb == .contentWrite, path != nil || ref != nil else { return decision }
        guard let ref = ref ?? RefName.branch(facts.record.defaultBranch) else { return decision }
        let writing = rules.writing(to: ref)
        if let refusal = writing.refusal ?? path.flatMap({ writing.refusal(of: $0.names) }) {
            return refused(refusal.grant)
        }
        return decision
    }
}
