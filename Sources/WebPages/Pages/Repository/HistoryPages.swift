/// The history of a revision, or of one path in it.
package struct CommitsPage: Sendable {
    let header: RepositoryHeader
    let place: RevisionPlace
    /// Nil for the whole repository.
    let path: String?
    let commits: [CommitSummary]
    /// From 0.
    let number: Int
    let hasMore: Bool

    package init(
        header: RepositoryHeader, place: RevisionPlace, path: String?, commits: [CommitSummary], number: Int,
        hasMore: Bool
    ) {
        self.header = header
        self.place = place
        self.path = path
        self.commits = commits
        self.number = number
        self.hasMore = hasMore
    }

    private var here: String { header.address("commits", revision: place.revision) }
    private var query: String { path.map { "path=\(URLText.component($0))&" } ?? "" }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let title = path.map(t.historyOf) ?? t.repoHistory
        let body: HTML = """
            \(header.view(.files, context))\
            <div class="files-bar">\
            \(place.picker(t, all: header.address("branches")) { header.address("commits", revision: $0) + (path.map { "?path=\(URLText.component($0))" } ?? "") })\
            <h2 class="bar-title">\(title)</h2></div>\(list(context))\
            \(Pager.view(
                previous: number > 0 ? "\(here)?\(query)page=\(number - 1)" : nil,
                next: hasMore ? "\(here)?\(query)page=\(number + 1)" : nil,
                note: t.repoNewestFirst, context))
            """
        return Page(title: "\(title) · \(header.path)", section: header.kind.section, body: body)
    }

    private func list(_ context: PageContext) -> HTML {
        let t = context.t
        guard !commits.isEmpty else {
            return "<div class=\"panel\">\(Empty.view(title: t.noCommits, text: t.noCommitsText, context))</div>"
        }
        var days: [(day: String, lines: [HTML])] = []
        for commit in commits {
            let day = CivilTime(milliseconds: commit.time).date
            if days.last?.day != day { days.append((day, [])) }
            days[days.count - 1].lines.append(CommitRow.view(commit, header, context))
        }
        let groups = days.map { day -> HTML in
            "<section class=\"panel commit-day\"><h3>\(day.day)</h3><ul class=\"commits\">\(each: day.lines)</ul></section>"
        }
        return "\(each: groups)"
    }
}

enum CommitRow {
    static func view(_ commit: CommitSummary, _ header: RepositoryHeader, _ context: PageContext) -> HTML {
        """
        <li><div class="commit-words"><a class="commit-title" href=\(url: header.address("commit/\(commit.oid)"))>\
        \(commit.title.isEmpty ? String(commit.oid.prefix(10)) : commit.title)</a>\
        <span class="muted">\(commit.author) · \(TimeText.view(commit.time, context))</span></div>\
        <div class="commit-side">\(CopyText.digest(commit.oid, shown: 7, context))\
        <a class="icon-link" href=\(url: header.address("tree", revision: commit.oid)) title="\(context.t.filesThen)">\
        \(Icon.view("folder-tree"))<span class="hidden">\(context.t.filesThen)</span></a></div></li>
        """
    }
}

