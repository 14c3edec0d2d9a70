import SQL

/// Which rows of the table somebody may know of: ``AccessRules`` for the verb `discover`, over the table's columns where
/// they tell, and by SQL where grants decide. A test holds it to ``RepositoryStore.visibilityCondition``.
struct CatalogueSight {
    /// Of each row.
    private(set) var isVisible: [Bool]
    /// Rows that a grant to the principal concerns; empty where there are none.
    private var governed: Set<Int64> = []
    /// Whether something may be kept from the principal in every row.
    private var isKeptEverywhere = false

    /// Repositories that are asked for by SQL at once.
    private static let portion = 500

    init(_ principal: Principal, of table: CatalogueTable, now: Int64, in connection: any Connection) throws {
        isVisible = []
        guard try connection.first("SELECT 1 AS n FROM grants LIMIT 1") != nil else {
            isVisible = try Self.withoutGrants(principal, of: table, in: connection)
            return
        }
        let nobody = Principal(user: nil, token: nil, address: principal.address)
        let isLetIn = try RepositoryStore.hubGrant(.allow, to: nobody, now: now, in: connection)
        let isNarrowed = principal.token?.resources != nil
        let isLetInByName = try RepositoryStore.hubGrant(.allow, to: principal, now: now, in: connection)
        isKeptEverywhere = try Self.hubKeepsSomething(from: principal, in: connection)
        if try RepositoryStore.hubGrant(.deny, to: principal, now: now, in: connection) || isLetInByName && isNarrowed {
            // Rare, and every row has to be asked for.
            isVisible = Array(repeating: false, count: table.count)
            try ask(table.places.keys, principal, table, now: now, in: connection)
            isKeptEverywhere = true
            return
        }
        isVisible =
            isLetIn || isLetInByName
            ? table.kinds.map { $0 != CatalogueTable.gone }
            : try Self.withoutGrants(principal, of: table, in: connection)
        let keys = try Self.concerned(principal, in: connection)
        governed = Set(keys)
        try ask(keys, principal, table, now: now, in: connection)
    }

    /// Whether a row's texts are open to whoever sees it, as far as grants tell.
    func isOpen(_ key: Int64) -> Bool { !isKeptEverywhere && (governed.isEmpty || !governed.contains(key)) }

    /// What is visible where no grant says anything.
    private static func withoutGrants(_ principal: Principal, of table: CatalogueTable, in connection: any Connection)
        throws -> [Bool]
    {
        var own: [[UInt8]] = []
        if let user = principal.user {
            own = try connection.query(
                """
                SELECT o.name_key FROM memberships m JOIN organisations o ON o.id = m.organisation_id
                WHERE m.user_id = ?
                """, [.integer(user.id)]
            ).map { Array(try $0.text("name_key").utf8) }
            own.append(Array(RepositoryID.key(user.name).utf8))
        }
        let names = Set(own)
        let isAdministrator = principal.carriesAdministration
        let isSomebody = principal.user != nil
        let narrowed = principal.token?.resources.map { $0.map(Reach.init) }
        var rows = [Bool](repeating: false, count: table.count)
        let visibilities = table.visibilities
        let kinds = table.kinds
        for row in rows.indices where kinds[row] != CatalogueTable.gone {
            // 0 is public, 1 is internal.
            guard visibilities[row] != 0 else {
                rows[row] = true
                continue
            }
            guard isSomebody else { continue }
            if let narrowed, !narrowed.contains(where: { $0.covers(table.path(row), kinds[row]) }) { continue }
            rows[row] = isAdministrator || visibilities[row] == 1 || names.contains(Array(table.owner(row)))
        }
        return rows
    }

    /// Repositories that some grant to the principal, or to everybody, names or owns.
    private static func concerned(_ principal: Principal, in connection: any Connection) throws -> [Int64] {
        var arguments: [Value] = []
        let subject = RepositoryStore.subjectCondition(for: principal, arguments: &arguments)
        var keys: [Int64] = []
        try connection.forEachInteger(
            """
            SELECT g.repository_id FROM grants g WHERE g.repository_id IS NOT NULL AND \(subject)
            UNION
            SELECT r.id FROM (
                SELECT DISTINCT o.name_key AS owner FROM grants g JOIN organisations o ON o.id = g.organisation_id
                WHERE g.repository_id IS NULL AND \(subject)
            ) named JOIN repositories r ON r.namespace_key = named.owner
            """, arguments + arguments
        ) { keys.append($0) }
        return keys
    }

    /// Whether a grant over the whole hub takes something from the principal, be it part of a repository.
    private static func hubKeepsSomething(from principal: Principal, in connection: any Connection) throws -> Bool {
        var arguments: [Value] = []
        let subject = RepositoryStore.subjectCondition(for: principal, arguments: &arguments)
        return try connection.first(
            """
            SELECT 1 AS n FROM grants g
            WHERE g.repository_id IS NULL AND g.organisation_id IS NULL AND g.effect = 'deny' AND \(subject) LIMIT 1
            """, arguments) != nil
    }

    /// Says of these repositories what the database says.
    private mutating func ask(
        _ keys: [Int64], _ principal: Principal, _ table: CatalogueTable, now: Int64, in connection: any Connection
    ) throws {
        var arguments: [Value] = []
        let visible = RepositoryStore.visibilityCondition(for: principal, now: now, arguments: &arguments)
        for start in stride(from: 0, to: keys.count, by: Self.portion) {
            let some = keys[start...].prefix(Self.portion)
            for key in some { if let place = table.places[key] { isVisible[Int(place)] = false } }
            let list = some.map(String.init).joined(separator: ", ")
            try connection.forEachInteger(
                "SELECT r.id FROM repositories r WHERE r.id IN (\(list)) AND \(visible)", arguments
            ) { key in
                if let place = table.places[key] { isVisible[Int(place)] = true }
            }
        }
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
