/// One repository of a list: what it is, how large, how it stands to its upstream and to policy.
package struct RepositoryRow: Sendable, Hashable {
    package var kind: CatalogueKind
    package var namespace: String
    package var name: String
    /// What it is about, in one line.
    package var summary: String?
    package var task: String?
    package var library: String?
    package var parameters: Int64?
    package var licenses: [String] = []
    /// Bytes.
    package var size: Int64?
    package var downloads: Int64?
    package var likes: Int64?
    /// Milliseconds since 1970.
    package var updatedAt: Int64?
    package var state: MirrorState
    /// Why policy keeps it back, or whose approval it waits for.
    package var reason: String?
    /// Whether somebody has to approve it first.
    package var isReviewed = false
    /// The upstream it comes from or would come from.
    package var upstream: String?
    package var isPrivate = false
    package var isGated = false
    /// Whether a button offers to fetch it.
    package var canMirror = false
    /// Words that were searched for, which are marked.
    package var words: [String] = []
    /// Why it is shown at all, as of recommendations.
    package var note: String?

    package init(kind: CatalogueKind, namespace: String, name: String, state: MirrorState) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.state = state
    }

    package var path: String { "\(namespace)/\(name)" }

    package var address: String {
        "/\(kind.plural)/\(URLText.component(namespace))/\(URLText.component(name))"
    }

    /// `model:ns/name`, as forms and questions name it.
    package var subject: String { "\(kind.rawValue):\(path)" }

    /// - Parameter level: of its heading, below that of what it stands in.
    package func view(_ context: PageContext, level: Int = 2) -> HTML {
        let t = context.t
        let heading: HTML = """
            <a href=\(url: address)>\(Highlight.view(namespace, words))<span class="slash">/</span>\
            <strong>\(Highlight.view(name, words))</strong></a>
            """
        return """
            <article class="repo-row">\(kind.glyph(t))<div class="repo-main">\
            \(level == 2 ? "<h2 class=\"repo-name\">\(heading)</h2>" : "<h3 class=\"repo-name\">\(heading)</h3>" as HTML)\
            \(summary.map { summary -> HTML in "<p class=\"repo-summary\">\(Highlight.view(summary, words))</p>" })\
            \(factLine(context))\
            \(note.map { note -> HTML in "<p class=\"repo-note\">\(note)</p>" })</div>\
            <div class="repo-side">\(stateLine(context))</div></article>
            """
    }

    private func factLine(_ context: PageContext) -> HTML {
        let facts = facts(context)
        guard !facts.isEmpty else { return HTML() }
        return "<ul class=\"repo-facts\">\(each: facts.map { fact -> HTML in "<li>\(fact)</li>" })</ul>"
    }

    private func facts(_ context: PageContext) -> [HTML] {
        let t = context.t
        var facts: [HTML] = []
        if let task {
            let link = "/\(kind.plural)?task=\(URLText.component(task))"
            facts.append("<a href=\(url: link)>\(TaskNames.name(task, t))</a>")
        }
        if let parameters, parameters > 0 {
            facts.append("<span title=\"\(t.rowParameters(t.number(parameters)))\">\(t.compact(parameters))</span>")
        }
        if let library { facts.append(HTML(text: library)) }
        for license in licenses.prefix(2) { facts.append("<span class=\"license\">\(license)</span>") }
        if let size, size > 0 { facts.append(HTML(text: t.bytes(size))) }
        if let downloads, downloads > 0 {
            facts.append("<span title=\"\(t.rowDownloads(t.number(downloads)))\">↓ \(t.compact(downloads))</span>")
        }
        if let likes, likes > 0 {
            facts.append("<span title=\"\(t.rowLikes(t.number(likes)))\">♥ \(t.compact(likes))</span>")
        }
        if isPrivate { facts.append("<span class=\"chip neutral\">\(t.rowPrivate)</span>") }
        if isGated { facts.append("<span class=\"chip neutral\">\(t.rowGated)</span>") }
        return facts
    }

    private func stateLine(_ context: PageContext) -> HTML {
        let t = context.t
        let why: HTML? = reason.map { reason in
            """
            <span class="repo-why"><span class="repo-reason" title="\(reason)">\(reason)</span> \
            <a href=\(url: "/console/explain?repo=\(URLText.component(subject))")>\(t.rowWhy)</a></span>
            """
        }
        let origin: HTML? = upstream.map { "<span class=\"repo-origin\">\($0)</span>" }
        let mirror: HTML? =
            canMirror
            ? Form.button(
                t.rowMirror, to: "/console/sync/start", fields: [(name: "repo", value: subject)],
                icon: "cloud-download", context) : nil
        let review: HTML? = isReviewed ? StateChip(.warn, icon: "user-check", text: t.rowReview).view : nil
        return """
            <span class="repo-states">\(state.chip(t, detail: reason).view)\(review)\
            \(updatedAt.map { TimeText.view($0, context) })</span>\(why)\
            \(if: upstream != nil || canMirror, "<span class=\"repo-states\">\(origin)\(mirror)</span>")
            """
    }
}

/// Rows one below the other.
package enum RepositoryList {
    package static func view(_ rows: [RepositoryRow], level: Int = 2, id: String? = nil, _ context: PageContext) -> HTML
    {
        let items = rows.map { row -> HTML in "<li>\(row.view(context, level: level))</li>\n" }
        return "<ul class=\"repo-list\" data-rows\(attribute: "id", id)>\(each: items)</ul>"
    }
}
