extension Schema {
    /// Passwords and sessions of people, accounts that are no people, teams, custom roles, and conditions of grants.
    ///
    /// A robot is an account of an organisation, a deploy key one that has a single grant: what decides about people
    /// decides about them. The two ends of a block of addresses are 32 hexadecimal digits each, which compare as texts.
    static let accounts = """
        CREATE TABLE passwords (
            user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id),
            hash VARCHAR(255) NOT NULL,
            changed_at BIGINT NOT NULL
        );
        CREATE TABLE sessions (
            id BIGINT NOT NULL PRIMARY KEY,
            user_id BIGINT NOT NULL REFERENCES users (id),
            secret_hash VARCHAR(64) NOT NULL UNIQUE,
            created_at BIGINT NOT NULL,
            last_seen_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            address VARCHAR(64),
            client VARCHAR(255)
        );
        CREATE INDEX sessions_user ON sessions (user_id, id);
        ALTER TABLE users ADD COLUMN account_kind VARCHAR(16) NOT NULL DEFAULT 'person';
        ALTER TABLE users ADD COLUMN account_expires_at BIGINT;
        CREATE TABLE robots (
            user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id),
            organisation_id BIGINT NOT NULL REFERENCES organisations (id),
            name VARCHAR(96) NOT NULL,
            created_by VARCHAR(96) NOT NULL
        );
        CREATE INDEX robots_organisation ON robots (organisation_id);
        CREATE TABLE deploy_keys (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            user_id BIGINT NOT NULL REFERENCES users (id),
            can_write SMALLINT NOT NULL,
            created_by VARCHAR(96) NOT NULL,
            PRIMARY KEY (repository_id, user_id)
        );
        CREATE INDEX deploy_keys_user ON deploy_keys (user_id);
        CREATE TABLE teams (
            id BIGINT NOT NULL PRIMARY KEY,
            organisation_id BIGINT NOT NULL REFERENCES organisations (id),
            name VARCHAR(96) NOT NULL,
            name_key VARCHAR(96) NOT NULL,
            created_at BIGINT NOT NULL,
            UNIQUE (organisation_id, name_key)
        );
        CREATE TABLE team_members (
            team_id BIGINT NOT NULL REFERENCES teams (id),
            user_id BIGINT NOT NULL REFERENCES users (id),
            created_at BIGINT NOT NULL,
            PRIMARY KEY (team_id, user_id)
        );
        CREATE INDEX team_members_user ON team_members (user_id, team_id);
        CREATE TABLE custom_roles (
            id BIGINT NOT NULL PRIMARY KEY,
            owner_key BIGINT NOT NULL,
            organisation_id BIGINT REFERENCES organisations (id),
            name VARCHAR(96) NOT NULL,
            name_key VARCHAR(96) NOT NULL,
            created_at BIGINT NOT NULL,
            UNIQUE (owner_key, name_key)
        );
        CREATE TABLE custom_role_verbs (
            role_id BIGINT NOT NULL REFERENCES custom_roles (id),
            verb VARCHAR(32) NOT NULL,
            PRIMARY KEY (role_id, verb)
        );
        ALTER TABLE grants ADD COLUMN custom_role_id BIGINT;
        CREATE TABLE grant_sources (
            grant_id BIGINT NOT NULL,
            low VARCHAR(32) NOT NULL,
            high VARCHAR(32) NOT NULL,
            block VARCHAR(64) NOT NULL,
            PRIMARY KEY (grant_id, low, high)
        );
        """
}
