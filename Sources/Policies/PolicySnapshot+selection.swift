/// What a mirror in mode `mirror` does with content before anybody asks for it.
package struct Selection: Sendable {
    /// The decision that a request for the content would get.
    package let decision: Decision
    /// Whether an enforced `allow` rule lets it in, or nothing has to because the mirror has none.
    package let isLetIn: Bool
    /// The same, or a rule might that needs to know the revision or the file.
    package let mayBeLetIn: Bool
}

/// A repository that a rule names by its whole name.
package struct NamedRepository: Sendable, Hashable {
    /// Kinds the rule is about, such as `model`; empty for any.
    package let kinds: [String]
    /// `owner/name` at the upstream.
    package let path: String
}

extension PolicySnapshot {
    /// What is fetched ahead of content: what is allowed and some enforced `allow` rule names. Where there is no such
    /// rule, whatever is allowed. Pure, as `decide`.
    package func select(mirror: Mirror, facts: Facts) -> Selection {
        let facts = judged(facts, for: mirror)
        let decision = decide(mirror: mirror, facts: facts)
        guard decision.isAllowed else { return Selection(decision: decision, isLetIn: false, mayBeLetIn: false) }
        let allowing = allowRules(of: mirror)
        guard !allowing.isEmpty else { return Selection(decision: decision, isLetIn: true, mayBeLetIn: true) }
        var isLetIn = false
        var mayBeLetIn = false
        for rule in allowing {
            switch RuleEvaluation(rule: rule, facts: facts).result {
            case .applies(.allow, _): isLetIn = true
            case .undecided: mayBeLetIn = true
            case .applies, .doesNotApply: continue
            }
        }
        return Selection(decision: decision, isLetIn: isLetIn, mayBeLetIn: isLetIn || mayBeLetIn)
    }

    /// Repositories that enforced `allow` rules name by their whole names: they can be asked for where nothing lists them.
    package func namedRepositories(of mirror: Mirror) -> [NamedRepository] {
        var seen: Set<NamedRepository> = []
        var named: [NamedRepository] = []
        for rule in allowRules(of: mirror) {
            for glob in rule.selector.repositories where glob.isLiteral {
                let repository = NamedRepository(kinds: rule.selector.kinds.map(\.rawValue), path: glob.pattern)
                if seen.insert(repository).inserted { named.append(repository) }
            }
        }
        return named
    }

    /// The patterns of branches and tags that are fetched ahead of a repository.
    /// - Parameter facts: of the repository, without revision and file.
    /// - Returns: nil among them stands for the default branch, which is meant where a rule names none.
    package func revisions(of mirror: Mirror, facts: Facts) -> [Glob?] {
        let rules = allowRules(of: mirror)
        guard !rules.isEmpty else { return [nil] }
        let facts = judged(facts, for: mirror)
        var patterns: [Glob?] = []
        func add(_ pattern: Glob?) {
            if !patterns.contains(pattern) { patterns.append(pattern) }
        }
        for rule in rules {
            switch RuleEvaluation(rule: rule, facts: facts).result {
            case .applies(.allow, _), .undecided: break
            case .applies, .doesNotApply: continue
            }
            if rule.selector.revisions.isEmpty { add(nil) }
            for pattern in rule.selector.revisions { add(pattern) }
        }
        return patterns
    }

    /// Whether an enforced `allow` rule decides what is fetched ahead.
    package func hasAllowRules(_ mirror: Mirror) -> Bool { !allowRules(of: mirror).isEmpty }

    private func allowRules(of mirror: Mirror) -> [Rule] {
        (mirror.rules + sharedRules).filter { $0.action == .allow && $0.enforcement == .enforce }
    }
}

extension Glob {
    /// Whether the pattern stands for one text alone.
    package var isLiteral: Bool { !pattern.contains { "*?[]{}\\!".contains($0) } }
}
