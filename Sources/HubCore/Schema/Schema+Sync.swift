extension Schema {
    /// When mirrors fetched ahead, and what came of it.
    static let sync = """
        CREATE TABLE sync_runs (
            id BIGINT NOT NULL PRIMARY KEY,
            mirror VARCHAR(64) NOT NULL,
            cause VARCHAR(16) NOT NULL,
            requested_by VARCHAR(96),
            due_at BIGINT,
            report TEXT,
            started_at BIGINT NOT NULL,
            finished_at BIGINT
        );
        CREATE INDEX sync_runs_mirror ON sync_runs (mirror, started_at);
        """
}
