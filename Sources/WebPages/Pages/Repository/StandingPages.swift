/// A repository that an upstream has and nobody fetched yet, from what the upstream tells.
package struct RemoteCardPage: Sendable {
    let header: RepositoryHeader
    let summary: String?
    let facts: CardFacts
    /// Whether this reader may have it mirrored.
    let mayMirror: Bool
    let mirror: String
    let notices: HTML
    /// Milliseconds since 1970 when the upstream last told of it.
    let seenAt: Int64?

    package init(
        header: RepositoryHeader, summary: String?, facts: CardFacts, mayMirror: Bool, mirror: String, seenAt: Int64?,
        notices: HTML = HTML()
    ) {
        self.header = header
        self.summary = summary
        self.facts = facts
        self.mayMirror = mayMirror
        self.mirror = mirror
        self.seenAt = seenAt
        self.notices = notices
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let form: HTML =
            mayMirror
            ? Form.post(
                header.address("mirror"), context,
                Button.submit(t.repoMirrorIt, style: .primary, icon: "refresh-cw"))
            : HTML()
        let seen: HTML? = seenAt.map { moment -> HTML in
            "<p class=\"muted\">\(t.upstreamToldOf) \(TimeText.view(moment, context))</p>"
        }
        let body: HTML = """
            \(header.view(.card, context))\(notices)\
            <div class="rp-split"><article class="panel card-text" aria-label="\(t.tabCard)">\
            <div class="empty">\(AppBar.mark)<h2 class="empty-title">\(t.notMirroredTitle)</h2>\
            <p>\(t.notMirroredText(header.upstream ?? mirror))</p>\
            \(summary.map { summary -> HTML in "<blockquote class=\"remote-summary\">\(summary)</blockquote>" })\
            <div class="actions">\(form)\(Button.link(t.openFilesNow, to: header.address("tree", revision: header.defaultBranch)))</div>\
            \(CopyText.snippet("weir sync \(mirror) --repo \(header.path)", language: "sh", context))\(seen)</div></article>\
            <aside class="rp-side" aria-label="\(t.repoFacts)">\(facts.view(header, context))</aside></div>
            """
        return Page(title: header.path, section: header.kind.section, body: body)
    }
}

/// A repository that policy keeps back: which rule, and what can be done.
package struct BlockedPage: Sendable {
    package enum Reason: Sendable { case denied, review, scanning, quarantined, buried }

    let header: RepositoryHeader
    let reason: Reason
    let status: Int
    let code: String
    let message: String
    let remedy: String?
    /// `model:acme/demo`, as policy files write it.
    let name: String
    /// What shall be let through: the commit, where it is known.
    let revision: String?
    let mayRequest: Bool

    package init(
        header: RepositoryHeader, reason: Reason, status: Int, code: String, message: String, remedy: String?,
        name: String, revision: String?, mayRequest: Bool
    ) {
        self.header = header
        self.reason = reason
        self.status = status
        self.code = code
        self.message = message
        self.remedy = remedy
        self.name = name
        self.revision = revision
        self.mayRequest = mayRequest
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let explain =
            "/console/explain?repo=\(URLText.component(name))\(revision.map { "&rev=\(URLText.component($0))" } ?? "")"
        let body: HTML = """
            \(header.view(nil, context))\
            <section class="panel blocked"><div class="blocked-head">\(Icon.view(reason == .scanning ? "clock" : "ban"))\
            <h2>\(t.blockedTitle(reason))</h2></div>\
            <p class="blocked-message">\(RefusalText.view(message, leads: context.visitor != nil))</p>\
            \(remedy.map { remedy -> HTML in "<p>\(RefusalText.view(remedy, leads: context.visitor != nil))</p>" })\
            <p class="muted">\(t.blockedText(reason))</p>\
            <p class="actions">\(Button.link(t.whyBlocked, to: explain, style: .primary))</p>\
            <p class="hint"><code>\(status) \(code)</code></p></section>\(request(context))
            """
        return Page(
            title: "\(t.blockedTitle(reason)) · \(header.path)", section: header.kind.section, body: body,
            status: status)
    }

    private func request(_ context: PageContext) -> HTML {
        let t = context.t
        guard reason == .review || reason == .quarantined else { return HTML() }
        guard mayRequest else {
            let login = "/login?next=\(URLText.component(context.address))"
            return Panel.view(
                t.repoRequestApproval,
                "<div class=\"panel-body\"><p>\(t.requestSignIn)</p><p>\(Button.link(t.signIn, to: login))</p></div>")
        }
        let fields: HTML = """
            <input type="hidden" name="repo" value="\(name)">\
            \(revision.map { revision -> HTML in "<input type=\"hidden\" name=\"revision\" value=\"\(revision)\">" })\
            <div class="field"><label for="reason">\(t.requestReason)</label>\
            <textarea id="reason" name="reason" rows="4" maxlength="2000" required aria-describedby="reason-hint"></textarea>\
            <p class="hint" id="reason-hint">\(t.requestReasonHint)</p></div>\
            \(Button.submit(t.repoRequestApproval, style: .primary))
            """
        return Panel.view(
            t.repoRequestApproval,
            "<div class=\"panel-body\">\(Form.post("/console/approvals/request", context, fields))</div>")
    }
}

/// What a reader should know of how fresh a page is.
package enum FreshnessNotice {
    /// The upstream is silent, and the last known state answers.
    package static func stale(since: Int64, reason: String, _ context: PageContext) -> HTML {
        Alert.view(
            .warn, title: context.t.staleTitle,
            "<p>\(context.t.staleSince) \(TimeText.view(since, context)). <span class=\"muted\">\(reason)</span></p>"
        )
    }

    /// A newer commit waits for a review.
    package static func held(commit: String, reason: String, _ context: PageContext) -> HTML {
        Alert.view(
            .warn, title: context.t.heldTitle,
            "<p>\(context.t.heldText) <code>\(commit.prefix(10))</code>. <span class=\"muted\">\(reason)</span></p>"
        )
    }
}
