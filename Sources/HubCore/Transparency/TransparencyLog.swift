package import SQL

/// The append-only log of what came in, what moved and what was decided: a Merkle tree over salted leaves.
///
/// Whoever keeps one signed checkpoint of it can tell later whether anything before it was changed, removed or shown
/// differently to somebody else.
/// - SeeAlso: RFC 9162 §2.1 for the tree, C2SP tlog-checkpoint for what is signed.
package struct TransparencyLog: Sendable {
    let database: any Database
    let keys: KeyRing
    let clock: WallClock

    /// Entries of a page at most.
    package static let largestPage = 1_000

    package init(database: any Database, keys: KeyRing, clock: WallClock) {
        self.database = database
        self.keys = keys
        self.clock = clock
    }

    // MARK: Writing

    /// Appends a leaf within the transaction of what it tells of.
    ///
    /// Two statements, and one more per subtree that it completes: half a subtree on average.
    /// - Parameter now: milliseconds since 1970.
    /// - Returns: its index, from 0.
    @discardableResult
    package static func append(_ leaf: TransparencyLeaf, at now: Int64, in connection: any Connection) throws -> Int64 {
        let index = try size(in: connection)
        let text = try leaf.text(at: now, salt: salt())
        var hash = MerkleHash(leaf: Array(text.utf8))
        let leafHash = hash.hex
        var nodes = ""
        var (node, level) = (index, 0)
        while node & 1 == 1 {
            hash = MerkleHash(left: try self.hash(level: level, node - 1, in: connection), right: hash)
            nodes += hash.hex
            node >>= 1
            level += 1
        }
        try connection.execute(
            """
            INSERT INTO transparency_leaves (seq, at, kind, repository, leaf, leaf_hash, nodes)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(index), .integer(now), .text(leaf.kind.rawValue), Value(leaf.repository), .text(text),
                .text(leafHash), .text(nodes),
            ])
        return index
    }

    static func salt() -> String {
        // Each draw is a system call: two for a salt, not one for each of its bytes.
        var generator = SystemRandomNumberGenerator()
        return Hexadecimal.encode(
            (0..<2).flatMap { _ in withUnsafeBytes(of: generator.next()) { Array($0) } })
    }

    // MARK: Reading

    /// Leaves so far.
    package func size() async throws -> Int64 { try await database.read { try Self.size(in: $0) } }

    static func size(in connection: any Connection) throws -> Int64 {
        // Rows are without gaps from 0: the last one tells how many there are.
        try connection.first("SELECT seq FROM transparency_leaves ORDER BY seq DESC LIMIT 1")
            .map { try $0.integer("seq").addingReportingOverflow(1).partialValue } ?? 0
    }

    /// Entries from `start` on, before `end`, at most a page.
    package func entries(from start: Int64, to end: Int64, limit: Int = largestPage) async throws
        -> [TransparencyEntry]
    {
        try await database.read { connection in
            try connection.query(
                "SELECT * FROM transparency_leaves WHERE seq >= ? AND seq < ? ORDER BY seq LIMIT ?",
                [.integer(start), .integer(end), .integer(Int64(min(limit, Self.largestPage)))]
            ).map(TransparencyEntry.init)
        }
    }

    /// Where a leaf with this hash stands; nil when there is none.
    package func index(of hash: MerkleHash) async throws -> Int64? {
        try await database.read { connection in
            try connection.first(
                "SELECT seq FROM transparency_leaves WHERE leaf_hash = ? ORDER BY seq LIMIT 1", [.text(hash.hex)]
            )?.integer("seq")
        }
    }

    // MARK: Hashes

    /// The hash of a full subtree of `1 << level` leaves, the `index`-th of that size.
    static func hash(level: Int, _ index: Int64, in connection: any Connection) throws -> MerkleHash {
        let last = ((index + 1) << Int64(level)) - 1
        let row = try connection.first(
            "SELECT leaf_hash, nodes FROM transparency_leaves WHERE seq = ?", [.integer(last)])
        let text: Substring
        if level == 0 {
            text = try row?.text("leaf_hash")[...] ?? ""
        } else {
            text = try row?.text("nodes").dropFirst((level - 1) * 64).prefix(64) ?? ""
        }
        guard let hash = MerkleHash(hex: text) else {
            throw HubError(
                .storageCorrupt, "The transparency log's entry \(last) is missing or damaged.",
                remedy: "Run 'weir audit verify'.")
        }
        return hash
    }

    /// The hash over the leaves of a range that a tree splits at: its size is a power of two, or it ends the tree.
    static func hash(_ range: Range<Int64>, in connection: any Connection) throws -> MerkleHash {
        let count = range.upperBound - range.lowerBound
        guard count > 0 else { return .empty }
        if count & (count - 1) == 0 {
            let level = count.trailingZeroBitCount
            return try hash(level: level, range.lowerBound >> Int64(level), in: connection)
        }
        let middle = range.lowerBound + split(count)
        return MerkleHash(
            left: try hash(range.lowerBound..<middle, in: connection),
            right: try hash(middle..<range.upperBound, in: connection))
    }

    /// The largest power of two below a number above 1.
    static func split(_ count: Int64) -> Int64 { 1 << Int64(63 - (count - 1).leadingZeroBitCount) }
}
