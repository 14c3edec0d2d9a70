import Testing

@testable import HubCore

@Suite("The Merkle tree of the transparency log")
struct MerkleTests {
    /// The tree by RFC 9162's definition, without anything kept.
    private func root(_ leaves: ArraySlice<MerkleHash>) -> MerkleHash {
        guard let first = leaves.first else { return .empty }
        guard leaves.count > 1 else { return first }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        let middle = leaves.startIndex + split
        return MerkleHash(left: root(leaves[..<middle]), right: root(leaves[middle...]))
    }

    @Test("roots are those of Certificate Transparency's own test data")
    func knownRoots() throws {
        // Of google/certificate-transparency: MerkleTreeTest's eight leaves.
        let leaves: [[UInt8]] = [
            [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
            [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57], Array(0x60...0x6F),
        ]
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]
        var frontier = MerkleFrontier()
        #expect(frontier.root.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        for (leaf, root) in zip(leaves, roots) {
            frontier.append(MerkleHash(leaf: leaf))
            #expect(frontier.root.hex == root)
        }
    }

    @Test("what is read in order has the root of the definition")
    func frontier() {
        var frontier = MerkleFrontier()
        var leaves: [MerkleHash] = []
        for number in 0..<70 {
            let leaf = MerkleHash(leaf: [UInt8(number)])
            leaves.append(leaf)
            frontier.append(leaf)
            #expect(frontier.root == root(leaves[...]))
            #expect(frontier.size == Int64(leaves.count))
        }
    }

    @Test("hashes are read from 64 lower-case digits and the base64 of 32 bytes only")
    func texts() {
        let hash = MerkleHash(leaf: [1])
        #expect(MerkleHash(hex: hash.hex) == hash)
        #expect(MerkleHash(base64: hash.base64) == hash)
        for text in ["", hash.hex + "0", hash.hex.uppercased(), String(hash.hex.dropLast()) + "g"] {
            #expect(MerkleHash(hex: text) == nil)
        }
        #expect(MerkleHash(base64: "AAAA") == nil)
    }
}
