extension Schema {
    /// What is kept whatever happens, and when what may go was last used.
    static let retention = """
        CREATE TABLE pins (
            id BIGINT NOT NULL PRIMARY KEY,
            kind VARCHAR(16) NOT NULL,
            path VARCHAR(255) NOT NULL,
            path_key VARCHAR(255) NOT NULL,
            revision VARCHAR(255) NOT NULL,
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
        """
}
