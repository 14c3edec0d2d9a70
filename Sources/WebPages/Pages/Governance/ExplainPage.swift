/// Why policy lets something pass or not: every rule in order, what made it apply, who can change it, what clients hear.
package struct ExplainPage: Sendable {
    /// What is asked.
    package struct Question: Sendable, Hashable {
        package var repository = ""
        package var revision = ""
        package var file = ""
        package var user = ""

        package init() {}
    }

    package enum Outcome: String, Sendable, Hashable {
        case allow, review, deny
    }

    /// A rule as it was judged.
    package struct Step: Sendable, Hashable {
        package enum Verdict: String, Sendable, Hashable {
            case passes, allows, holds, denies, warns, unknown
        }

        package let rule: String
        package let verdict: Verdict
        package let reason: String?
        package let message: String?
        /// File and line, as in `mirrors.d/hf.yaml:14`.
        package let place: String
        /// Where the file is shown; nil for who may not see it.
        package let address: String?

        package init(
            rule: String, verdict: Verdict, reason: String?, message: String?, place: String, address: String?
        ) {
            self.rule = rule
            self.verdict = verdict
            self.reason = reason
            self.message = message
            self.place = place
            self.address = address
        }
    }

    /// Everything that led to a decision.
    package struct Answer: Sendable {
        package var repository: String
        /// Where it is shown.
        package var address: String
        package var mirror: String?
        package var outcome: Outcome
        package var isQuarantined = false
        package var isApproved = false
        package var steps: [Step] = []
        package var facts: [(name: String, value: String)] = []
        package var remark: String?
        package var remedies: [String] = []
        /// What clients are told, such as `403 policy-denied`.
        package var told: String?
        /// Who answers for the mirror, where its file says so.
        package var owner: String?
        /// A request that waits.
        package var request: Int64?
        package var policyDigest: String?

        package init(repository: String, address: String, outcome: Outcome) {
            self.repository = repository
            self.address = address
            self.outcome = outcome
        }

        /// The first of the rules that brought about the decision.
        var decisive: Int? {
            switch outcome {
            case .allow: nil
            case .review: steps.firstIndex { $0.verdict == .holds }
            case .deny: steps.firstIndex { $0.verdict == .denies }
            }
        }
    }

    package let question: Question
    package let answer: Answer?
    package let problem: String?
    /// Whether one may ask what others get.
    package let mayAskForOthers: Bool

    package init(question: Question, answer: Answer?, problem: String?, mayAskForOthers: Bool) {
        self.question = question
        self.answer = answer
        self.problem = problem
        self.mayAskForOthers = mayAskForOthers
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let title = answer.map { t.explainTitle($0.repository) } ?? t.explainEmptyTitle
        let form = self.form(t)
        let head: HTML =
            answer == nil
            ? PageHead.view(title, note: HTML(text: t.explainNote)) : PageHead.view(title)
        let content: HTML = """
            \(head)\(if: answer == nil, form)\
            \(problem.map { Alert.view(.bad, title: $0) })\(answer.map { view($0, context) })\
            \(if: answer != nil, Panel.view(t.explainAgain, form))
            """
        let body = ConsoleShell.view(current: .explain, context: context, content: content)
        return Page(title: title, section: .console, body: body)
    }

    private func form(_ t: L10n) -> HTML {
        let user: HTML? =
            mayAskForOthers
            ? Form.field(t.explainUser, for: "as", Form.input("as", id: "as", value: question.user, maximum: 100)) : nil
        return """
            <form class="inline-form" method="get" action="/console/explain">\
            \(Form.field(t.syncRepository, for: "explain-repo", Form.input("repo", id: "explain-repo", value: question.repository, placeholder: "model:acme/demo", required: true, maximum: 300)))\
            \(Form.field(t.syncRevision, for: "revision", Form.input("revision", id: "revision", value: question.revision, placeholder: "main", maximum: 300)))\
            \(Form.field(t.explainFile, for: "file", Form.input("file", id: "file", value: question.file, maximum: 1_000)))\
            \(user)\(Button.submit(t.explainAsk, style: .primary))</form>
            """
    }

    private func view(_ answer: Answer, _ context: PageContext) -> HTML {
        let t = context.t
        let tail: HTML = """
            \(told(answer, context))\(facts(answer, context))
            """
        return """
            \(verdict(answer, context))<div class="job-page"><div>\(Self.trace(answer, context))\
            \(if: answer.outcome == .review, ask(answer, context))</div><div>\(tail)</div></div>
            """
                + (answer.policyDigest.map { digest -> HTML in
                    "<p class=\"hint\">\(t.explainPolicy) \(CopyText.digest(digest, context))</p>"
                } ?? HTML())
    }

    // MARK: The decision

    private func verdict(_ answer: Answer, _ context: PageContext) -> HTML {
        let t = context.t
        let chip =
            switch answer.outcome {
            case .allow: StateChip(.ok, icon: "check", text: t.explainAllowed)
            case .review:
                answer.isQuarantined
                    ? StateChip(.bad, icon: "shield-alert", text: t.explainQuarantined)
                    : StateChip(.warn, icon: "clock", text: t.explainHeld)
            case .deny: StateChip(.bad, icon: "ban", text: t.explainDenied)
            }
        let decisive = answer.decisive.map { answer.steps[$0] }
        let why: HTML =
            decisive.map { step -> HTML in
                "\(t.explainDecisive(step.rule, step.reason ?? "")) \(step.message)"
            }
            ?? HTML(
                text: answer.isApproved ? t.explainApproved : answer.remark.map(t.explainRemark) ?? t.explainNothing)
        let person: HTML =
            decisive.map { step -> HTML in
                "<p class=\"hint\">\(t.explainWho(answer.owner, step.place))</p>"
            } ?? HTML()
        let tone: StateChip.Tone = answer.outcome == .allow ? .ok : answer.outcome == .review ? .warn : .bad
        return """
            <section class="panel explained \(tone.rawValue)"><p class="verdict">\(chip.view)\
            <a href=\(url: answer.address)>\(answer.repository)</a></p>\
            <p class="verdict-why">\(why)</p>\(person)</section>
            """
    }

    static func trace(_ answer: Answer, _ context: PageContext) -> HTML {
        let t = context.t
        let decisive = answer.decisive
        let items = answer.steps.enumerated().map { index, step in
            Self.item(step, isDecisive: index == decisive, t)
        }
        guard !items.isEmpty else { return HTML() }
        return Panel.view(
            t.explainRules, "<p class=\"hint\">\(t.explainOrder)</p><ol class=\"trace\">\(each: items)</ol>")
    }

    private static func item(_ step: Step, isDecisive: Bool, _ t: L10n) -> HTML {
        let chip =
            switch step.verdict {
            case .passes: StateChip(.neutral, icon: "minus", text: t.stepPasses)
            case .allows: StateChip(.ok, icon: "check", text: t.stepAllows)
            case .holds: StateChip(.warn, icon: "clock", text: t.stepHolds)
            case .denies: StateChip(.bad, icon: "ban", text: t.stepDenies)
            case .warns: StateChip(.info, icon: "info", text: t.stepWarns)
            case .unknown: StateChip(.neutral, icon: "circle-question-mark", text: t.stepUnknown)
            }
        let name =
            isDecisive
            ? step.verdict == .holds ? "decisive held" : "decisive"
            : step.verdict == .passes || step.verdict == .unknown ? "quiet-rule" : ""
        let place: HTML =
            step.address.map { address -> HTML in "<a href=\(url: address)>\(step.place)</a>" }
            ?? HTML(text: step.place)
        let reason = step.reason.map { step.verdict == .unknown ? t.stepMissing($0) : $0 }
        return """
            <li class="\(name)">\(chip.view)<div class="trace-body">\
            <span class="trace-name">\(t.ruleName(step.rule))\(if: isDecisive, HTML(text: t.stepDecisive))</span>\
            \(reason.map { text -> HTML in "<span class=\"trace-text\">\(text)</span>" })\
            \(step.message.map { text -> HTML in "<span class=\"trace-text\">\(text)</span>" })\
            <span class="trace-where">\(place)</span></div></li>
            """
    }

    // MARK: What to do

    private func ask(_ answer: Answer, _ context: PageContext) -> HTML {
        let t = context.t
        if let request = answer.request {
            return Panel.view(
                t.explainException,
                "<p>\(t.explainWaits)</p>\(Button.link(t.approvalNumber(request), to: "/console/approvals/\(request)", style: .primary))"
            )
        }
        guard context.visitor != nil else {
            let next = URLText.component(context.address)
            return Panel.view(
                t.explainException,
                "<p>\(t.explainSignIn)</p>\(Button.link(t.signIn, to: "/login?next=\(next)", style: .primary))")
        }
        let fields: HTML = """
            <input type="hidden" name="repo" value="\(answer.repository)">\
            <input type="hidden" name="revision" value="\(question.revision)">\
            \(Button.submit(t.explainRequest, style: .primary, icon: "send"))
            """
        return Panel.view(
            t.explainException,
            "<p>\(t.explainExceptionNote)</p>\(Form.post("/console/approvals/request", context, fields))")
    }

    private func told(_ answer: Answer, _ context: PageContext) -> HTML {
        let t = context.t
        var facts: [(name: String, value: HTML)] = []
        if let told = answer.told { facts.append((t.explainTold, "<code>\(told)</code>")) }
        if let mirror = answer.mirror { facts.append((t.jobMirror, HTML(text: mirror))) }
        if let owner = answer.owner { facts.append((t.explainOwner, HTML(text: owner))) }
        let items = answer.remedies.map { remedy -> HTML in "<li>\(remedy)</li>" }
        let list: HTML? = items.isEmpty ? nil : "<h3>\(t.explainRemedies)</h3><ul>\(each: items)</ul>"
        guard !facts.isEmpty || list != nil else { return HTML() }
        return Panel.view(t.explainClients, "\(FactList.view(facts))\(list)")
    }

    private func facts(_ answer: Answer, _ context: PageContext) -> HTML {
        guard !answer.facts.isEmpty else { return HTML() }
        let t = context.t
        let facts = answer.facts.map { (name: t.factName($0.name), value: HTML(text: $0.value)) }
        return Panel.view(t.explainFacts, FactList.view(facts))
    }
}
