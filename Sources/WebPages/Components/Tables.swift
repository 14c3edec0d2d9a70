/// A table that scrolls by itself when it is wider than its place.
package enum DataTable {
    package struct Column: Sendable {
        package let title: HTML
        package let isNumber: Bool
        /// What `aria-sort` says.
        package let sorted: String?

        package init(_ title: String, isNumber: Bool = false, sorted: String? = nil) {
            self.init(html: HTML(text: title), isNumber: isNumber, sorted: sorted)
        }

        package init(html: HTML, isNumber: Bool = false, sorted: String? = nil) {
            title = html
            self.isNumber = isNumber
            self.sorted = sorted
        }
    }

    /// - Parameters:
    ///   - label: what the table shows, for those who hear it.
    ///   - rows: cells of each row; those under a column of numbers stand to the right.
    package static func view(
        _ label: String, columns: [Column], rows: [[HTML]], class name: String? = nil, id: String? = nil
    ) -> HTML {
        let heads = columns.map { column -> HTML in
            """
            <th scope="col"\(attribute: "class", column.isNumber ? "number" : nil)\
            \(attribute: "aria-sort", column.sorted)>\(column.title)</th>
            """
        }
        let lines = rows.map { row(columns, $0) }
        return """
            <div class="table-wrap" role="region" tabindex="0" aria-label="\(label)">\
            <table class="\(name ?? "table")"\(attribute: "id", id)><thead><tr>\(each: heads)</tr></thead>\
            <tbody>\(each: lines)</tbody></table></div>
            """
    }

    private static func row(_ columns: [Column], _ cells: [HTML]) -> HTML {
        let parts = zip(columns, cells).map { column, cell -> HTML in
            "<td\(attribute: "class", column.isNumber ? "number" : nil)>\(cell)</td>"
        }
        return "<tr>\(each: parts)</tr>\n"
    }
}
