extension Schema {
    /// What is kept whatever happens, when what may go was last used, what is on its way out, and what the last run did.
    ///
    /// A pin without a revision has the empty one. `commit_id` is the commit its revision named when that was last known:
    /// the branch may be deleted. A row of `evictions` means that the blob's file may be gone before its row.
    static let retention = """
        CREATE TABLE pins (
            id BIGINT NOT NULL PRIMARY KEY,
            kind VARCHAR(16) NOT NULL,
            path VARCHAR(255) NOT NULL,
            path_key VARCHAR(255) NOT NULL,
            revision VARCHAR(255) NOT NULL,
            commit_id VARCHAR(40),
            note TEXT,
            created_by VARCHAR(96),
            created_at BIGINT NOT NULL,
            expires_at BIGINT,
            UNIQUE (kind, path_key, revision)
        );
        CREATE TABLE blob_uses (
            sha256 VARCHAR(64) NOT NULL PRIMARY KEY,
            used_at BIGINT NOT NULL,
            uses BIGINT NOT NULL
        );
        CREATE INDEX blob_uses_used ON blob_uses (used_at);
        CREATE TABLE evictions (
            sha256 VARCHAR(64) NOT NULL PRIMARY KEY,
            bytes BIGINT NOT NULL,
            marked_at BIGINT NOT NULL
        );
        CREATE TABLE retention_state (
            name VARCHAR(32) NOT NULL PRIMARY KEY,
            content TEXT NOT NULL
        );
        """

    /// Whether a blob was uploaded is asked for each that is mirrored.
    static let stagedBlobsByDigest = "CREATE INDEX staged_blobs_sha256 ON staged_blobs (sha256);"
}
