package import SQL

/// The numbered migrations, one set for every database (portable DDL as the design lists it).
package enum Schema {
    package static let migrations: [Migration] = [
        Migration(number: 1, name: "trunk", sql: trunk),
        Migration(number: 2, name: "writes", sql: writes),
        Migration(number: 3, name: "locks", sql: locks),
        Migration(number: 4, name: "xet", sql: xet),
        Migration(number: 5, name: "ssh-keys", sql: sshKeys),
        Migration(number: 6, name: "identity", sql: identity),
        Migration(number: 7, name: "csghub", sql: csghub),
        Migration(number: 8, name: "community", sql: community),
        Migration(number: 9, name: "accounts", sql: accounts),
        Migration(number: 10, name: "quotas", sql: quotas),
        Migration(number: 11, name: "csghub-accounts", sql: csghubAccounts),
        Migration(number: 12, name: "search", sql: search),
        Migration(number: 13, name: "retired-names", sql: retiredNames),
        Migration(number: 14, name: "xet-uploaders", sql: xetUploaders),
        Migration(number: 15, name: "object-journal", sql: objectJournal),
        Migration(number: 16, name: "private-by-default", sql: privateByDefault),
        Migration(number: 17, name: "people", sql: people),
        Migration(number: 18, name: "narrow-grants", sql: narrowGrants),
        Migration(number: 19, name: "reclaiming", sql: reclaiming),
        Migration(number: 20, name: "jobs", sql: jobs),
        Migration(number: 21, name: "remote-catalogue", sql: remoteCatalogue),
        Migration(number: 22, name: "sync", sql: sync),
        Migration(number: 23, name: "retention", sql: retention),
        Migration(number: 24, name: "egress-budgets", sql: egressBudgets),
        Migration(number: 25, name: "csghub-sync", sql: csghubSync),
        Migration(number: 26, name: "license-evidence", sql: licenseEvidence),
        Migration(number: 27, name: "scans", sql: scans),
        Migration(number: 28, name: "approvals", sql: approvals),
        Migration(number: 29, name: "tombstones", sql: tombstones),
        Migration(number: 30, name: "statements", sql: statements),
        Migration(number: 31, name: "transparency", sql: transparency),
        Migration(number: 32, name: "scrubbing", sql: scrubbing),
        Migration(number: 33, name: "bundles", sql: bundles),
        Migration(number: 34, name: "recommendation", sql: recommendation),
        Migration(number: 35, name: "repository-marks", sql: repositoryMarks),
        Migration(number: 36, name: "approval-reasons", sql: approvalReasons),
        Migration(number: 37, name: "linked-bytes", sql: linkedBytes),
        Migration(number: 38, name: "notifications", sql: notifications),
        Migration(number: 39, name: "staged-blobs-by-digest", sql: stagedBlobsByDigest),
    ]

    /// Accounts, repositories, refs, blobs and what links them, mirrors and provenance.
    private static let trunk = """
        CREATE TABLE users (
            id BIGINT NOT NULL PRIMARY KEY,
            name VARCHAR(96) NOT NULL,
            name_key VARCHAR(96) NOT NULL UNIQUE,
            is_administrator SMALLINT NOT NULL DEFAULT 0,
            is_disabled SMALLINT NOT NULL DEFAULT 0,
            created_at BIGINT NOT NULL
        );
        CREATE TABLE access_tokens (
            id BIGINT NOT NULL PRIMARY KEY,
            user_id BIGINT NOT NULL REFERENCES users (id),
            name VARCHAR(96) NOT NULL,
            token_hash VARCHAR(64) NOT NULL UNIQUE,
            last_four VARCHAR(4) NOT NULL,
            scope VARCHAR(16) NOT NULL,
            created_at BIGINT NOT NULL,
            expires_at BIGINT,
            revoked_at BIGINT
        );
        CREATE TABLE namespaces (
            name_key VARCHAR(96) NOT NULL PRIMARY KEY,
            name VARCHAR(96) NOT NULL,
            origin VARCHAR(16) NOT NULL,
            mirror VARCHAR(64),
            created_at BIGINT NOT NULL
        );
        CREATE TABLE repositories (
            id BIGINT NOT NULL PRIMARY KEY,
            kind VARCHAR(16) NOT NULL,
            namespace VARCHAR(96) NOT NULL,
            namespace_key VARCHAR(96) NOT NULL,
            name VARCHAR(96) NOT NULL,
            name_key VARCHAR(96) NOT NULL,
            visibility VARCHAR(16) NOT NULL,
            origin VARCHAR(16) NOT NULL,
            mirror VARCHAR(64),
            upstream VARCHAR(64),
            upstream_path VARCHAR(255),
            default_branch VARCHAR(255) NOT NULL,
            head VARCHAR(40),
            card TEXT,
            tags TEXT,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            downloads BIGINT NOT NULL DEFAULT 0,
            likes BIGINT NOT NULL DEFAULT 0,
            UNIQUE (kind, namespace_key, name_key)
        );
        CREATE INDEX repositories_updated ON repositories (kind, updated_at, id);
        CREATE TABLE refs (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            name VARCHAR(255) NOT NULL,
            target VARCHAR(40) NOT NULL,
            peeled VARCHAR(40),
            PRIMARY KEY (repository_id, name)
        );
        CREATE TABLE blobs (
            sha256 VARCHAR(64) NOT NULL PRIMARY KEY,
            size BIGINT NOT NULL,
            stored_at BIGINT NOT NULL
        );
        CREATE TABLE links (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            sha256 VARCHAR(64) NOT NULL,
            size BIGINT NOT NULL,
            commit_id VARCHAR(40),
            path TEXT,
            is_proved SMALLINT NOT NULL DEFAULT 0,
            PRIMARY KEY (repository_id, sha256)
        );
        CREATE INDEX links_sha256 ON links (sha256);
        CREATE TABLE mirror_states (
            repository_id BIGINT NOT NULL PRIMARY KEY REFERENCES repositories (id),
            checked_at BIGINT NOT NULL,
            changed_at BIGINT,
            failed_at BIGINT,
            failure TEXT
        );
        CREATE TABLE feed_cursors (
            mirror VARCHAR(64) NOT NULL,
            upstream VARCHAR(64) NOT NULL,
            last_version BIGINT NOT NULL,
            read_at BIGINT NOT NULL,
            PRIMARY KEY (mirror, upstream)
        );
        CREATE TABLE acquired_commits (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            commit_id VARCHAR(40) NOT NULL,
            has_history SMALLINT NOT NULL,
            acquired_at BIGINT NOT NULL,
            PRIMARY KEY (repository_id, commit_id)
        );
        CREATE TABLE provenance (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            commit_id VARCHAR(40) NOT NULL,
            record TEXT NOT NULL,
            record_sha256 VARCHAR(64) NOT NULL,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (repository_id, commit_id)
        );
        CREATE TABLE feed (
            version BIGINT NOT NULL PRIMARY KEY,
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            commit_id VARCHAR(40),
            change_log TEXT NOT NULL,
            created_at BIGINT NOT NULL
        );
        """
}
