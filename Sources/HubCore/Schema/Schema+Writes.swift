extension Schema {
    /// Who changed what, and what a repository's owner has set.
    static let writes = """
        CREATE TABLE audit (
            seq BIGINT NOT NULL PRIMARY KEY,
            at BIGINT NOT NULL,
            actor VARCHAR(96) NOT NULL,
            token_id BIGINT,
            action VARCHAR(64) NOT NULL,
            object VARCHAR(255) NOT NULL,
            detail TEXT NOT NULL,
            previous VARCHAR(64) NOT NULL,
            hash VARCHAR(64) NOT NULL
        );
        CREATE TABLE repository_settings (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            name VARCHAR(64) NOT NULL,
            content TEXT NOT NULL,
            PRIMARY KEY (repository_id, name)
        );
        CREATE TABLE renamed_repositories (
            kind VARCHAR(16) NOT NULL,
            namespace_key VARCHAR(96) NOT NULL,
            name_key VARCHAR(96) NOT NULL,
            repository_id BIGINT NOT NULL,
            PRIMARY KEY (kind, namespace_key, name_key)
        );
        """
}
