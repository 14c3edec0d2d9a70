import Foundation

/// Brings a database to the newest schema, and remembers in the table `schema_version` what was done.
package struct Migrator: Sendable {
    private let migrations: [Migration]
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - migrations: every migration there ever was, in any order.
    ///   - now: milliseconds since 1970.
    package init(
        _ migrations: [Migration],
        now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }
    ) {
        self.migrations = migrations.sorted { $0.number < $1.number }
        self.now = now
    }

    /// Applies what is missing, all of it or nothing. Several processes may do this at once.
    /// - Throws: `DatabaseError`; of kind `misuse` when the database was made by a newer release, when a migration
    ///   that was applied has changed since, or when one is missing before one that was applied.
    package func migrate(_ database: any Database) async throws {
        try checkNumbers()
        // Most starts find nothing to do, and need no write lock. A read fails while there is no table yet.
        if let pending = try? await database.read({ try pending(in: $0) }), pending.isEmpty { return }
        try await database.write { connection in
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS schema_version (
                    number BIGINT NOT NULL PRIMARY KEY,
                    name VARCHAR(200) NOT NULL,
                    checksum VARCHAR(16) NOT NULL,
                    applied_at BIGINT NOT NULL
                )
                """)
            // Asked again under the lock: another process may have been first.
            for migration in try pending(in: connection) {
                try connection.execute(migration.sql)
                try connection.execute(
                    "INSERT INTO schema_version (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)",
                    [Value(migration.number), Value(migration.name), Value(migration.checksum), Value(now())])
            }
        }
    }

    private func checkNumbers() throws {
        for (previous, next) in zip(migrations, migrations.dropFirst()) where previous.number == next.number {
            throw refusal("The migrations '\(previous.name)' and '\(next.name)' are both number \(next.number).")
        }
    }

    private func pending(in connection: any Connection) throws -> [Migration] {
        var pending = migrations[...]
        for row in try connection.query("SELECT number, name, checksum FROM schema_version ORDER BY number") {
            let number = try row.integer("number")
            let name = try row.text("name")
            guard let next = pending.first else {
                throw refusal(
                    "The database has migration \(number) '\(name)', which this release does not know. Use a newer one."
                )
            }
            guard next.number == number else {
                throw refusal(
                    "The database has migration \(number) '\(name)' where this release expects \(next.number) "
                        + "'\(next.name)'.")
            }
            guard try next.checksum == row.text("checksum") else {
                throw refusal("Migration \(number) '\(name)' was changed after it had been applied.")
            }
            pending.removeFirst()
        }
        return Array(pending)
    }

    private func refusal(_ message: String) -> DatabaseError {
        DatabaseError(.misuse, message, sql: "")
    }
}
