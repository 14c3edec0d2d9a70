import SQL

/// A tag with the number of repositories that carry it.
package struct TagCount: Sendable, Hashable {
    /// As lists are filtered by it.
    package let tag: String
    /// What it says.
    package let value: String
    package let count: Int64
}

extension RepositoryStore {
    /// Tags of one answer; what is carried by fewest is left out.
    private static let maximumCounted = 20_000

    /// The tags of the repositories of a kind that a principal may discover, by group, those that most carry first.
    package func tagCounts(of kind: RepositoryKind, for principal: Principal) async throws
        -> [CardFacet.Kind: [TagCount]]
    {
        var arguments: [Value] = [.text(kind.rawValue)]
        let visible = Self.visibilityCondition(for: principal, now: clock.now(), arguments: &arguments)
        let bound = arguments
        return try await database.read { connection in
            var counts: [CardFacet.Kind: [TagCount]] = [:]
            try connection.forEach(
                """
                SELECT c.facet, MIN(c.tag) AS tag, MIN(c.content) AS content, COUNT(DISTINCT c.repository_id) AS n
                FROM (
                    SELECT f.repository_id, f.facet, f.tag_key, f.tag, f.content FROM repository_facets f
                    UNION ALL SELECT t.repository_id, \(Self.facet(ofCategory: kind)), LOWER(t.flat), t.flat, t.name
                    FROM repository_tags t
                ) c JOIN repositories r ON r.id = c.repository_id
                WHERE r.kind = ? AND \(visible)
                GROUP BY c.facet, c.tag_key ORDER BY n DESC, c.tag_key LIMIT \(Self.maximumCounted)
                """, bound
            ) { row in
                guard let facet = CardFacet.Kind(rawValue: try row.text("facet")) else { return true }
                counts[facet, default: []].append(
                    TagCount(
                        tag: try row.text("tag"), value: try row.text("content"), count: try row.integer("n")))
                return true
            }
            return counts
        }
    }

    /// The group that a tag of a category belongs to, in SQL.
    private static func facet(ofCategory kind: RepositoryKind) -> String {
        let task = kind == .dataset ? CardFacet.Kind.taskCategory : .pipelineTag
        return """
            CASE t.category WHEN 'task' THEN '\(task.rawValue)' WHEN 'license' THEN '\(CardFacet.Kind.license.rawValue)'
            WHEN 'framework' THEN '\(CardFacet.Kind.library.rawValue)'
            WHEN 'language' THEN '\(CardFacet.Kind.language.rawValue)'
            WHEN 'size' THEN '\(CardFacet.Kind.sizeCategory.rawValue)' ELSE '\(CardFacet.Kind.other.rawValue)' END
            """
    }
}
