import HubCore
import Testing

@Suite("Blob names")
struct BlobIDTests {
    @Test("only 64 lower-case hexadecimal digits are a name")
    func parsing() {
        let good = String(repeating: "0a", count: 32)
        #expect(BlobID(good)?.hex == good)
        let bad = [
            "", "0a", good.uppercased(), good + "0", String(good.dropLast()), "sha256:" + good,
            String(repeating: "0g", count: 32), "../" + good.dropFirst(3), good.dropLast() + "\u{0}",
            String(repeating: "٣", count: 32), String(repeating: "０", count: 64),
        ]
        for text in bad { #expect(BlobID(String(text)) == nil, "\(text)") }
    }

    @Test("a digest has 32 bytes")
    func digest() {
        #expect(BlobID(digest: [UInt8](repeating: 255, count: 32))?.hex == String(repeating: "f", count: 64))
        #expect(BlobID(digest: [1, 2, 3] as [UInt8]) == nil)
        #expect(
            BlobID(hashing: Array("abc".utf8)).hex
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
