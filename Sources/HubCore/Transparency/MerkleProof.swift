/// Checks of proofs, which need no tree.
///
/// - SeeAlso: RFC 9162 §2.1.3.2 and §2.1.4.2.
package enum MerkleProof {
    /// Whether `path` leads from a leaf at `index` to the root of a tree of `size` leaves.
    package static func includes(
        _ leaf: MerkleHash, at index: Int64, in root: MerkleHash, of size: Int64, path: [MerkleHash]
    ) -> Bool {
        guard index >= 0, index < size else { return false }
        var (node, last) = (index, size - 1)
        var hash = leaf
        for step in path {
            guard last != 0 else { return false }
            if node & 1 == 1 || node == last {
                hash = MerkleHash(left: step, right: hash)
                while node & 1 == 0, node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                hash = MerkleHash(left: hash, right: step)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }

    /// Whether the tree of `second` leaves begins with the one of `first` leaves.
    package static func isConsistent(
        _ firstRoot: MerkleHash, of first: Int64, with secondRoot: MerkleHash, of second: Int64, path: [MerkleHash]
    ) -> Bool {
        guard first >= 0, first <= second else { return false }
        if first == second { return path.isEmpty && firstRoot == secondRoot }
        if first == 0 { return path.isEmpty && firstRoot == .empty }
        var steps = path[...]
        // A full tree is a node of the larger one, which the path leaves out.
        if first & (first - 1) == 0 { steps = ([firstRoot] + path)[...] }
        guard let start = steps.popFirst() else { return false }
        var (node, last) = (first - 1, second - 1)
        while node & 1 == 1 {
            node >>= 1
            last >>= 1
        }
        var (older, newer) = (start, start)
        for step in steps {
            guard last != 0 else { return false }
            if node & 1 == 1 || node == last {
                older = MerkleHash(left: step, right: older)
                newer = MerkleHash(left: step, right: newer)
                while node & 1 == 0, node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                newer = MerkleHash(left: newer, right: step)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && older == firstRoot && newer == secondRoot
    }
}
