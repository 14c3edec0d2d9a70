import SQL

/// Who brings content to a repository that is not his to write to: by a pull request, on his own account.
struct Contributor: Sendable, Hashable {
    let user: Int64
    /// The account that pays: that of the namespace of his name.
    let account: String
}

extension Repository {
    /// Who proposes a change to it; nil when it is opened for anything else.
    var contributor: Contributor? {
        guard verb == .discuss, let user = principal.user else { return nil }
        return Contributor(user: user.id, account: RepositoryID.key(user.name))
    }
}

extension RepositoryStore {
    /// A blob that somebody has staged to propose it; nil when he has not.
    func staged(_ blob: BlobID, by principal: Principal, in key: Int64) async throws -> LFSPointer? {
        guard let user = principal.user else { return nil }
        return try await database.read { connection in
            try StagedBlobs.sizes(of: [blob], by: user.id, in: key, connection)[blob].map {
                LFSPointer(oid: blob, size: $0)
            }
        }
    }
}

/// Large files that somebody uploaded to propose them, before a pull request names them: only he can name them, and
/// nobody can read them.
enum StagedBlobs {
    /// Milliseconds after which what no pull request named is forgotten.
    static let lifetime: Int64 = 7 * 86_400_000

    /// The sizes of those blobs that a contributor has staged.
    static func sizes(
        of blobs: some Sequence<BlobID>, by user: Int64, in key: Int64, _ connection: any Connection
    ) throws -> [BlobID: Int64] {
        var sizes: [BlobID: Int64] = [:]
        for blob in blobs {
            let row = try connection.first(
                "SELECT size FROM staged_blobs WHERE repository_id = ? AND user_id = ? AND sha256 = ?",
                [.integer(key), .integer(user), .text(blob.hex)])
            if let row { sizes[blob] = try row.integer("size") }
        }
        return sizes
    }

    /// Stages a blob, paid for by its contributor.
    static func stage(
        _ pointer: LFSPointer, by contributor: Contributor, in key: Int64, endingReservation reservation: String?,
        now: Int64, in connection: any Connection
    ) throws {
        let known = try sizes(of: [pointer.oid], by: contributor.user, in: key, connection)[pointer.oid]
        try connection.upsert(
            into: "staged_blobs",
            key: [
                ("repository_id", .integer(key)), ("user_id", .integer(contributor.user)),
                ("sha256", .text(pointer.oid.hex)),
            ],
            values: [
                ("size", .integer(pointer.size)), ("account", .text(contributor.account)), ("staged_at", .integer(now)),
            ])
        try QuotaLedger.charge(
            known == nil ? pointer.size : 0, to: contributor.account, endingReservation: reservation, in: connection)
    }

    /// Takes a blob off the stage, for a commit names it now.
    /// - Returns: the account that pays for it; nil when it was not staged.
    static func take(_ blob: BlobID, of user: Int64, in key: Int64, _ connection: any Connection) throws -> String? {
        let place: [Value] = [.integer(key), .integer(user), .text(blob.hex)]
        guard
            let row = try connection.first(
                "SELECT account FROM staged_blobs WHERE repository_id = ? AND user_id = ? AND sha256 = ?", place)
        else { return nil }
        try connection.execute(
            "DELETE FROM staged_blobs WHERE repository_id = ? AND user_id = ? AND sha256 = ?", place)
        return try row.text("account")
    }

    /// Forgets what was staged long ago and never named.
    static func sweep(now: Int64, in connection: any Connection) throws {
        let old: [Value] = [.integer(now - lifetime)]
        let rows = try connection.query(
            "SELECT account, CAST(SUM(size) AS BIGINT) AS bytes FROM staged_blobs WHERE staged_at <= ? GROUP BY account",
            old)
        guard !rows.isEmpty else { return }
        for row in rows {
            try QuotaLedger.charge(-(try row.integer("bytes")), to: try row.text("account"), in: connection)
        }
        try connection.execute("DELETE FROM staged_blobs WHERE staged_at <= ?", old)
    }
}
