import SQL

extension Reclaimer {
    /// Removes uploads and downloads that nobody can continue any more.
    func reapUploads(_ report: inout ReclaimReport) async throws {
        let directory = hub.blobs.directory
        let (age, isDryRun) = (Duration.milliseconds(settings.uploadGrace), settings.isDryRun)
        let reaped = try await hub.blobs.workers.run { try directory.reap(olderThan: age, isDryRun: isDryRun) }
        report.remove(.uploads, reaped.files, bytes: reaped.bytes)
    }

    /// Forgets sessions that have ended, what was staged and never named, and space set aside that nobody fills.
    func expireRows(_ report: inout ReclaimReport) async throws {
        let now = hub.clock.now()
        let expired = Self.expired(now: now)
        let count = try await database.read { connection in
            try expired.reduce(0) { sum, table in
                let row = try connection.first(
                    "SELECT COUNT(*) AS rows FROM \(table.name) WHERE \(table.condition)", table.arguments)
                return sum + Int(try row?.integer("rows") ?? 0)
            }
        }
        report.remove(.rows, count, bytes: 0)
        guard !settings.isDryRun, count > 0 else { return }
        try await database.write { connection in
            // These two give back what they had taken from an account.
            try QuotaLedger.sweep(nil, now: now, in: connection)
            try StagedBlobs.sweep(now: now, in: connection)
            for table in expired {
                try connection.execute("DELETE FROM \(table.name) WHERE \(table.condition)", table.arguments)
            }
        }
    }

    private static func expired(now: Int64) -> [(name: String, condition: String, arguments: [Value])] {
        // Ids begin with the time, and the terms of a file come before its row: a file that was begun a day ago and has
        // none will never have one.
        let begun = IdentifierSource.first(at: now - 86_400_000)
        return [
            ("quota_reservations", "expires_at <= ?", [.integer(now)]),
            ("staged_blobs", "staged_at <= ?", [.integer(now - StagedBlobs.lifetime)]),
            ("staged_xorbs", "staged_at <= ?", [.integer(now - StagedBlobs.lifetime)]),
            (
                "sessions", "expires_at <= ? OR last_seen_at <= ?",
                [.integer(now), .integer(now - Session.idleLimit)]
            ),
            (
                "xet_terms", "file_id < ? AND file_id NOT IN (SELECT id FROM xet_files)",
                [.integer(begun)]
            ),
        ]
    }
}
