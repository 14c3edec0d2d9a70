/// An upstream as pages show it; never with a secret.
package struct UpstreamView: Sendable, Hashable {
    /// What may still be asked of it.
    package struct Budget: Sendable, Hashable {
        package let name: String
        package let left: Int64
        package let of: Int64?
        /// Whether it counts bytes.
        package let isBytes: Bool

        package init(_ name: String, left: Int64, of: Int64?, isBytes: Bool = false) {
            self.name = name
            self.left = left
            self.of = of
            self.isBytes = isBytes
        }
    }

    package enum Authentication: Sendable, Hashable {
        case none, token, password
    }

    package var name: String
    package var type: String
    package var address: String
    package var gitAddress: String?
    package var health: UpstreamHealth
    package var authentication: Authentication
    package var budgets: [Budget]
    package var bytesToday: Int64
    package var bytesPerSecond: Int64?
    package var connections: Int
    package var mirrors: [String]
    package var lastError: String?
    /// Milliseconds since 1970.
    package var lastErrorAt: Int64?
    package var definedAt: String

    package init(
        name: String, type: String, address: String, gitAddress: String?, health: UpstreamHealth,
        authentication: Authentication, budgets: [Budget], bytesToday: Int64, bytesPerSecond: Int64?, connections: Int,
        mirrors: [String], lastError: String?, lastErrorAt: Int64?, definedAt: String
    ) {
        self.name = name
        self.type = type
        self.address = address
        self.gitAddress = gitAddress
        self.health = health
        self.authentication = authentication
        self.budgets = budgets
        self.bytesToday = bytesToday
        self.bytesPerSecond = bytesPerSecond
        self.connections = connections
        self.mirrors = mirrors
        self.lastError = lastError
        self.lastErrorAt = lastErrorAt
        self.definedAt = definedAt
    }

    var page: String { "/console/upstreams/\(URLText.component(name))" }
}

/// Where content comes from, and how that place stands.
package struct UpstreamsPage: Sendable {
    package let upstreams: [UpstreamView]

    package init(upstreams: [UpstreamView]) { self.upstreams = upstreams }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let rows = upstreams.map { upstream -> [HTML] in
            [
                "<a href=\(url: upstream.page)>\(upstream.name)</a>", HTML(text: upstream.type),
                upstream.health.view(t), HTML(text: t.upstreamAuthentication(upstream.authentication)),
                HTML(text: upstream.mirrors.joined(separator: ", ")), HTML(text: t.bytes(upstream.bytesToday)),
            ]
        }
        let table =
            rows.isEmpty
            ? Empty.view(
                title: t.upstreamsNoneTitle, text: t.upstreamsNone, command: "weir serve --mirrors mirrors.d", context)
            : DataTable.view(
                t.upstreamsTitle,
                columns: [
                    .init(t.upstreamName, sorted: "ascending"), .init(t.upstreamType), .init(t.stateName),
                    .init(t.upstreamSignIn), .init(t.upstreamMirrors), .init(t.upstreamToday, isNumber: true),
                ], rows: rows, asCards: true)
        let content: HTML = "\(PageHead.view(t.upstreamsTitle, note: HTML(text: t.upstreamsNote)))\(table)"
        let body = ConsoleShell.view(current: .upstreams, context: context, content: content)
        return Page(title: t.upstreamsTitle, section: .console, body: body)
    }
}

