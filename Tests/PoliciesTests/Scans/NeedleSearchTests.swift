import Testing

@testable import Policies

@Suite("Searches for sequences of bytes")
struct NeedleSearchTests {
    private static let needles =
        [
            "cos\nsystem\n", "cos\npopen\n", "sk-proj-", "sk-", "AIza", "AKIA", "hf_", "-----BEGIN ", "ab", "aab",
        ].map { Array($0.utf8) } + [[0x8C, 2, 0x6F, 0x73, 0x8C, 6], [0, 0], [0xFF, 0xFF, 0xFF]]

    /// The first needle that stands at each place, looked for as simply as can be.
    private static func plain(_ needles: [[UInt8]], in bytes: [UInt8], limit: Int) -> [[Int]] {
        (0..<min(limit, bytes.count)).compactMap { place in
            needles.firstIndex { bytes[place...].starts(with: $0) }.map { [place, $0] }
        }
    }

    /// Bytes of few kinds, with needles and their beginnings among them.
    private static func bytes(_ chance: inout SeededGenerator) -> [UInt8] {
        let alphabet = Array("sk-AIKahf_co\nab".utf8) + [0x8C, 0, 0xFF]
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 0...40, using: &chance) {
            if let needle = needles.randomElement(using: &chance), Bool.random(using: &chance) {
                bytes += needle.prefix(Int.random(in: 1...needle.count, using: &chance))
            }
            if let byte = alphabet.randomElement(using: &chance) { bytes.append(byte) }
        }
        return bytes
    }

    @Test("each needle is found at its place, as if every place had been compared")
    func findsWhatIsThere() {
        var chance = SeededGenerator(seed: 11)
        let search = NeedleSearch(Self.needles)
        for _ in 0..<500 {
            let bytes = Self.bytes(&chance)
            let limit = Int.random(in: 0...bytes.count, using: &chance)
            let found = search.hits(in: bytes, limit: limit).map { [$0.offset, $0.needle] }
            #expect(found == Self.plain(Self.needles, in: bytes, limit: limit))
        }
    }

    @Test("a needle that lies across two windows is found once")
    func acrossWindows() {
        var chance = SeededGenerator(seed: 12)
        let search = NeedleSearch(Self.needles, window: 16)
        for _ in 0..<200 {
            let bytes = Self.bytes(&chance)
            let session = ScanSession(ScanBytes(bytes))
            var found: [[Int]] = []
            search.run(session, session.whole) { place, needle in
                found.append([Int(place), needle])
                return true
            }
            #expect(found == Self.plain(Self.needles, in: bytes, limit: bytes.count))
            #expect(!session.isUnreadable)
        }
    }

    @Test("a search ends where it is told to")
    func ends() {
        let session = ScanSession(ScanBytes(Array("ab ab ab".utf8)))
        var places: [Int64] = []
        NeedleSearch(texts: ["ab"]).run(session, session.whole) { place, _ in
            places.append(place)
            return places.count < 2
        }
        #expect(places == [0, 3])
    }
}
