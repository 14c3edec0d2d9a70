extension Schema {
    /// What comments said before, who hid them, and what applications in spaces are told.
    static let people = """
        CREATE TABLE comment_versions (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            event_id BIGINT NOT NULL,
            version BIGINT NOT NULL,
            num BIGINT NOT NULL,
            author_id BIGINT NOT NULL,
            content TEXT NOT NULL,
            written_at BIGINT NOT NULL,
            PRIMARY KEY (repository_id, event_id, version)
        );
        CREATE INDEX comment_versions_num ON comment_versions (repository_id, num, event_id);
        ALTER TABLE discussion_events ADD COLUMN hidden_by BIGINT;
        ALTER TABLE discussion_events ADD COLUMN hidden_at BIGINT;
        CREATE TABLE space_entries (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            kind VARCHAR(16) NOT NULL,
            name VARCHAR(128) NOT NULL,
            content TEXT NOT NULL,
            description VARCHAR(1024) NOT NULL,
            updated_at BIGINT NOT NULL,
            PRIMARY KEY (repository_id, kind, name)
        );
        """
}