/// One upstream, and what a test of the connection found.
package struct UpstreamPage: Sendable {
    /// A step of a test.
    package struct Step: Sendable, Hashable {
        package enum Kind: String, Sendable, CaseIterable {
            case name, connection, signIn, list
        }

        package enum Result: Sendable, Hashable {
            case passed, failed, skipped
        }

        package let kind: Kind
        package let result: Result
        package let detail: String
        package let milliseconds: Int64?

        package init(_ kind: Kind, _ result: Result, _ detail: String, milliseconds: Int64? = nil) {
            self.kind = kind
            self.result = result
            self.detail = detail
            self.milliseconds = milliseconds
        }
    }

    package let upstream: UpstreamView
    package let steps: [Step]?
    package let mayTest: Bool

    package init(upstream: UpstreamView, steps: [Step]?, mayTest: Bool) {
        self.upstream = upstream
        self.steps = steps
        self.mayTest = mayTest
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let test: HTML? =
            mayTest
            ? Form.button(
                t.upstreamTest, to: "\(upstream.page)/test", style: .primary, icon: "activity", context) : nil
        let content: HTML = """
            \(PageHead.view(upstream.name, note: "\(upstream.health.view(t)) \(upstream.type)", actions: test))\
            \(steps.map { stepsView($0, t) })\
            <div class="two-columns">\(Panel.view(t.upstreamFacts, FactList.view(facts(context))))\
            \(Panel.view(t.upstreamBudget, budget(t)))</div>
            """
        let body = ConsoleShell.view(current: .upstreams, context: context, content: content)
        return Page(title: upstream.name, section: .console, body: body)
    }

    private func facts(_ context: PageContext) -> [(name: String, value: HTML)] {
        let t = context.t
        let mirrors = upstream.mirrors.map { name -> HTML in
            "<li><a href=\(url: "/console/policies#mirror-\(URLText.component(name))")>\(name)</a></li>"
        }
        var facts: [(name: String, value: HTML)] = [
            (t.upstreamAddress, "<code>\(upstream.address)</code>"),
            (t.upstreamSignIn, HTML(text: t.upstreamAuthentication(upstream.authentication))),
            (t.upstreamMirrors, "<ul class=\"plain-list\">\(each: mirrors)</ul>"),
            (t.upstreamDefinedAt, "<code>\(upstream.definedAt)</code>"),
        ]
        if let git = upstream.gitAddress { facts.insert((t.upstreamGit, "<code>\(git)</code>"), at: 1) }
        let error: HTML =
            upstream.lastError.map { error -> HTML in
                "\(error) \(upstream.lastErrorAt.map { TimeText.view($0, context) })"
            } ?? HTML(text: t.upstreamNoError)
        facts.append((t.upstreamLastError, error))
        return facts
    }

    private func budget(_ t: L10n) -> HTML {
        var facts: [(name: String, value: HTML)] = [
            (t.upstreamToday, HTML(text: t.bytes(upstream.bytesToday))),
            (
                t.upstreamBandwidth,
                HTML(
                    text: upstream.bytesPerSecond.map { t.rate(bytesPerSecond: Double($0)) } ?? t.upstreamUnlimited)
            ),
            (t.upstreamConnections, HTML(text: t.number(upstream.connections))),
        ]
        for budget in upstream.budgets {
            let left = budget.isBytes ? t.bytes(budget.left) : t.number(budget.left)
            let whole = budget.of.map { budget.isBytes ? t.bytes($0) : t.number($0) }
            let text = whole.map { t.upstreamLeft(left, of: $0) } ?? t.upstreamLeft(left)
            facts.append((budget.name, HTML(text: text)))
        }
        return FactList.view(facts)
    }

    private func stepsView(_ steps: [Step], _ t: L10n) -> HTML {
        let items = steps.map { step -> HTML in
            let chip =
                switch step.result {
                case .passed: StateChip(.ok, icon: "check", text: t.stepPassed)
                case .failed: StateChip(.bad, icon: "x", text: t.stepFailed)
                case .skipped: StateChip(.neutral, icon: "minus", text: t.stepSkipped)
                }
            return """
                <li>\(chip.view)<strong>\(t.step(step.kind))</strong><span>\(step.detail)</span>\
                \(step.milliseconds.map { HTML(text: t.milliseconds($0)) })</li>
                """
        }
        return Panel.view(t.upstreamTested, "<ol class=\"probe-steps\">\(each: items)</ol>")
    }
}
