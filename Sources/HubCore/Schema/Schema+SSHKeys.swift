extension Schema {
    /// Who may come in by SSH. A key is one person's, site-wide.
    static let sshKeys = """
        CREATE TABLE ssh_keys (
            id BIGINT NOT NULL PRIMARY KEY,
            user_id BIGINT NOT NULL REFERENCES users (id),
            name VARCHAR(96) NOT NULL,
            fingerprint VARCHAR(64) NOT NULL UNIQUE,
            public_key TEXT NOT NULL,
            created_at BIGINT NOT NULL
        );
        CREATE INDEX ssh_keys_user ON ssh_keys (user_id);
        """
}
