import SQL

/// That a leaf is in a tree.
package struct InclusionProof: Sendable, Hashable {
    package let index: Int64
    package let size: Int64
    package let leaf: MerkleHash
    package let root: MerkleHash
    /// From the leaf up.
    package let path: [MerkleHash]
}

/// That a tree begins with another.
package struct ConsistencyProof: Sendable, Hashable {
    package let from: Int64
    package let to: Int64
    package let first: MerkleHash
    package let second: MerkleHash
    package let path: [MerkleHash]
}

extension TransparencyLog {
    /// Proves that a leaf is in the tree of the first `size` leaves.
    /// - Parameter size: nil for all there are.
    /// - Throws: `.notFound` when there is no such leaf in that tree, `.badRequest` for a tree that is not there yet.
    package func inclusion(of index: Int64, size: Int64? = nil) async throws -> InclusionProof {
        try await database.read { connection in
            let size = try Self.checked(size, in: connection)
            guard index >= 0, index < size else {
                throw HubError(.notFound, "The log's first \(size) entries have none with the number \(index).")
            }
            return InclusionProof(
                index: index, size: size, leaf: try Self.hash(level: 0, index, in: connection),
                root: try Self.hash(0..<size, in: connection),
                path: try Self.path(to: index, in: 0..<size, connection))
        }
    }

    /// Proves that the tree of `to` leaves begins with the one of `from` leaves.
    /// - Parameter to: nil for all there are.
    /// - Throws: `.badRequest` for trees that are not there yet or stand the wrong way round.
    package func consistency(from: Int64, to: Int64? = nil) async throws -> ConsistencyProof {
        try await database.read { connection in
            let to = try Self.checked(to, in: connection)
            guard from >= 0, from <= to else {
                throw HubError(.badRequest, "A tree of \(to) entries cannot begin with one of \(from).")
            }
            let path =
                from == 0 || from == to
                ? [] : try Self.subproof(from, in: 0..<to, isWhole: true, connection)
            return ConsistencyProof(
                from: from, to: to, first: try Self.hash(0..<from, in: connection),
                second: try Self.hash(0..<to, in: connection), path: path)
        }
    }

    private static func checked(_ size: Int64?, in connection: any Connection) throws -> Int64 {
        let all = try self.size(in: connection)
        guard let size else { return all }
        guard size >= 0, size <= all else { throw HubError(.badRequest, "The log has \(all) entries, not \(size).") }
        return size
    }

    /// RFC 9162 §2.1.3.1: PATH(m, D[n]), with places in the whole tree.
    private static func path(to index: Int64, in range: Range<Int64>, _ connection: any Connection) throws
        -> [MerkleHash]
    {
        let count = range.upperBound - range.lowerBound
        guard count > 1 else { return [] }
        let middle = range.lowerBound + split(count)
        let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
        return index < middle
            ? try path(to: index, in: left, connection) + [hash(right, in: connection)]
            : try path(to: index, in: right, connection) + [hash(left, in: connection)]
    }

    /// RFC 9162 §2.1.4.1: SUBPROOF(m, D[n], b), with places in the whole tree.
    private static func subproof(
        _ end: Int64, in range: Range<Int64>, isWhole: Bool, _ connection: any Connection
    ) throws -> [MerkleHash] {
        if end == range.upperBound { return isWhole ? [] : [try hash(range, in: connection)] }
        let middle = range.lowerBound + split(range.upperBound - range.lowerBound)
        let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
        return end <= middle
            ? try subproof(end, in: left, isWhole: isWhole, connection) + [hash(right, in: connection)]
            : try subproof(end, in: right, isWhole: false, connection) + [hash(left, in: connection)]
    }
}
