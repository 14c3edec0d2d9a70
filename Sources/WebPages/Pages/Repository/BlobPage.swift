/// A file of a repository at a revision.
package struct BlobPage: Sendable {
    /// What is shown of it.
    package enum Content: Sendable {
        /// Lines, each as markup that was made safe.
        case lines([HTML])
        /// Markdown as people read it, and its lines behind a switch.
        case prose(HTML)
        case json(HTML)
        case table(columns: [String], rows: [[String]], isCut: Bool)
        case image(isVector: Bool)
        case audio(type: String)
        case video(type: String)
        case document
        case weights(WeightsHeader)
        /// The target of a link, as data.
        case link(String)
        case binary
        case tooLarge(limit: Int64)
        case empty
        /// A large file that is not here.
        case notHere
        case broken(String)
    }

    /// Another way to see the same file.
    package struct View: Sendable, Hashable {
        package let name: String
        package let query: String
        package let isCurrent: Bool

        package init(_ name: String, query: String, isCurrent: Bool) {
            self.name = name
            self.query = query
            self.isCurrent = isCurrent
        }
    }

    package struct Pointer: Sendable, Hashable {
        package let sha256: String
        package let size: Int64

        package init(sha256: String, size: Int64) {
            self.sha256 = sha256
            self.size = size
        }
    }

    let header: RepositoryHeader
    let place: RevisionPlace
    let path: String
    let size: Int64
    let pointer: Pointer?
    let state: FileState
    let content: Content
    /// Whether it is shown as its source where there is another view.
    let isSource: Bool
    /// Whether there is a view beside the source.
    let hasViews: Bool
    let lastCommit: CommitSummary?
    let notices: HTML

    package init(
        header: RepositoryHeader, place: RevisionPlace, path: String, size: Int64, pointer: Pointer? = nil,
        state: FileState, content: Content, isSource: Bool = false, hasViews: Bool = false,
        lastCommit: CommitSummary? = nil, notices: HTML = HTML()
    ) {
        self.header = header
        self.place = place
        self.path = path
        self.size = size
        self.pointer = pointer
        self.state = state
        self.content = content
        self.isSource = isSource
        self.hasViews = hasViews
        self.lastCommit = lastCommit
        self.notices = notices
    }

    private var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    private var here: String { header.address("blob", revision: place.revision, path: path) }
    private var raw: String { header.rawAddress(path, revision: place.revision) }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let body: HTML = """
            \(header.view(.files, context))\(notices)\
            <div class="files-bar">\
            \(place.picker(t, all: header.address("branches")) { header.address("blob", revision: $0, path: path) })\
            \(Breadcrumbs.view(header, place.revision, path: path, isFile: true, t))</div>\
            <section class="panel blob"><div class="panel-head blob-head"><h2 class="hidden">\(name)</h2>\
            <div class="blob-facts">\(facts(context))</div><div class="actions blob-actions">\(actions(t))</div></div>\
            \(views(t))\(pointerFacts(context))\(content(context))</section>
            """
        return Page(title: "\(name) · \(header.path)", section: header.kind.section, body: body)
    }

    private func facts(_ context: PageContext) -> HTML {
        let t = context.t
        return """
            <span>\(t.bytes(size))</span>\(lines(t))\
            \(if: pointer != nil, "<span class=\"badge\">LFS</span>")\(state.chips(t))\
            \(lastCommit.map { commit -> HTML in
                "<span class=\"muted\"><a href=\(url: header.address("commit/\(commit.oid)"))>\(commit.title)</a> · \(TimeText.view(commit.time, context))</span>"
            })
            """
    }

    private func lines(_ t: L10n) -> HTML {
        switch content {
        case .lines(let lines): "<span>\(t.linesCount(lines.count))</span>"
        default: HTML()
        }
    }

    private func actions(_ t: L10n) -> HTML {
        let permanent = header.address("blob", revision: place.commit, path: path)
        return """
            \(Button.link(t.repoRaw, to: raw))\
            \(Button.link(t.repoDownload, to: header.rawAddress(path, revision: place.revision, isDownload: true), icon: "download"))\
            \(if: isText, Button.link(t.repoBlame, to: header.address("blame", revision: place.revision, path: path)))\
            \(Button.link(t.repoHistory, to: "\(header.address("commits", revision: place.revision))?path=\(URLText.component(path))", icon: "history"))\
            \(if: place.revision != place.commit, "<a class=\"button\" data-key=\"y\" href=\(url: permanent)>\(Icon.view("link"))<span>\(t.repoPermalink)</span></a>")\
            \(if: mayEdit, Button.link(t.edit, to: header.address("edit", revision: place.revision, path: path), icon: "pencil"))\
            \(if: mayDelete, Button.link(t.delete, to: header.address("delete", revision: place.revision, path: path), icon: "trash-2"))
            """
    }

    private var mayDelete: Bool { header.mayWrite && place.branches.contains(place.revision) }
    private var mayEdit: Bool { mayDelete && pointer == nil && isText }

    private var isText: Bool {
        switch content {
        case .lines, .prose, .json, .table, .empty: true
        case .image(let isVector): isVector && pointer == nil
        default: false
        }
    }

    private func views(_ t: L10n) -> HTML {
        guard hasViews else { return HTML() }
        return Tabs.view(
            t.viewsOfFile,
            [
                Tabs.Tab(t.viewRendered, here, isCurrent: !isSource),
                Tabs.Tab(t.viewSource, "\(here)?plain=1", isCurrent: isSource),
            ])
    }

    private func pointerFacts(_ context: PageContext) -> HTML {
        guard let pointer else { return HTML() }
        let t = context.t
        var facts: [(name: String, value: HTML)] = [
            ("SHA-256", CopyText.digest(pointer.sha256, shown: 64, context)),
            (t.repoSize, "\(t.bytes(pointer.size)) <span class=\"muted\">(\(t.number(pointer.size)) B)</span>"),
        ]
        if case .verified(let at?) = state.content {
            facts.append((t.verifiedAt, TimeText.view(at, context)))
        }
        return "<div class=\"blob-pointer\">\(FactList.view(facts))</div>"
    }

    private func content(_ context: PageContext) -> HTML {
        let t = context.t
        switch content {
        case .lines(let lines): return CodeLines.view(lines, label: name, context)
        case .prose(let html): return "<div class=\"prose blob-prose\">\(html)</div>"
        case .json(let tree): return "<div class=\"blob-tree\">\(tree)</div>"
        case .table(let columns, let rows, let isCut):
            let heads = columns.map { DataTable.Column($0) }
            let cells = rows.map { row in row.map { HTML(text: $0) } }
            return """
                \(DataTable.view(t.rowsOf(name), columns: heads, rows: cells, class: "table dense", order: t.orderOfFile))\
                \(if: isCut, "<p class=\"muted blob-note\">\(t.firstRows(rows.count))</p>")
                """
        case .image:
            return "<div class=\"preview\"><img src=\(url: raw) alt=\"\(name)\" loading=\"lazy\"></div>"
        case .audio: return "<div class=\"preview\"><audio controls preload=\"none\" src=\(url: raw)></audio></div>"
        case .video:
            return "<div class=\"preview\"><video controls preload=\"none\" src=\(url: raw)></video></div>"
        case .document:
            return note(t.pdfFile, t.pdfFileText)
        case .weights(let header): return header.view(context)
        case .link(let target):
            return """
                <div class="blob-note"><p>\(t.linkToFile)</p><p><code class="wrap">\(target)</code></p></div>
                """
        case .binary: return note(t.binaryFile, t.binaryFileText)
        case .tooLarge(let limit): return note(t.tooLargeToShow(t.bytes(size)), t.tooLargeText(t.bytes(limit)))
        case .empty: return note(t.fileEmpty, nil)
        case .notHere: return note(t.contentNotHere, t.contentNotHereText)
        case .broken(let why): return note(t.fileBroken, why)
        }
    }

    private func note(_ title: String, _ text: String?) -> HTML {
        """
        <div class="blob-note"><p class="empty-title">\(title)</p>\(text.map { text -> HTML in "<p>\(text)</p>" })</div>
        """
    }
}

