/// Two to four repositories side by side; what differs stands out.
package struct CompareRepositoriesPage: Sendable {
    package struct Column: Sendable {
        package let row: RepositoryRow
        package var languages: [String] = []
        package var baseModels: [String] = []
        /// Milliseconds since 1970.
        package var createdAt: Int64?
        /// What was measured, by what it was measured with.
        package var scores: [String: String] = [:]

        package init(row: RepositoryRow) { self.row = row }
    }

    package var asked: [String] = []
    package var columns: [Column] = []
    /// What was asked for and is not there, or not for the reader.
    package var missing: [String] = []

    package init() {}

    private struct Line {
        let name: String
        let cells: [HTML]
        var isNumber = false

        var differs: Bool { Set(cells).count > 1 }
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let body: HTML = """
            \(PageHead.view(t.compareTitle, note: HTML(text: t.compareNote)))\
            \(each: missing.map { Alert.view(.warn, title: t.compareMissing($0)) })\
            \(columns.isEmpty ? HTML() : table(context))\(form(context))
            """
        return Page(title: t.compareTitle, section: .models, body: body, isWide: columns.count > 3)
    }

    private func table(_ context: PageContext) -> HTML {
        let t = context.t
        let heads = columns.map { column -> HTML in
            let rest = asked.filter { $0.lowercased() != column.row.subject.lowercased() }
            let address =
                "/compare" + (rest.isEmpty ? "" : "?")
                + rest.map { "repo=\(URLText.component($0))" }.joined(separator: "&")
            return """
                <th scope="col"><a href=\(url: column.row.address)>\(column.row.path)</a> \
                <a class="compare-remove" href=\(url: address) aria-label="\(t.compareRemove(column.row.path))">×</a></th>
                """
        }
        let lines = lines(context).map { line -> HTML in
            let cells = line.cells.map { cell -> HTML in
                "<td\(attribute: "class", line.isNumber ? "number" : nil)>\(cell.isEmpty ? "–" : cell)</td>"
            }
            return """
                <tr\(attribute: "class", line.differs ? "differs" : nil)><th scope="row">\(line.name)\
                \(if: line.differs, "<span class=\"hidden\"> \(t.compareDiffers)</span>")</th>\(each: cells)</tr>
                """
        }
        return """
            <div class="table-wrap" role="region" tabindex="0" aria-label="\(t.compareTitle)"><table class="table compare">\
            <thead><tr><th scope="col">\(t.compareWhat)</th>\(each: heads)</tr></thead><tbody>\(each: lines)</tbody></table></div>
            """
    }

    private func lines(_ context: PageContext) -> [Line] {
        let t = context.t
        func line(_ name: String, isNumber: Bool = false, _ cell: (Column) -> HTML?) -> Line {
            Line(name: name, cells: columns.map { cell($0) ?? HTML() }, isNumber: isNumber)
        }
        func text(_ text: String?) -> HTML? { text.map { HTML(text: $0) } }
        var lines = [
            line(t.facetState) { $0.row.state.chip(t, detail: $0.row.reason).view },
            line(t.compareKind) { text(t.kindName($0.row.kind)) },
            line(t.facetTask) { text($0.row.task.map { TaskNames.name($0, t) }) },
            line(t.sortParameters, isNumber: true) { text($0.row.parameters.map { t.compact($0) }) },
            line(t.facetSize, isNumber: true) { text($0.row.size.map { t.bytes($0) }) },
            line(t.facetLicense) { text($0.row.licenses.map { LicenseNames.name($0, t) }.joined(separator: ", ")) },
            line(t.facetLibrary) { text($0.row.library) },
            line(t.facetLanguage) { text($0.languages.map { LanguageNames.name($0, t) }.joined(separator: ", ")) },
            line(t.compareBase) { text($0.baseModels.joined(separator: ", ")) },
            line(t.sortDownloads, isNumber: true) { text($0.row.downloads.map { t.number($0) }) },
            line(t.sortLikes, isNumber: true) { text($0.row.likes.map { t.number($0) }) },
            line(t.sortUpdated) { column in column.row.updatedAt.map { TimeText.view($0, context) } },
        ]
        for name in Set(columns.flatMap(\.scores.keys)).sorted() {
            lines.append(line(name, isNumber: true) { text($0.scores[name]) })
        }
        return lines.filter { line in line.cells.contains { !$0.isEmpty } }
    }

    private func form(_ context: PageContext) -> HTML {
        let t = context.t
        guard asked.count < 4 else { return HTML() }
        let hidden = asked.map { name -> HTML in "<input type=\"hidden\" name=\"repo\" value=\"\(name)\">" }
        let field = Form.field(
            t.compareAdd, for: "compare-add", hint: t.compareAddHint,
            Form.input(
                "repo", id: "compare-add", placeholder: "model:acme/demo", required: true, maximum: 200,
                describedBy: "compare-add-hint"))
        return """
            <form class="form compare-form" action="/compare" method="get">\(each: hidden)\(field)\
            \(Button.submit(t.compareButton, style: columns.isEmpty ? .primary : .plain))</form>
            """
    }
}
