extension Schema {
    /// What CSGHub's clients say of accounts beyond their names, what tokens are for, and the categories of the kinds
    /// that only CSGHub has.
    static let csghubAccounts = """
        ALTER TABLE access_tokens ADD COLUMN application VARCHAR(16);
        CREATE TABLE user_profiles (
            user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id),
            nickname VARCHAR(255) NOT NULL,
            email VARCHAR(255) NOT NULL,
            avatar VARCHAR(1024) NOT NULL,
            homepage VARCHAR(1024) NOT NULL,
            bio VARCHAR(2048) NOT NULL
        );
        CREATE TABLE organisation_profiles (
            organisation_id BIGINT NOT NULL PRIMARY KEY REFERENCES organisations (id),
            description VARCHAR(2048) NOT NULL,
            homepage VARCHAR(1024) NOT NULL,
            logo VARCHAR(1024) NOT NULL,
            type VARCHAR(64) NOT NULL
        );
        INSERT INTO tag_categories (id, name, scope, show_name, is_enabled, is_built_in) VALUES
            (15, 'license', 'prompt', 'Licenses', 1, 1), (16, 'language', 'prompt', 'Languages', 1, 1),
            (17, 'license', 'mcpserver', 'Licenses', 1, 1), (18, 'task', 'mcpserver', 'Tasks', 1, 1),
            (19, 'program_language', 'mcpserver', 'Programming languages', 1, 1),
            (20, 'runmode', 'mcpserver', 'Modes', 1, 1), (21, 'publisher', 'mcpserver', 'Publishers', 1, 1),
            (22, 'task', 'skill', 'Tasks', 1, 1), (23, 'license', 'skill', 'Licenses', 1, 1),
            (24, 'framework', 'dataset', 'Frameworks', 1, 1), (25, 'language', 'space', 'Languages', 1, 1),
            (26, 'industry', 'code', 'Industries', 1, 1), (27, 'industry', 'space', 'Industries', 1, 1);
        """
}
