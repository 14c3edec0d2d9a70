extension Schema {
    /// What was used of allowances that outlive the process, by day: of an upstream, a user or an organisation. And for
    /// whom mirrors fetched what they hold, where somebody may have only so much of it.
    static let egressBudgets = """
        CREATE TABLE used_allowances (
            subject VARCHAR(192) NOT NULL,
            day BIGINT NOT NULL,
            bytes BIGINT NOT NULL,
            requests BIGINT NOT NULL DEFAULT 0,
            PRIMARY KEY (subject, day)
        );
        CREATE INDEX used_allowances_day ON used_allowances (day);
        CREATE TABLE stored_shares (
            mirror VARCHAR(64) NOT NULL,
            subject VARCHAR(128) NOT NULL,
            sha256 VARCHAR(64) NOT NULL,
            bytes BIGINT NOT NULL,
            PRIMARY KEY (mirror, subject, sha256)
        );
        """
}
