extension Schema {
    /// What each namespace may hold, what it holds, what is set aside for uploads on their way, and uploads of people
    /// who propose a change to a repository that is not theirs.
    ///
    /// An account is a namespace's key. The row `*` of `quota_limits` is the server's default. `payer` names the account
    /// that a link counts for; null means that of the repository's namespace.
    static let quotas = """
        CREATE TABLE quota_limits (
            account VARCHAR(96) NOT NULL PRIMARY KEY,
            name VARCHAR(96) NOT NULL,
            byte_limit BIGINT,
            repository_limit BIGINT,
            set_at BIGINT NOT NULL
        );
        CREATE TABLE quota_usage (
            account VARCHAR(96) NOT NULL PRIMARY KEY,
            used BIGINT NOT NULL,
            reserved BIGINT NOT NULL
        );
        CREATE TABLE quota_reservations (
            name VARCHAR(191) NOT NULL PRIMARY KEY,
            account VARCHAR(96) NOT NULL,
            bytes BIGINT NOT NULL,
            expires_at BIGINT NOT NULL
        );
        CREATE INDEX quota_reservations_account ON quota_reservations (account, expires_at);
        CREATE TABLE staged_blobs (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            user_id BIGINT NOT NULL,
            sha256 VARCHAR(64) NOT NULL,
            size BIGINT NOT NULL,
            account VARCHAR(96) NOT NULL,
            staged_at BIGINT NOT NULL,
            PRIMARY KEY (repository_id, user_id, sha256)
        );
        CREATE INDEX staged_blobs_account ON staged_blobs (account, staged_at);
        CREATE TABLE staged_xorbs (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            user_id BIGINT NOT NULL,
            hash VARCHAR(64) NOT NULL,
            staged_at BIGINT NOT NULL,
            PRIMARY KEY (repository_id, user_id, hash)
        );
        CREATE TABLE contributed_bytes (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            account VARCHAR(96) NOT NULL,
            bytes BIGINT NOT NULL,
            PRIMARY KEY (repository_id, account)
        );
        ALTER TABLE repositories ADD COLUMN git_bytes BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE links ADD COLUMN payer VARCHAR(96);
        CREATE INDEX repositories_namespace ON repositories (namespace_key);
        INSERT INTO quota_usage (account, used, reserved)
            SELECT r.namespace_key, COALESCE(SUM(l.size), 0), 0
            FROM repositories r LEFT JOIN links l ON l.repository_id = r.id AND l.is_proved = 1
            WHERE r.origin = 'local' GROUP BY r.namespace_key;
        """
}
