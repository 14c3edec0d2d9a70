extension Schema {
    /// Grants that are about some paths or refs of a repository only.
    static let narrowGrants = """
        ALTER TABLE grants ADD COLUMN path_pattern VARCHAR(1024);
        ALTER TABLE grants ADD COLUMN ref_pattern VARCHAR(255);
        """
}
