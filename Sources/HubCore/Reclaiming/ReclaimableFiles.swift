import SQL

/// A store of immutable files that are named in the database, as the collector sees it.
protocol ReclaimableFiles: Sendable {
    var kind: ReclaimMark.Kind { get }

    /// The names of all stored files that begin with a byte. Blocks.
    func names(beginningWith prefix: UInt8) throws -> [String]

    /// When a file was last written or touched, and its bytes; nil when there is none. Blocks.
    func stamp(of name: String) throws -> (written: Int64, bytes: Int64)?

    /// Whether anything names a file.
    func isNamed(_ name: String, now: Int64, in connection: any Connection) throws -> Bool

    /// Removes a file and what the database says about it alone, inside the transaction that found it unnamed.
    func remove(_ name: String, in connection: any Connection) throws
}

/// Large files. A link or a stage names them.
struct ReclaimableBlobs: ReclaimableFiles {
    let directory: BlobDirectory
    let kind = ReclaimMark.Kind.blob

    func names(beginningWith prefix: UInt8) throws -> [String] {
        try directory.ids(beginningWith: prefix).map(\.hex)
    }

    func stamp(of name: String) throws -> (written: Int64, bytes: Int64)? {
        try BlobID(name).flatMap { try PosixFile.stamp(of: directory.path(of: $0)) }
    }

    func isNamed(_ name: String, now: Int64, in connection: any Connection) throws -> Bool {
        for table in ["links", "staged_blobs"] {
            let row = try connection.first("SELECT sha256 FROM \(table) WHERE sha256 = ? LIMIT 1", [.text(name)])
            if row != nil { return true }
        }
        return false
    }

    func remove(_ name: String, in connection: any Connection) throws {
        guard let id = BlobID(name) else { return }
        // The file first: on a full disk the transaction needs the space. Should it fail to commit, a row is left that
        // says what is no more, which nobody reads and the next run removes.
        try PosixFile.remove(directory.path(of: id))
        try connection.execute("DELETE FROM blobs WHERE sha256 = ?", [.text(name)])
        // How it was put together goes with it; the xorbs may go once no other file is made of them.
        for row in try connection.query("SELECT id FROM xet_files WHERE sha256 = ?", [.text(name)]) {
            try connection.execute("DELETE FROM xet_terms WHERE file_id = ?", [.integer(try row.integer("id"))])
        }
        try connection.execute("DELETE FROM xet_files WHERE sha256 = ?", [.text(name)])
    }
}

/// Chunks that came by Xet. A file's terms name them, and for a while the upload that a shard has yet to follow.
struct ReclaimableXorbs: ReclaimableFiles {
    let directory: XorbDirectory
    /// Milliseconds for which a shard may come after its xorbs.
    let uploadGrace: Int64
    let kind = ReclaimMark.Kind.xorb

    func names(beginningWith prefix: UInt8) throws -> [String] {
        try directory.names(beginningWith: prefix).map(\.text)
    }

    func stamp(of name: String) throws -> (written: Int64, bytes: Int64)? {
        try XetHash(name).flatMap { try PosixFile.stamp(of: directory.path(of: $0)) }
    }

    func isNamed(_ name: String, now: Int64, in connection: any Connection) throws -> Bool {
        let term = try connection.first("SELECT xorb FROM xet_terms WHERE xorb = ? LIMIT 1", [.text(name)])
        if term != nil { return true }
        for (table, column) in [("xet_uploads", "uploaded_at"), ("staged_xorbs", "staged_at")] {
            let row = try connection.first(
                "SELECT hash FROM \(table) WHERE hash = ? AND \(column) > ? LIMIT 1",
                [.text(name), .integer(now - uploadGrace)])
            if row != nil { return true }
        }
        return false
    }

    /// The row of `xet_xorbs` stays: a client that still believes the xorb to be here is told to send everything again
    /// (`XetService.requireStored`).
    func remove(_ name: String, in connection: any Connection) throws {
        guard let hash = XetHash(name) else { return }
        try PosixFile.remove(directory.path(of: hash))
        for table in ["xet_uploads", "staged_xorbs"] {
            try connection.execute("DELETE FROM \(table) WHERE hash = ?", [.text(name)])
        }
    }
}
