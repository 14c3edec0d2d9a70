import HubCore
import Testing

@Suite("Xorbs")
struct XetXorbTests {
    private static let mixedName = "59681025a6501a42d75dfe9e772277b00b97f071a1eea86afd71c0c78f6ba148"
    private static let floatsName = "ef00170f453fa2c3b8390e8f7f60faa029d8434e934044d62ea73a54f9174fc2"

    private func read(_ pieces: [[UInt8]], limits: XorbLimits = XorbLimits()) throws -> (XorbIndex, [[UInt8]]) {
        var reader = XorbReader(limits: limits)
        var contents: [[UInt8]] = []
        for piece in pieces {
            reader.append(piece)
            while let (_, bytes) = try reader.next() { contents.append(bytes) }
        }
        return (try reader.finish(), contents)
    }

    @Test("a xorb that a client sent has its name, its chunks and their bytes")
    func recorded() throws {
        let bytes = try XetFixtures.bytes("mixed.xorb")
        let (index, contents) = try read([bytes])
        #expect(index.hash.text == Self.mixedName)
        #expect(index.chunks.map(\.contentBytes) == [700, 3203, 4980] + Array(repeating: 131_072, count: 12))
        #expect(index.storedBytes == Int64(bytes.count))
        #expect(index.footerBytes == 0)
        #expect(contents[2] == (try XetFixtures.bytes("text.bin")))
        for (number, content) in contents.dropFirst(3).enumerated() {
            #expect(content == [UInt8](repeating: UInt8(65 + number), count: 131_072))
        }
        #expect(throws: Never.self) { try index.verify(index.hash) }
        let error = #expect(throws: HubError.self) { try index.verify(.zero) }
        #expect(error?.code == .unprocessable)
    }

    @Test("a chunk of grouped bytes comes back into its order")
    func grouped() throws {
        let (index, contents) = try read([try XetFixtures.bytes("floats.xorb")])
        #expect(index.hash.text == Self.floatsName)
        #expect(contents == [try XetFixtures.bytes("floats.bin")])
    }

    @Test("it may come in pieces of any length", arguments: [1, 7, 100, 5000])
    func pieces(limit: Int) throws {
        var generator = XetGenerator(seed: UInt64(limit))
        let bytes = try XetFixtures.bytes("floats.xorb") + XetFixtures.xorb([[1], [2, 3], generator.bytes(3000)])
        let (whole, contents) = try read([bytes])
        let (index, others) = try read(XetFixtures.pieces(of: bytes, upTo: limit, using: &generator))
        #expect(index == whole)
        #expect(others == contents)
    }

    @Test("it is read from a body and from a file alike, and a stored one in any order")
    func sources() async throws {
        var generator = XetGenerator(seed: 4)
        let bytes = try XetFixtures.bytes("floats.xorb") + XetFixtures.xorb((1...9).map { generator.bytes($0 * 10) })
        let (whole, contents) = try read([bytes])

        let pieces = XetFixtures.pieces(of: bytes, upTo: 900, using: &generator)
        let body = AsyncStream<[UInt8]> { continuation in
            for piece in pieces { continuation.yield(piece) }
            continuation.finish()
        }
        var others: [[UInt8]] = []
        #expect(try await XorbReader.read(body) { _, content in others.append(content) } == whole)
        #expect(others == contents)

        let directory = try TemporaryDirectory()
        let file = try OpenFile(path: directory.write(bytes, to: "xorb"))
        #expect(try XorbReader.read(file) == whole)
        let stored = XorbFile(file: file, index: whole)
        for number in contents.indices.reversed() { #expect(try stored.content(of: number) == contents[number]) }
        for number in [-1, contents.count] {
            #expect(throws: HubError.self) { try stored.content(of: number) }
        }
    }

    @Test("a stored xorb that has changed is damaged, not a client's fault")
    func damagedFile() throws {
        var bytes = try XetFixtures.bytes("floats.xorb") + XetFixtures.xorb([[1, 2, 3]])
        let (index, _) = try read([bytes])
        bytes[bytes.count - 1] ^= 1
        bytes[4] = 1
        let directory = try TemporaryDirectory()
        let changed = XorbFile(file: try OpenFile(path: directory.write(bytes, to: "changed")), index: index)
        let short = XorbFile(
            file: try OpenFile(path: directory.write(Array(bytes.prefix(100)), to: "short")), index: index)
        for file in [changed, short] {
            for number in 0...1 {
                let error = #expect(throws: HubError.self) { try file.content(of: number) }
                #expect(error?.code == .storageCorrupt)
            }
        }
    }

    @Test("the footer of older clients is skipped, also in pieces", arguments: [1, 3, 50, 100_000])
    func footer(limit: Int) throws {
        var generator = XetGenerator(seed: UInt64(limit))
        let bytes = try XetFixtures.bytes("floats.xorb")
        let (plain, _) = try read([bytes])
        let footer = XetFixtures.footer(of: plain)
        let (index, _) = try read(XetFixtures.pieces(of: bytes + footer, upTo: limit, using: &generator))
        #expect(index.hash == plain.hash)
        #expect(index.chunks == plain.chunks)
        #expect(index.storedBytes == plain.storedBytes)
        #expect(index.footerBytes == Int64(footer.count))
    }

    @Test("a footer that is cut, too long or alone is refused")
    func badFooters() throws {
        let bytes = try XetFixtures.bytes("floats.xorb")
        let footer = XetFixtures.footer(of: try read([bytes]).0)
        for bad in [Array(footer.dropLast()), footer + [0], footer + footer] {
            #expect(throws: HubError.self) { try read([bytes + bad]) }
        }
        #expect(throws: HubError.self) { try read([footer]) }
        let error = #expect(throws: HubError.self) {
            try read([bytes + footer + [UInt8](repeating: 0, count: 1 << 20)])
        }
        #expect(error?.code == .payloadTooLarge)
    }

