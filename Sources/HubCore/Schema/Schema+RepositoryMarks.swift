extension Schema {
    /// Which repositories changed in something that lists show, in order: whoever keeps lists in memory reads again what
    /// was marked since. A mark outlives its repository, so that nobody misses its end.
    static let repositoryMarks = """
        CREATE TABLE repository_marks (
            repository_id BIGINT NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL
        );
        CREATE INDEX repository_marks_version ON repository_marks (version);
        """
        + mark("inserted", "INSERT ON repositories", "NEW.id")
        + mark("deleted", "DELETE ON repositories", "OLD.id")
        + mark(
            "updated",
            """
            UPDATE OF kind, namespace, name, visibility, origin, head, card, tags, updated_at, downloads, likes, git_bytes
            ON repositories
            """, "NEW.id")
        + mark("facet_added", "INSERT ON repository_facets", "NEW.repository_id")
        + mark("facet_removed", "DELETE ON repository_facets", "OLD.repository_id")
        + mark("tag_added", "INSERT ON repository_tags", "NEW.repository_id")
        + mark("tag_removed", "DELETE ON repository_tags", "OLD.repository_id")
        + mark("setting_added", "INSERT ON repository_settings", "NEW.repository_id")
        + mark("setting_changed", "UPDATE ON repository_settings", "NEW.repository_id")
        + mark("setting_removed", "DELETE ON repository_settings", "OLD.repository_id")
        + mark("acquired", "INSERT ON acquired_commits", "NEW.repository_id")
        + mark("let_go", "DELETE ON acquired_commits", "OLD.repository_id")
        + mark("compared", "INSERT ON mirror_states", "NEW.repository_id")
        + mark(
            "compared_again", "UPDATE OF changed_at ON mirror_states", "NEW.repository_id",
            when: "WHEN NEW.changed_at IS NOT OLD.changed_at")
            + """
            CREATE TRIGGER mark_described AFTER UPDATE OF commit_id, size, parameters, likes, downloads ON remote_repositories
            BEGIN
                INSERT INTO repository_marks (repository_id, version)
                SELECT r.id, (SELECT COALESCE(MAX(version), 0) + 1 FROM repository_marks)
                FROM catalogue_sources s JOIN repositories r ON r.mirror = s.mirror AND r.upstream = s.upstream
                    AND r.kind = NEW.kind AND r.upstream_key = NEW.path_key
                WHERE s.id = NEW.source_id
                ON CONFLICT (repository_id) DO UPDATE SET version = excluded.version;
            END;
            INSERT INTO repository_marks (repository_id, version) SELECT id, 1 FROM repositories;
            """

    /// A trigger; PostgreSQL and MariaDB write the same in their own words.
    private static func mark(_ name: String, _ event: String, _ key: String, when condition: String = "") -> String {
        """
        CREATE TRIGGER mark_\(name) AFTER \(event) \(condition) BEGIN
            INSERT INTO repository_marks (repository_id, version)
            VALUES (\(key), (SELECT COALESCE(MAX(version), 0) + 1 FROM repository_marks))
            ON CONFLICT (repository_id) DO UPDATE SET version = excluded.version;
        END;

        """
    }
}
