import SQL

/// That somebody took something.
package struct Pull: Sendable, Hashable {
    /// The repository's key.
    package let repositoryKey: Int64
    /// Its name when it was taken last.
    package let repository: String
    /// Nil where only an object was named.
    package let commit: CommitID?
    /// SHA-256 of an LFS object or the name of a git object, in hex; empty for everything that git carries of a commit.
    package let digest: String
    /// 0 for nobody in particular.
    package let accountID: Int64
    /// `anonymous` for nobody in particular.
    package let account: String
    /// Milliseconds since 1970.
    package let firstAt: Int64
    package let lastAt: Int64
    package let pulls: Int64
}

/// How often an account took from a repository.
package struct PullCount: Sendable, Hashable {
    /// 0 for nobody in particular.
    package let accountID: Int64
    package let account: String
    package let repositoryKey: Int64
    package let pulls: Int64
    /// Milliseconds since 1970.
    package let lastAt: Int64
}

/// How often members of an organisation took from a repository.
package struct OrganisationPullCount: Sendable, Hashable {
    package let organisation: Int64
    package let repositoryKey: Int64
    package let pulls: Int64
    /// Milliseconds since 1970.
    package let lastAt: Int64
}

/// Who took what from this hub.
package struct PullStore: Sendable {
    let database: any Database
    let ledger: PullLedger

    /// What a list is about.
    package enum Subject: Sendable, Hashable {
        /// An object by its SHA-256 or its name in git, in hex.
        case digest(String)
        /// A repository by its key, and of that one commit.
        case repository(Int64, CommitID?)
    }

    /// Writes down what was noted and not written yet.
    package func flush() async throws { try await ledger.flush(to: database) }

    /// Pulls, the latest first.
    /// - Parameter offset: those before the part that is wanted.
    package func list(of subject: Subject, offset: Int = 0, limit: Int) async throws -> [Pull] {
        let (condition, arguments): (String, [Value]) =
            switch subject {
            case .digest(let digest): ("digest = ?", [.text(digest)])
            case .repository(let key, nil): ("repository_key = ?", [.integer(key)])
            case .repository(let key, let commit?):
                ("repository_key = ? AND commit_id = ?", [.integer(key), .text(commit.hex)])
            }
        return try await database.read { connection in
            try connection.query(
                """
                SELECT * FROM pulls WHERE \(condition)
                ORDER BY last_at DESC, repository_key, commit_id, digest, account_id LIMIT ? OFFSET ?
                """, arguments + [.integer(Int64(limit)), .integer(Int64(offset))]
            ).map(Self.pull)
        }
    }

    /// How often each account took from each repository, of those that did so since a moment, in milliseconds since 1970.
    package func counts(since: Int64) async throws -> [PullCount] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT account_id, MAX(account) AS account, repository_key, SUM(pulls) AS pulls, MAX(last_at) AS last_at
                FROM pulls GROUP BY account_id, repository_key HAVING MAX(last_at) >= ?
                ORDER BY account_id, repository_key
                """, [.integer(since)]
            ).map { row in
                PullCount(
                    accountID: try row.integer("account_id"), account: try row.text("account"),
                    repositoryKey: try row.integer("repository_key"), pulls: try row.integer("pulls"),
                    lastAt: try row.integer("last_at"))
            }
        }
    }

    /// The keys of the repositories that were taken most of what was taken since a moment, in milliseconds since 1970.
    package func popular(since: Int64, limit: Int) async throws -> [Int64] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT repository_key, SUM(pulls) AS pulls FROM pulls WHERE last_at >= ?
                GROUP BY repository_key ORDER BY pulls DESC, repository_key DESC LIMIT ?
                """, [.integer(since), .integer(Int64(limit))]
            ).map { try $0.integer("repository_key") }
        }
    }

    /// The same for organisations: what their members took.
    package func organisationCounts(since: Int64) async throws -> [OrganisationPullCount] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT m.organisation_id AS organisation, p.repository_key AS repository_key, SUM(p.pulls) AS pulls,
                MAX(p.last_at) AS last_at
                FROM pulls p JOIN memberships m ON m.user_id = p.account_id
                GROUP BY m.organisation_id, p.repository_key HAVING MAX(p.last_at) >= ?
                ORDER BY m.organisation_id, p.repository_key
                """, [.integer(since)]
            ).map { row in
                OrganisationPullCount(
                    organisation: try row.integer("organisation"), repositoryKey: try row.integer("repository_key"),
                    pulls: try row.integer("pulls"), lastAt: try row.integer("last_at"))
            }
        }
    }

    private static func pull(_ row: Row) throws -> Pull {
        Pull(
            repositoryKey: try row.integer("repository_key"), repository: try row.text("repository"),
            commit: CommitID(try row.text("commit_id")), digest: try row.text("digest"),
            accountID: try row.integer("account_id"), account: try row.text("account"),
            firstAt: try row.integer("first_at"), lastAt: try row.integer("last_at"),
            pulls: try row.integer("pulls"))
    }
}

extension Hub {
    /// Who took what from here.
    package var pulls: PullStore { store.pulls }
}

extension RepositoryStore {
    /// Who took what from here.
    package var pulls: PullStore { PullStore(database: database, ledger: pullLedger) }
}
