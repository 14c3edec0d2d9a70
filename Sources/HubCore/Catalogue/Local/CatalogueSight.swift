import SQL

/// Which rows of the table somebody may know of: ``AccessRules`` for the verb `discover`, over the table's columns where
/// they tell, and by SQL where grants decide. A test holds it to ``RepositoryStore.visibilityCondition``.
struct CatalogueSight {
    private let principal: Principal
    private let now: Int64
    /// Namespaces whose owner or member the principal is.
    private var own: Set<String> = []
    private let hasGrants: Bool
    /// Whether some grant takes what everybody else sees.
    private let hasDenials: Bool

    init(_ principal: Principal, now: Int64, in connection: any Connection) throws {
        self.principal = principal
        self.now = now
        let grants = try connection.query("SELECT DISTINCT effect FROM grants WHERE path_pattern IS NULL")
        hasGrants = !grants.isEmpty
        hasDenials = try grants.contains { try $0.text("effect") == AccessGrant.Effect.deny.rawValue }
        guard let user = principal.user else { return }
        own = Set(
            try connection.query(
                """
                SELECT o.name_key FROM memberships m JOIN organisations o ON o.id = m.organisation_id
                WHERE m.user_id = ?
                """, [.integer(user.id)]
            ).map { try $0.text("name_key") })
        own.insert(RepositoryID.key(user.name))
    }

    func rows(of table: CatalogueTable, in connection: any Connection) throws -> [Bool] {
        guard !hasDenials else { return try asked(table, "1 = 1", in: connection) }
        var rows = [Bool](repeating: false, count: table.count)
        let isAdministrator = principal.carriesAdministration
        let isSomebody = principal.user != nil
        let ownNames = own.map { Array($0.utf8) + [UInt8(ascii: "/")] }
        let narrowed = principal.token?.resources.map { $0.map(Reach.init) }
        for row in rows.indices where table.isLive(row) {
            // 0 is public, 1 is internal.
            guard table.visibilities[row] != 0 else {
                rows[row] = true
                continue
            }
            guard isSomebody else { continue }
            let path = table.path(row)
            if let narrowed, !narrowed.contains(where: { $0.covers(path, table.kinds[row]) }) { continue }
            rows[row] =
                isAdministrator || table.visibilities[row] == 1 || ownNames.contains { path.starts(with: $0) }
        }
        guard hasGrants, !isAdministrator || principal.token?.resources != nil else { return rows }
        let granted = try asked(table, "r.visibility <> 'public'", in: connection)
        for row in rows.indices where granted[row] { rows[row] = true }
        return rows
    }

    private func asked(_ table: CatalogueTable, _ condition: String, in connection: any Connection) throws -> [Bool] {
        var rows = [Bool](repeating: false, count: table.count)
        var arguments: [Value] = []
        let visible = RepositoryStore.visibilityCondition(for: principal, now: now, arguments: &arguments)
        try connection.forEach("SELECT r.id FROM repositories r WHERE \(condition) AND \(visible)", arguments) { row in
            if let place = table.places[try row.integer("id")] { rows[Int(place)] = true }
            return true
        }
        return rows
    }
}

/// What a token reaches, as bytes of paths.
private struct Reach {
    private let prefix: [UInt8]
    private let kind: UInt8?

    init(_ resource: TokenResource) {
        switch resource {
        case .namespace(let name):
            prefix = Array(name.utf8) + [UInt8(ascii: "/")]
            kind = nil
        case .repository(let id):
            prefix = Array("\(id.namespaceKey)/\(id.nameKey)".utf8)
            kind = CatalogueTable.number(of: id.kind)
        }
    }

    func covers(_ path: ArraySlice<UInt8>, _ kind: UInt8) -> Bool {
        guard let wanted = self.kind else { return path.starts(with: prefix) }
        return wanted == kind && path.elementsEqual(prefix)
    }
}
