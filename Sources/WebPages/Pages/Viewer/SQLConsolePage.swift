/// Questions in SQL about one split.
package struct SQLConsolePage: Sendable {
    package struct Result: Sendable {
        package let columns: [ViewerColumn]
        package let rows: [[ViewerCell]]
        package let isCut: Bool
        package let milliseconds: Int

        package init(columns: [ViewerColumn], rows: [[ViewerCell]], isCut: Bool, milliseconds: Int) {
            self.columns = columns
            self.rows = rows
            self.isCut = isCut
            self.milliseconds = milliseconds
        }
    }

    package var header: RepositoryHeader
    package var config: String?
    package var split: String?
    package var configs: [String] = []
    package var splits: [String] = []
    package var columns: [ViewerColumn] = []
    package var question: String = ""
    package var result: Result?
    package var obstacle: (title: String, text: String, remedy: String?)?
    package var isInstalled = true
    package var limits = (rows: 1_000, seconds: 15, memory: Int64(512_000_000))

    package init(header: RepositoryHeader) { self.header = header }

    private var base: String { header.address("viewer/sql") }
    private var pairs: [(String, String)] {
        [("config", config), ("split", split)].compactMap { name, value in value.map { (name, $0) } }
    }

    private func address(_ base: String, _ more: [(String, String)] = []) -> String {
        let text = (pairs + more).map { "\($0.0)=\(URLText.component($0.1))" }.joined(separator: "&")
        return text.isEmpty ? base : "\(base)?\(text)"
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let result: HTML = "<div id=\"sql-result\" aria-live=\"polite\">\(answer(context))</div>"
        return Page(
            title: "\(header.path) · \(t.viewerSQL)", section: .datasets,
            body: """
                \(header.view(.viewer, context))<div class="viewer"><div class="viewer-title"><h2>\(t.viewerSQL)</h2>\
                \(Button.link("‹ \(t.viewerBack)", to: address(header.address("viewer")), style: .quiet))</div>\
                \(form(context))\(result)\(schema(t))</div>
                """, fragments: ["sql-result": result], isWide: true)
    }

    private func form(_ context: PageContext) -> HTML {
        let t = context.t
        guard isInstalled, !configs.isEmpty else { return HTML() }
        let config = Form.select(
            "config", id: "sql-config", options: configs.map { (value: $0, label: $0) }, selected: config)
        let split = Form.select(
            "split", id: "sql-split", options: splits.map { (value: $0, label: $0) }, selected: split)
        let area = Form.textarea("q", id: "sql-q", value: question, rows: 6, required: true, isMono: true)
        let hint = t.viewerLimits(
            t.number(limits.rows), t.number(limits.seconds), t.bytes(limits.memory))
        return """
            <form class="sql-form" method="get" action=\(url: base) hx-get=\(url: base) hx-target="#sql-result" \
            hx-swap="outerHTML" hx-push-url="true" data-island=\(url: context.assets.own("viewer.mjs"))>\
            <div class="viewer-bar">\(Form.field(t.viewerSubset, for: "sql-config", config))\
            \(Form.field(t.viewerSplit, for: "sql-split", split))</div>\
            \(Form.field(t.viewerQuestion, for: "sql-q", hint: t.viewerTables(self.split ?? "data"), area))\
            <div class="actions">\(Button.submit(t.viewerRun, style: .primary, icon: "play"))\
            <button class="button" type="button" data-cancel hidden>\(t.viewerCancel)</button>\
            <span class="hint">\(hint)</span></div></form>
            """
    }

    private func answer(_ context: PageContext) -> HTML {
        let t = context.t
        guard isInstalled else {
            return Empty.view(
                title: t.viewerNotInstalled, text: t.viewerNotInstalledText, command: "make duckdb", context)
        }
        if let obstacle {
            return Alert.view(
                .bad, title: obstacle.title,
                """
                <p>\(obstacle.text)</p>\(obstacle.remedy.map { remedy -> HTML in "<p>\(remedy)</p>" })
                """)
        }
        guard let result else { return HTML() }
        let columns = result.columns.map { column in
            DataTable.Column(
                html: """
                    <div class="viewer-head"><span>\(column.name)</span> <span class="viewer-type">\(column.type)</span>\
                    </div>
                    """, isNumber: column.isNumber)
        }
        let words =
            result.isCut
            ? t.viewerTookCut(t.number(result.rows.count), t.number(result.milliseconds))
            : t.viewerTook(t.number(result.rows.count), t.number(result.milliseconds))
        return """
            <div class="viewer-notes"><span>\(words)</span>\
            \(Button.link(t.viewerExport, to: address(header.address("viewer/sql.csv"), [("q", question)]), style: .quiet, icon: "download"))\
            </div>\(DataTable.view(t.viewerResult, columns: columns, rows: result.rows.map { $0.map { $0.short(t) } }, class: "table viewer-grid"))
            """
    }

    private func schema(_ t: L10n) -> HTML {
        guard !columns.isEmpty else { return HTML() }
        let rows = columns.map { column -> [HTML] in ["<code>\(column.name)</code>", "<code>\(column.type)</code>"] }
        return Panel.view(
            t.viewerColumns,
            DataTable.view(
                t.viewerColumns, columns: [DataTable.Column(t.viewerColumn), DataTable.Column(t.viewerType)],
                rows: rows, order: t.orderOfFile))
    }
}
