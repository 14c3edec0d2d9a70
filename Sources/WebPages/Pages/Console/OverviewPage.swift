/// How the hub stands, and what wants attention first.
package struct OverviewPage: Sendable {
    /// Something that somebody should look at.
    package struct Matter: Sendable, Hashable {
        package enum Kind: Sendable, Hashable {
            case policyRefused
            case upstreamDown(String)
            case jobFailed(String)
            case requestOpen(String)
            case damaged(Int64)
            case scanFailing(Int64)
        }

        package let kind: Kind
        package let detail: String?
        package let address: String

        package init(_ kind: Kind, detail: String?, address: String) {
            self.kind = kind
            self.detail = detail
            self.address = address
        }
    }

    package var mirrored: Int?
    package var behind: Int?
    package var running: Int?
    package var failed: Int?
    package var requests: Int?
    package var findings: Int64?
    /// Bytes of stored content.
    package var storage: Int64?
    package var matters: [Matter]

    package init(matters: [Matter]) { self.matters = matters }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let content: HTML = """
            \(PageHead.view(t.overviewTitle, note: HTML(text: t.overviewNote)))\
            \(Figures.view(t.overviewFigures, figures(t)))\(context.visitor.map { _ in attention(context) })\
            \(shortcuts(context))
            """
        let body = ConsoleShell.view(current: .overview, context: context, content: content)
        return Page(title: t.overviewTitle, section: .console, body: body)
    }

    private func figures(_ t: L10n) -> [Figures.Figure] {
        var figures: [Figures.Figure] = []
        if let mirrored {
            figures.append(.init(t.overviewMirrored, t.number(mirrored), address: "/models?source=local"))
        }
        if let behind { figures.append(.init(t.overviewBehind, t.number(behind), tone: behind > 0 ? .warn : nil)) }
        if let running {
            figures.append(.init(t.overviewRunning, t.number(running), address: "/console/sync"))
        }
        if let failed {
            figures.append(
                .init(
                    t.overviewFailed, t.number(failed), address: "/console/sync?state=failed",
                    tone: failed > 0 ? .bad : nil))
        }
        if let requests {
            figures.append(
                .init(
                    t.overviewRequests, t.number(requests), address: "/console/approvals",
                    tone: requests > 0 ? .warn : nil))
        }
        if let findings {
            figures.append(
                .init(
                    t.overviewFindings, t.number(findings), address: "/console/scans", tone: findings > 0 ? .bad : nil))
        }
        if let storage { figures.append(.init(t.overviewStorage, t.bytes(storage), address: "/console/storage")) }
        return figures
    }

    private func attention(_ context: PageContext) -> HTML {
        let t = context.t
        guard !matters.isEmpty else {
            return Panel.view(
                t.overviewAttention,
                "<p>\(StateChip(.ok, icon: "check", text: t.overviewNothing).view)</p>")
        }
        let items = matters.map { matter -> HTML in
            let (tone, icon): (StateChip.Tone, String) =
                switch matter.kind {
                case .policyRefused, .upstreamDown, .damaged: (.bad, "triangle-alert")
                case .jobFailed: (.bad, "x")
                case .requestOpen, .scanFailing: (.warn, "clock")
                }
            return """
                <li>\(StateChip(tone, icon: icon, text: t.matterWord(matter.kind)).view)\
                <span>\(t.matterText(matter.kind, matter.detail))</span>\
                \(Button.link(t.overviewOpen, to: matter.address, style: .quiet))</li>
                """
        }
        return Panel.view(t.overviewAttention, "<ul class=\"attention\">\(each: items)</ul>")
    }

    /// The two questions that people come with.
    private func shortcuts(_ context: PageContext) -> HTML {
        let t = context.t
        return """
            <div class="two-columns">\(Panel.view(t.overviewWhy, """
                <p class="hint">\(t.explainNote)</p>\
                <form class="inline-form" method="get" action="/console/explain">\
                \(Form.field(t.syncRepository, for: "why-repo", Form.input("repo", id: "why-repo", placeholder: "model:acme/demo", required: true, maximum: 300)))\
                \(Button.submit(t.explainAsk))</form>
                """))\(context.visitor.map { _ in howFar(t) })</div>
            """
    }

    private func howFar(_ t: L10n) -> HTML {
        Panel.view(
            t.overviewHow,
            """
            <p class="hint">\(t.syncNote)</p><div class="actions">\(Button.link(t.toSync, to: "/console/sync"))</div>
            """)
    }
}
