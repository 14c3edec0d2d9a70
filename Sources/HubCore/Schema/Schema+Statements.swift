extension Schema {
    /// Signed statements about revisions, what is still to be stated, and what is attached to a revision.
    ///
    /// `statements` is only added to. `stated_digests` says where content with a digest was first stated;
    /// `object_digests` keeps the SHA-256 of small files, so that a revision is not read anew for each statement.
    static let statements = """
        CREATE TABLE statements (
            id BIGINT NOT NULL PRIMARY KEY,
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            commit_id VARCHAR(40) NOT NULL,
            sha256 VARCHAR(64) NOT NULL,
            predicate_type VARCHAR(255) NOT NULL,
            key_id VARCHAR(64) NOT NULL,
            source VARCHAR(96) NOT NULL,
            envelope TEXT NOT NULL,
            stored_at BIGINT NOT NULL
        );
        CREATE UNIQUE INDEX statements_commit ON statements (repository_id, commit_id, sha256);
        CREATE INDEX statements_sha256 ON statements (sha256);
        CREATE TABLE statements_due (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            commit_id VARCHAR(40) NOT NULL,
            ref VARCHAR(255) NOT NULL,
            previous VARCHAR(40),
            account VARCHAR(96) NOT NULL,
            account_id BIGINT NOT NULL,
            token_id BIGINT,
            surface VARCHAR(32) NOT NULL,
            action VARCHAR(64) NOT NULL,
            at BIGINT NOT NULL,
            failures BIGINT NOT NULL DEFAULT 0,
            PRIMARY KEY (repository_id, commit_id)
        );
        CREATE INDEX statements_due_at ON statements_due (failures, at);
        CREATE TABLE stated_digests (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            sha256 VARCHAR(64) NOT NULL,
            commit_id VARCHAR(40) NOT NULL,
            path TEXT NOT NULL,
            PRIMARY KEY (repository_id, sha256)
        );
        CREATE INDEX stated_digests_sha256 ON stated_digests (sha256);
        CREATE TABLE object_digests (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            object_id VARCHAR(40) NOT NULL,
            sha256 VARCHAR(64) NOT NULL,
            PRIMARY KEY (repository_id, object_id)
        );
        CREATE TABLE attachments (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            commit_id VARCHAR(40) NOT NULL,
            kind VARCHAR(32) NOT NULL,
            inputs VARCHAR(64) NOT NULL,
            sha256 VARCHAR(64) NOT NULL,
            key_id VARCHAR(64) NOT NULL,
            content TEXT NOT NULL,
            made_at BIGINT NOT NULL,
            PRIMARY KEY (repository_id, commit_id, kind)
        );
        CREATE TABLE signing_keys (
            key_id VARCHAR(64) NOT NULL PRIMARY KEY,
            algorithm VARCHAR(16) NOT NULL,
            pem TEXT NOT NULL,
            owner VARCHAR(96) NOT NULL,
            first_used_at BIGINT NOT NULL,
            last_used_at BIGINT NOT NULL
        );
        """
}
