extension Schema {
    /// What upstreams have, as they tell it, whether or not anything of it is here.
    static let remoteCatalogue = """
        CREATE TABLE remote_repositories (
            id BIGINT NOT NULL PRIMARY KEY,
            mirror VARCHAR(64) NOT NULL,
            upstream VARCHAR(64) NOT NULL,
            kind VARCHAR(16) NOT NULL,
            path VARCHAR(255) NOT NULL,
            path_key VARCHAR(255) NOT NULL,
            state VARCHAR(16) NOT NULL,
            description TEXT NOT NULL,
            commit_id VARCHAR(40),
            downloads BIGINT NOT NULL DEFAULT 0,
            likes BIGINT NOT NULL DEFAULT 0,
            size BIGINT,
            parameters BIGINT,
            updated_at BIGINT,
            seen_at BIGINT NOT NULL,
            described_at BIGINT,
            UNIQUE (mirror, upstream, kind, path_key)
        );
        """
}
