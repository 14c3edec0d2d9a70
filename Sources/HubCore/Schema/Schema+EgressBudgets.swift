extension Schema {
    /// What was used of an allowance that outlives the process: of an upstream, a user or an organisation, by day.
    static let egressBudgets = """
        CREATE TABLE used_allowances (
            subject VARCHAR(192) NOT NULL,
            day BIGINT NOT NULL,
            bytes BIGINT NOT NULL,
            requests BIGINT NOT NULL DEFAULT 0,
            PRIMARY KEY (subject, day)
        );
        """
}
