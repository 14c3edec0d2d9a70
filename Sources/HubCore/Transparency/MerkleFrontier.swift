/// A tree while its leaves are read in order: the hashes of the full subtrees at its right edge, the largest first.
package struct MerkleFrontier: Sendable, Hashable {
    /// Leaves so far.
    package private(set) var size: Int64 = 0
    private var subtrees: [MerkleHash] = []

    package init() {}

    /// Adds a leaf.
    /// - Returns: the hashes of the subtrees that it completes, the lowest first.
    @discardableResult
    package mutating func append(_ leaf: MerkleHash) -> [MerkleHash] {
        var completed: [MerkleHash] = []
        var hash = leaf
        var rest = size
        while rest & 1 == 1, let left = subtrees.popLast() {
            hash = MerkleHash(left: left, right: hash)
            completed.append(hash)
            rest >>= 1
        }
        subtrees.append(hash)
        size += 1
        return completed
    }

    /// The hash over all leaves so far.
    package var root: MerkleHash {
        guard var hash = subtrees.last else { return .empty }
        for left in subtrees.dropLast().reversed() { hash = MerkleHash(left: left, right: hash) }
        return hash
    }
}