    @Test(
        "chunk headers that lie are refused",
        arguments: [
            [1, 1, 0, 0, 0, 1, 0, 0, 9], [0, 1, 0, 0, 3, 1, 0, 0, 9], [0, 0, 0, 0, 0, 0, 0, 0],
            [0, 1, 0, 0, 0, 2, 0, 0, 9], [0, 1, 0, 0, 1, 1, 0, 0, 9], [0, 1, 0, 0, 0, 1, 0, 0],
            [0, 1, 0, 0, 0], [], [0, 1, 0, 0, 0, 1, 0, 0, 9, 0], [0, 0, 0, 0, 1, 1, 0, 0],
            [0, 1, 0, 2, 0, 1, 0, 2], [0, 1, 0, 4, 1, 1, 0, 0], [0x58, 0x45, 0x54, 0x42, 0x4C, 0x4F, 0x42, 1],
        ] as [[UInt8]])
    func lies(bytes: [UInt8]) {
        let error = #expect(throws: HubError.self) { try read([bytes]) }
        #expect(error?.code == .badRequest)
        #expect(error?.message.contains("at byte ") == true)
    }

    @Test("a failure names the place in the xorb and is final")
    func finality() throws {
        let good = XetFixtures.xorb([[1, 2, 3]])
        var reader = XorbReader()
        reader.append(good + [9, 0, 0, 0, 0, 0, 0, 0])
        #expect(try reader.next()?.bytes == [1, 2, 3])
        let error = #expect(throws: HubError.self) { try reader.next() }
        #expect(error?.message.contains("at byte 11") == true)
        reader.append(good)
        #expect(throws: HubError.self) { try reader.next() }
        #expect(throws: HubError.self) { try reader.finish() }
    }

    @Test("a chunk that is not as long as its header says is refused")
    func length() throws {
        var bytes = try XetFixtures.bytes("floats.xorb")
        bytes[5] += 1
        let longer = bytes
        let error = #expect(throws: HubError.self) { try read([longer]) }
        #expect(error?.code == .unprocessable)
        bytes[5] -= 2
        let shorter = bytes
        #expect(throws: HubError.self) { try read([shorter]) }
    }

    @Test("the limits hold: chunks, bytes of a chunk, bytes of all")
    func limits() throws {
        let bytes = XetFixtures.xorb([[1], [2], [3]])
        #expect(throws: Never.self) { try read([bytes], limits: XorbLimits(chunks: 3, storedBytes: 27)) }
        let cases: [(XorbLimits, HubError.Code)] = [
            (XorbLimits(chunks: 2), .payloadTooLarge), (XorbLimits(storedBytes: 26), .payloadTooLarge),
            (XorbLimits(chunkBytes: 0), .badRequest),
        ]
        for (limits, code) in cases {
            let error = #expect(throws: HubError.self) { try read([bytes], limits: limits) }
            #expect(error?.code == code)
        }
        // What the stock client sends at most: 64 MiB in 8192 chunks, and their headers.
        #expect(XorbLimits().storedBytes == 64 << 20 + 8192 * 8)
    }

    @Test("damage is an error or another name")
    func damage() throws {
        var generator = XetGenerator(seed: 9)
        let bytes = try XetFixtures.bytes("floats.xorb") + XetFixtures.xorb([[1], [2, 3]])
        let (plain, _) = try read([bytes])
        for _ in 0..<600 {
            let damaged = XetFixtures.damaged(bytes, using: &generator)
            do {
                let (index, contents) = try read(XetFixtures.pieces(of: damaged, upTo: 3000, using: &generator))
                #expect(contents.allSatisfy { $0.count <= 131_072 })
                // Other compressed bytes may give the same chunk, and so rightly the same name.
                if index.hash == plain.hash { #expect(index.chunks.map(\.hash) == plain.chunks.map(\.hash)) }
            } catch is HubError {}
        }
        for _ in 0..<600 {
            do { _ = try read([[0] + generator.bytes(Int.random(in: 0...40, using: &generator))]) } catch is HubError {}
        }
    }
}
