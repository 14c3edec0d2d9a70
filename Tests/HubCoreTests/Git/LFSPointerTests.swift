import HubCore
import Testing

@Suite("LFS pointers")
struct LFSPointerTests {
    private static let hex = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
    private static let version = "version https://git-lfs.github.com/spec/v1\n"
    private static let plain = "\(version)oid sha256:\(hex)\nsize 12345\n"

    private func parse(_ text: String) -> LFSPointer? { LFSPointer(parsing: Array(text.utf8)) }

    @Test("a canonical pointer reads and writes the same bytes")
    func roundTrip() throws {
        let pointer = try #require(parse(Self.plain))
        #expect(pointer.oid.hex == Self.hex)
        #expect(pointer.size == 12345)
        #expect(pointer.encoded == Array(Self.plain.utf8))
        let large = LFSPointer(oid: pointer.oid, size: Int64.max)
        #expect(LFSPointer(parsing: large.encoded) == large)
        let empty = LFSPointer(oid: pointer.oid, size: 0)
        #expect(LFSPointer(parsing: empty.encoded) == empty)
        #expect(empty.encoded.count == LFSPointer.minimumByteCount)
    }

    @Test("extension lines are read over")
    func extensions() {
        let text =
            "\(Self.version)ext-0-foo sha256:\(Self.hex)\next-1-bar sha256:\(Self.hex)\noid sha256:\(Self.hex)\nsize 1\n"
        #expect(parse(text)?.size == 1)
    }

    @Test(
        "what is not canonical is ordinary content",
        arguments: [
            "", "version", version, "\(version)size 1\noid sha256:\(hex)\n", "\(version)oid sha256:\(hex)\n",
            "\(version)oid sha256:\(hex)\nsize 1", "\(version)oid sha256:\(hex)\nsize -1\n",
            "\(version)oid sha256:\(hex)\nsize +1\n", "\(version)oid sha256:\(hex)\nsize 01\n",
            "\(version)oid sha256:\(hex)\nsize \n", "\(version)oid sha256:\(hex)\nsize 9223372036854775808\n",
            "\(version)oid sha256:\(hex)\nsize 99999999999999999999\n", "\(version)oid sha256:\(hex)\nsize 1\n\n",
            "\(version)oid sha256:\(hex)\nsize 1\nzzz\n", "\(version)oid sha256:\(hex.uppercased())\nsize 1\n",
            "\(version)oid sha256:\(hex)0\nsize 1\n", "\(version)oid sha1:\(hex)\nsize 1\n",
            "\(version)oid  sha256:\(hex)\nsize 1\n", "\(version)oid sha256:\(hex)\r\nsize 1\r\n",
            "version https://git-lfs.github.com/spec/v2\noid sha256:\(hex)\nsize 1\n", " \(plain)", "\n\(plain)",
            "\(version)ext-1-a sha256:\(hex)\next-0-b sha256:\(hex)\noid sha256:\(hex)\nsize 1\n",
            "\(version)ext-a sha256:\(hex)\noid sha256:\(hex)\nsize 1\n",
            "\(version)ext-0- sha256:\(hex)\noid sha256:\(hex)\nsize 1\n",
            "\(version)oid sha256:\(hex)\nsize 1 \n", "\(version)oid sha256:\(hex)\nsize ١\n",
        ])
    func notPointers(text: String) {
        #expect(parse(text) == nil)
    }

    @Test("a pointer above 1024 bytes is ordinary content")
    func tooLong() {
        let name = String(repeating: "a", count: 1000)
        #expect(parse("\(Self.version)ext-0-\(name) sha256:\(Self.hex)\noid sha256:\(Self.hex)\nsize 1\n") == nil)
    }

    @Test("S52: random changes to a pointer never trap and never give a pointer that encodes to something else")
    func mutations() {
        var generator = SystemRandomNumberGenerator()
        let original = Array(Self.plain.utf8)
        for _ in 0..<5000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0...2, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: index)
                default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
                }
            }
            if let pointer = LFSPointer(parsing: bytes) { #expect(pointer.encoded == bytes) }
        }
        for size in [
            "9223372036854775808", "99999999999999999999", String(repeating: "9", count: 800), "007", "+7", "-7",
        ] {
            #expect(parse("\(Self.version)oid sha256:\(Self.hex)\nsize \(size)\n") == nil, "\(size)")
        }
    }
}
