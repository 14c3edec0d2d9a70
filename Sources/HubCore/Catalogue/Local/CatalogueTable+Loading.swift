import SQL

extension CatalogueTable {
    /// Reads repositories as they are now.
    /// - Parameter wanted: at most 500, of which those that are gone are forgotten; nil for all there are.
    mutating func load(_ wanted: [Int64]?, in connection: any Connection) throws {
        nameStandings()
        let among = wanted.map { "IN (\($0.map(String.init).joined(separator: ", ")))" }
        func narrowed(_ column: String) -> String { among.map { "\(column) \($0)" } ?? "1 = 1" }
        var said: [Int64: [(group: CatalogueGroup, key: String, label: String)]] = [:]
        try connection.forEach(
            "SELECT repository_id, facet, tag_key, content FROM repository_facets WHERE \(narrowed("repository_id"))"
        ) { row in
            guard let facet = CardFacet.Kind(rawValue: try row.text("facet")) else { return true }
            let group = CatalogueGroup(facet)
            let content = try row.text("content")
            // A tag is asked for as lists of every surface name it.
            let key = group == .tag ? try row.text("tag_key") : content.lowercased()
            said[try row.integer("repository_id"), default: []].append(
                (group, key, group == .tag && facet != .other ? key : content))
            return true
        }
        try connection.forEach(
            "SELECT repository_id, category, name, flat FROM repository_tags WHERE \(narrowed("repository_id"))"
        ) { row in
            let group = CatalogueGroup(category: try row.text("category"))
            let name = group == .tag ? try row.text("flat") : try row.text("name")
            said[try row.integer("repository_id"), default: []].append((group, name.lowercased(), name))
            return true
        }
        // What nothing was fetched of says what its upstream told.
        try connection.forEach(
            """
            SELECT r.id, f.facet, f.content FROM repositories r
            JOIN catalogue_sources s ON s.mirror = r.mirror AND s.upstream = r.upstream
            JOIN remote_repositories e ON e.source_id = s.id AND e.kind = r.kind AND e.path_key = r.upstream_key
            JOIN remote_facets f ON f.remote_id = e.id
            WHERE r.origin = 'mirror' AND r.card IS NULL AND \(narrowed("r.id"))
            """
        ) { row in
            guard let group = CatalogueGroup(rawValue: try row.text("facet")) else { return true }
            let content = try row.text("content")
            said[try row.integer("id"), default: []].append((group, content.lowercased(), content))
            return true
        }
        var missing = Set(wanted ?? [])
        try connection.forEach("\(Self.selection) WHERE \(narrowed("r.id"))") { row in
            guard var record = try Self.record(row) else { return true }
            record.said = said.removeValue(forKey: record.key) ?? []
            missing.remove(record.key)
            put(record)
            return true
        }
        for key in missing { remove(key) }
    }

    private static let selection = """
        SELECT r.id, r.kind, r.namespace, r.namespace_key, r.name_key, r.visibility, r.origin, r.created_at,
            r.updated_at, r.likes, r.downloads, r.git_bytes,
            COALESCE((SELECT SUM(l.size) FROM links l WHERE l.repository_id = r.id), 0) AS stored,
            (SELECT gs.content FROM repository_settings gs WHERE gs.repository_id = r.id AND gs.name = 'gated') AS gating,
            COALESCE(e.size, -1) AS remote_size, COALESCE(e.parameters, -1) AS parameters,
            COALESCE(e.likes, 0) AS remote_likes, COALESCE(e.downloads, 0) AS remote_downloads,
            EXISTS (SELECT 1 FROM acquired_commits ac WHERE ac.repository_id = r.id) AS has_content,
            CASE WHEN e.id IS NULL THEN ms.changed_at IS NOT NULL ELSE \(RemoteCatalogue.behind) END AS is_behind
        FROM repositories r
        LEFT JOIN catalogue_sources s ON s.mirror = r.mirror AND s.upstream = r.upstream
        LEFT JOIN remote_repositories e ON e.source_id = s.id AND e.kind = r.kind AND e.path_key = r.upstream_key
        LEFT JOIN mirror_states ms ON ms.repository_id = r.id
        """

    private static func record(_ row: Row) throws -> Record? {
        guard let kind = RepositoryKind(rawValue: try row.text("kind")),
            let visibility = Repository.Visibility(rawValue: try row.text("visibility"))
        else { return nil }
        let isMirror = try row.text("origin") == "mirror"
        let hasContent = try row.boolean("has_content")
        let standing: CatalogueStanding =
            !isMirror ? .local : !hasContent ? .known : try row.boolean("is_behind") ? .behind : .mirrored
        let stored = try row.integer("stored") + row.integer("git_bytes")
        let remote = try row.integer("remote_size")
        return Record(
            key: try row.integer("id"), kind: kind, namespaceKey: try row.text("namespace_key"),
            namespace: try row.text("namespace"), nameKey: try row.text("name_key"), visibility: visibility,
            isGated: Repository.Gating(setting: try row.optionalText("gating")) != .open, standing: standing,
            createdAt: try row.integer("created_at"), updatedAt: try row.integer("updated_at"),
            downloads: max(try row.integer("downloads"), try row.integer("remote_downloads")),
            likes: max(try row.integer("likes"), try row.integer("remote_likes")),
            size: remote >= 0 ? remote : isMirror && !hasContent ? -1 : stored,
            parameters: try row.integer("parameters"), said: [])
    }
}
