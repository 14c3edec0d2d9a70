extension Schema {
    /// What is served nowhere any more, how far the lists of peers were read, and who took what.
    ///
    /// A tombstone gets a new `sequence` whenever it changes, so that a list in that order tells followers of both ends.
    /// `origin` is the same at every hub that a tombstone reaches. `git_id` is the object id of the same bytes in git.
    /// Pulls outlive their repository, so that it can still be told who has what was found to be bad.
    /// A pull of everything that git carries of a commit has the empty digest; one of an anonymous reader the account 0.
    static let tombstones = """
        CREATE TABLE tombstones (
            id BIGINT NOT NULL PRIMARY KEY,
            sequence BIGINT NOT NULL UNIQUE,
            origin VARCHAR(64) NOT NULL UNIQUE,
            target_kind VARCHAR(16) NOT NULL,
            target VARCHAR(300) NOT NULL,
            git_id VARCHAR(40),
            reason TEXT NOT NULL,
            peer VARCHAR(130),
            buried_by VARCHAR(96) NOT NULL,
            buried_at BIGINT NOT NULL,
            lifted_by VARCHAR(96),
            lifted_at BIGINT,
            lift_note TEXT
        );
        CREATE INDEX tombstones_target ON tombstones (target_kind, target);
        CREATE TABLE tombstone_feeds (
            mirror VARCHAR(64) NOT NULL,
            upstream VARCHAR(64) NOT NULL,
            sequence BIGINT NOT NULL,
            read_at BIGINT NOT NULL,
            failure TEXT,
            PRIMARY KEY (mirror, upstream)
        );
        CREATE TABLE pulls (
            repository_key BIGINT NOT NULL,
            commit_id VARCHAR(40) NOT NULL,
            digest VARCHAR(64) NOT NULL,
            account_id BIGINT NOT NULL,
            account VARCHAR(96) NOT NULL,
            repository VARCHAR(255) NOT NULL,
            first_at BIGINT NOT NULL,
            last_at BIGINT NOT NULL,
            pulls BIGINT NOT NULL,
            PRIMARY KEY (repository_key, commit_id, digest, account_id)
        );
        CREATE INDEX pulls_digest ON pulls (digest, last_at);
        CREATE INDEX pulls_last ON pulls (last_at);
        """
}
