import HubCore
import Testing

@Suite("pkt-line framing")
struct PktLineTests {
    private func lines(_ bytes: [UInt8], in pieces: Int) throws -> [PktLine] {
        var parser = PktLineParser()
        var found: [PktLine] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            parser.append(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
            while let line = try parser.next() { found.append(line) }
        }
        #expect(parser.pendingByteCount == 0)
        return found
    }

    @Test("the special lines and text have git's bytes")
    func encoding() {
        #expect(PktLine.flush.encoded == Array("0000".utf8))
        #expect(PktLine.delimiter.encoded == Array("0001".utf8))
        #expect(PktLine.responseEnd.encoded == Array("0002".utf8))
        #expect(PktLine.text("want").encoded == Array("0009want\n".utf8))
        #expect(PktLine.data([]).encoded == Array("0004".utf8))
        #expect(PktLine.text("want").text == "want")
        #expect(PktLine.flush.text == nil)
    }

    @Test("whatever is written is read again, however it is cut", arguments: [1, 3, 4, 5, 7, 1000, 1 << 20])
    func roundTrip(pieces: Int) throws {
        var generator = SystemRandomNumberGenerator()
        let written: [PktLine] = (0..<60).map { _ in
            switch Int.random(in: 0...5, using: &generator) {
            case 0: .flush
            case 1: .delimiter
            case 2: .responseEnd
            default:
                .data((0..<Int.random(in: 0...300, using: &generator)).map { UInt8(truncatingIfNeeded: $0) })
            }
        }
        var bytes: [UInt8] = []
        for line in written { line.append(to: &bytes) }
        #expect(try lines(bytes, in: pieces) == written)
    }

    @Test("a payload above the limit becomes several lines")
    func longPayload() throws {
        let payload = [UInt8](repeating: 7, count: PktLine.maximumPayload + 10)
        let found = try lines(PktLine.data(payload).encoded, in: 4096)
        #expect(found == [.data(Array(payload.prefix(PktLine.maximumPayload))), .data(Array(payload.suffix(10)))])
    }

    @Test(
        "lengths that are no lengths end the stream for good",
        arguments: ["0003", "fff1", "FFFF", "-001", "00 4", "é00"])
    func malformed(text: String) {
        var parser = PktLineParser()
        parser.append(Array(text.utf8))
        #expect(throws: PktLineParser.Failure.self) { try parser.next() }
        parser.append(Array("0000".utf8))
        #expect(throws: PktLineParser.Failure.self) { try parser.next() }
    }

    @Test("a lower limit is kept")
    func limit() {
        var parser = PktLineParser(maximumLength: 100)
        parser.append(Array("0065".utf8))
        #expect(throws: PktLineParser.Failure.lengthOutOfRange(101)) { try parser.next() }
    }

    @Test("S52: random bytes never trap and never hold more than they were given")
    func noise() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<3000 {
            var parser = PktLineParser()
            let hexBias = Bool.random(using: &generator)
            for _ in 0..<4 {
                parser.append(
                    (0..<Int.random(in: 0...40, using: &generator)).map { _ -> UInt8 in
                        hexBias
                            ? Array("0001234f".utf8).randomElement(using: &generator) ?? 48
                            : UInt8.random(in: 0...255, using: &generator)
                    })
                while let line = try? parser.next() { _ = line }
                #expect(parser.pendingByteCount <= 160)
            }
        }
    }

    @Test("what follows the last line can be taken raw")
    func remainder() throws {
        var parser = PktLineParser()
        parser.append(Array("0008NAK\nPACKxyz".utf8))
        #expect(try parser.next() == .text("NAK"))
        #expect(parser.takeRemainder() == Array("PACKxyz".utf8))
        #expect(parser.pendingByteCount == 0)
    }

    @Test("side-bands are told apart by their first byte")
    func sideBands() {
        #expect(SideBand([1, 80, 65]) == .pack([80, 65]))
        #expect(SideBand([2, 104, 105]) == .progress("hi"))
        #expect(SideBand([3, 110, 111]) == .error("no"))
        #expect(SideBand([]) == nil)
        #expect(SideBand([9, 1]) == nil)
    }
}
