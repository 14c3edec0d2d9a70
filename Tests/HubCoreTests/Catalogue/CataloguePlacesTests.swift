import Testing

@testable import HubCore

@Suite("Rows by key, and patterns in texts")
struct CataloguePlacesTests {
    @Test("a key's row is what a dictionary says, wherever the key lies")
    func places() {
        var random = SeededGenerator(seed: 3)
        var places = CataloguePlaces()
        var expected: [Int64: Int32] = [:]
        let odd: [Int64] = [-1, 0, 1 << 40, .max, .min]
        for number in 0..<3_000 {
            let isOdd = number.isMultiple(of: 10)
            let key = isOdd ? odd.randomElement(using: &random) ?? 0 : Int64.random(in: 0..<5_000, using: &random)
            let row: Int32? = number % 7 == 3 ? nil : Int32(number)
            places[key] = row
            expected[key] = row
        }
        #expect(places.keys == expected.keys.sorted())
        let asked = Array(-2..<6_000) + odd
        for key in asked { #expect(places[key] == expected[key], "\(key)") }
        for order in [asked, asked.sorted(), asked.shuffled(using: &random), expected.keys.sorted(), asked.reversed()] {
            var reader = places.reader()
            for key in order { #expect(reader.row(of: key) == expected[key], "\(key)") }
        }
    }

    @Test("nothing is there before something was put there")
    func empty() {
        var places = CataloguePlaces()
        places[70_000] = nil
        #expect(places[70_000] == nil)
        var reader = places.reader()
        #expect(reader.row(of: 0) == nil)
    }

    @Test(
        "a pattern is found where a plain look finds it, at every end of a text",
        arguments: [1, 2, 3, 5, 31, 32, 33, 70])
    func patterns(length: Int) {
        var random = SeededGenerator(seed: UInt64(length))
        for size in [0, 1, length - 1, length, length + 1, length + 30, length + 31, length + 32, length + 200] {
            // Two letters, so that much looks like the pattern and is not.
            let text = (0..<max(0, size)).map { _ in UInt8.random(in: 97...98, using: &random) }
            let own = text.count >= length ? Array(text.suffix(length)) : Array(repeating: 97, count: length)
            for pattern in [own, Array(repeating: UInt8(97), count: length)] {
                var found: [Int] = []
                text.withUnsafeBytes { BytePattern(bytes: pattern).each(in: $0) { found.append($0) } }
                let plain =
                    text.count < length
                    ? [] : (0...text.count - length).filter { Array(text[$0..<$0 + length]) == pattern }
                #expect(found == plain, "\(size)")
            }
        }
    }

    @Test("no bytes are nowhere")
    func nothing() {
        var found = 0
        [UInt8(1), 2].withUnsafeBytes { BytePattern(bytes: []).each(in: $0) { _ in found += 1 } }
        #expect(found == 0)
    }
}
