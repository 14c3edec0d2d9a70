extension Schema {
    /// Organisations and who is what in them, rights beyond that, requests at gates, and what a token reaches.
    ///
    /// Roles are the numbers of ``Role``, so that they can be compared. A grant's scope is the repository or the
    /// organisation it names, or the whole hub when it names none.
    static let identity = """
        CREATE TABLE organisations (
            id BIGINT NOT NULL PRIMARY KEY,
            name VARCHAR(96) NOT NULL,
            name_key VARCHAR(96) NOT NULL UNIQUE,
            full_name VARCHAR(255) NOT NULL,
            created_at BIGINT NOT NULL
        );
        CREATE TABLE memberships (
            organisation_id BIGINT NOT NULL REFERENCES organisations (id),
            user_id BIGINT NOT NULL REFERENCES users (id),
            role SMALLINT NOT NULL,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (organisation_id, user_id)
        );
        CREATE INDEX memberships_user ON memberships (user_id, organisation_id);
        CREATE TABLE grants (
            id BIGINT NOT NULL PRIMARY KEY,
            subject VARCHAR(16) NOT NULL,
            subject_id BIGINT,
            subject_role SMALLINT,
            organisation_id BIGINT REFERENCES organisations (id),
            repository_id BIGINT REFERENCES repositories (id),
            role SMALLINT NOT NULL,
            effect VARCHAR(8) NOT NULL,
            expires_at BIGINT,
            created_by VARCHAR(96) NOT NULL,
            created_at BIGINT NOT NULL
        );
        CREATE INDEX grants_repository ON grants (repository_id, organisation_id);
        CREATE INDEX grants_organisation ON grants (organisation_id);
        CREATE TABLE access_requests (
            id BIGINT NOT NULL UNIQUE,
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            user_id BIGINT NOT NULL REFERENCES users (id),
            status VARCHAR(16) NOT NULL,
            fields TEXT NOT NULL,
            reason TEXT,
            requested_at BIGINT NOT NULL,
            decided_at BIGINT,
            decided_by VARCHAR(96),
            PRIMARY KEY (repository_id, user_id)
        );
        CREATE INDEX access_requests_status ON access_requests (repository_id, status, id);
        CREATE INDEX access_tokens_user ON access_tokens (user_id, id);
        ALTER TABLE access_tokens ADD COLUMN resources TEXT;
        ALTER TABLE access_tokens ADD COLUMN last_used_at BIGINT;
        ALTER TABLE repositories ADD COLUMN created_by BIGINT;
        """
}
