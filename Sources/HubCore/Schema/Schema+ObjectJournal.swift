extension Schema {
    /// Git objects whose files are not durable yet: the objects of one commit in a row.
    static let objectJournal = """
        CREATE TABLE object_journal (
            id BIGINT NOT NULL PRIMARY KEY,
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            content BLOB NOT NULL
        );
        CREATE INDEX object_journal_repository ON object_journal (repository_id);
        """
}
