extension Schema {
    /// Whether an organisation's new repositories are private where their maker does not say.
    static let privateByDefault = """
        ALTER TABLE organisation_profiles ADD COLUMN is_private_by_default SMALLINT NOT NULL DEFAULT 0;
        """
}
