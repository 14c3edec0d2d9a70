import SQL

/// What was made from what, over everything that is stored here.
package struct Lineage: Sendable {
    let database: any Database

    /// A repository that was found on the way, and how.
    package struct Link: Sendable, Hashable {
        /// Nil for what only an upstream's description tells of.
        package let key: Int64?
        package let repository: RepositoryID
        /// The commit whose card says so; nil for what is not here.
        package let commit: CommitID?
        package let relation: LineageEdge.Relation
        /// The next one towards where the search began.
        package let through: RepositoryID
        /// Steps from there: 1 for what was made from it directly.
        package let depth: Int
    }

    /// A repository here that a card may mean.
    package struct Stored: Sendable, Hashable {
        package let repository: Repository
        /// The newest commit of its default branch that was here.
        package let head: CommitID
    }

    /// Where a name was written: the hub a card was written for decides what its names mean.
    package enum Place: Sendable, Hashable {
        case local
        case mirror(String)

        package init(_ origin: Repository.Origin) {
            switch origin {
            case .local: self = .local
            case .mirror(let mirror): self = .mirror(mirror.mirror)
            }
        }
    }

    // MARK: Ancestors

    /// The repository here that a card means by a name.
    ///
    /// A card that came by a mirror means that upstream's names: what somebody made here under such a name is not it
    /// (names would launder licences otherwise). A card written here means names here first.
    package func stored(_ edge: LineageEdge, writtenIn place: Place) async throws -> Stored? {
        guard let id = RepositoryID(kind: edge.kind, path: edge.path) else { return nil }
        let rows = try await database.read { connection in
            try connection.query(
                """
                SELECT \(RepositoryStore.columns), r.head,
                    (SELECT MIN(b.commit_id) FROM acquired_commits b WHERE b.repository_id = r.id AND b.acquired_at =
                        (SELECT MAX(c.acquired_at) FROM acquired_commits c WHERE c.repository_id = r.id)) AS acquired
                FROM repositories r
                WHERE r.kind = ? AND (r.upstream_key = ? OR (r.namespace_key = ? AND r.name_key = ?))
                ORDER BY r.id LIMIT 64
                """,
                [
                    .text(edge.kind.rawValue), .text(edge.pathKey), .text(id.namespaceKey), .text(id.nameKey),
                ]
            ).compactMap { row -> Stored? in
                // What policy refuses was never shown, and has no head: its last commit that came tells its terms as well.
                let hex = try row.optionalText("head") ?? row.optionalText("acquired")
                guard let head = hex.flatMap({ CommitID($0) }) else { return nil }
                return Stored(
                    repository: Repository(
                        record: try RepositoryStore.record(row), principal: .operator, verb: .metaRead), head: head)
            }
        }
        return rows.min {
            Self.distance(of: $0.repository, edge, place) < Self.distance(of: $1.repository, edge, place)
        }
        .flatMap { Self.distance(of: $0.repository, edge, place) < Self.foreign ? $0 : nil }
    }

    private static let foreign = 9

    private static func distance(of repository: Repository, _ edge: LineageEdge, _ place: Place) -> Int {
        switch (place, repository.origin) {
        case (.local, .local): return 0
        case (.local, .mirror(let mirror)):
            return RepositoryID.key(repository.id.path) == edge.pathKey
                ? 1 : RepositoryID.key(mirror.path) == edge.pathKey ? 2 : foreign
        case (.mirror(let name), .mirror(let mirror)):
            guard RepositoryID.key(mirror.path) == edge.pathKey else { return foreign }
            return mirror.mirror == name ? 0 : 1
        case (.mirror, .local): return foreign
        }
    }

    /// What upstreams tell of a name, in the catalogue; the mirror that the name was written in first.
    package func told(_ edge: LineageEdge, writtenIn place: Place) async throws -> RemoteEntry? {
        let entries = try await database.read { connection in
            try connection.query(
                "\(RemoteCatalogue.selection) WHERE e.path_key = ? AND e.kind = ? ORDER BY e.id LIMIT 64",
                [.text(edge.pathKey), .text(edge.kind.rawValue)]
            ).map(RemoteCatalogue.entry)
        }.filter { $0.describedAt != nil || !$0.description.licenses.isEmpty }
        func rank(_ entry: RemoteEntry) -> Int {
            (place == .mirror(entry.mirror) ? 0 : 2) + (entry.state == .present ? 0 : 1)
        }
        return entries.min { rank($0) < rank($1) }
    }

    /// Everything a stored repository was made from, as far as it is stored here, nearest first.
    /// - Parameter limit: the most that are told.
    package func ancestors(of repository: Repository, limit: Int = 1_000) async throws -> [Link] {
        var found: [Link] = []
        var seen: Set<Int64> = [repository.key]
        var front = [repository]
        var depth = 0
        while !front.isEmpty, found.count < limit {
            try Task.checkCancellation()
            depth += 1
            var next: [Repository] = []
            for child in front {
                for (edge, commit) in try await edges(of: child.key) {
                    guard let parent = try await stored(edge, writtenIn: Place(child.origin)),
                        seen.insert(parent.repository.key).inserted, found.count < limit
                    else { continue }
                    found.append(
                        Link(
                            key: parent.repository.key, repository: parent.repository.id, commit: commit,
                            relation: edge.relation, through: child.id, depth: depth))
                    next.append(parent.repository)
                }
            }
            front = next
        }
        return found
    }

    /// What the commits of a repository that were looked at say it was made from.
    package func edges(of key: Int64) async throws -> [(LineageEdge, CommitID?)] {
        try await database.read { connection in
            try connection.query(
                "SELECT relation, kind, path, commit_id FROM lineage_edges WHERE repository_id = ? LIMIT 10000",
                [.integer(key)]
            ).compactMap { row in
                guard let relation = LineageEdge.Relation(rawValue: try row.text("relation")),
                    let kind = RepositoryKind(rawValue: try row.text("kind"))
                else { return nil }
                return (
                    LineageEdge(relation: relation, kind: kind, path: try row.text("path")),
                    CommitID(try row.text("commit_id"))
                )
            }
        }
    }

    // MARK: Descendants

    private struct Name: Hashable {
        let kind: RepositoryKind
        let key: String
    }

    /// Everything that was made from a repository, over any number of steps, nearest first: what is here, and what
    /// upstreams told of. Every commit that was looked at counts, not the newest only.
    ///
    /// A name that might mean the repository counts as meaning it: whoever asks wants to miss nothing.
    /// - Parameters:
    ///   - id: as it is named here; what is not here is found by its name at the upstream.
    ///   - limit: the most that are told.
    package func descendants(of id: RepositoryID, limit: Int = 10_000) async throws -> [Link] {
        var found: [Link] = []
        var asked: Set<Name> = []
        var seen: Set<RepositoryID> = [Self.folded(id)]
        var front = [(id: id, names: try await names(of: id))]
        var depth = 0
        while !front.isEmpty, found.count < limit {
            try Task.checkCancellation()
            depth += 1
            var next: [(RepositoryID, [Name])] = []
            for (parent, names) in front {
                for name in names where asked.insert(name).inserted {
                    for child in try await children(of: name, limit: limit) {
                        guard seen.insert(Self.folded(child.id)).inserted, found.count < limit else { continue }
                        found.append(
                            Link(
                                key: child.key, repository: child.id, commit: child.commit, relation: child.relation,
                                through: parent, depth: depth))
                        next.append((child.id, child.names))
                    }
                }
            }
            front = next
        }
        return found
    }

    private static func folded(_ id: RepositoryID) -> RepositoryID {
        RepositoryID(kind: id.kind, path: RepositoryID.key(id.path)) ?? id
    }

    /// What cards may call a repository.
    private func names(of id: RepositoryID) async throws -> [Name] {
        let row = try await database.read { connection in
            try connection.first(
                "SELECT upstream_key FROM repositories WHERE kind = ? AND namespace_key = ? AND name_key = ?",
                [.text(id.kind.rawValue), .text(id.namespaceKey), .text(id.nameKey)])
        }
        return Self.names(id, upstream: try row?.optionalText("upstream_key"))
    }

    private static func names(_ id: RepositoryID, upstream: String?) -> [Name] {
        var names = [Name(kind: id.kind, key: RepositoryID.key(id.path))]
        if let upstream, upstream != names[0].key { names.append(Name(kind: id.kind, key: upstream)) }
        return names
    }

    private struct Child {
        let key: Int64?
        let id: RepositoryID
        let commit: CommitID?
        let relation: LineageEdge.Relation
        let names: [Name]
    }

    private func children(of name: Name, limit: Int) async throws -> [Child] {
        let relations = LineageEdge.Relation.allCases
        return try await database.read { connection in
            var children = try connection.query(
                """
                SELECT r.id, r.kind, r.namespace, r.name, r.upstream_key, l.commit_id, l.relation
                FROM lineage_edges l JOIN repositories r ON r.id = l.repository_id
                WHERE l.kind = ? AND l.path_key = ? ORDER BY r.id, l.commit_id LIMIT ?
                """, [.text(name.kind.rawValue), .text(name.key), .integer(Int64(limit))]
            ).compactMap { row -> Child? in
                guard let kind = RepositoryKind(rawValue: try row.text("kind")),
                    let id = RepositoryID(kind: kind, namespace: try row.text("namespace"), name: try row.text("name")),
                    let relation = LineageEdge.Relation(rawValue: try row.text("relation"))
                else { return nil }
                return Child(
                    key: try row.integer("id"), id: id, commit: CommitID(try row.text("commit_id")), relation: relation,
                    names: Self.names(id, upstream: try row.optionalText("upstream_key")))
            }
            let tags: [(String, LineageEdge.Relation)] =
                name.kind == .dataset
                ? [("dataset:\(name.key)", .dataset)]
                : relations.filter { $0 != .dataset }.map { ("base_model:\($0.rawValue):\(name.key)", $0) }
                    + [("base_model:\(name.key)", .finetune)]
            for (tag, relation) in tags {
                children += try connection.query(
                    """
                    SELECT e.kind, e.path FROM remote_facets f JOIN remote_repositories e ON e.id = f.remote_id
                    WHERE f.facet = 'tag' AND f.content_key = ? ORDER BY e.id LIMIT ?
                    """, [.text(tag), .integer(Int64(limit))]
                ).compactMap { row in
                    guard let kind = RepositoryKind(rawValue: try row.text("kind")),
                        let id = RepositoryID(kind: kind, path: try row.text("path"))
                    else { return nil }
                    return Child(
                        key: nil, id: id, commit: nil, relation: relation, names: Self.names(id, upstream: nil))
                }
            }
            return children
        }
    }
}
