extension Schema {
    /// What scrubs found in what is stored, and how far the one that goes on is.
    ///
    /// `repository` is 0 for what belongs to none, and no foreign key: a finding outlives what it is about.
    static let scrubbing = """
        CREATE TABLE scrub_runs (
            id BIGINT NOT NULL PRIMARY KEY,
            started_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            finished_at BIGINT,
            position TEXT NOT NULL,
            counts TEXT NOT NULL
        );
        CREATE TABLE scrub_damages (
            kind VARCHAR(16) NOT NULL,
            name VARCHAR(255) NOT NULL,
            repository BIGINT NOT NULL,
            reason TEXT NOT NULL,
            found_at BIGINT NOT NULL,
            healed_at BIGINT,
            source TEXT,
            PRIMARY KEY (kind, name, repository)
        );
        CREATE INDEX scrub_damages_found ON scrub_damages (found_at);
        """
}
