extension Schema {
    /// What scans found, by blob and scanner; what waits to be scanned; what was found of whole revisions, and what
    /// upstreams say of theirs.
    static let scans = """
        CREATE TABLE scans (
            sha256 VARCHAR(64) NOT NULL,
            scanner VARCHAR(16) NOT NULL,
            version VARCHAR(96) NOT NULL,
            size BIGINT NOT NULL,
            format VARCHAR(64) NOT NULL,
            verdict VARCHAR(16) NOT NULL,
            findings TEXT NOT NULL,
            scanned_at BIGINT NOT NULL,
            milliseconds BIGINT NOT NULL,
            PRIMARY KEY (sha256, scanner)
        );
        CREATE INDEX scans_verdict ON scans (verdict, scanned_at);
        CREATE TABLE scan_queue (
            sha256 VARCHAR(64) NOT NULL PRIMARY KEY,
            priority SMALLINT NOT NULL,
            queued_at BIGINT NOT NULL,
            not_before BIGINT NOT NULL,
            attempts BIGINT NOT NULL DEFAULT 0,
            lease_owner VARCHAR(64),
            lease_until BIGINT,
            failure TEXT
        );
        CREATE INDEX scan_queue_next ON scan_queue (priority, not_before);
        CREATE TABLE scan_objects (
            object_id VARCHAR(40) NOT NULL PRIMARY KEY,
            sha256 VARCHAR(64) NOT NULL,
            size BIGINT NOT NULL
        );
        CREATE TABLE revision_scans (
            repository_id BIGINT NOT NULL,
            commit_id VARCHAR(40) NOT NULL,
            version VARCHAR(96) NOT NULL,
            verdict VARCHAR(16) NOT NULL,
            findings TEXT NOT NULL,
            files BIGINT NOT NULL,
            scanned_at BIGINT NOT NULL,
            PRIMARY KEY (repository_id, commit_id)
        );
        CREATE INDEX revision_scans_verdict ON revision_scans (verdict, scanned_at);
        CREATE TABLE upstream_scans (
            repository_id BIGINT NOT NULL,
            commit_id VARCHAR(40) NOT NULL,
            upstream VARCHAR(64) NOT NULL,
            is_done SMALLINT NOT NULL,
            issues TEXT NOT NULL,
            asked_at BIGINT NOT NULL,
            PRIMARY KEY (repository_id, commit_id)
        );
        CREATE INDEX blobs_stored ON blobs (stored_at, sha256);
        """
}
