extension Schema {
    /// When mirrors fetched ahead and what came of it, and what disappeared above.
    ///
    /// `due_at` is unique for each mirror, so that of several processes one begins what is due.
    static let sync = """
        CREATE TABLE sync_runs (
            id BIGINT NOT NULL PRIMARY KEY,
            mirror VARCHAR(64) NOT NULL,
            cause VARCHAR(16) NOT NULL,
            requested_by VARCHAR(96),
            due_at BIGINT,
            state VARCHAR(16) NOT NULL,
            planning_job BIGINT,
            report TEXT,
            started_at BIGINT NOT NULL,
            finished_at BIGINT,
            UNIQUE (mirror, due_at)
        );
        CREATE INDEX sync_runs_mirror ON sync_runs (mirror, started_at);
        CREATE INDEX sync_runs_open ON sync_runs (finished_at);
        CREATE TABLE sync_outcomes (
            run_id BIGINT NOT NULL,
            subject VARCHAR(300) NOT NULL,
            state VARCHAR(16) NOT NULL,
            reason TEXT,
            job_id BIGINT,
            files BIGINT NOT NULL DEFAULT 0,
            files_failed BIGINT NOT NULL DEFAULT 0,
            bytes_fetched BIGINT NOT NULL DEFAULT 0,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (run_id, subject)
        );
        CREATE TABLE sync_schedules (
            mirror VARCHAR(64) NOT NULL PRIMARY KEY,
            cron VARCHAR(255) NOT NULL,
            seed BIGINT NOT NULL,
            since BIGINT NOT NULL
        );
        CREATE TABLE synced_heads (
            repository_id BIGINT NOT NULL PRIMARY KEY,
            commit_id VARCHAR(40) NOT NULL,
            policy VARCHAR(128) NOT NULL,
            synced_at BIGINT NOT NULL
        );
        CREATE TABLE mirror_absences (
            repository_id BIGINT NOT NULL PRIMARY KEY,
            state VARCHAR(16) NOT NULL,
            treatment VARCHAR(16) NOT NULL,
            message TEXT NOT NULL,
            since BIGINT NOT NULL
        );
        """
}
