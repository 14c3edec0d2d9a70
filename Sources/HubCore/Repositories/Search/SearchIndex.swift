import SQL

/// What a repository can be found by.
enum SearchField: String, Sendable, CaseIterable {
    case name, tags, description
    /// The README's text, which only those find a repository by who may read it.
    case body

    /// What everybody reads who sees that the repository exists.
    static let outer: [SearchField] = [.name, .tags, .description]
}

/// The full-text index of one database, over texts that ``SearchTerms`` took apart.
///
/// It is written in the transaction that changes what it is about, so that nothing in it is ever out of date.
protocol SearchIndex: Sendable {
    /// Whether the index is there, in the layout that this release writes.
    func isReady(in connection: any Connection) throws -> Bool

    /// Makes an empty index, in place of one of another layout.
    func make(in connection: any Connection) throws

    /// Empties the index.
    func clear(in connection: any Connection) throws

    /// Replaces these fields of a repository; its others stay.
    func put(_ texts: [SearchField: String], of key: Int64, in connection: any Connection) throws

    /// Forgets a repository.
    func remove(_ key: Int64, in connection: any Connection) throws

    /// A query with the columns `id`, of repositories that hold a word in one of these fields, and `score`, the smaller
    /// the better it fits.
    /// - Returns: nil for a word that no index holds, such as one of signs only.
    func matches(_ word: String, in fields: [SearchField]) -> (sql: String, arguments: [Value])?

    /// The same without scores, which take time for a word that many hold: a query with the column `id`.
    func ids(_ word: String, in fields: [SearchField]) -> (sql: String, arguments: [Value])?
}

extension Connection {
    /// The full-text index over what is here.
    var searchIndex: any SearchIndex {
        // The others get theirs with their drivers: `tsvector` over the same terms in PostgreSQL.
        SQLiteSearchIndex.repositories
    }

    /// The full-text index over what upstreams have, by the ids of the catalogue's entries. It has no bodies.
    var catalogueIndex: any SearchIndex { SQLiteSearchIndex.catalogue }
}
