import HubCore
import Testing

@Suite("Xet names")
struct XetMerkleTreeTests {
    /// How many leaves, the root above them and the file's name; from a direct transcription of the specification into
    /// another language, with the reference BLAKE3.
    private static let vectors: [(count: Int, root: String, file: String)] = [
        (
            0, "0000000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000000"
        ),
        (
            1, "0637cd508fea929c0eaf5e370db2e050531bc80f5507c744b02b7155236af99b",
            "d43fb2efacb512440f69c43f16aee1b0328ae19537863f7c7532f755a0bd74fc"
        ),
        (
            2, "2748db053f3be333d696abecf0f05897570099a9f93a9a4ab89c667d992d433b",
            "07bdaf0d777d9c653d7bf51c96574fd59703cb6ad29be5c11909d187be1994dc"
        ),
        (
            3, "5433d6345c78a8e7efaf9f5e166ed3047fda9f92af5faddc00e5a189eb8dc525",
            "99b391a996256a7d1bf713b309c0105203d95289d1b376a3a9f040ac1ca4ecd4"
        ),
        (
            4, "7fc48a6656b24fcad8a13a6bcb7acc02fe67937069ffa9c5404fecc08c017dbe",
            "3e525e729fdfc19711a423680bcabe8972bf97d98904a282a5c7b661b63879bc"
        ),
        (
            8, "25cc9bd53ba07856469389bd13f12684b30808f2be8c8a0e9b5bb98d593eca9a",
            "be2db1c9f1dfdb1cc1b926ba41e55a07752894122508eeb1c5b568d21da6445e"
        ),
        (
            9, "fb3c4132f7e46aecce0ccedb756b0bea9b90c2bcd2a8f047a46ab456f05e8722",
            "e2b32ea3797b4f5caf78f6a8934c63dc277db31c7cf74207dc546dc47e75fd85"
        ),
        (
            10, "90176741b14260e0adbee938bc8d1acc7c63f2c5d9acf45ee9dbed0196b4088b",
            "cdf3169306792d66ed37d3218ff9679675cfcff1b4fa4587e6ef815a4b255612"
        ),
        (
            17, "86bf38b0e6d0c2100a758a9b4c815f49184403e5d8f492902f005c84deffbd50",
            "ac9707f41cbf28b2df95aed36d8d2c3d29777ddb5ca4668a8fb14ec7365bd13c"
        ),
        (
            27, "92b9c04e5e7e1180f44cbb584c3cba2f559695653e09c454a65b2d71956bf283",
            "dc8345eeccf2399d442b64213219017aef872a730275cc5f1cb29ea1466a3f5f"
        ),
        (
            100, "d029b02ff651ccd7136f306ffd98a5d89025cdf5d198700614798ccc2db12948",
            "d0d54458e0246521b1d349d748f9aace766f7258e3f9082c3b89b5e8d03590e4"
        ),
        (
            1000, "8c04c9cb2f802ef8c6e372b277daf1926ba175c1abc133fa1cc18d502b9842b3",
            "d8905dfbb8194b5066ae00c58c9cc2e82992e4494a86d42a13db066088319622"
        ),
        (
            8192, "be409303f6a9b35585f8c54f67691b46ab4e3dadb6d8daf7e041ea6eb70f08db",
            "a36b92f1b6300025fadf1366b56400853960e1fd171bbf54c6e3e3ccdc18f9c2"
        ),
    ]

    private func tree(_ count: Int) -> XetMerkleTree {
        var tree = XetMerkleTree()
        for number in 0..<count {
            tree.append(BLAKE3.hash(Array("leaf \(number)".utf8)), bytes: 1000 + number * 37 % 90_000)
        }
        return tree
    }

    @Test("chunks join into the names that the specification gives, whatever their number")
    func roots() {
        for vector in Self.vectors {
            let tree = tree(vector.count)
            #expect(tree.xorbHash.text == vector.root, "\(vector.count) chunks")
            #expect(tree.fileHash.text == vector.file, "\(vector.count) chunks")
        }
    }

    @Test("a name may be asked for before the last chunk")
    func prefix() throws {
        var tree = XetMerkleTree()
        for number in 0..<100 {
            if let vector = Self.vectors.first(where: { $0.count == number }) {
                #expect(tree.xorbHash.text == vector.root)
            }
            tree.append(BLAKE3.hash(Array("leaf \(number)".utf8)), bytes: 1000 + number * 37 % 90_000)
        }
        #expect(tree.xorbHash == self.tree(100).xorbHash)
    }

    @Test("the text of a name turns every eight bytes around")
    func text() throws {
        let bytes = (0..<32).map { UInt8($0) }
        let hash = try #require(XetHash(bytes: bytes))
        #expect(hash.text == "07060504030201000f0e0d0c0b0a090817161514131211101f1e1d1c1b1a1918")
        #expect(XetHash(hash.text) == hash)
        #expect(hash.bytes == bytes)
    }

    @Test("only 32 bytes and 64 lower-case digits are a name")
    func parsing() {
        let good = String(repeating: "0a", count: 32)
        #expect(XetHash(good)?.text == good)
        let bad = [
            "", "0a", good.uppercased(), good + "0", String(good.dropLast()), String(repeating: "0g", count: 32),
            "../" + good.dropFirst(3), String(repeating: "\u{0663}", count: 32), " " + good.dropFirst(),
        ]
        for text in bad { #expect(XetHash(text) == nil, "\(text)") }
        #expect(XetHash(bytes: [1, 2, 3] as [UInt8]) == nil)
        #expect(XetHash(bytes: [UInt8](repeating: 1, count: 33)) == nil)
    }
}
