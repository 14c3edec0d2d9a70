extension Schema {
    /// What nothing named when the collector last looked, since when, and what its file looked like then; and what the
    /// collector has to remember from one run to the next.
    static let reclaiming = """
        CREATE TABLE gc_marks (
            kind VARCHAR(16) NOT NULL,
            name VARCHAR(64) NOT NULL,
            bytes BIGINT NOT NULL,
            stamp BIGINT NOT NULL,
            marked_at BIGINT NOT NULL,
            PRIMARY KEY (kind, name)
        );
        CREATE INDEX gc_marks_due ON gc_marks (kind, marked_at);
        CREATE TABLE gc_state (
            name VARCHAR(32) NOT NULL PRIMARY KEY,
            content TEXT NOT NULL
        );
        """
}
