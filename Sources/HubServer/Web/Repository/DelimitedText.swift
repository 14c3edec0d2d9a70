/// The first rows of a table whose cells are separated by a character.
/// - SeeAlso: RFC 4180.
enum DelimitedText {
    static let maximumColumns = 200
    static let maximumCell = 500

    /// Nil for text that is no table: one column, or no row.
    static func table(_ text: String, separator: Character, limit: Int) -> (
        columns: [String], rows: [[String]], isCut: Bool
    )? {
        var rows: [[String]] = []
        var row: [String] = []
        var cell = ""
        var isQuoted = false
        var isCut = false
        var previousWasQuote = false
        func closeCell() {
            if row.count < maximumColumns { row.append(String(cell.prefix(maximumCell))) }
            cell = ""
        }
        for character in text {
            if isQuoted {
                if previousWasQuote {
                    previousWasQuote = false
                    if character == "\"" {
                        cell.append("\"")
                        continue
                    }
                    isQuoted = false
                } else if character == "\"" {
                    previousWasQuote = true
                    continue
                } else {
                    cell.append(character)
                    continue
                }
            }
            if character == "\"", cell.isEmpty {
                isQuoted = true
            } else if character == separator {
                closeCell()
            } else if character.isNewline {
                closeCell()
                rows.append(row)
                row = []
                if rows.count > limit {
                    isCut = true
                    break
                }
            } else {
                cell.append(character)
            }
        }
        if !isCut, !cell.isEmpty || !row.isEmpty {
            closeCell()
            rows.append(row)
        }
        guard let columns = rows.first, columns.count > 1, rows.count > 1 else { return nil }
        let body = rows.dropFirst().prefix(limit).map { row in
            row + Array(repeating: "", count: max(0, columns.count - row.count))
        }
        return (columns, Array(body), isCut || rows.count - 1 > limit)
    }
}