/// What became different, file by file.
package struct ChangedFiles: Sendable {
    package struct File: Sendable {
        package enum Change: String, Sendable { case added, removed, modified, renamed }

        package enum Content: Sendable {
            case lines(DiffModel)
            case pointer(PointerDiff)
            case binary(old: Int64, new: Int64)
            case tooLarge(old: Int64, new: Int64)
            /// The page has become too long.
            case left
            /// Its mode or name alone.
            case unchanged
        }

        package let path: String
        package let oldPath: String
        package let change: Change
        package let additions: Int
        package let deletions: Int
        package let content: Content

        package init(
            path: String, oldPath: String, change: Change, additions: Int, deletions: Int, content: Content
        ) {
            self.path = path
            self.oldPath = oldPath
            self.change = change
            self.additions = additions
            self.deletions = deletions
            self.content = content
        }
    }

    let files: [File]
    /// How many files differ, shown or not.
    let count: Int
    let isSplit: Bool

    package init(files: [File], count: Int, isSplit: Bool) {
        self.files = files
        self.count = count
        self.isSplit = isSplit
    }

    /// - Parameters:
    ///   - revision: whose files links lead to.
    ///   - address: of the same page with lines beside each other or below.
    func view(_ header: RepositoryHeader, revision: String, address: String, _ context: PageContext) -> HTML {
        let t = context.t
        guard !files.isEmpty else {
            return
                "<div class=\"panel\">\(Empty.view(title: t.nothingChanged, text: t.nothingChangedText, context))</div>"
        }
        let additions = files.reduce(0) { $0 + $1.additions }
        let deletions = files.reduce(0) { $0 + $1.deletions }
        let views = files.enumerated().map { view($1, $0, header, revision, context) }
        return """
            <div class="diff-bar"><p>\(t.changedFiles(count)) <span class="plus">+\(t.number(additions))</span> \
            <span class="minus">−\(t.number(deletions))</span></p>\
            \(Tabs.view(t.diffLayout, [
                Tabs.Tab(t.diffUnified, address, isCurrent: !isSplit),
                Tabs.Tab(t.diffSplit, "\(address)?view=split", isCurrent: isSplit),
            ]))</div>\
            \(summary(t))\(each: views)\
            \(if: files.count < count, "<p class=\"muted\">\(t.moreFilesChanged(count - files.count))</p>")
            """
    }

    private func summary(_ t: L10n) -> HTML {
        guard files.count > 1 else { return HTML() }
        let items = files.enumerated().map { index, file -> HTML in
            """
            <li><span class="change-word \(file.change.rawValue)">\(t.repoChange(file.change))</span> \
            <a href=\(url: "#f\(index)")>\(file.path)</a> \(Self.counts(file, t))</li>
            """
        }
        return """
            <details class="panel diff-files"\(flag: "open", files.count <= 12)><summary>\(t.listOfFiles)</summary>\
            <ol>\(each: items)</ol></details>
            """
    }

    private static func counts(_ file: File, _ t: L10n) -> HTML {
        guard file.additions + file.deletions > 0 else { return HTML() }
        return """
            <span class="diff-counts"><span class="plus">+\(t.number(file.additions))</span> \
            <span class="minus">−\(t.number(file.deletions))</span></span>
            """
    }

    private func view(
        _ file: File, _ index: Int, _ header: RepositoryHeader, _ revision: String, _ context: PageContext
    ) -> HTML {
        let t = context.t
        let name: HTML =
            file.change == .removed
            ? "<span class=\"wrap\">\(file.path)</span>"
            : "<a class=\"wrap\" href=\(url: header.address("blob", revision: revision, path: file.path))>\(file.path)</a>"
        let old: HTML? =
            file.oldPath != file.path ? "<span class=\"muted wrap\">\(file.oldPath) → </span>" : nil
        return """
            <section class="panel diff-file" id="f\(index)"><div class="panel-head"><h3>\
            <span class="change-word \(file.change.rawValue)">\(t.repoChange(file.change))</span> \(old)\(name)</h3>\
            \(Self.counts(file, t))</div>\(content(file, context))</section>
            """
    }

    private func content(_ file: File, _ context: PageContext) -> HTML {
        let t = context.t
        switch file.content {
        case .lines(let diff):
            let language = SourceLanguage(path: file.path)
            return isSplit
                ? DiffView.split(diff, label: file.path, language: language, context)
                : DiffView.unified(diff, label: file.path, language: language, context)
        case .pointer(let diff): return "<div class=\"panel-body\">\(DiffView.pointer(diff, context))</div>"
        case .binary(let old, let new): return Self.note(t.binaryChanged(t.bytes(old), t.bytes(new)))
        case .tooLarge(let old, let new): return Self.note(t.tooLargeToCompare(t.bytes(old), t.bytes(new)))
        case .left: return Self.note(t.diffLeftOut)
        case .unchanged: return Self.note(t.contentUnchanged)
        }
    }

    private static func note(_ text: String) -> HTML { "<p class=\"muted panel-body\">\(text)</p>" }
}

