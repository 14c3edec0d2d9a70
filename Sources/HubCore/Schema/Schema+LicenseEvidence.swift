extension Schema {
    /// What was found out about licences: texts and declarations of commits, and what each was made from.
    ///
    /// `evidence` is JSON. Edges name what a card names, as it names it: whether that is here is looked up when somebody
    /// asks, for it may come later.
    static let licenseEvidence = """
        CREATE TABLE license_evidence (
            repository_id BIGINT NOT NULL,
            commit_id VARCHAR(40) NOT NULL,
            classifier VARCHAR(96) NOT NULL,
            evidence TEXT NOT NULL,
            found_at BIGINT NOT NULL,
            PRIMARY KEY (repository_id, commit_id)
        );
        CREATE TABLE lineage_edges (
            repository_id BIGINT NOT NULL,
            commit_id VARCHAR(40) NOT NULL,
            relation VARCHAR(16) NOT NULL,
            kind VARCHAR(16) NOT NULL,
            path_key VARCHAR(255) NOT NULL,
            path VARCHAR(255) NOT NULL,
            PRIMARY KEY (repository_id, commit_id, relation, kind, path_key)
        );
        CREATE INDEX lineage_edges_path ON lineage_edges (kind, path_key, repository_id);
        """
}
