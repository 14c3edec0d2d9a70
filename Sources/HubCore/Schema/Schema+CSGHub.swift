extension Schema {
    /// The vocabulary of tags and who carries which beside its card, and the numbers by which CSGHub's clients know
    /// discussions of any repository.
    static let csghub = """
        CREATE TABLE tag_categories (
            id BIGINT NOT NULL PRIMARY KEY,
            name VARCHAR(64) NOT NULL,
            scope VARCHAR(16) NOT NULL,
            show_name VARCHAR(128) NOT NULL,
            is_enabled SMALLINT NOT NULL DEFAULT 1,
            is_built_in SMALLINT NOT NULL DEFAULT 0,
            UNIQUE (name, scope)
        );
        CREATE TABLE tags (
            id BIGINT NOT NULL PRIMARY KEY,
            name VARCHAR(128) NOT NULL,
            category VARCHAR(64) NOT NULL,
            tag_group VARCHAR(64) NOT NULL,
            scope VARCHAR(16) NOT NULL,
            is_built_in SMALLINT NOT NULL DEFAULT 0,
            show_name VARCHAR(128) NOT NULL,
            i18n_key VARCHAR(128) NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            UNIQUE (name, category, scope)
        );
        CREATE TABLE repository_tags (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            category VARCHAR(64) NOT NULL,
            name VARCHAR(128) NOT NULL,
            flat VARCHAR(255) NOT NULL,
            PRIMARY KEY (repository_id, category, name)
        );
        CREATE INDEX repository_tags_flat ON repository_tags (flat, repository_id);
        CREATE TABLE discussion_identifiers (
            id BIGINT NOT NULL PRIMARY KEY,
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            num BIGINT NOT NULL,
            UNIQUE (repository_id, num)
        );
        INSERT INTO tag_categories (id, name, scope, show_name, is_enabled, is_built_in) VALUES
            (1, 'task', 'model', 'Tasks', 1, 1), (2, 'task', 'dataset', 'Tasks', 1, 1),
            (3, 'license', 'model', 'Licenses', 1, 1), (4, 'license', 'dataset', 'Licenses', 1, 1),
            (5, 'license', 'code', 'Licenses', 1, 1), (6, 'license', 'space', 'Licenses', 1, 1),
            (7, 'framework', 'model', 'Frameworks', 1, 1), (8, 'size', 'dataset', 'Sizes', 1, 1),
            (9, 'language', 'model', 'Languages', 1, 1), (10, 'language', 'dataset', 'Languages', 1, 1),
            (11, 'language', 'code', 'Languages', 1, 1), (12, 'evaluation', 'dataset', 'Evaluation', 1, 1),
            (13, 'industry', 'model', 'Industries', 1, 1), (14, 'industry', 'dataset', 'Industries', 1, 1);
        """
}
