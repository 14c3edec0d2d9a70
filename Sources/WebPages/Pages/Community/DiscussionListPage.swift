/// The discussions and pull requests of a repository.
package struct DiscussionListPage: Sendable {
    package let header: RepositoryHeader
    package let discussions: [DiscussionSummary]
    package let total: Int64
    /// `all`, `discussion` or `pull_request`.
    package let kind: String
    /// `open`, `closed` or `all`.
    package let state: String
    package let offset: Int
    package let limit: Int
    package let mayTakePart: Bool

    package init(
        header: RepositoryHeader, discussions: [DiscussionSummary], total: Int64, kind: String, state: String,
        offset: Int, limit: Int, mayTakePart: Bool
    ) {
        self.header = header
        self.discussions = discussions
        self.total = total
        self.kind = kind
        self.state = state
        self.offset = offset
        self.limit = limit
        self.mayTakePart = mayTakePart
    }

    private var address: String { header.address("discussions") }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let actions: HTML? =
            mayTakePart
            ? """
            \(Button.link(t.newDiscussion, to: "\(address)/new", style: .primary, icon: "message-square"))\
            \(Button.link(t.newPullRequest, to: "\(address)/new?kind=pull_request", icon: "git-pull-request"))
            """ : nil
        let body: HTML = """
            \(header.view(.discussions, context))
            <div class="talk-filters"><div class="segments" role="group" aria-label="\(t.discussionKinds)">\
            \(segment("all", t.discussionsAll, isKind: true))\(segment("discussion", t.discussionsOnly, isKind: true))\
            \(segment("pull_request", t.pullRequestsOnly, isKind: true))</div>\
            <div class="segments" role="group" aria-label="\(t.discussionStates)">\
            \(segment("open", t.statesOpen, isKind: false))\(segment("closed", t.statesClosed, isKind: false))\
            \(segment("all", t.statesAll, isKind: false))</div>\
            \(actions.map { actions -> HTML in "<div class=\"actions\">\(actions)</div>" })</div>
            <h2 class="hidden">\(t.tabDiscussions)</h2>
            \(discussions.isEmpty ? empty(context) : list(context))
            \(pager(context))
            """
        return Page(title: "\(t.tabDiscussions) · \(header.path)", section: header.kind.section, body: body)
    }

    private func query(kind: String, state: String, offset: Int = 0) -> String {
        var parts = ["kind=\(kind)", "state=\(state)"]
        if offset > 0 { parts.append("offset=\(offset)") }
        return "\(address)?\(parts.joined(separator: "&"))"
    }

    private func segment(_ value: String, _ label: String, isKind: Bool) -> HTML {
        let link = isKind ? query(kind: value, state: state) : query(kind: kind, state: value)
        let isCurrent = value == (isKind ? kind : state)
        return "<a href=\(url: link)\(attribute: "aria-current", isCurrent ? "true" : nil)>\(label)</a>"
    }

    private func list(_ context: PageContext) -> HTML {
        let t = context.t
        let rows = discussions.map { item -> HTML in
            """
            <li>\(item.state.chip(t).view)<div><a href=\(url: "\(address)/\(item.number)")>\(item.title)</a>\
            <div class="discussion-meta">#\(item.number) · \(item.isPullRequest ? t.pullRequest : t.discussion) · \
            \(PersonLink.view(item.author, t)) · \(TimeText.view(item.createdAt, context))</div></div>\
            <span class="discussion-meta">\(Icon.view("message-square")) \(t.eventCount(item.comments))</span></li>
            """
        }
        return "<ul class=\"discussion-list\">\(each: rows)</ul>"
    }

    private func empty(_ context: PageContext) -> HTML {
        let t = context.t
        return Empty.view(
            title: t.discussionsEmpty, text: t.discussionsEmptyText,
            action: mayTakePart
                ? Button.link(t.newDiscussion, to: "\(address)/new", style: .primary, icon: "message-square") : nil,
            context)
    }

    private func pager(_ context: PageContext) -> HTML {
        let t = context.t
        let end = offset + discussions.count
        let previous = offset > 0 ? query(kind: kind, state: state, offset: max(0, offset - limit)) : nil
        let next = Int64(end) < total ? query(kind: kind, state: state, offset: end) : nil
        guard previous != nil || next != nil else { return HTML() }
        return Pager.view(
            previous: previous, next: next, note: t.shownOf(offset + 1, end, total), context)
    }
}

/// A discussion or a pull request that is about to be opened.
package struct NewDiscussionPage: Sendable {
    package let header: RepositoryHeader
    package let isPullRequest: Bool
    /// Branches, for pull requests.
    package let branches: [String]
    package var title: String
    package var text: String
    package var from: String
    package var into: String
    package var problem: (message: String, remedy: String?)?
    package var status = 200

    package init(
        header: RepositoryHeader, isPullRequest: Bool, branches: [String], title: String = "", text: String = "",
        from: String = "", into: String = ""
    ) {
        self.header = header
        self.isPullRequest = isPullRequest
        self.branches = branches
        self.title = title
        self.text = text
        self.from = from
        self.into = into.isEmpty ? header.defaultBranch : into
    }

    private var address: String { header.address("discussions") }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let name = isPullRequest ? t.newPullRequest : t.newDiscussion
        let body: HTML = """
            \(header.view(.discussions, context))
            <h2 class="change-title">\(name)</h2>
            \(problem.map { problem in
                Alert.view(
                    .bad, title: problem.message,
                    problem.remedy.map { remedy -> HTML in "<p>\(remedy)</p>" } ?? HTML())
            })
            \(isPullRequest && branches.count < 2 ? noBranches(context) : Form.post(address, context, class: "form narrow", form(context)))
            """
        return Page(title: "\(name) · \(header.path)", section: header.kind.section, body: body, status: status)
    }

    private func form(_ context: PageContext) -> HTML {
        let t = context.t
        let sources = branches.map { ($0, $0) }
        let branchFields: HTML = """
            <div class="inline-fields">\
            \(Form.field(t.pullFrom, for: "from", Form.select("from", id: "from", options: sources, selected: from.isEmpty ? branches.first { $0 != into } : from)))\
            \(Form.field(t.pullInto, for: "into", Form.select("into", id: "into", options: sources, selected: into)))</div>
            """
        return """
            <input type="hidden" name="kind" value="\(isPullRequest ? "pull_request" : "discussion")">\
            \(if: isPullRequest, branchFields)\
            \(Form.field(
                t.discussionTitle, for: "title",
                Form.input("title", id: "title", value: title, required: true, maximum: 200)))\
            \(MarkdownField.view(
                "text", id: "text", label: t.discussionText, value: text, rows: 10,
                draft: "\(address)/new", in: header, context))\
            <p class="hint">\(t.markdownHint)</p>\
            <p class="actions">\(Button.submit(isPullRequest ? t.openPullRequest : t.openDiscussion, style: .primary, name: "action", value: "commit"))\
            \(Button.link(t.cancel, to: address, style: .quiet))</p>
            """
    }

    private func noBranches(_ context: PageContext) -> HTML {
        let t = context.t
        return Empty.view(
            title: t.pullNoBranches, text: t.pullNoBranchesText,
            action: Button.link(
                t.uploadTitle, to: header.address("upload", revision: header.defaultBranch), icon: "upload"),
            command:
                "hf upload \(header.path) . --create-pr", context)
    }
}
