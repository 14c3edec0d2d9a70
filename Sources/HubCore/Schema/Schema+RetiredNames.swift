extension Schema {
    /// Names that repositories had before they were removed or moved, and who had made those.
    static let retiredNames = """
        CREATE TABLE retired_names (
            kind VARCHAR(16) NOT NULL,
            namespace_key VARCHAR(96) NOT NULL,
            name_key VARCHAR(96) NOT NULL,
            created_by BIGINT,
            retired_at BIGINT NOT NULL,
            PRIMARY KEY (kind, namespace_key, name_key)
        );
        """
}
