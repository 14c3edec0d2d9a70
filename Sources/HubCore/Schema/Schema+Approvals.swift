extension Schema {
    /// Requests to let content under review pass, who asked, and what was decided.
    ///
    /// An id counts from 1: people name a request by it. `commit_id` is empty for a request about a repository of which
    /// nothing was fetched. `approval_versions` says that something changed, to processes that keep a copy in memory.
    static let approvals = """
        CREATE TABLE approvals (
            id BIGINT NOT NULL PRIMARY KEY,
            kind VARCHAR(16) NOT NULL,
            path VARCHAR(255) NOT NULL,
            path_key VARCHAR(255) NOT NULL,
            mirror VARCHAR(64) NOT NULL,
            upstream_path VARCHAR(255) NOT NULL,
            commit_id VARCHAR(40) NOT NULL,
            revision VARCHAR(255) NOT NULL,
            reasons TEXT NOT NULL,
            reasons_digest VARCHAR(64) NOT NULL,
            evidence TEXT NOT NULL,
            policy_digest VARCHAR(64) NOT NULL,
            is_quarantined SMALLINT NOT NULL DEFAULT 0,
            state VARCHAR(16) NOT NULL,
            requested_by VARCHAR(96) NOT NULL,
            requested_at BIGINT NOT NULL,
            decided_by VARCHAR(96),
            decided_at BIGINT,
            note TEXT,
            scope VARCHAR(16),
            scope_path TEXT,
            expires_at BIGINT
        );
        CREATE INDEX approvals_place ON approvals (kind, path_key, commit_id, reasons_digest, state);
        CREATE INDEX approvals_state ON approvals (state, id);
        CREATE TABLE approval_askers (
            approval_id BIGINT NOT NULL REFERENCES approvals (id),
            account VARCHAR(96) NOT NULL,
            first_at BIGINT NOT NULL,
            last_at BIGINT NOT NULL,
            asked BIGINT NOT NULL,
            PRIMARY KEY (approval_id, account)
        );
        CREATE TABLE approval_versions (
            name VARCHAR(32) NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL
        );
        CREATE TABLE served_heads (
            repository_id BIGINT NOT NULL,
            branch VARCHAR(255) NOT NULL,
            commit_id VARCHAR(40) NOT NULL,
            served_at BIGINT NOT NULL,
            PRIMARY KEY (repository_id, branch)
        );
        """

    /// What somebody needs the content for, where he said so.
    static let approvalReasons = """
        ALTER TABLE approval_askers ADD COLUMN reason TEXT;
        """
}
