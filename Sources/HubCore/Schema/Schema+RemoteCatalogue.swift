extension Schema {
    /// What upstreams have, as they tell it, whether or not anything of it is here.
    ///
    /// `due_at` is when an upstream is to be asked about a repository; null when nothing is to be asked. Numbers that
    /// lists are sorted by are never null, so that indexes hold them: -1 stands for what nobody knows.
    static let remoteCatalogue = """
        CREATE TABLE catalogue_sources (
            id BIGINT NOT NULL PRIMARY KEY,
            mirror VARCHAR(64) NOT NULL,
            upstream VARCHAR(64) NOT NULL,
            phase VARCHAR(16) NOT NULL,
            feed_version BIGINT NOT NULL DEFAULT 0,
            listing_cursor TEXT,
            listing_started_at BIGINT,
            listed_at BIGINT,
            is_bounded SMALLINT NOT NULL DEFAULT 0,
            started_at BIGINT NOT NULL,
            read_at BIGINT,
            waits_for TEXT,
            waits_until BIGINT,
            failed_at BIGINT,
            failure TEXT,
            refresh_asked_at BIGINT,
            UNIQUE (mirror, upstream)
        );
        CREATE TABLE remote_repositories (
            id BIGINT NOT NULL PRIMARY KEY,
            source_id BIGINT NOT NULL REFERENCES catalogue_sources (id),
            kind VARCHAR(16) NOT NULL,
            path VARCHAR(255) NOT NULL,
            path_key VARCHAR(255) NOT NULL,
            author_key VARCHAR(255) NOT NULL,
            state VARCHAR(16) NOT NULL,
            state_reason TEXT,
            state_since BIGINT NOT NULL,
            is_private SMALLINT NOT NULL DEFAULT 0,
            description TEXT NOT NULL,
            commit_id VARCHAR(40),
            downloads BIGINT NOT NULL DEFAULT -1,
            likes BIGINT NOT NULL DEFAULT -1,
            size BIGINT NOT NULL DEFAULT -1,
            parameters BIGINT NOT NULL DEFAULT -1,
            created_at BIGINT NOT NULL DEFAULT -1,
            updated_at BIGINT NOT NULL DEFAULT -1,
            feed_version BIGINT NOT NULL DEFAULT 0,
            seen_at BIGINT NOT NULL,
            described_at BIGINT,
            due_at BIGINT,
            attempts BIGINT NOT NULL DEFAULT 0,
            UNIQUE (source_id, kind, path_key)
        );
        CREATE INDEX remote_repositories_due ON remote_repositories (source_id, due_at);
        CREATE INDEX remote_repositories_state ON remote_repositories (source_id, state, kind);
        CREATE INDEX remote_repositories_author ON remote_repositories (author_key, id);
        CREATE INDEX remote_repositories_path ON remote_repositories (path_key, id);
        CREATE INDEX remote_repositories_updated ON remote_repositories (updated_at, id);
        CREATE INDEX remote_repositories_created ON remote_repositories (created_at, id);
        CREATE INDEX remote_repositories_downloads ON remote_repositories (downloads, id);
        CREATE INDEX remote_repositories_likes ON remote_repositories (likes, id);
        CREATE INDEX remote_repositories_size ON remote_repositories (size, id);
        CREATE INDEX remote_repositories_parameters ON remote_repositories (parameters, id);
        CREATE TABLE remote_facets (
            remote_id BIGINT NOT NULL REFERENCES remote_repositories (id),
            facet VARCHAR(16) NOT NULL,
            content_key VARCHAR(255) NOT NULL,
            content VARCHAR(255) NOT NULL,
            PRIMARY KEY (remote_id, facet, content_key)
        );
        CREATE INDEX remote_facets_content ON remote_facets (facet, content_key, remote_id);
        CREATE TABLE remote_changes (
            source_id BIGINT NOT NULL REFERENCES catalogue_sources (id),
            version BIGINT NOT NULL,
            remote_id BIGINT NOT NULL,
            seen_at BIGINT NOT NULL,
            PRIMARY KEY (source_id, version)
        );
        CREATE INDEX remote_changes_remote ON remote_changes (remote_id, seen_at);
        CREATE TABLE feed_removals (
            version BIGINT NOT NULL PRIMARY KEY,
            kind VARCHAR(16) NOT NULL,
            path VARCHAR(255) NOT NULL,
            visibility VARCHAR(16) NOT NULL,
            removed_at BIGINT NOT NULL
        );
        ALTER TABLE repositories ADD COLUMN upstream_key VARCHAR(255);
        UPDATE repositories SET upstream_key = LOWER(upstream_path);
        CREATE INDEX repositories_upstream ON repositories (mirror, upstream, kind, upstream_key);
        """
}
