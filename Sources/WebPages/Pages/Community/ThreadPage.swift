/// A discussion or a pull request, with everything that happened in it.
package struct ThreadPage: Sendable {
    package struct Event: Sendable, Hashable {
        package enum Content: Sendable, Hashable {
            /// - Parameter concealed: what a hidden comment says, for whoever looks after the discussion.
            case comment(text: String, edits: Int64, isHidden: Bool, hiddenBy: String?, concealed: String?)
            case status(DiscussionState)
            case commit(subject: String, id: String)
            case title(from: String, to: String)
        }

        package let id: String
        package let content: Content
        package let author: String?
        /// Milliseconds since 1970.
        package let at: Int64

        package init(id: String, content: Content, author: String?, at: Int64) {
            self.id = id
            self.content = content
            self.author = author
            self.at = at
        }
    }

    /// What has to hold before a pull request is merged.
    package struct Check: Sendable, Hashable {
        package let tone: StateChip.Tone
        package let title: String
        package let details: [String]

        package init(_ tone: StateChip.Tone, _ title: String, _ details: [String] = []) {
            self.tone = tone
            self.title = title
            self.details = details
        }
    }

    /// What a pull request has beside the thread.
    package struct PullRequest: Sendable, Hashable {
        package let base: String
        /// `refs/pr/1`
        package let ref: String
        package let mergeCommit: String?
        package let checks: [Check]
        package let mayMerge: Bool
        /// As `git diff` writes it; nil for whoever may not read it.
        package let patch: String?

        package init(
            base: String, ref: String, mergeCommit: String?, checks: [Check], mayMerge: Bool, patch: String?
        ) {
            self.base = base
            self.ref = ref
            self.mergeCommit = mergeCommit
            self.checks = checks
            self.mayMerge = mayMerge
            self.patch = patch
        }
    }

    package let header: RepositoryHeader
    package let summary: DiscussionSummary
    package let events: [Event]
    package let pullRequest: PullRequest?
    /// Whether the reader may comment.
    package let mayTakePart: Bool
    /// Whether he may change its title and state.
    package let mayChange: Bool
    /// Whether he looks after what others say.
    package let isModerator: Bool
    package let showsChanges: Bool
    package var draft: String
    package var problem: String?
    package var status = 200

    package init(
        header: RepositoryHeader, summary: DiscussionSummary, events: [Event], pullRequest: PullRequest?,
        mayTakePart: Bool, mayChange: Bool, isModerator: Bool, showsChanges: Bool = false, draft: String = ""
    ) {
        self.header = header
        self.summary = summary
        self.events = events
        self.pullRequest = pullRequest
        self.mayTakePart = mayTakePart
        self.mayChange = mayChange
        self.isModerator = isModerator
        self.showsChanges = showsChanges
        self.draft = draft
    }

    private var address: String { "\(header.address("discussions"))/\(summary.number)" }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let body: HTML = """
            \(header.view(.discussions, context))
            \(head(context))
            \(problem.map { Alert.view(.bad, title: $0) })
            \(tabs(t))
            \(showsChanges ? changes(context) : conversation(context))
            """
        return Page(
            title: "\(summary.title) · #\(summary.number) · \(header.path)", section: header.kind.section, body: body,
            status: status)
    }

    private func head(_ context: PageContext) -> HTML {
        let t = context.t
        let route: HTML? = pullRequest.map { pull -> HTML in
            " · <code>\(pull.ref)</code> → <code>\(pull.base)</code>"
        }
        return """
            <div class="thread-title"><h2>\(summary.title) <span class="thread-number">#\(summary.number)</span></h2></div>\
            <p class="change-place">\(summary.state.chip(t).view) \
            <span>\(summary.isPullRequest ? t.pullRequest : t.discussion) · \(PersonLink.view(summary.author, t)) · \
            \(TimeText.view(summary.createdAt, context))\(route)</span></p>
            """
    }

    private func tabs(_ t: L10n) -> HTML {
        guard let patch = pullRequest?.patch else { return HTML() }
        let count = PatchView.files(in: patch).count
        return Tabs.view(
            t.pullRequestViews,
            [
                Tabs.Tab(t.conversation, address, isCurrent: !showsChanges),
                Tabs.Tab(
                    t.changes, "\(address)?view=changes", note: t.number(count), isCurrent: showsChanges),
            ])
    }

    private func changes(_ context: PageContext) -> HTML {
        guard let patch = pullRequest?.patch, !patch.isEmpty else {
            return Empty.view(title: context.t.noChanges, text: context.t.noChangesText, context)
        }
        return PatchView.view(patch, context)
    }

    // MARK: The conversation

    private func conversation(_ context: PageContext) -> HTML {
        """
        <div class="thread"><div><ol class="thread-events">\(each: events.map { view($0, context) })</ol>\
        \(pullRequest.map { merging($0, context) })\(reply(context))</div>\
        <aside class="thread-side">\(side(context))</aside></div>
        """
    }

    private func view(_ event: Event, _ context: PageContext) -> HTML {
        let t = context.t
        switch event.content {
        case .comment(let text, let edits, let isHidden, let hiddenBy, let concealed):
            return comment(event, text, edits, isHidden, hiddenBy, concealed, context)
        case .status(let state):
            return line("activity", event, "\(t.statusEvent(state))", context)
        case .commit(let subject, let id):
            let commit: HTML = """
                \(t.commitEvent) <a href=\(url: header.address("commit", revision: id))><code>\(id.prefix(7))</code></a> \
                \(subject)
                """
            return line("git-commit-horizontal", event, commit, context)
        case .title(let from, let to):
            return line("pencil", event, "\(t.titleEvent) <del>\(from)</del> → <ins>\(to)</ins>", context)
        }
    }

    private func line(_ icon: String, _ event: Event, _ what: HTML, _ context: PageContext) -> HTML {
        """
        <li class="event-line" id="event-\(event.id)">\(Icon.view(icon))\(PersonLink.view(event.author, context.t)) \
        <span>\(what)</span> \(TimeText.view(event.at, context))</li>
        """
    }

    private func comment(
        _ event: Event, _ text: String, _ edits: Int64, _ isHidden: Bool, _ hiddenBy: String?, _ concealed: String?,
        _ context: PageContext
    ) -> HTML {
        let t = context.t
        let isOwn = event.author != nil && event.author == context.visitor?.name
        let body: HTML
        if isHidden {
            let who: HTML = "<p>\(t.commentHidden(hiddenBy ?? t.accountGone))</p>"
            let kept: HTML? = concealed.map { text -> HTML in
                """
                <details><summary>\(t.commentShowHidden)</summary>\(ProseText.view(text, in: header, context))</details>
                """
            }
            body = "\(who)\(kept)"
        } else {
            body = ProseText.view(text, in: header, context)
        }
        var tools: [HTML] = []
        if isHidden, isModerator || isOwn, mayTakePart {
            tools.append(action("unhide", event, t.commentUnhide, context))
        } else if !isHidden, mayTakePart, isModerator || isOwn {
            tools.append(action("hide", event, t.commentHide, context))
        }
        return """
            <li class="comment\(isHidden ? " hidden-comment" : "")" id="event-\(event.id)">\
            <div class="comment-head"><strong>\(PersonLink.view(event.author, t))</strong>\
            \(TimeText.view(event.at, context))\(if: edits > 0, "<span class=\"hint\">\(t.commentEdited(edits))</span>")\
            <div class="comment-tools">\(each: tools)</div></div>\
            <div class="comment-body">\(body)</div>\
            \(if: isOwn && !isHidden && mayTakePart, editing(event, text, context))</li>
            """
    }

    private func action(_ name: String, _ event: Event, _ label: String, _ context: PageContext) -> HTML {
        Form.button(label, to: address, fields: [("action", name), ("comment", event.id)], style: .quiet, context)
    }

    private func editing(_ event: Event, _ text: String, _ context: PageContext) -> HTML {
        let t = context.t
        return """
            <details class="comment-edit"><summary>\(t.commentEdit)</summary>\
            \(Form.post(
                address, context,
                """
                <input type="hidden" name="action" value="edit"><input type="hidden" name="comment" value="\(event.id)">\
                \(MarkdownField.view(
                    "text", id: "edit-\(event.id)", label: t.commentText, value: text, rows: 6, in: header, context))\
                <p class="actions">\(Button.submit(t.save))</p>
                """))</details>
            """
    }

    private func reply(_ context: PageContext) -> HTML {
        let t = context.t
        guard mayTakePart else {
            guard context.visitor == nil else { return HTML() }
            return """
                <p>\(Button.link(t.signInToComment, to: "/login?next=\(URLText.component(context.address))", style: .primary))</p>
                """
        }
        let change: HTML? =
            mayChange && summary.state != .merged
            ? Button.submit(
                summary.state.isOpen ? t.closeDiscussion : t.reopenDiscussion, name: "action",
                value: summary.state.isOpen ? "close" : "open") : nil
        let ready: HTML? =
            mayChange && summary.state == .draft ? Button.submit(t.readyForReview, name: "action", value: "open") : nil
        return """
            <section class="panel thread-form"><h3 class="hidden">\(t.addComment)</h3>\
            \(Form.post(
                address, context,
                """
                \(MarkdownField.view(
                    "text", id: "text", label: t.addComment, value: draft, rows: 6, draft: address, in: header, context))\
                <p class="actions">\(Button.submit(t.comment, style: .primary, name: "action", value: "comment"))\
                \(ready)\(change)</p>
                """))</section>
            """
    }

    // MARK: Beside it

    private func merging(_ pull: PullRequest, _ context: PageContext) -> HTML {
        let t = context.t
        if let commit = pull.mergeCommit {
            return """
                <p class="event-line">\(Icon.view("git-merge")) \(t.mergedAs) \
                <a href=\(url: header.address("commit", revision: commit))><code>\(commit.prefix(7))</code></a></p>
                """
        }
        guard summary.state.isOpen else { return HTML() }
        let items = pull.checks.map { check -> HTML in
            let details = check.details.map { detail -> HTML in "<span class=\"hint\">\(detail)</span>" }
            return """
                <li>\(StateChip(check.tone, icon: icon(check.tone), text: t.checkState(check.tone)).view)\
                <span>\(check.title)\(each: details)</span></li>
                """
        }
        let isBlocked = pull.checks.contains { $0.tone == .bad }
        let button: HTML =
            pull.mayMerge && !isBlocked && summary.state == .open
            ? Form.button(t.merge(into: pull.base), to: "\(address)/merge", style: .primary, icon: "git-merge", context)
            : "<p class=\"hint\">\(isBlocked ? t.mergeBlocked : summary.state == .draft ? t.mergeDraft : t.mergeNotYours)</p>"
        return """
            <section class="panel thread-form" aria-labelledby="checks-head"><h3 id="checks-head">\(t.mergeChecks)</h3>\
            <ul class="checks">\(each: items)</ul>\(button)</section>
            """
    }

    private func icon(_ tone: StateChip.Tone) -> String {
        switch tone {
        case .ok: "check"
        case .bad: "ban"
        case .warn: "triangle-alert"
        case .info, .neutral: "circle-dot"
        }
    }

    private func side(_ context: PageContext) -> HTML {
        let t = context.t
        let renaming: HTML? =
            mayChange && mayTakePart
            ? """
            <section class="panel"><h3>\(t.changeTitle)</h3>\
            \(Form.post(
                address, context,
                """
                <input type="hidden" name="action" value="title">\
                \(Form.field(
                    t.discussionTitle, for: "new-title",
                    Form.input("title", id: "new-title", value: summary.title, required: true, maximum: 200)))\
                <p class="actions">\(Button.submit(t.save))</p>
                """))</section>
            """ : nil
        let checkout: HTML? = pullRequest.map { pull -> HTML in
            let local = pull.ref.replacing("refs/", with: "").replacing("/", with: "-")
            return """
                <section class="panel"><h3>\(t.checkOut)</h3>\
                \(CopyText.snippet("git fetch origin \(pull.ref):\(local)\ngit switch \(local)", language: "sh", context))\
                <p class="actions">\(Button.link(t.browseFiles, to: header.address("tree", revision: pull.ref)))</p></section>
                """
        }
        return "\(renaming)\(checkout)"
    }
}

