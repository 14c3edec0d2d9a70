/// Which rows a viewer's page shows: all of it is in the address.
package struct ViewerQuery: Sendable, Hashable {
    package var config: String?
    package var split: String?
    package var offset: Int64 = 0
    package var condition: String?
    package var order: String?
    package var search: String?
    /// The row that is shown whole.
    package var row: Int64?

    package init() {}

    package var isPlain: Bool { condition == nil && order == nil && search == nil }

    /// Its pairs, in the order of the address.
    package var pairs: [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        if let config { pairs.append(("config", config)) }
        if let split { pairs.append(("split", split)) }
        if offset > 0 { pairs.append(("offset", String(offset))) }
        if let condition { pairs.append(("where", condition)) }
        if let order { pairs.append(("orderby", order)) }
        if let search { pairs.append(("q", search)) }
        if let row { pairs.append(("row", String(row))) }
        return pairs
    }

    package func address(_ base: String) -> String {
        let text = pairs.map { "\($0.name)=\(URLText.component($0.value))" }.joined(separator: "&")
        return text.isEmpty ? base : "\(base)?\(text)"
    }

    /// The same with a change, from the first page on.
    package func with(_ change: (inout ViewerQuery) -> Void) -> ViewerQuery {
        var query = self
        query.offset = 0
        query.row = nil
        change(&query)
        return query
    }

    /// The same with one more condition.
    package func adding(_ condition: String) -> ViewerQuery {
        with { $0.condition = $0.condition.map { "(\($0)) AND \(condition)" } ?? condition }
    }
}
