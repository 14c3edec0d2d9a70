/// Joins the hashes of chunks, in order, into the one hash of a xorb or a file.
///
/// Each level of the tree is cut into groups: a group ends behind a third or later node whose hash is divisible by 4,
/// behind the ninth, and at the end of the level. The name of a group is the hash of a text: a line of hash and length
/// for each node. Takes the hashes as they come; at most eight nodes a level are kept. Linear.
/// - SeeAlso: the Xet hashing specification, "Xorb Hashes" and "File Hashes".
package struct XetMerkleTree: Sendable {
    private struct Node: Sendable {
        let hash: XetHash
        let bytes: UInt64
    }

    private struct Level: Sendable {
        /// The nodes of the group in progress.
        var group: [Node] = []
        /// Whether a group was cut already.
        var hasParent = false
    }

    private static let internalKey = XetHash(
        words: SIMD4(0x9629_47A5_C7C5_7E01, 0xE602_8AB4_6666_94FD, 0xD26D_C737_6F53_DD5D, 0x3F71_534A_E652_63F8))

    private var levels = [Level()]

    package init() {}

    /// Adds the next chunk.
    /// - Parameter bytes: its length, uncompressed.
    package mutating func append(_ hash: XetHash, bytes: Int) {
        add(Node(hash: hash, bytes: UInt64(clamping: bytes)), at: 0)
    }

    /// The root: the name of the xorb that holds the chunks. No chunks give 32 zero bytes, one gives its own hash.
    package var xorbHash: XetHash {
        var rest = self
        return rest.root()
    }

    /// The name of the file that the chunks make up.
    package var fileHash: XetHash {
        let root = xorbHash
        return root == .zero ? .zero : BLAKE3.hash(root.bytes, key: .zero)
    }

    private mutating func add(_ node: Node, at level: Int) {
        levels[level].group.append(node)
        let count = levels[level].group.count
        if count == 9 || (count >= 3 && node.hash.words[3] % 4 == 0) { cut(level) }
    }

    /// Ends the group in progress and puts its parent into the level above.
    private mutating func cut(_ level: Int) {
        let group = levels[level].group
        levels[level].group.removeAll(keepingCapacity: true)
        levels[level].hasParent = true
        if levels.count == level + 1 { levels.append(Level()) }
        add(Self.parent(of: group), at: level + 1)
    }

    private mutating func root() -> XetHash {
        var level = 0
        // A cut can only add levels above; the highest has a single node or is cut again.
        while level < levels.count {
            let isRoot = !levels[level].hasParent && levels[level].group.count <= 1
            if isRoot { return levels[level].group.first?.hash ?? .zero }
            if !levels[level].group.isEmpty { cut(level) }
            level += 1
        }
        return .zero
    }

    private static func parent(of group: [Node]) -> Node {
        var text: [UInt8] = []
        text.reserveCapacity(group.count * 80)
        var bytes: UInt64 = 0
        for node in group {
            text += node.hash.textBytes
            text += Array(" : \(node.bytes)\n".utf8)
            bytes &+= node.bytes
        }
        return Node(hash: BLAKE3.hash(text, key: internalKey), bytes: bytes)
    }
}
