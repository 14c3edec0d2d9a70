/// A table that scrolls by itself when it is wider than its place.
package enum DataTable {
    package struct Column: Sendable {
        package let title: HTML
        package let isNumber: Bool
        /// What `aria-sort` says.
        package let sorted: String?
        /// What stands before its cells where rows are cards, for want of a head above them.
        package let label: String?

        package init(_ title: String, isNumber: Bool = false, sorted: String? = nil) {
            self.init(html: HTML(text: title), label: title, isNumber: isNumber, sorted: sorted)
        }

        package init(html: HTML, label: String? = nil, isNumber: Bool = false, sorted: String? = nil) {
            title = html
            self.label = label
            self.isNumber = isNumber
            self.sorted = sorted
        }
    }

    /// - Parameters:
    ///   - label: what the table shows, for those who hear it.
    ///   - rows: cells of each row; those under a column of numbers stand to the right.
    ///   - asCards: whether each row becomes a card where the window is narrow.
    ///   - order: how rows are ordered where no column says it; written below them.
    package static func view(
        _ label: String, columns: [Column], rows: [[HTML]], class name: String = "table", asCards: Bool = false,
        order: String? = nil, id: String? = nil
    ) -> HTML {
        let heads = columns.map { column -> HTML in
            """
            <th scope="col"\(attribute: "class", column.isNumber ? "number" : nil)\
            \(attribute: "aria-sort", column.sorted)>\(column.title)</th>
            """
        }
        let lines = rows.map { row(columns, $0, asCards) }
        return """
            <div class="table-wrap" role="region" tabindex="0" aria-label="\(label)">\
            <table class="\(name)\(asCards ? " cards" : "")"\(attribute: "id", id)>\
            \(order.map { order -> HTML in "<caption>\(order)</caption>" })<thead><tr>\(each: heads)</tr></thead>\
            <tbody>\(each: lines)</tbody></table></div>
            """
    }

    private static func row(_ columns: [Column], _ cells: [HTML], _ isCard: Bool) -> HTML {
        let parts = zip(columns, cells).enumerated().map { index, part -> HTML in
            // The first cell is the card's heading.
            let label = isCard && index > 0 ? part.0.label : nil
            return """
                <td\(attribute: "class", part.0.isNumber ? "number" : nil)\(attribute: "data-label", label)>\(part.1)</td>
                """
        }
        return "<tr>\(each: parts)</tr>\n"
    }
}
