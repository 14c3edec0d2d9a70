extension Schema {
    /// Air-gap bundles that went out and came in, and what was in them by digest.
    ///
    /// `state` is `complete`, or `partial` when the importer's policy left something out, so that the same bundle may come
    /// again. `statement` is the signed payload as it was read.
    static let bundles = """
        CREATE TABLE bundles (
            id BIGINT NOT NULL PRIMARY KEY,
            bundle_id VARCHAR(64) NOT NULL,
            direction VARCHAR(3) NOT NULL,
            seq BIGINT NOT NULL,
            key_id VARCHAR(64) NOT NULL,
            recipient VARCHAR(255),
            made_at BIGINT NOT NULL,
            handled_at BIGINT NOT NULL,
            handled_by VARCHAR(96) NOT NULL,
            bytes BIGINT NOT NULL,
            state VARCHAR(16) NOT NULL,
            file TEXT,
            statement TEXT NOT NULL,
            UNIQUE (bundle_id, direction)
        );
        CREATE INDEX bundles_key ON bundles (direction, key_id, made_at);
        CREATE TABLE bundle_contents (
            bundle BIGINT NOT NULL REFERENCES bundles (id),
            sha256 VARCHAR(64) NOT NULL,
            size BIGINT NOT NULL,
            PRIMARY KEY (bundle, sha256)
        );
        CREATE INDEX bundle_contents_sha256 ON bundle_contents (sha256);
        CREATE TABLE bundle_repositories (
            bundle BIGINT NOT NULL REFERENCES bundles (id),
            kind VARCHAR(16) NOT NULL,
            path VARCHAR(255) NOT NULL,
            commit_id VARCHAR(40) NOT NULL,
            outcome VARCHAR(16) NOT NULL,
            reason TEXT,
            PRIMARY KEY (bundle, kind, path)
        );
        """
}
