import SQL

/// That nothing named a file when the collector looked.
struct ReclaimMark: Sendable, Hashable {
    /// Of what; the names of both are hexadecimal digests.
    enum Kind: String, Sendable {
        case blob
        case xorb
    }

    let kind: Kind
    let name: String
    let bytes: Int64
    /// When the file was last written or touched, in nanoseconds, as it was at the time of the mark.
    let stamp: Int64
    /// Milliseconds since 1970.
    let markedAt: Int64

    /// What is to become of a marked file.
    enum Verdict: Sendable, Hashable {
        /// Something names it, or somebody wanted it since: the mark goes.
        case spare
        /// Its time has not passed.
        case wait
        /// The file goes.
        case remove
        /// There is no file: only rows go.
        case forget
    }

    /// Decides on a marked file.
    /// - Parameters:
    ///   - isNamed: whether anything names it now.
    ///   - stamp: that of its file now; nil when there is none.
    func verdict(isNamed: Bool, stamp: Int64?, now: Int64, grace: Int64) -> Verdict {
        if isNamed { return .spare }
        guard let stamp else { return .forget }
        // Somebody brought the same bytes again: he is about to name them.
        guard stamp == self.stamp else { return .spare }
        return now - markedAt >= grace ? .remove : .wait
    }
}

extension ReclaimMark {
    init?(_ row: Row) throws {
        guard let kind = Kind(rawValue: try row.text("kind")) else { return nil }
        self.init(
            kind: kind, name: try row.text("name"), bytes: try row.integer("bytes"), stamp: try row.integer("stamp"),
            markedAt: try row.integer("marked_at"))
    }

    /// Marks of one kind, by name.
    static func list(
        _ kind: Kind, markedUntil limit: Int64, after name: String, count: Int, in connection: any Connection
    ) throws -> [ReclaimMark] {
        try connection.query(
            """
            SELECT kind, name, bytes, stamp, marked_at FROM gc_marks
            WHERE kind = ? AND marked_at <= ? AND name > ? ORDER BY name LIMIT ?
            """, [.text(kind.rawValue), .integer(limit), .text(name), .integer(Int64(count))]
        ).compactMap(Self.init)
    }

    /// Writes the mark unless there is one.
    func insert(in connection: any Connection) throws {
        let place: [Value] = [.text(kind.rawValue), .text(name)]
        let known = try connection.first("SELECT name FROM gc_marks WHERE kind = ? AND name = ?", place)
        guard known == nil else { return }
        try connection.execute(
            "INSERT INTO gc_marks (kind, name, bytes, stamp, marked_at) VALUES (?, ?, ?, ?, ?)",
            place + [.integer(bytes), .integer(stamp), .integer(markedAt)])
    }

    func delete(in connection: any Connection) throws {
        try connection.execute(
            "DELETE FROM gc_marks WHERE kind = ? AND name = ?", [.text(kind.rawValue), .text(name)])
    }
}
