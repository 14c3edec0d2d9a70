import SQL

extension ApprovalStore {
    /// Whether a hub has one administrator and nobody else who may decide: then he decides on his own requests too.
    package func hasOneApprover() async throws -> Bool {
        try await database.read { connection in
            let administrators =
                try connection.first(
                    "SELECT COUNT(*) AS n FROM users WHERE is_administrator = 1 AND is_disabled = 0")?.integer("n") ?? 0
            let grants =
                try connection.first(
                    """
                    SELECT COUNT(*) AS n FROM grants
                    WHERE organisation_id IS NULL AND repository_id IS NULL AND effect = 'allow'
                    """)?.integer("n") ?? 0
            return administrators == 1 && grants == 0
        }
    }
}
