extension Schema {
    /// What CSGHub's administrators say about syncing (wire/csghub.md §4.2).
    static let csghubSync = """
        CREATE TABLE csghub_sync_settings (
            id BIGINT NOT NULL PRIMARY KEY,
            token TEXT NOT NULL,
            concurrent_count BIGINT NOT NULL,
            max_bandwidth BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL
        );
        """
}
