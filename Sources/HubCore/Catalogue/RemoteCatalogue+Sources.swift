import SQL

/// How far the catalogue of one upstream is.
package struct CatalogueSource: Sendable, Hashable {
    package enum Phase: String, Sendable, Hashable, CaseIterable {
        /// Up to date as of `readAt`.
        case idle
        /// Its feed or its lists are being read.
        case reading
        /// What was named is being described.
        case describing
        /// It waits, as `waitsFor` says.
        case waiting
    }

    package let mirror: String
    package let upstream: String
    package let phase: Phase
    /// How far its feed was read; 0 where it has none.
    package let feedVersion: Int64
    /// Where its lists are read on from; nil when they are not being read.
    package let listingCursor: String?
    /// Milliseconds since 1970 when its lists were begun, and when they were last read to the end.
    package let listingStartedAt: Int64?
    package let listedAt: Int64?
    /// Whether it has more than is looked through ahead: the rest is found by searching.
    package let isBounded: Bool
    /// Milliseconds since 1970 of the first contact, and of the last good answer.
    package let startedAt: Int64?
    package let readAt: Int64?
    package let waitsFor: String?
    /// Milliseconds since 1970.
    package let waitsUntil: Int64?
    package let failedAt: Int64?
    package let failure: String?
    /// Milliseconds since 1970 when somebody asked to have it read now; nil when that was done.
    package let refreshAskedAt: Int64?
    package let present: Int64
    package let gone: Int64
    package let restricted: Int64
    /// Entries that are described, and entries that are to be asked about.
    package let described: Int64
    package let due: Int64

    package var entries: Int64 { present + gone + restricted }
}

extension CatalogueSource {
    /// An upstream that was never asked.
    package init(untouched mirror: String, _ upstream: String) {
        self.init(
            mirror: mirror, upstream: upstream, phase: .idle, feedVersion: 0, listingCursor: nil,
            listingStartedAt: nil, listedAt: nil, isBounded: false, startedAt: nil, readAt: nil, waitsFor: nil,
            waitsUntil: nil, failedAt: nil, failure: nil, refreshAskedAt: nil, present: 0, gone: 0, restricted: 0,
            described: 0, due: 0)
    }
}

extension RemoteCatalogue {
    /// Every upstream that was ever looked through, by mirror and name.
    package func sources() async throws -> [CatalogueSource] {
        try await database.read { connection in
            var counts: [Int64: [String: Int64]] = [:]
            try connection.forEach(
                """
                SELECT source_id, state, COUNT(*) AS n FROM remote_repositories GROUP BY source_id, state
                """
            ) { row in
                counts[try row.integer("source_id"), default: [:]][try row.text("state")] = try row.integer("n")
                return true
            }
            var due: [Int64: Int64] = [:]
            try connection.forEach(
                """
                SELECT source_id, COUNT(*) AS n FROM remote_repositories WHERE due_at IS NOT NULL GROUP BY source_id
                """
            ) { row in
                due[try row.integer("source_id")] = try row.integer("n")
                return true
            }
            var undescribed: [Int64: Int64] = [:]
            // Only what is due or was given up has no description: few rows once it is settled.
            try connection.forEach(
                """
                SELECT source_id, COUNT(*) AS n FROM remote_repositories WHERE described_at IS NULL GROUP BY source_id
                """
            ) { row in
                undescribed[try row.integer("source_id")] = try row.integer("n")
                return true
            }
            return try connection.query("SELECT * FROM catalogue_sources ORDER BY mirror, upstream").map { row in
                let id = try row.integer("id")
                let states = counts[id] ?? [:]
                return try Self.source(row, states, due: due[id] ?? 0, undescribed: undescribed[id] ?? 0)
            }
        }
    }

    private static func source(_ row: Row, _ states: [String: Int64], due: Int64, undescribed: Int64) throws
        -> CatalogueSource
    {
        CatalogueSource(
            mirror: try row.text("mirror"), upstream: try row.text("upstream"),
            phase: CatalogueSource.Phase(rawValue: try row.text("phase")) ?? .idle,
            feedVersion: try row.integer("feed_version"), listingCursor: try row.optionalText("listing_cursor"),
            listingStartedAt: try row.optionalInteger("listing_started_at"),
            listedAt: try row.optionalInteger("listed_at"), isBounded: try row.boolean("is_bounded"),
            startedAt: try row.integer("started_at"), readAt: try row.optionalInteger("read_at"),
            waitsFor: try row.optionalText("waits_for"), waitsUntil: try row.optionalInteger("waits_until"),
            failedAt: try row.optionalInteger("failed_at"), failure: try row.optionalText("failure"),
            refreshAskedAt: try row.optionalInteger("refresh_asked_at"), present: states["present"] ?? 0,
            gone: states["gone"] ?? 0, restricted: states["restricted"] ?? 0,
            described: states.values.reduce(0, +) - undescribed, due: due)
    }

