import SQL

/// A full-text index in SQLite's FTS5: one row a repository, by its key.
/// - SeeAlso: https://www.sqlite.org/fts5.html
struct SQLiteSearchIndex: SearchIndex {
    /// What repositories here are found by, and what repositories of upstreams are.
    static let repositories = SQLiteSearchIndex(table: "repository_search")
    static let catalogue = SQLiteSearchIndex(table: "catalogue_search")

    private let table: String

    private var layout: String {
        """
        CREATE VIRTUAL TABLE \(table) USING fts5(name, tags, description, body, \
        tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')
        """
    }

    func isReady(in connection: any Connection) throws -> Bool {
        try connection.first("SELECT sql FROM sqlite_master WHERE name = ?", [.text(table)])?.text("sql")
            == layout
    }

    func make(in connection: any Connection) throws {
        try connection.execute("DROP TABLE IF EXISTS \(table)")
        try connection.execute(layout)
    }

    func clear(in connection: any Connection) throws { try connection.execute("DELETE FROM \(table)") }

    func put(_ texts: [SearchField: String], of key: Int64, in connection: any Connection) throws {
        let fields = SearchField.allCases.filter { texts[$0] != nil }
        let terms = fields.map { Value.text(SearchTerms.terms(of: texts[$0] ?? "").joined(separator: " ")) }
        guard !fields.isEmpty else { return }
        let changed = try connection.execute(
            """
            UPDATE \(table) SET \(fields.map { "\($0.rawValue) = ?" }.joined(separator: ", "))
            WHERE rowid = ?
            """, terms + [.integer(key)])
        guard changed == 0 else { return }
        try connection.execute(
            """
            INSERT INTO \(table) (rowid, \(fields.map(\.rawValue).joined(separator: ", ")))
            VALUES (?, \(fields.map { _ in "?" }.joined(separator: ", ")))
            """, [.integer(key)] + terms)
    }

    func remove(_ key: Int64, in connection: any Connection) throws {
        try connection.execute("DELETE FROM \(table) WHERE rowid = ?", [.integer(key)])
    }

    func matches(_ word: String, in fields: [SearchField]) -> (sql: String, arguments: [Value])? {
        // A name says more than a tag, a tag more than a text.
        expression(word, fields).map {
            (
                """
                SELECT rowid AS id, bm25(\(table), 10.0, 5.0, 3.0, 1.0) AS score FROM \(table)
                WHERE \(table) MATCH ?
                """, [.text($0)]
            )
        }
    }

    func ids(_ word: String, in fields: [SearchField]) -> (sql: String, arguments: [Value])? {
        expression(word, fields).map { ("SELECT rowid AS id FROM \(table) WHERE \(table) MATCH ?", [.text($0)]) }
    }

    private func expression(_ word: String, _ fields: [SearchField]) -> String? {
        let phrase = SearchTerms.phrase(of: word)
        guard !phrase.terms.isEmpty, !fields.isEmpty else { return nil }
        // Terms are letters and digits: nothing in the quotes can end them.
        let columns = fields.map(\.rawValue).joined(separator: " ")
        return "{\(columns)} : \"\(phrase.terms.joined(separator: " "))\"\(phrase.isOpen ? " *" : "")"
    }
}
