extension Schema {
    /// What people are told. What is about no repository of this hub keeps its name alone.
    static let notifications = """
        CREATE TABLE notifications (
            id BIGINT NOT NULL PRIMARY KEY,
            user_id BIGINT NOT NULL REFERENCES users (id),
            kind VARCHAR(16) NOT NULL,
            repository_id BIGINT REFERENCES repositories (id),
            place_kind VARCHAR(16) NOT NULL,
            namespace VARCHAR(96) NOT NULL,
            name VARCHAR(96) NOT NULL,
            number BIGINT,
            title VARCHAR(255) NOT NULL,
            actor VARCHAR(96) NOT NULL,
            is_read SMALLINT NOT NULL DEFAULT 0,
            created_at BIGINT NOT NULL
        );
        CREATE INDEX notifications_user ON notifications (user_id, is_read, id);
        CREATE INDEX notifications_repository ON notifications (repository_id);
        """
}