    /// How far an upstream's feed and lists were read; nil before the first contact.
    package func source(mirror: String, upstream: String) async throws -> CatalogueSource? {
        try await database.read { connection in
            try connection.first(
                "SELECT * FROM catalogue_sources WHERE mirror = ? AND upstream = ?", [.text(mirror), .text(upstream)]
            ).map { try Self.source($0, [:], due: 0, undescribed: 0) }
        }
    }

    /// Notes what is being done with an upstream, and why nothing is.
    package func note(
        _ phase: CatalogueSource.Phase, mirror: String, upstream: String, waitsFor: String? = nil,
        waitsUntil: Int64? = nil
    ) async throws {
        let now = clock.now()
        let identifiers = identifiers
        try await database.write { connection in
            let source = try Self.source(mirror, upstream, now: now, identifiers: identifiers, in: connection)
            try connection.execute(
                "UPDATE catalogue_sources SET phase = ?, waits_for = ?, waits_until = ? WHERE id = ?",
                [.text(phase.rawValue), Value(waitsFor), Value(waitsUntil), .integer(source)])
        }
    }

    /// Notes that an upstream did not answer. Whoever asked for it to be read has this for an answer.
    package func noteFailure(_ failure: String, mirror: String, upstream: String) async throws {
        let now = clock.now()
        let identifiers = identifiers
        try await database.write { connection in
            let source = try Self.source(mirror, upstream, now: now, identifiers: identifiers, in: connection)
            try connection.execute(
                "UPDATE catalogue_sources SET failed_at = ?, failure = ?, refresh_asked_at = NULL WHERE id = ?",
                [.integer(now), .text(String(failure.prefix(2_000))), .integer(source)])
        }
    }

    /// Notes that an upstream was read to the end of what it tells now.
    /// - Parameter answered: of a refresh that was asked for before then (milliseconds since 1970).
    package func noteRead(mirror: String, upstream: String, answered: Int64) async throws {
        let now = clock.now()
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE catalogue_sources SET read_at = ?, failed_at = NULL, failure = NULL,
                    refresh_asked_at = CASE WHEN refresh_asked_at <= ? THEN NULL ELSE refresh_asked_at END
                WHERE mirror = ? AND upstream = ?
                """, [.integer(now), .integer(answered), .text(mirror), .text(upstream)])
        }
    }

    /// Notes how far an upstream's lists were read.
    /// - Parameters:
    ///   - cursor: where to go on; nil at their end.
    ///   - isBounded: whether it has more than was looked through.
    package func noteListing(
        _ cursor: String?, startedAt: Int64, isBounded: Bool, mirror: String, upstream: String
    ) async throws {
        let now = clock.now()
        let identifiers = identifiers
        try await database.write { connection in
            let source = try Self.source(mirror, upstream, now: now, identifiers: identifiers, in: connection)
            try connection.execute(
                """
                UPDATE catalogue_sources SET listing_cursor = ?, listing_started_at = ?, listed_at = CASE
                    WHEN ? = 1 THEN ? ELSE listed_at END, is_bounded = ?, read_at = ?
                WHERE id = ?
                """,
                [
                    Value(cursor), .integer(startedAt), Value(cursor == nil), .integer(now), Value(isBounded),
                    .integer(now), .integer(source),
                ])
        }
    }

    /// Has upstreams read now, by whichever process follows them.
    /// - Parameter upstream: nil for every upstream of the mirror.
    package func askRefresh(mirror: String, upstream: String) async throws {
        let now = clock.now()
        let identifiers = identifiers
        try await database.write { connection in
            let source = try Self.source(mirror, upstream, now: now, identifiers: identifiers, in: connection)
            try connection.execute(
                "UPDATE catalogue_sources SET refresh_asked_at = ? WHERE id = ?", [.integer(now), .integer(source)])
        }
    }

    // MARK: Keys

    static func sourceKey(_ mirror: String, _ upstream: String, in connection: any Connection) throws -> Int64? {
        try connection.first(
            "SELECT id FROM catalogue_sources WHERE mirror = ? AND upstream = ?", [.text(mirror), .text(upstream)])?
            .integer("id")
    }

    static func source(
        _ mirror: String, _ upstream: String, now: Int64, identifiers: IdentifierSource, in connection: any Connection
    ) throws -> Int64 {
        if let key = try sourceKey(mirror, upstream, in: connection) { return key }
        let key = identifiers.next()
        try connection.execute(
            "INSERT INTO catalogue_sources (id, mirror, upstream, phase, started_at) VALUES (?, ?, ?, 'idle', ?)",
            [.integer(key), .text(mirror), .text(upstream), .integer(now)])
        return key
    }
}
