import HubCore
import Testing

@Suite("Hexadecimal text")
struct HexadecimalTests {
    @Test("bytes that lie together and bytes that come one by one are the same text")
    func encoding() {
        let bytes = Array(UInt8.min...UInt8.max)
        let text = Hexadecimal.encode(bytes)
        #expect(text.hasPrefix("000102030405060708090a0b0c0d0e0f10"))
        #expect(text.hasSuffix("fafbfcfdfeff"))
        #expect(text == Hexadecimal.encode(bytes.lazy.map { $0 }))
        #expect(text == bytes.withUnsafeBytes { Hexadecimal.encode($0) })
        #expect(Hexadecimal.decode(text) == bytes)
        #expect(Hexadecimal.encode([UInt8]()).isEmpty)
    }
}
