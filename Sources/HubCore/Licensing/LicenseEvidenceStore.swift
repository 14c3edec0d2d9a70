import SQL

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What was found out about the licences of commits.
package struct LicenseEvidenceStore: Sendable {
    let database: any Database
    let clock: WallClock

    /// The evidence of a commit; nil before anybody looked.
    /// - Parameter classifier: what it has to have been found with; nil for whatever it was.
    package func evidence(of commit: CommitID, in key: Int64, foundWith classifier: String? = nil) async throws
        -> RecordedEvidence?
    {
        let row = try await database.read { connection in
            try connection.first(
                "SELECT classifier, evidence, found_at FROM license_evidence WHERE repository_id = ? AND commit_id = ?",
                [.integer(key), .text(commit.hex)])
        }
        guard let row else { return nil }
        let found = try row.text("classifier")
        guard classifier == nil || classifier == found else { return nil }
        // What an older release wrote in another shape is found out anew.
        guard
            let evidence = try? JSONDecoder().decode(
                LicenseEvidence.self, from: Data(try row.text("evidence").utf8))
        else { return nil }
        return RecordedEvidence(evidence: evidence, classifier: found, foundAt: try row.integer("found_at"))
    }

    /// Records what a commit says, in place of what was recorded of it.
    package func record(
        _ evidence: LicenseEvidence, of commit: CommitID, in key: Int64, foundWith classifier: String
    ) async throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(evidence), as: UTF8.self)
        let now = clock.now()
        try await database.write { connection in
            // The repository may have been removed while its files were read.
            guard try connection.first("SELECT id FROM repositories WHERE id = ?", [.integer(key)]) != nil else {
                return
            }
            try connection.upsert(
                into: "license_evidence",
                key: [("repository_id", .integer(key)), ("commit_id", .text(commit.hex))],
                values: [("classifier", .text(classifier)), ("evidence", .text(text)), ("found_at", .integer(now))])
            try connection.execute(
                "DELETE FROM lineage_edges WHERE repository_id = ? AND commit_id = ?",
                [.integer(key), .text(commit.hex)])
            for edge in evidence.edges {
                try connection.upsert(
                    into: "lineage_edges",
                    key: [
                        ("repository_id", .integer(key)), ("commit_id", .text(commit.hex)),
                        ("relation", .text(edge.relation.rawValue)), ("kind", .text(edge.kind.rawValue)),
                        ("path_key", .text(edge.pathKey)),
                    ], values: [("path", .text(edge.path))])
            }
        }
    }

    /// Repositories whose newest commit nobody looked at with a classifier, in the order of their keys.
    /// - Parameter after: the key of the last one seen; nil for the first.
    package func pending(classifier: String, after key: Int64?, limit: Int) async throws -> [(
        repository: Repository, commit: CommitID
    )] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT \(RepositoryStore.columns), r.head FROM repositories r
                LEFT JOIN license_evidence v ON v.repository_id = r.id AND v.commit_id = r.head AND v.classifier = ?
                WHERE r.head IS NOT NULL AND v.repository_id IS NULL AND r.id > ? ORDER BY r.id LIMIT ?
                """,
                [.text(classifier), .integer(key ?? Int64.min), .integer(Int64(max(0, min(limit, 1_000))))]
            ).compactMap { row in
                guard let commit = CommitID(try row.text("head")) else { return nil }
                return (
                    Repository(record: try RepositoryStore.record(row), principal: .operator, verb: .metaRead), commit
                )
            }
        }
    }
}
