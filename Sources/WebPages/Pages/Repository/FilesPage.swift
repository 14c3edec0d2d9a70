/// A folder of a repository at a revision.
package struct FilesPage: Sendable {
    package struct Row: Sendable, Hashable {
        package enum Kind: Sendable, Hashable { case folder, file, link, submodule }

        package let path: String
        package let kind: Kind
        /// Bytes; nil for folders and what nobody counted.
        package let size: Int64?
        package let isLFS: Bool
        package let state: FileState?
        package let commit: CommitSummary?

        package init(
            path: String, kind: Kind, size: Int64?, isLFS: Bool = false, state: FileState? = nil,
            commit: CommitSummary? = nil
        ) {
            self.path = path
            self.kind = kind
            self.size = size
            self.isLFS = isLFS
            self.state = state
            self.commit = commit
        }

        var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    }

    /// Numbers of the whole revision.
    package struct Totals: Sendable, Hashable {
        package let size: Int64
        package let files: Int
        /// Large files, and how many of them are here.
        package let largeFiles: Int
        package let largeHere: Int

        package init(size: Int64, files: Int, largeFiles: Int, largeHere: Int) {
            self.size = size
            self.files = files
            self.largeFiles = largeFiles
            self.largeHere = largeHere
        }
    }

    let header: RepositoryHeader
    let place: RevisionPlace
    /// Empty for the root.
    let path: String
    let rows: [Row]
    /// Entries before the first row, and of the whole folder.
    let offset: Int
    let total: Int
    let totals: Totals?
    let lastCommit: CommitSummary?
    /// What was looked for among all paths; nil when the folder is listed.
    let search: String?
    let notices: HTML
    let readme: HTML?
    /// The file that the text below stands in.
    let readmeName: String

    package static let pageSize = 1_000

    package init(
        header: RepositoryHeader, place: RevisionPlace, path: String, rows: [Row], offset: Int = 0, total: Int,
        totals: Totals? = nil, lastCommit: CommitSummary? = nil, search: String? = nil, notices: HTML = HTML(),
        readme: HTML? = nil, readmeName: String = "README.md"
    ) {
        self.header = header
        self.place = place
        self.path = path
        self.rows = rows
        self.offset = offset
        self.total = total
        self.totals = totals
        self.lastCommit = lastCommit
        self.search = search
        self.notices = notices
        self.readme = readme
        self.readmeName = readmeName
    }

    private var here: String { header.address("tree", revision: place.revision, path: path) }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let body: HTML = """
            \(header.view(.files, context))\(notices)\
            <div class="files-bar">\
            \(place.picker(t, all: header.address("branches")) { header.address("tree", revision: $0, path: path) })\
            \(Breadcrumbs.view(header, place.revision, path: path, isFile: false, t))\
            <div class="files-tools">\(finder(context))\(writing(t))\(DensityButton.view(t))</div></div>\
            <h2 class="hidden">\(t.filesOf(path.isEmpty ? header.path : path))</h2>\
            \(panel(context))\
            \(readme.map { readme -> HTML in
                "<section class=\"panel readme\"><div class=\"panel-head\"><h2>\(readmeName)</h2></div>"
                    + "<div class=\"prose\">\(readme)</div></section>"
            })
            """
        let title = path.isEmpty ? header.path : "\(path) · \(header.path)"
        return Page(title: title, section: header.kind.section, body: body)
    }

    private func finder(_ context: PageContext) -> HTML {
        let t = context.t
        return """
            <form class="finder" data-island=\(url: context.assets.own("files.mjs")) action=\(url: header.address("tree", revision: place.revision)) method="get" role="search">\
            <label class="hidden" for="find">\(t.findFile)</label>\
            <input id="find" type="search" name="q" value="\(search ?? "")" placeholder="\(t.findFile)" maxlength="200" \
            autocomplete="off" data-key="t"><button class="button" type="submit">\(t.repoFind)</button></form>
            """
    }

    private func writing(_ t: L10n) -> HTML {
        guard header.mayWrite, search == nil, place.branches.contains(place.revision) else { return HTML() }
        return """
            \(Button.link(t.repoUploadFiles, to: header.address("upload", revision: place.revision, path: path), icon: "upload"))\
            \(Button.link(t.repoNewFile, to: header.address("new", revision: place.revision, path: path), icon: "plus"))
            """
    }

    private func panel(_ context: PageContext) -> HTML {
        let t = context.t
        guard !rows.isEmpty else {
            return """
                <div class="panel">\(Empty.view(
                    title: search == nil ? t.folderEmpty : t.repoNothingFound,
                    text: search.map(t.noPathContains) ?? t.folderEmptyText, context))</div>
                """
        }
        return """
            <div class="panel files-panel">\(summary(context))\(table(context))</div>\
            \(pager(context))
            """
    }

    private func summary(_ context: PageContext) -> HTML {
        let t = context.t
        let commit = lastCommit.map { commit -> HTML in
            """
            <p class="files-commit"><a class="commit-title" href=\(url: header.address("commit/\(commit.oid)"))>\
            \(commit.title.isEmpty ? String(commit.oid.prefix(10)) : commit.title)</a> \
            <span class="muted">\(commit.author) · \(TimeText.view(commit.time, context))</span></p>
            """
        }
        let numbers = totals.map { totals -> HTML in
            """
            <span class="muted">\(t.bytes(totals.size)) · \(t.filesCount(totals.files))\
            \(if: totals.largeFiles > 0, " · \(t.largeFilesHere(totals.largeHere, of: totals.largeFiles))")</span>
            """
        }
        return """
            <div class="files-head">\(commit)<div class="files-facts">\(numbers)\
            <a href=\(url: header.address("commits", revision: place.revision) + query("path", path))>\
            \(Icon.view("history")) \(t.repoHistory)</a>\
            <a href=\(url: header.address("integrity"))>\(Icon.view("shield-check")) \(t.repoIntegrity)</a></div></div>
            """
    }

    private func table(_ context: PageContext) -> HTML {
        let t = context.t
        let lines = rows.map { row($0, context) }
        let up: HTML? =
            path.isEmpty || search != nil || offset > 0
            ? nil
            : """
            <tr class="up"><td colspan="5"><a href=\(url: header.address("tree", revision: place.revision, path: parent)) \
            aria-label="\(t.parentFolder)">..</a></td></tr>
            """
        return """
            <div class="table-wrap" role="region" tabindex="0" aria-label="\(t.filesSorted)">\
            <table class="table files"><thead><tr><th scope="col" aria-sort="ascending">\(t.repoName)</th>\
            <th scope="col" class="number">\(t.repoSize)</th><th scope="col">\(t.repoState)</th>\
            <th scope="col">\(t.repoLastCommit)</th><th scope="col" class="number">\(t.repoChanged)</th></tr></thead>\
            <tbody>\(up)\(each: lines)</tbody></table></div>
            """
    }

    private var parent: String { path.split(separator: "/").dropLast().joined(separator: "/") }

    private func row(_ row: Row, _ context: PageContext) -> HTML {
        let t = context.t
        let shown = search == nil ? row.name : row.path
        let isFolder = row.kind == .folder
        let address = header.address(isFolder ? "tree" : "blob", revision: place.revision, path: row.path)
        let icon =
            switch row.kind {
            case .folder: "folder"
            case .file: "file"
            case .link: "link"
            case .submodule: "package"
            }
        let download: HTML? =
            row.kind == .file
            ? """
            <a class="icon-link" href=\(url: header.rawAddress(row.path, revision: place.revision, isDownload: true)) \
            title="\(t.downloadFile(row.name))">\(Icon.view("download"))<span class="hidden">\(t.downloadFile(row.name))</span></a>
            """ : nil
        let link: HTML =
            row.kind == .submodule
            ? "<span>\(shown)</span>" : "<a class=\"file-name\" href=\(url: address)>\(shown)</a>"
        return """
            <tr><td class="file-cell"><span class="file-icon \(isFolder ? "folder" : "")">\(Icon.view(icon))</span>\(link)\
            \(if: row.isLFS, "<span class=\"badge\" title=\"\(t.largeFile)\">LFS</span>")</td>\
            <td class="number">\(row.size.map(t.bytes) ?? "–")</td>\
            <td>\(row.state?.marks(t))</td>\
            <td class="commit-cell">\(row.commit.map { commit -> HTML in
                "<a href=\(url: header.address("commit/\(commit.oid)"))>\(commit.title.isEmpty ? String(commit.oid.prefix(10)) : commit.title)</a>"
            })</td>\
            <td class="number time-cell">\(row.commit.map { TimeText.view($0.time, context) })\(download)</td></tr>

            """
    }

    private func pager(_ context: PageContext) -> HTML {
        let t = context.t
        guard total > rows.count else { return HTML() }
        let search = search.map { "q=\(URLText.component($0))&" } ?? ""
        let before = max(0, offset - Self.pageSize)
        let after = offset + rows.count
        return Pager.view(
            previous: offset > 0 ? "\(here)?\(search)offset=\(before)" : nil,
            next: after < total ? "\(here)?\(search)offset=\(after)" : nil,
            note: t.repoRangeOf(offset + 1, after, total), context)
    }

    private func query(_ name: String, _ value: String) -> String {
        value.isEmpty ? "" : "?\(name)=\(URLText.component(value))"
    }
}
