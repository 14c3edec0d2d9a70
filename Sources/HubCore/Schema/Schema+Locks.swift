extension Schema {
    /// Who has reserved which path of a repository by `git lfs lock`.
    ///
    /// Paths may be longer than an index takes everywhere, so the SHA-256 of the path is what is unique.
    static let locks = """
        CREATE TABLE file_locks (
            id BIGINT NOT NULL PRIMARY KEY,
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            path_hash VARCHAR(64) NOT NULL,
            path TEXT NOT NULL,
            ref VARCHAR(255),
            user_id BIGINT NOT NULL,
            locked_at BIGINT NOT NULL,
            UNIQUE (repository_id, path_hash)
        );
        CREATE INDEX file_locks_of_repository ON file_locks (repository_id, id);
        """
}
