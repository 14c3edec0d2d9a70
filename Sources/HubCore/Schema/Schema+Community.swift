extension Schema {
    /// What people say about repositories, what they like and what they collect.
    static let community = """
        CREATE TABLE discussion_numbers (
            repository_id BIGINT NOT NULL PRIMARY KEY REFERENCES repositories (id),
            last_num BIGINT NOT NULL
        );
        CREATE TABLE discussions (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            num BIGINT NOT NULL,
            is_pull_request SMALLINT NOT NULL,
            author_id BIGINT NOT NULL,
            title VARCHAR(255) NOT NULL,
            status VARCHAR(16) NOT NULL,
            base_ref VARCHAR(255),
            base_commit VARCHAR(40),
            merge_commit VARCHAR(40),
            event_count BIGINT NOT NULL DEFAULT 0,
            text_bytes BIGINT NOT NULL DEFAULT 0,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            PRIMARY KEY (repository_id, num)
        );
        CREATE TABLE discussion_events (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            id BIGINT NOT NULL,
            num BIGINT NOT NULL,
            type VARCHAR(16) NOT NULL,
            author_id BIGINT NOT NULL,
            content TEXT NOT NULL,
            detail VARCHAR(255),
            edit_count BIGINT NOT NULL DEFAULT 0,
            is_hidden SMALLINT NOT NULL DEFAULT 0,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            PRIMARY KEY (repository_id, id)
        );
        CREATE INDEX discussion_events_num ON discussion_events (repository_id, num, id);
        CREATE TABLE likes (
            repository_id BIGINT NOT NULL REFERENCES repositories (id),
            user_id BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (repository_id, user_id)
        );
        CREATE INDEX likes_user ON likes (user_id, created_at);
        CREATE TABLE collections (
            id BIGINT NOT NULL PRIMARY KEY,
            namespace VARCHAR(96) NOT NULL,
            namespace_key VARCHAR(96) NOT NULL,
            title VARCHAR(255) NOT NULL,
            description TEXT,
            theme VARCHAR(16) NOT NULL,
            is_private SMALLINT NOT NULL,
            position BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL
        );
        CREATE INDEX collections_namespace ON collections (namespace_key, id);
        CREATE INDEX collections_updated ON collections (updated_at, id);
        CREATE TABLE collection_items (
            collection_id BIGINT NOT NULL REFERENCES collections (id),
            id BIGINT NOT NULL,
            type VARCHAR(16) NOT NULL,
            item_key VARCHAR(96) NOT NULL,
            repository_id BIGINT,
            note TEXT,
            position BIGINT NOT NULL,
            PRIMARY KEY (collection_id, id),
            UNIQUE (collection_id, type, item_key)
        );
        CREATE INDEX collection_items_item ON collection_items (type, item_key);
        CREATE INDEX collection_items_repository ON collection_items (repository_id);
        CREATE TABLE webhooks (
            id BIGINT NOT NULL PRIMARY KEY,
            user_id BIGINT NOT NULL REFERENCES users (id),
            url TEXT NOT NULL,
            domains VARCHAR(64) NOT NULL,
            secret TEXT,
            is_disabled SMALLINT NOT NULL DEFAULT 0,
            created_at BIGINT NOT NULL
        );
        CREATE INDEX webhooks_user ON webhooks (user_id, id);
        CREATE TABLE webhook_watches (
            webhook_id BIGINT NOT NULL REFERENCES webhooks (id),
            type VARCHAR(16) NOT NULL,
            name_key VARCHAR(200) NOT NULL,
            shown_type VARCHAR(16) NOT NULL,
            name VARCHAR(200) NOT NULL,
            position BIGINT NOT NULL,
            PRIMARY KEY (webhook_id, type, name_key)
        );
        CREATE INDEX webhook_watches_name ON webhook_watches (name_key, type);
        CREATE TABLE webhook_deliveries (
            id BIGINT NOT NULL PRIMARY KEY,
            webhook_id BIGINT NOT NULL REFERENCES webhooks (id),
            repository_key BIGINT NOT NULL,
            repository_name VARCHAR(255) NOT NULL,
            is_public SMALLINT NOT NULL,
            message TEXT NOT NULL,
            state VARCHAR(16) NOT NULL,
            attempts BIGINT NOT NULL,
            next_at BIGINT NOT NULL,
            status BIGINT,
            note TEXT,
            created_at BIGINT NOT NULL
        );
        CREATE INDEX webhook_deliveries_due ON webhook_deliveries (state, next_at);
        CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (webhook_id, id);
        """
}
