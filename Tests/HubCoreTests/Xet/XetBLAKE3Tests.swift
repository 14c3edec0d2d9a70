import HubCore
import Testing

@Suite("BLAKE3")
struct XetBLAKE3Tests {
    private static let input = (0..<102_400).map { UInt8($0 % 251) }

    /// How many bytes of the input, their hash, and their hash keyed with the first 32; from the reference
    /// implementation.
    private static let vectors: [(count: Int, plain: String, keyed: String)] = [
        (
            0, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
            "73492b19995d71cdb1e9d74decc09809eb732f1b00bc95c27cb15f9dd4d6478f"
        ),
        (
            1, "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213",
            "d08b45c6b127ee94f3f8527a0b82a5f80be1695a0eaec6022e772c0eb95a7e8b"
        ),
        (
            63, "e9bc37a594daad83be9470df7f7b3798297c3d834ce80ba85d6e207627b7db7b",
            "e471df92f6f7dee100138af7da29695906b0dc34ccde2142a730dd4ebcbc09cc"
        ),
        (
            64, "4eed7141ea4a5cd4b788606bd23f46e212af9cacebacdc7d1f4c6dc7f2511b98",
            "cfaf838ff320e0d87301dcba02b1a4bb397d65119f57403df2817a51d4025f9b"
        ),
        (
            65, "de1e5fa0be70df6d2be8fffd0e99ceaa8eb6e8c93a63f2d8d1c30ecb6b263dee",
            "d8a45528bfa93a0d9b7bf4c840b68f64af0b9ad3d0bbd6c1421c2a4cf1cdf3b4"
        ),
        (
            1023, "10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11",
            "da1f18069871512af22af9f13dc005800dfd52c55f42753b5ae718086fe2ee44"
        ),
        (
            1024, "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7",
            "f45a9249a627fdf1fcf13c0e6376f6a9a9b2056d6e1b5693a4b119a3453665f9"
        ),
        (
            1025, "d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444",
            "82223147a9b804a0c3f9a921b8d8aee250d1a51bb76be72152e6d5e8f27349b3"
        ),
        (
            2048, "e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a",
            "636bfa717d4f9fc3e59da9b2e5cce6a2b78eb70469c0fce49da38b5419892423"
        ),
        (
            2049, "5f4d72f40d7a5f82b15ca2b2e44b1de3c2ef86c426c95c1af0b6879522563030",
            "5442eec85e3fd173dcff07c39cd8cff9689f17224471e655618ed728cf03b056"
        ),
        (
            4096, "015094013f57a5277b59d8475c0501042c0b642e531b0a1c8f58d2163229e969",
            "e8c6e859e0480c4b062457defd04d2f4303b6cc280a0fe080ec5c4346a171937"
        ),
        (
            4097, "9b4052b38f1c5fc8b1f9ff7ac7b27cd242487b3d890d15c96a1c25b8aa0fb995",
            "a3b7fe277011b5efcde8a33d90b0edb88c29e73831f34d9b02aebab51c98e2a6"
        ),
        (
            5120, "9cadc15fed8b5d854562b26a9536d9707cadeda9b143978f319ab34230535833",
            "8bb4f2ab4db1d207713b4240105ec14d57452bc53073c480f8377279fa959a95"
        ),
        (
            8192, "aae792484c8efe4f19e2ca7d371d8c467ffb10748d8a5a1ae579948f718a2a63",
            "c659141d9d7e6efafd2f274d4307b9ab3369f058c6d03cd5ba17d4518d77bd49"
        ),
        (
            8193, "bab6c09cb8ce8cf459261398d2e7aef35700bf488116ceb94a36d0f5f1b7bc3b",
            "c666ccf5fa240c07a9d0a6b8ae92c67668b482e7c2751fb5e1d9d7078fa9637e"
        ),
        (
            12289, "cf7174c2cc9af4fd8876e2783e956a8882562c6de243eafbe71c96c11b9204e5",
            "f2b209513b02239a4567f4529643096770a1826f835d0e3bde542b25c3c1f5b9"
        ),
        (
            31744, "62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47",
            "55253f057bce59e7811fea47ac0e72751ca12c40c4a5b8f3c42e54daa5073272"
        ),
        (
            65536, "68d647e619a930e7b1082f74f334b0c65a315725569bdc123f0ee11881717bfe",
            "ca2a089711002f4987989e5fab9c11ca9940e94ee258ea062d2bcb402de11ca9"
        ),
        (
            102400, "bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085",
            "ab2ecf0478e816065ba6039d8ec583cbce8a2335efe903e2d7313c04ba5330d2"
        ),
    ]

    private func hex(_ hash: XetHash) -> String { Hexadecimal.encode(hash.bytes) }

    @Test("it gives the reference's hashes, plain and keyed")
    func reference() throws {
        let key = try #require(XetHash(bytes: Self.input.prefix(32)))
        for vector in Self.vectors {
            let bytes = Array(Self.input.prefix(vector.count))
            #expect(hex(BLAKE3.hash(bytes)) == vector.plain, "\(vector.count) bytes")
            #expect(hex(BLAKE3.hash(bytes, key: key)) == vector.keyed, "\(vector.count) bytes, keyed")
        }
    }

    @Test("pieces give the hash of the whole, and a hash may be asked for in between", arguments: [1, 63, 1500, 9000])
    func pieces(limit: Int) {
        var generator = XetGenerator(seed: UInt64(limit))
        for count in [0, 1, 64, 1024, 1025, 4096, 4097, 8192, 12_289, 20_000] {
            let bytes = Array(Self.input.prefix(count))
            var hash = BLAKE3()
            var taken = 0
            for piece in XetFixtures.pieces(of: bytes, upTo: limit, using: &generator) {
                hash.update(piece)
                taken += piece.count
                if taken % 701 == 0 { #expect(hash.finalize() == BLAKE3.hash(Array(bytes.prefix(taken)))) }
            }
            #expect(hash.finalize() == BLAKE3.hash(bytes), "\(count) bytes")
        }
    }
}