/// One commit.
package struct CommitPage: Sendable {
    let header: RepositoryHeader
    let commit: CommitSummary
    /// What follows the title.
    let text: String
    let parents: [String]
    let committer: String
    let changes: ChangedFiles

    package init(
        header: RepositoryHeader, commit: CommitSummary, text: String, parents: [String], committer: String,
        changes: ChangedFiles
    ) {
        self.header = header
        self.commit = commit
        self.text = text
        self.parents = parents
        self.committer = committer
        self.changes = changes
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let title = commit.title.isEmpty ? String(commit.oid.prefix(10)) : commit.title
        let parentLinks = parents.map { parent -> HTML in
            "<a class=\"mono\" href=\(url: header.address("commit/\(parent)"))>\(parent.prefix(10))</a> "
        }
        let others: HTML? = committer == commit.author ? nil : "<span> · \(t.committedBy(committer))</span>"
        let body: HTML = """
            \(header.view(.files, context))\
            <section class="panel commit-head"><h2>\(title)</h2>\
            \(if: !text.isEmpty, "<pre class=\"commit-text\">\(text)</pre>")\
            <p class="muted">\(commit.author)\(others) · \(TimeText.view(commit.time, context))</p>\
            <div class="commit-ids"><span>\(t.repoCommit) \(CopyText.digest(commit.oid, context))</span>\
            \(if: !parents.isEmpty, "<span>\(t.repoParents) \(each: parentLinks)</span>")\
            <a href=\(url: header.address("tree", revision: commit.oid))>\(t.filesThen)</a></div></section>\
            \(changes.view(header, revision: commit.oid, address: header.address("commit/\(commit.oid)"), context))
            """
        return Page(
            title: "\(title) · \(header.path)", section: header.kind.section, body: body, isWide: changes.isSplit)
    }
}

/// Two revisions beside each other.
package struct RevisionComparisonPage: Sendable {
    let header: RepositoryHeader
    let base: String
    let head: String
    let headCommit: String
    let commits: [CommitSummary]
    let hasMoreCommits: Bool
    let changes: ChangedFiles

    package init(
        header: RepositoryHeader, base: String, head: String, headCommit: String, commits: [CommitSummary],
        hasMoreCommits: Bool, changes: ChangedFiles
    ) {
        self.header = header
        self.base = base
        self.head = head
        self.headCommit = headCommit
        self.commits = commits
        self.hasMoreCommits = hasMoreCommits
        self.changes = changes
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let rows = commits.map { CommitRow.view($0, header, context) }
        let address = header.address("compare/\(URLText.component("\(base)...\(head)"))")
        let body: HTML = """
            \(header.view(.files, context))\
            <div class="files-bar"><h2 class="bar-title">\(t.repoCompare) <code class="wrap">\(base)</code> … \
            <code class="wrap">\(head)</code></h2></div>\
            \(if: !commits.isEmpty, "<section class=\"panel commit-day\"><h3>\(t.commitsBetween(commits.count))\(if: hasMoreCommits, "+")</h3><ul class=\"commits\">\(each: rows)</ul></section>")\
            \(changes.view(header, revision: headCommit, address: address, context))
            """
        return Page(
            title: "\(base)…\(head) · \(header.path)", section: header.kind.section, body: body, isWide: changes.isSplit
        )
    }
}

