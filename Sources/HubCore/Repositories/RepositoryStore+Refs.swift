package import SQL

extension RepositoryStore {
    /// All refs of a repository, by name.
    package func refs(of key: Int64) async throws -> [Ref] {
        try await database.read { try Self.refs(of: key, in: $0) }
    }

    /// One ref; nil when it does not exist.
    package func ref(_ name: RefName, of key: Int64) async throws -> Ref? {
        try await database.read { connection in
            try connection.first(
                "SELECT name, target, peeled FROM refs WHERE repository_id = ? AND name = ?",
                [.integer(key), .text(name.name)]
            ).flatMap(Self.ref)
        }
    }

    /// Replaces what is known of an upstream's refs by what it says now, in one transaction.
    /// - Parameter only: prefixes that were asked for; refs outside them stay. Empty means everything was asked for.
    /// - Returns: whether anything changed.
    @discardableResult
    package func replaceRefs(of key: Int64, by refs: [Ref], within prefixes: [String], defaultBranch: String?)
        async throws
        -> Bool
    {
        let now = clock.now()
        return try await database.write { connection in
            let old = try Self.refs(of: key, in: connection).filter { ref in
                prefixes.isEmpty || prefixes.contains { ref.name.name.hasPrefix($0) }
            }
            let before = Dictionary(old.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
            let after = Dictionary(refs.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
            var changed = false
            for ref in old where after[ref.name] == nil {
                try connection.execute(
                    "DELETE FROM refs WHERE repository_id = ? AND name = ?", [.integer(key), .text(ref.name.name)])
                changed = true
            }
            for ref in refs where before[ref.name] != ref {
                try connection.upsert(
                    into: "refs", key: [("repository_id", .integer(key)), ("name", .text(ref.name.name))],
                    values: [("target", .text(ref.target.hex)), ("peeled", Value(ref.peeled?.hex))])
                changed = true
            }
            if let defaultBranch {
                try connection.execute(
                    "UPDATE repositories SET default_branch = ? WHERE id = ? AND default_branch <> ?",
                    [.text(defaultBranch), .integer(key), .text(defaultBranch)])
            }
            if changed {
                try connection.execute(
                    "UPDATE repositories SET updated_at = ? WHERE id = ?", [.integer(now), .integer(key)])
            }
            return changed
        }
    }

    /// Moves refs by compare-and-swap, all or none, and writes what goes with the move, in one transaction (law 2).
    ///
    /// Objects and blobs are durable before this is called.
    /// - Parameters:
    ///   - head: what the default branch holds afterwards; nil when it did not move.
    ///   - links: blobs the new commits name, which came by this repository.
    ///   - gitBytes: bytes that git was given for the move.
    ///   - reservation: what had been set aside for them.
    ///   - defaultBranch: the short name of what becomes the default branch; nil leaves it.
    ///   - body: what else belongs into the transaction, after the refs have moved.
    /// - Throws: `.preconditionFailed` when a ref stands elsewhere, `.conflict` for one that exists already, `.forbidden`
    ///   for the ref of a pull request that takes no commits, `.quotaExceeded`; what `body` throws.
    package func updateRefs(
        _ updates: [RefUpdate], of repository: Repository, action: String = "refs.update", changeLog: String,
        head: HeadFacts?, links: [BlobLink], gitBytes: Int64 = 0, endingReservation reservation: String? = nil,
        defaultBranch: String? = nil,
        alongside body: @escaping @Sendable (any Connection) throws -> Void = { _ in }
    ) async throws {
        let now = clock.now()
        let key = repository.key
        let identifiers = identifiers
        // The transaction runs on the database's own thread, where the task's values are not.
        let surface = repository.principal.session == nil ? WriteSurface.current : .web
        // What somebody proposes is his, not the repository's.
        let owned = repository.contributor == nil ? gitBytes : 0
        // A way to move refs that forgets to ask stays shut to whoever may change a part only.
        guard !repository.rules.limitsWriting || updates.allSatisfy({ $0.isJudged }) else {
            throw HubError(.internalError, "The refs of \(repository.id) were to be moved unseen.")
        }
        try await database.write { connection in
            if let defaultBranch {
                try connection.execute(
                    "UPDATE repositories SET default_branch = ? WHERE id = ?", [.text(defaultBranch), .integer(key)])
            }
            for update in updates {
                try Self.apply(update, of: key, in: connection)
                try PullRequestRefs.note(
                    update, of: repository, subject: changeLog, id: CommunityID(key: identifiers.next()), at: now,
                    in: connection)
                try TransparencyLog.append(
                    .ref(
                        update.name.name, of: key, named: repository.id.description, from: update.expected?.hex,
                        to: update.target?.hex), at: now, in: connection)
                try AuditLog.append(
                    AuditEntry(by: repository.principal, action, repository.id.description, detail: update.detail),
                    at: now, in: connection)
            }
            let linked = try Self.insert(
                links, of: key, by: repository.principal.user?.id, areProved: true, in: connection)
            try Self.pay(
                linked: linked, git: gitBytes, for: repository, endingReservation: reservation, in: connection)
            try ProvenanceStore.noteDue(
                updates, of: repository, by: surface, action: action, now: now, in: connection)
            try body(connection)
            if let head {
                try Self.noteHead(head, gitBytes: owned, of: key, now: now, in: connection)
                try Self.appendToFeed(head.commit, of: key, changeLog: changeLog, now: now, in: connection)
            } else {
                try connection.execute(
                    "UPDATE repositories SET updated_at = ?, git_bytes = git_bytes + ? WHERE id = ?",
                    [.integer(now), .integer(owned), .integer(key)])
            }
            try WebhookEvent.refs(updates).queue(for: repository, at: now, identifiers: identifiers, in: connection)
        }
    }

    private static func apply(_ update: RefUpdate, of key: Int64, in connection: any Connection) throws {
        let current = try connection.first(
            "SELECT name, target, peeled FROM refs WHERE repository_id = ? AND name = ?",
            [.integer(key), .text(update.name.name)]
        ).flatMap(Self.ref)
        guard current?.target == update.expected else {
            if update.isCreation {
                throw HubError(.conflict, "Reference \(update.name.name) already exists")
            }
            throw HubError(
                .preconditionFailed, "\(update.name.name) was updated since you read it.",
                remedy: "Read it again and repeat the change.")
        }
        guard let target = update.target else {
            try connection.execute(
                "DELETE FROM refs WHERE repository_id = ? AND name = ?", [.integer(key), .text(update.name.name)])
            return
        }
        try connection.upsert(
            into: "refs", key: [("repository_id", .integer(key)), ("name", .text(update.name.name))],
            values: [("target", .text(target.hex)), ("peeled", Value(update.peeled?.hex))])
    }

    /// Keeps what the head of the default branch says beside the row, for lists and searches.
    package func noteHead(_ head: HeadFacts, of key: Int64) async throws {
        let now = clock.now()
        try await database.write { connection in
            try Self.noteHead(head, of: key, now: now, in: connection)
        }
    }

    /// The default branch and the commit whose card is shown; nil for a repository that is gone.
    func head(of key: Int64) async throws -> (defaultBranch: String, commit: CommitID?)? {
        try await database.read { connection in
            try connection.first("SELECT default_branch, head FROM repositories WHERE id = ?", [.integer(key)]).map {
                (try $0.text("default_branch"), try $0.optionalText("head").flatMap { CommitID($0) })
            }
        }
    }

    static func noteHead(
        _ head: HeadFacts, gitBytes: Int64 = 0, of key: Int64, now: Int64, in connection: any Connection
    ) throws {
        try connection.execute(
            """
            UPDATE repositories SET head = ?, card = ?, tags = ?, updated_at = ?, git_bytes = git_bytes + ?
            WHERE id = ?
            """,
            [
                .text(head.commit.hex), Value(try head.card.data.map(JSONText.encode)), .text(try head.tagList),
                .integer(now), .integer(gitBytes), .integer(key),
            ])
        try index(head, of: key, in: connection)
    }

    private static func refs(of key: Int64, in connection: any Connection) throws -> [Ref] {
        try connection.query(
            "SELECT name, target, peeled FROM refs WHERE repository_id = ? ORDER BY name", [.integer(key)]
        ).compactMap(Self.ref)
    }

    private static func ref(_ row: Row) throws -> Ref? {
        guard let name = RefName(try row.text("name")), let target = ObjectID(try row.text("target")) else {
            return nil
        }
        return Ref(name: name, target: target, peeled: try row.optionalText("peeled").flatMap { ObjectID($0) })
    }
}
