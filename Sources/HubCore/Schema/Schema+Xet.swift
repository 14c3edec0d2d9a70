extension Schema {
    /// Xorbs, who uploaded them, and what files are made of them.
    ///
    /// A name is a hash in Xet's text form. What is in a xorb its file says itself.
    static let xet = """
        CREATE TABLE xet_xorbs (
            hash VARCHAR(64) NOT NULL PRIMARY KEY,
            size BIGINT NOT NULL,
            stored_at BIGINT NOT NULL
        );
        CREATE TABLE xet_uploads (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            hash VARCHAR(64) NOT NULL,
            uploaded_at BIGINT NOT NULL,
            PRIMARY KEY (repository_id, hash)
        );
        CREATE INDEX xet_uploads_hash ON xet_uploads (hash);
        CREATE TABLE xet_files (
            hash VARCHAR(64) NOT NULL PRIMARY KEY,
            id BIGINT NOT NULL,
            sha256 VARCHAR(64) NOT NULL,
            size BIGINT NOT NULL,
            created_at BIGINT NOT NULL
        );
        CREATE INDEX xet_files_sha256 ON xet_files (sha256);
        CREATE TABLE xet_terms (
            file_id BIGINT NOT NULL,
            number BIGINT NOT NULL,
            file_offset BIGINT NOT NULL,
            xorb VARCHAR(64) NOT NULL,
            first_chunk BIGINT NOT NULL,
            end_chunk BIGINT NOT NULL,
            content_bytes BIGINT NOT NULL,
            PRIMARY KEY (file_id, number)
        );
        CREATE INDEX xet_terms_offset ON xet_terms (file_id, file_offset);
        CREATE INDEX xet_terms_xorb ON xet_terms (xorb);
        """

    /// Who sent which xorb of one chunk. It outlives the repository it was sent to: clients remember for weeks what they
    /// sent, and send no more than the shard when it is wanted elsewhere.
    static let xetUploaders = """
        CREATE TABLE xet_uploaders (
            user_id BIGINT NOT NULL,
            hash VARCHAR(64) NOT NULL,
            uploaded_at BIGINT NOT NULL,
            PRIMARY KEY (user_id, hash)
        );
        """
}
