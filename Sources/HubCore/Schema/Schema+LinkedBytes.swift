extension Schema {
    /// How many bytes of large files each repository has, kept as links come and go: whoever lists a hundred thousand
    /// repositories would have to read every link of every file for their sizes.
    static let linkedBytes = """
        CREATE TABLE linked_bytes (
            repository_id BIGINT NOT NULL PRIMARY KEY,
            bytes BIGINT NOT NULL
        );
        INSERT INTO linked_bytes (repository_id, bytes)
            SELECT repository_id, CAST(SUM(size) AS BIGINT) FROM links GROUP BY repository_id;

        """
        + change("linked", "INSERT ON links", add: "NEW")
        + change("unlinked", "DELETE ON links", subtract: "OLD")
        + change(
            "relinked", "UPDATE OF size, repository_id ON links", add: "NEW", subtract: "OLD",
            when: "WHEN NEW.size IS NOT OLD.size OR NEW.repository_id IS NOT OLD.repository_id")
            + """
            CREATE TRIGGER bytes_forgotten AFTER DELETE ON repositories BEGIN
                DELETE FROM linked_bytes WHERE repository_id = OLD.id;
            END;
            """

    /// A trigger; PostgreSQL and MariaDB write the same in their own words.
    private static func change(
        _ name: String, _ event: String, add: String? = nil, subtract: String? = nil, when condition: String = ""
    ) -> String {
        let steps = [subtract.map { ($0, "-") }, add.map { ($0, "") }].compactMap { $0 }.map { row, sign in
            """
                INSERT INTO linked_bytes (repository_id, bytes) VALUES (\(row).repository_id, \(sign)\(row).size)
                ON CONFLICT (repository_id) DO UPDATE SET bytes = bytes + excluded.bytes;

            """
        }
        return """
            CREATE TRIGGER bytes_\(name) AFTER \(event) \(condition) BEGIN
            \(steps.joined())END;

            """
    }
}
