extension Schema {
    /// Long work, who does it now, how far it is, and what happened, in order.
    ///
    /// `active_key` is `unique_key` while the job has not ended, so that the index keeps a second one away. A lease is
    /// `lease_owner`, `lease_epoch` and `lease_until`; it may outlive the state `running` until its holder lets go.
    static let jobs = """
        CREATE TABLE jobs (
            id BIGINT NOT NULL PRIMARY KEY,
            kind VARCHAR(32) NOT NULL,
            subject VARCHAR(512) NOT NULL,
            unique_key VARCHAR(512),
            active_key VARCHAR(512),
            account VARCHAR(128) NOT NULL,
            requested_by VARCHAR(96),
            mirror VARCHAR(64),
            run_id BIGINT,
            priority SMALLINT NOT NULL,
            payload TEXT NOT NULL,
            state VARCHAR(16) NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            not_before BIGINT NOT NULL DEFAULT 0,
            waits_for TEXT,
            lease_owner VARCHAR(64),
            lease_epoch BIGINT NOT NULL DEFAULT 0,
            lease_until BIGINT,
            files_total BIGINT NOT NULL DEFAULT 0,
            files_done BIGINT NOT NULL DEFAULT 0,
            files_failed BIGINT NOT NULL DEFAULT 0,
            bytes_total BIGINT NOT NULL DEFAULT 0,
            bytes_done BIGINT NOT NULL DEFAULT 0,
            bytes_fetched BIGINT NOT NULL DEFAULT 0,
            upstream VARCHAR(64),
            failure_code VARCHAR(64),
            failure TEXT,
            created_at BIGINT NOT NULL,
            started_at BIGINT,
            updated_at BIGINT NOT NULL,
            finished_at BIGINT
        );
        CREATE UNIQUE INDEX jobs_active_key ON jobs (active_key);
        CREATE INDEX jobs_waiting ON jobs (state, priority, account, not_before, id);
        CREATE INDEX jobs_leased ON jobs (lease_owner, account);
        CREATE INDEX jobs_account ON jobs (account, state);
        CREATE INDEX jobs_run ON jobs (run_id, state);
        CREATE INDEX jobs_subject ON jobs (subject, id);
        CREATE INDEX jobs_finished ON jobs (finished_at);
        CREATE TABLE job_files (
            job_id BIGINT NOT NULL REFERENCES jobs (id),
            path VARCHAR(1024) NOT NULL,
            sha256 VARCHAR(64),
            size BIGINT NOT NULL,
            state VARCHAR(16) NOT NULL,
            bytes BIGINT NOT NULL DEFAULT 0,
            failure TEXT,
            PRIMARY KEY (job_id, path)
        );
        CREATE TABLE job_events (
            sequence BIGINT NOT NULL PRIMARY KEY,
            job_id BIGINT,
            kind VARCHAR(48) NOT NULL,
            subject VARCHAR(512) NOT NULL,
            content TEXT NOT NULL,
            created_at BIGINT NOT NULL
        );
        CREATE INDEX job_events_job ON job_events (job_id, sequence);
        """
}