/// A difference over several files, as `git diff` writes it.
enum PatchView {
    struct File: Sendable, Hashable {
        let path: String
        let text: String
    }

    static func files(in patch: String) -> [File] {
        var files: [File] = []
        var lines: [Substring] = []
        var path: String?
        func end() {
            guard let path else { return }
            files.append(File(path: path, text: lines.joined(separator: "\n")))
        }
        for line in patch.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("diff --git ") {
                end()
                lines = []
                path = line.firstRange(of: " b/").map { String(line[$0.upperBound...]) } ?? String(line)
            }
            lines.append(line)
        }
        end()
        return files
    }

    static func view(_ patch: String, _ context: PageContext) -> HTML {
        let panels = files(in: patch).map { file -> HTML in
            let model = DiffModel(unified: file.text)
            let diff = model.hunks.isEmpty ? plain(file.text) : DiffView.unified(model, label: file.path, context)
            return """
                <section class="panel"><h3>\(file.path)</h3>\(diff)</section>
                """
        }
        return "<div class=\"patch\"><h2 class=\"hidden\">\(context.t.changes)</h2>\(each: panels)</div>"
    }

    private static func plain(_ text: String) -> HTML {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> HTML in
            let name =
                line.hasPrefix("+") ? "added" : line.hasPrefix("-") ? "removed" : line.hasPrefix("@@") ? "hunk" : ""
            return "<span class=\"\(name)\">\(line)</span>"
        }
        return "<pre class=\"diff-plain mono\" tabindex=\"0\">\(each: lines)</pre>"
    }
}
