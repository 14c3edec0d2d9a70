import SQL

/// What ends at once when an account is shut out or its password changes: whatever was let in before.
enum Credentials {
    /// Ends every session and token of an account. Keys stay: they are no copy of what was changed.
    static func end(of user: Int64, now: Int64, in connection: any Connection) throws {
        try connection.execute("DELETE FROM sessions WHERE user_id = ?", [.integer(user)])
        try connection.execute(
            "UPDATE access_tokens SET revoked_at = ? WHERE user_id = ? AND revoked_at IS NULL",
            [.integer(now), .integer(user)])
    }
}
