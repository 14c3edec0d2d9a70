/// The rules that were asked, in their order, what each said, and which of them decided.
package enum RuleTrace {
    package struct Rule: Sendable {
        package let name: String
        /// What the rule looked at.
        package let evidence: HTML
        /// What it said.
        package let verdict: StateChip
        package let isDecisive: Bool
        /// Whether an earlier rule decided before this one was asked.
        package let isSkipped: Bool

        package init(
            _ name: String, evidence: HTML = HTML(), verdict: StateChip, isDecisive: Bool = false,
            isSkipped: Bool = false
        ) {
            self.name = name
            self.evidence = evidence
            self.verdict = verdict
            self.isDecisive = isDecisive
            self.isSkipped = isSkipped
        }
    }

    package static func view(_ label: String, _ rules: [Rule]) -> HTML {
        let items = rules.enumerated().map { index, rule -> HTML in
            let state = rule.isDecisive ? "decisive \(rule.verdict.tone.rawValue)" : rule.isSkipped ? "skipped" : nil
            return """
                <li\(attribute: "class", state)><span class="rule-number" aria-hidden="true">\(index + 1)</span>\
                <span class="rule-name">\(rule.name)</span>\(rule.verdict.view)\
                \(rule.evidence.isEmpty ? HTML() : "<div class=\"rule-evidence\">\(rule.evidence)</div>")</li>
                """
        }
        return "<ol class=\"rule-trace\" aria-label=\"\(label)\">\(each: items)</ol>"
    }
}