/// Lines of code, each with its number, which is where links lead.
enum CodeLines {
    static func view(_ lines: [HTML], label: String, _ context: PageContext) -> HTML {
        let rows = lines.enumerated().map { index, line -> HTML in
            let number = index + 1
            return """
                <tr id="L\(number)"><td class="line-number"><a href=\(url: "#L\(number)") data-line="\(number)" \
                aria-label="\(context.t.repoLine(number))"></a></td><td class="line">\(line)</td></tr>
                """
        }
        return """
            <div class="code-wrap" role="region" tabindex="0" aria-label="\(label)" \
            data-island=\(url: context.assets.own("lines.mjs"))><table class="code" role="presentation"><tbody>\
            \(each: rows)</tbody></table></div>
            """
    }
}

/// What the header of a file of weights says.
package struct WeightsHeader: Sendable {
    /// Such as `safetensors`.
    let format: String
    let facts: [(name: String, value: String)]
    let parameters: Int64?
    let byType: [(type: String, count: Int64)]
    let tensors: [TensorTable.Tensor]
    /// How many tensors there are.
    let count: Int64

    package init(
        format: String, facts: [(name: String, value: String)], parameters: Int64?,
        byType: [(type: String, count: Int64)], tensors: [TensorTable.Tensor], count: Int64
    ) {
        self.format = format
        self.facts = facts
        self.parameters = parameters
        self.byType = byType
        self.tensors = tensors
        self.count = count
    }

    func view(_ context: PageContext) -> HTML {
        let t = context.t
        var list: [(name: String, value: HTML)] = [(t.weightsFormat, HTML(text: format))]
        if let parameters {
            list.append(
                (
                    t.repoParameters,
                    "\(t.compact(parameters)) <span class=\"muted\">(\(t.number(parameters)))</span>"
                ))
        }
        list.append((t.weightsTensors, HTML(text: t.number(count))))
        if !byType.isEmpty {
            let types = byType.map { "\($0.type) \(t.compact($0.count))" }
            list.append((t.repoDataTypes, HTML(text: types.joined(separator: " · "))))
        }
        list += facts.map { ($0.name, HTML(text: $0.value)) }
        return """
            <div class="tensor-facts">\(FactList.view(list))</div>\
            \(if: !tensors.isEmpty, TensorTable.view(tensors, context))
            """
    }
}
