extension Schema {
    /// What cards say, as rows: filters and counts are answered from them. `card_states` says which README the rows and
    /// the full-text index were made from, and by which release of the reader.
    static let search = """
        CREATE TABLE repository_facets (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            tag_key VARCHAR(255) NOT NULL,
            tag VARCHAR(255) NOT NULL,
            facet VARCHAR(32) NOT NULL,
            content VARCHAR(255) NOT NULL,
            PRIMARY KEY (repository_id, tag_key)
        );
        CREATE INDEX repository_facets_tag ON repository_facets (tag_key, repository_id);
        CREATE TABLE card_states (
            repository_id BIGINT NOT NULL PRIMARY KEY REFERENCES repositories (id),
            readme VARCHAR(40),
            reader BIGINT NOT NULL
        );
        CREATE INDEX repositories_created ON repositories (kind, created_at, id);
        CREATE INDEX repositories_downloads ON repositories (kind, downloads, id);
        CREATE INDEX repositories_likes ON repositories (kind, likes, id);
        """
}
