/// The rows of a dataset: subsets and splits, columns with how their values are spread, filters, search, one row whole.
package struct ViewerPage: Sendable {
    package struct Row: Sendable {
        package let index: Int64
        package let cells: [ViewerCell]

        package init(index: Int64, cells: [ViewerCell]) {
            self.index = index
            self.cells = cells
        }
    }

    /// Why there are no rows.
    package enum Obstacle: Sendable {
        case notInstalled(remedy: String)
        case noData
        case fetching(String)
        case failed(String, remedy: String?)
        /// What was asked makes no sense.
        case wrong(String, remedy: String?)
    }

    package struct Progress: Sendable {
        package let done: Int
        package let all: Int

        package init(done: Int, all: Int) {
            self.done = done
            self.all = all
        }
    }

    package var header: RepositoryHeader
    package var query: ViewerQuery
    package var configs: [String] = []
    package var splits: [String] = []
    package var columns: [ViewerColumn] = []
    package var rows: [Row] = []
    package var total: Int64?
    package var isPartial = false
    /// Whether the rows come from parts of files, which nobody can check.
    package var isUnverified = false
    /// How far the whole files are that were asked for.
    package var fetching: String?
    package var hasPartialStatistics = false
    package var milliseconds = 0
    package var opened: Row?
    package var obstacle: Obstacle?
    /// While statistics are computed.
    package var progress: Progress?
    /// Whether they can be asked for.
    package var mayCompute = false

    package static let pageSize = 50

    package init(header: RepositoryHeader, query: ViewerQuery) {
        self.header = header
        self.query = query
    }

    private var base: String { header.address("viewer") }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let table: HTML = "<div id=\"viewer-table\">\(content(context))</div>"
        var page = Page(
            title: "\(header.path) · \(t.tabViewer)", section: .datasets,
            body: """
                \(header.view(.viewer, context))<div class="viewer">\(choices(t))\(chips(t))\(table)</div>
                """, fragments: ["viewer-table": table], isWide: true)
        if progress != nil || fetching != nil { page.refresh = 5 }
        if case .fetching = obstacle { page.refresh = 5 }
        return page
    }

    // MARK: What is chosen

    private func choices(_ t: L10n) -> HTML {
        guard !configs.isEmpty else { return HTML() }
        let operators = [
            ("contains", t.viewerContains), ("=", "="), ("<>", "≠"), (">", ">"), (">=", "≥"), ("<", "<"), ("<=", "≤"),
            ("null", t.viewerIsNull), ("notnull", t.viewerIsNotNull),
        ].map { (value: $0.0, label: $0.1) }
        let config = Form.select(
            "config", id: "viewer-config", options: configs.map { (value: $0, label: $0) }, selected: query.config)
        let split = Form.select(
            "split", id: "viewer-split", options: splits.map { (value: $0, label: $0) }, selected: query.split)
        let search = Form.input(
            "q", id: "viewer-q", value: query.search, type: "search", placeholder: t.viewerSearchHint, maximum: 500)
        let sql = query.with { query in
            (query.condition, query.order, query.search) = (nil, nil, nil)
        }.address(header.address("viewer/sql"))
        let first: HTML = """
            <form class="viewer-bar" method="get" action=\(url: base) role="search">\
            \(Form.field(t.viewerSubset, for: "viewer-config", config))\
            \(Form.field(t.viewerSplit, for: "viewer-split", split))\
            \(Form.field(t.viewerSearch, for: "viewer-q", search))\
            \(hidden { ["where", "orderby"].contains($0) })\(Button.submit(t.viewerShow, style: .primary))\
            \(Button.link(t.viewerSQL, to: sql, icon: "terminal"))</form>
            """
        guard !columns.isEmpty else { return first }
        let column = Form.select(
            "column", id: "viewer-column", options: columns.map { (value: $0.name, label: $0.name) })
        let operation = Form.select("operator", id: "viewer-operator", options: operators)
        let value = Form.input("value", id: "viewer-value", maximum: 2_000)
        let condition = Form.input(
            "where", id: "viewer-where", value: query.condition, maximum: 8_000, describedBy: "viewer-where-hint")
        return """
            \(first)<details class="viewer-filter"\(flag: "open", query.condition != nil)><summary>\(t.viewerFilters)</summary>\
            <form class="viewer-bar" method="get" action=\(url: base)>\
            \(hidden { $0 != "column" && $0 != "row" && $0 != "offset" })\
            \(Form.field(t.viewerColumn, for: "viewer-column", column))\
            \(Form.field(t.viewerOperator, for: "viewer-operator", operation))\
            \(Form.field(t.viewerValue, for: "viewer-value", value))\(Button.submit(t.viewerAddFilter))</form>\
            <form class="viewer-bar" method="get" action=\(url: base)>\
            \(hidden { !["where", "row", "offset"].contains($0) })\
            \(Form.field(t.viewerCondition, for: "viewer-where", hint: t.viewerConditionHint, condition))\
            \(Button.submit(t.viewerApply))</form></details>
            """
    }

    private func hidden(_ isKept: (String) -> Bool) -> HTML {
        query.pairs.filter { isKept($0.name) }.map { pair -> HTML in
            "<input type=\"hidden\" name=\"\(pair.name)\" value=\"\(pair.value)\">"
        }.joined()
    }

    private func chips(_ t: L10n) -> HTML {
        var chips: [(text: String, rest: ViewerQuery)] = []
        if let search = query.search {
            chips.append((t.viewerSearchChip(search), query.with { $0.search = nil }))
        }
        if let condition = query.condition { chips.append((condition, query.with { $0.condition = nil })) }
        if let order = query.order { chips.append((t.viewerOrderChip(order), query.with { $0.order = nil })) }
        guard !chips.isEmpty else { return HTML() }
        let items = chips.map { chip -> HTML in
            """
            <li><a class="viewer-chip" href=\(url: chip.rest.address(base)) aria-label="\(t.viewerRemove(chip.text))">\
            <span>\(chip.text)</span> <span aria-hidden="true">×</span></a></li>
            """
        }
        return "<ul class=\"viewer-chips\">\(each: items)</ul>"
    }

    // MARK: Rows

    private func content(_ context: PageContext) -> HTML {
        let t = context.t
        if let obstacle { return view(obstacle, context) }
        guard !rows.isEmpty else {
            return Empty.view(title: t.viewerNoRows, text: t.viewerNoRowsText, context)
        }
        let heads = columns.enumerated().map { head($0.element, at: $0.offset, context) }
        let lines = rows.map { line($0, t) }
        return """
            \(notes(context))<div class="viewer-split\(opened == nil ? "" : " has-row")">\
            <div class="table-wrap viewer-rows" role="region" tabindex="0" aria-label="\(t.viewerRows)">\
            <table class="table viewer-grid"><thead><tr><th scope="col" class="number viewer-index">\(t.viewerRowNumber)\
            </th>\(each: heads)</tr></thead><tbody>\(each: lines)</tbody></table></div>\(drawer(context))</div>\
            \(pager(context))
            """
    }

    private func notes(_ context: PageContext) -> HTML {
        let t = context.t
        var parts: [HTML] = []
        if let progress {
            parts.append(
                """
                <div class="viewer-progress" data-island=\(url: context.assets.own("viewer.mjs")) \
                data-stream=\(url: query.with { _ in }.address(header.address("viewer/statistics")))>\
                <progress max="\(progress.all)" value="\(progress.done)" aria-label="\(t.viewerCompute)"></progress>\
                <span role="status">\(t.viewerComputing(t.number(progress.done), t.number(progress.all)))</span></div>
                """)
        } else if let fetching {
            parts.append("<p class=\"hint\" role=\"status\">\(fetching)</p>")
        } else if mayCompute {
            var link = query.address(base)
            link += link.contains("?") ? "&statistics=start" : "?statistics=start"
            parts.append(Button.link(t.viewerCompute, to: link, style: .quiet))
        }
        if hasPartialStatistics { parts.append("<p class=\"hint\">\(t.viewerStatisticsPartial)</p>") }
        if isUnverified {
            parts.append("<p class=\"hint viewer-unverified\" role=\"note\">\(t.viewerUnverified)</p>")
        } else if isPartial {
            parts.append("<p class=\"hint\">\(t.viewerPartial)</p>")
        }
        return parts.isEmpty ? HTML() : "<div class=\"viewer-notes\">\(each: parts)</div>"
    }

    private func head(_ column: ViewerColumn, at index: Int, _ context: PageContext) -> HTML {
        let t = context.t
        let quoted = "\"\(column.name.replacing("\"", with: "\"\""))\""
        let isUp = query.order == quoted
        let isDown = query.order == "\(quoted) DESC"
        let next: String? = isUp ? "\(quoted) DESC" : isDown ? nil : quoted
        let says = isUp ? t.viewerSortDown : isDown ? t.viewerSortNone : t.viewerSort(column.name)
        let name: HTML =
            column.isSortable
            ? """
            <a class="viewer-sort" href=\(url: query.with { $0.order = next }.address(base)) title="\(says)">\
            \(column.name)<span aria-hidden="true">\(isUp ? " ↑" : isDown ? " ↓" : "")</span></a>
            """ : "<span>\(column.name)</span>"
        return """
            <th scope="col"\(attribute: "class", column.isNumber ? "number" : nil)\
            \(attribute: "aria-sort", isUp ? "ascending" : isDown ? "descending" : nil)><div class="viewer-head">\(name) \
            <span class="viewer-type">\(column.type)</span></div>\
            <div id="spread-\(index)">\(column.spread(query, base, t))</div></th>
            """
    }

    private func line(_ row: Row, _ t: L10n) -> HTML {
        let cells = zip(columns, row.cells).map { column, cell -> HTML in
            "<td\(attribute: "class", column.isNumber ? "number" : nil)>\(cell.short(t))</td>"
        }
        var shown = query
        shown.row = row.index
        return """
            <tr\(attribute: "aria-current", query.row == row.index ? "true" : nil)><td class="number viewer-index">\
            <a href=\(url: shown.address(base)) aria-label="\(t.viewerRow(t.number(row.index)))">\(t.number(row.index))</a>\
            </td>\(each: cells)</tr>

            """
    }

    private func drawer(_ context: PageContext) -> HTML {
        guard let opened else { return HTML() }
        let t = context.t
        func link(_ index: Int64?) -> String {
            var query = query
            query.row = index
            return query.address(base)
        }
        let facts = zip(columns, opened.cells).map { column, cell -> HTML in
            """
            <div class="viewer-field"><dt>\(column.name) <span class="viewer-type">\(column.type)</span></dt>\
            <dd>\(cell.whole(t))</dd></div>
            """
        }
        let hasNext = total.map { query.isPlain ? opened.index + 1 < $0 : true } ?? true
        return """
            <aside class="viewer-drawer" aria-label="\(t.viewerRow(t.number(opened.index)))"><div class="panel-head">\
            <h2>\(t.viewerRow(t.number(opened.index)))</h2>\
            \(CopyText.button(context.siteURL + link(opened.index), context))\
            \(Button.link(t.viewerClose, to: link(nil), style: .quiet, icon: "x"))</div><div class="viewer-steps">\
            \(if: opened.index > 0, Button.link("‹ \(t.viewerPreviousRow)", to: link(opened.index - 1), style: .quiet))\
            \(if: hasNext, Button.link("\(t.viewerNextRow) ›", to: link(opened.index + 1), style: .quiet))</div>\
            <dl class="viewer-fields">\(each: facts)</dl></aside>
            """
    }

    private func pager(_ context: PageContext) -> HTML {
        let t = context.t
        let size = Int64(Self.pageSize)
        func link(_ offset: Int64) -> String { query.with { $0.offset = offset }.address(base) }
        let last = query.offset + Int64(rows.count)
        let note =
            total.map { t.viewerRange(t.number(query.offset + 1), t.number(last), t.number($0)) }
            ?? t.viewerRangeOpen(t.number(query.offset + 1), t.number(last))
        let hasNext = total.map { last < $0 } ?? (rows.count == Self.pageSize)
        return Pager.view(
            previous: query.offset > 0 ? link(max(0, query.offset - size)) : nil,
            next: hasNext ? link(query.offset + size) : nil, note: note, context)
    }

    private func view(_ obstacle: Obstacle, _ context: PageContext) -> HTML {
        let t = context.t
        func paragraphs(_ text: String, _ remedy: String?) -> HTML {
            "<p>\(text)</p>\(remedy.map { remedy -> HTML in "<p>\(remedy)</p>" })"
        }
        switch obstacle {
        case .notInstalled:
            return Empty.view(
                title: t.viewerNotInstalled, text: t.viewerNotInstalledText, command: "make duckdb", context)
        case .noData: return Empty.view(title: t.viewerNoData, text: t.viewerNoDataText, context)
        case .fetching(let text): return Alert.view(.info, title: t.viewerFetching, paragraphs(text, nil))
        case .failed(let text, let remedy):
            return Alert.view(.bad, title: t.viewerFailed, paragraphs(text, remedy))
        case .wrong(let text, let remedy):
            return Alert.view(.bad, title: t.viewerWrongQuestion, paragraphs(text, remedy))
        }
    }
}
