import SQL

/// Who owns a namespace: this hub or the upstream of one mirror, never both (S22).
enum NamespaceRegister {
    /// Takes a namespace for local content.
    /// - Throws: `.conflict` when an upstream's content is already known under it.
    static func claimLocal(_ name: String, now: Int64, in connection: any Connection) throws {
        let key = RepositoryID.key(name)
        guard !RepositoryID.reservedNamespaces.contains(key) else {
            throw HubError(.badRequest, "The namespace '\(name)' is reserved.", remedy: "Choose another name.")
        }
        if let row = try connection.first(
            "SELECT name, origin, mirror FROM namespaces WHERE name_key = ?", [.text(key)])
        {
            guard try row.text("origin") == "local" else {
                throw HubError(
                    .conflict,
                    "The namespace '\(name)' belongs to the mirror '\(try row.optionalText("mirror") ?? "")'.",
                    remedy: "Choose another namespace for local content.")
            }
            return
        }
        try connection.execute(
            "INSERT INTO namespaces (name_key, name, origin, created_at) VALUES (?, ?, 'local', ?)",
            [.text(key), .text(name), .integer(now)])
    }

    /// Notes that a mirror's content lives in a namespace.
    /// - Throws: `.conflict` when the namespace is local.
    static func claimMirror(_ name: String, mirror: String, now: Int64, in connection: any Connection) throws {
        let key = RepositoryID.key(name)
        if let row = try connection.first("SELECT origin FROM namespaces WHERE name_key = ?", [.text(key)]) {
            guard try row.text("origin") == "mirror" else {
                throw HubError(.conflict, "The namespace '\(name)' is local; it is never looked for upstream.")
            }
            return
        }
        try connection.execute(
            "INSERT INTO namespaces (name_key, name, origin, mirror, created_at) VALUES (?, ?, 'mirror', ?, ?)",
            [.text(key), .text(name), .text(mirror), .integer(now)])
    }

    /// Whether a namespace is owned by this hub.
    static func isLocal(_ name: String, in connection: any Connection) throws -> Bool {
        try connection.first(
            "SELECT origin FROM namespaces WHERE name_key = ? AND origin = 'local'", [.text(RepositoryID.key(name))])
            != nil
    }
}