/// Which commit each line of a file is from.
package struct BlamePage: Sendable {
    package struct Run: Sendable {
        package let commit: CommitSummary
        package let firstLine: Int
        package let lines: [HTML]

        package init(commit: CommitSummary, firstLine: Int, lines: [HTML]) {
            self.commit = commit
            self.firstLine = firstLine
            self.lines = lines
        }
    }

    let header: RepositoryHeader
    let place: RevisionPlace
    let path: String
    let runs: [Run]

    package init(header: RepositoryHeader, place: RevisionPlace, path: String, runs: [Run]) {
        self.header = header
        self.place = place
        self.path = path
        self.runs = runs
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let rows = runs.flatMap { run in
            run.lines.enumerated().map { index, line -> HTML in
                let number = run.firstLine + index
                let about: HTML =
                    index > 0
                    ? ""
                    : """
                    <a href=\(url: header.address("commit/\(run.commit.oid)")) title="\(run.commit.author)">\
                    \(run.commit.title.isEmpty ? String(run.commit.oid.prefix(7)) : run.commit.title)</a> \
                    <span class="blame-time">\(TimeText.view(run.commit.time, context))</span>
                    """
                return """
                    <tr id="L\(number)"\(attribute: "class", index == 0 ? "blame-first" : nil)><td class="blame-cell">\(about)</td>\
                    <td class="line-number"><a href=\(url: "#L\(number)") data-line="\(number)" \
                    aria-label="\(t.repoLine(number))"></a></td><td class="line">\(line)</td></tr>
                    """
            }
        }
        let body: HTML = """
            \(header.view(.files, context))\
            <div class="files-bar">\
            \(place.picker(t, all: header.address("branches")) { header.address("blame", revision: $0, path: path) })\
            \(Breadcrumbs.view(header, place.revision, path: path, isFile: true, t))</div>\
            <section class="panel blob"><div class="panel-head blob-head"><h2>\(t.repoBlame)</h2>\
            <div class="actions blob-actions">\
            \(Button.link(t.viewFile, to: header.address("blob", revision: place.revision, path: path)))\
            \(Button.link(t.repoHistory, to: "\(header.address("commits", revision: place.revision))?path=\(URLText.component(path))", icon: "history"))\
            </div></div><div class="code-wrap" role="region" tabindex="0" aria-label="\(path)" \
            data-island=\(url: context.assets.own("lines.mjs"))><table class="code blame" role="presentation"><tbody>\
            \(each: rows)</tbody></table></div></section>
            """
        return Page(
            title: "\(t.repoBlame) · \(path) · \(header.path)", section: header.kind.section, body: body, isWide: true)
    }
}

/// The branches and tags of a repository.
package struct BranchesPage: Sendable {
    package struct Row: Sendable, Hashable {
        package let name: String
        /// As addresses have it.
        package let revision: String
        package let commit: CommitSummary?
        package let oid: String

        package init(name: String, revision: String, oid: String, commit: CommitSummary?) {
            self.name = name
            self.revision = revision
            self.oid = oid
            self.commit = commit
        }
    }

    let header: RepositoryHeader
    let branches: [Row]
    let tags: [Row]
    let others: [Row]

    package init(header: RepositoryHeader, branches: [Row], tags: [Row], others: [Row]) {
        self.header = header
        self.branches = branches
        self.tags = tags
        self.others = others
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let body: HTML = """
            \(header.view(.files, context))\
            \(if: header.mayWrite && header.upstream == nil, "<p class=\"actions\">\(Button.link(t.branchesManage, to: header.address("branches/manage"), icon: "pencil"))</p>")\
            \(table(t.repoBranches, branches, context))\(table(t.repoGitTags, tags, context))\
            \(if: !others.isEmpty, table(t.otherRefs, others, context))
            """
        return Page(title: "\(t.repoBranches) · \(header.path)", section: header.kind.section, body: body)
    }

    private func table(_ title: String, _ rows: [Row], _ context: PageContext) -> HTML {
        let t = context.t
        guard !rows.isEmpty else {
            return Panel.view(title, "<p class=\"muted panel-body\">\(t.repoNoneOfThese)</p>")
        }
        let cells = rows.map { row -> [HTML] in
            let compare: HTML? =
                row.revision == header.defaultBranch
                ? nil
                : """
                <a class="nowrap" href=\(url: header.address("compare/\(URLText.component("\(header.defaultBranch)...\(row.revision)"))"))>\(t.repoCompare)</a>
                """
            return [
                "<a class=\"wrap\" href=\(url: header.address("tree", revision: row.revision))>\(row.name)</a>\(if: row.revision == header.defaultBranch, " <span class=\"badge\">\(t.repoDefaultBranch)</span>")",
                CopyText.digest(row.oid, shown: 7, context),
                row.commit.map { commit -> HTML in
                    "<a class=\"wrap\" href=\(url: header.address("commit/\(commit.oid)"))>\(commit.title)</a>"
                } ?? "–",
                row.commit.map { TimeText.view($0.time, context) } ?? "–",
                compare ?? HTML(),
            ]
        }
        return Panel.view(
            title,
            DataTable.view(
                t.repoSortedByName(title),
                columns: [
                    DataTable.Column(t.repoName, sorted: "ascending"), DataTable.Column(t.repoCommit),
                    DataTable.Column(t.repoLastCommit), DataTable.Column(t.repoChanged),
                    DataTable.Column(html: "<span class=\"hidden\">\(t.repoCompare)</span>"),
                ], rows: cells, asCards: true))
    }
}
