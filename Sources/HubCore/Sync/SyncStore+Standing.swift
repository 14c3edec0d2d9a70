import SQL

/// How a hub stands, in a few numbers.
package struct HubStanding: Sendable, Hashable {
    package let mirrored: Int64
    /// Mirrored repositories of which the upstream told a change that was not fetched.
    package let behind: Int64
    /// Stored files that scans found suspicious or worse.
    package let findings: Int64
    /// Bytes of stored content, each digest once.
    package let bytes: Int64
    /// Requests for reviews that wait.
    package let requests: Int64
}

extension SyncStore {
    /// - Complexity: O(blobs).
    package func standing(at now: Int64) async throws -> HubStanding {
        try await database.read { connection in
            func count(_ query: String, _ arguments: [Value] = []) throws -> Int64 {
                try connection.first(query, arguments)?.integer("n") ?? 0
            }
            return HubStanding(
                mirrored: try count("SELECT COUNT(*) AS n FROM repositories WHERE origin = 'mirror'"),
                behind: try count(
                    """
                    SELECT COUNT(*) AS n FROM repositories r JOIN mirror_states s ON s.repository_id = r.id
                    WHERE r.origin = 'mirror' AND s.changed_at IS NOT NULL
                    """),
                findings: try count(
                    "SELECT COUNT(DISTINCT sha256) AS n FROM scans WHERE verdict IN ('suspicious', 'dangerous')"),
                bytes: try count("SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) AS n FROM blobs"),
                requests: try count(
                    "SELECT COUNT(*) AS n FROM approvals WHERE state = 'open' AND (expires_at IS NULL OR expires_at > ?)",
                    [.integer(now)]))
        }
    }
}
