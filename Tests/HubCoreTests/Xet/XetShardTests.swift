import HubCore
import Testing

@Suite("Shards")
struct XetShardTests {
    private func files(_ items: [ShardReader.Item]) -> [ShardFile] {
        items.compactMap { if case .file(let file) = $0 { file } else { nil } }
    }

    private func xorbs(_ items: [ShardReader.Item]) -> [ShardXorb] {
        items.compactMap { if case .xorb(let xorb) = $0 { xorb } else { nil } }
    }

    private func index(_ name: String) throws -> XorbIndex {
        var reader = XorbReader()
        reader.append(try XetFixtures.bytes(name))
        return try reader.finish()
    }

    /// What a shard says of its xorbs, as if they were stored.
    private func indexes(_ xorbs: [ShardXorb]) -> [XetHash: XorbIndex] {
        Dictionary(
            uniqueKeysWithValues: xorbs.map { xorb in
                let chunks = xorb.chunks.map {
                    XorbChunk(hash: $0.hash, offset: 0, storedBytes: 8 + $0.contentBytes, contentBytes: $0.contentBytes)
                }
                return (xorb.hash, XorbIndex(chunks: chunks, hash: xorb.hash, storedBytes: 0, footerBytes: 0))
            })
    }

    @Test("a shard that a client sent has its files, with names, terms and SHA-256")
    func recorded() throws {
        let items = try ShardReader.items(in: try XetFixtures.bytes("mixed.shard"))
        let files = files(items)
        #expect(
            Set(files.map(\.hash.text)) == [
                "75d45a33cd072a70ea744c96e921acc06424dc2074e1e36583f08e5d2bf763b1",
                "8d62915af6daf123500ad918fd2edfde8beb7f5e19ed8945c317144f3bcd4cf5",
                "a060bc683e1f57cfbb3da4e225054c04b78268c7ca5903bbac323efaa630cd05",
                "7c5478924ddc4059706f9987502297e39a66141e00adcccbb511707d54dc766b",
            ])
        let text = try #require(files.first { $0.contentBytes == 4980 })
        #expect(text.sha256 == BlobID(hashing: try XetFixtures.bytes("text.bin")))
        #expect(text.terms.map(\.chunks) == [2..<3])

        let xorb = try index("mixed.xorb")
        #expect(xorbs(items).map(\.hash) == [xorb.hash])
        #expect(xorbs(items).first?.chunks.map(\.hash) == xorb.chunks.map(\.hash))
        #expect(xorbs(items).first?.contentBytes == xorb.contentBytes)
        for file in files { #expect(throws: Never.self) { try file.verify { $0 == xorb.hash ? xorb : nil } } }
    }

    @Test("names, terms and xorbs of hundreds of chunks agree with what the client computed")
    func many() throws {
        let items = try ShardReader.items(in: try XetFixtures.bytes("many.shard"))
        let stored = indexes(xorbs(items))
        #expect(xorbs(items).first?.chunks.count == 194)
        for xorb in xorbs(items) { #expect(throws: Never.self) { try xorb.verify() } }
        #expect(files(items).map(\.contentBytes).sorted() == [3_245_728, 9_437_184])
        for file in files(items) { #expect(throws: Never.self) { try file.verify { stored[$0] } } }
    }

    @Test("it may come in pieces of any length", arguments: [1, 47, 48, 500])
    func pieces(limit: Int) throws {
        var generator = XetGenerator(seed: UInt64(limit))
        let bytes = try XetFixtures.bytes("mixed.shard")
        var reader = ShardReader()
        var items: [ShardReader.Item] = []
        for piece in XetFixtures.pieces(of: bytes, upTo: limit, using: &generator) {
            reader.append(piece)
            while let item = try reader.next() { items.append(item) }
        }
        try reader.finish()
        #expect(items == (try ShardReader.items(in: bytes)))
    }

    @Test("a file is refused unless its chunks are there, known to the client, and make it up")
    func verification() throws {
        let xorb = try index("mixed.xorb")
        let file = try #require(
            files(try ShardReader.items(in: try XetFixtures.bytes("mixed.shard"))).first {
                $0.contentBytes == 1_572_864
            })
        let term = try #require(file.terms.first)

        func changed(
            chunks: Range<Int>? = nil, bytes: Int? = nil, verification: XetHash?? = nil, hash: XetHash? = nil
        ) -> ShardFile {
            let other = ShardTerm(
                xorb: term.xorb, chunks: chunks ?? term.chunks, contentBytes: bytes ?? term.contentBytes,
                verification: verification ?? term.verification)
            return ShardFile(hash: hash ?? file.hash, terms: [other], sha256: file.sha256)
        }
        let missing = #expect(throws: HubError.self) { try file.verify { _ in nil } }
        #expect(missing?.code == .badRequest)
        #expect(missing?.message.contains(xorb.hash.text) == true)
        let cases: [(ShardFile, String)] = [
            (changed(chunks: 3..<16), "which has 15"), (changed(chunks: 4..<15), "says 1572864 bytes"),
            (changed(bytes: 1), "says 1 bytes"), (changed(verification: .some(nil)), "is missing"),
            (changed(verification: .zero), "is wrong"), (changed(hash: .zero), "its terms make up \(file.hash)"),
        ]
        for (file, reason) in cases {
            let error = #expect(throws: HubError.self) { try file.verify { _ in xorb } }
            #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        }
        #expect(throws: Never.self) { try changed().verify { _ in xorb } }
    }

    // MARK: shards that no client would send

    private static let header =
        Array("HFRepoMetaData\0".utf8) + [
            0x55, 0x69, 0x67, 0x45, 0x6A, 0x7B, 0x81, 0x57, 0x83, 0xA5, 0xBD, 0xD9, 0x5C, 0xCD, 0xD1, 0x4A, 0xA9,
        ]
    private static let bookend = [UInt8](repeating: 255, count: 32) + [UInt8](repeating: 0, count: 16)

    private func header(version: UInt64 = 2, footer: UInt64 = 0) -> [UInt8] {
        Self.header + XetFixtures.littleEndian(version) + XetFixtures.littleEndian(footer)
    }

    private func record(_ first: UInt32, _ second: UInt32, _ third: UInt32 = 0, _ fourth: UInt32 = 0) -> [UInt8] {
        [UInt8](repeating: 3, count: 32) + [first, second, third, fourth].flatMap { XetFixtures.littleEndian($0) }
    }

    @Test("an empty shard, a file without bytes and files without extras are taken")
    func sparse() throws {
        #expect(try ShardReader.items(in: header() + Self.bookend + Self.bookend).isEmpty)
        let bytes =
            header() + record(0, 0) + record(1 << 31, 0) + record(1 << 30, 0) + record(0, 0)
            + record(0, 1) + record(0, 5, 0, 1) + Self.bookend + Self.bookend
        let files = files(try ShardReader.items(in: bytes))
        #expect(files.map(\.terms.count) == [0, 0, 0, 1])
        #expect(files.map { $0.sha256 == nil } == [true, true, false, true])
        #expect(files.last?.terms.first?.verification == nil)
        #expect(throws: Never.self) { try ShardFile(hash: .zero, terms: [], sha256: nil).verify { _ in nil } }
    }

    @Test("a footer is skipped, and may be missing although the header speaks of it")
    func footer() throws {
        let sections = Self.bookend + Self.bookend
        let footer = [UInt8](repeating: 1, count: 200)
        #expect(throws: Never.self) { try ShardReader.items(in: header(footer: 200) + sections + footer) }
        #expect(throws: Never.self) { try ShardReader.items(in: header(footer: 200) + sections) }
        let bad = [
            header(footer: 200) + sections + footer.dropLast(), header(footer: 200) + sections + footer + [0],
            header() + sections + footer, header(footer: .max) + sections,
        ]
        for bytes in bad { #expect(throws: HubError.self) { try ShardReader.items(in: bytes) } }
    }

    @Test("records that lie are refused, with the place and the reason")
    func lies() {
        let cases: [([UInt8], String)] = [
            ([], "too early"), (header(), "too early"), (header() + Self.bookend, "too early"),
            (header(version: 3) + Self.bookend + Self.bookend, "version 3"),
            ([UInt8](repeating: 0, count: 48), "does not begin like a shard"),
            (header() + record(0, 2) + record(0, 1, 0, 1), "too early"),
            (header() + record(0, 1) + record(0, 1, 1, 1), "chunks 1 to 1"),
            (header() + record(0, 1) + record(0, 1, 5, 2), "chunks 5 to 2"),
            (header() + record(0, 1) + record(0, 1, 0, 9000), "chunks 0 to 9000"),
            (header() + record(0, 1) + record(0, 0, 0, 1), "with 0 bytes"),
            (header() + record(0, 1) + record(0, 131_073, 0, 1), "with 131073 bytes"),
            (header() + Self.bookend + record(0, 0), "0 chunks"),
            (header() + Self.bookend + record(0, 9000), "9000 chunks"),
            (header() + Self.bookend + record(0, 1, 4) + record(1, 4), "starts at 1"),
            (header() + Self.bookend + record(0, 1, 4) + record(0, 131_073), "131073 bytes"),
            (header() + Self.bookend + record(0, 1, 4) + record(0, 5), "whose chunks have 5"),
        ]
        for (bytes, reason) in cases {
            let error = #expect(throws: HubError.self) { try ShardReader.items(in: bytes) }
            #expect(error?.code == .badRequest)
            #expect(error?.message.contains(reason) == true, "\(reason): \(error?.message ?? "")")
        }
    }

    @Test("no count in a shard makes it longer than it may be")
    func limits() throws {
        let huge = #expect(throws: HubError.self) { try ShardReader.items(in: header() + record(3 << 30, .max)) }
        #expect(huge?.code == .payloadTooLarge)
        let bytes = header() + record(0, 1) + record(0, 5, 0, 1) + Self.bookend + Self.bookend
        #expect(throws: Never.self) { try ShardReader.items(in: bytes, limits: ShardLimits(bytes: Int64(bytes.count))) }
        let error = #expect(throws: HubError.self) {
            try ShardReader.items(in: bytes, limits: ShardLimits(bytes: Int64(bytes.count) - 1))
        }
        #expect(error?.code == .payloadTooLarge)
    }

    @Test("small terms cannot ask for more hashing than the limit")
    func termChunks() {
        let bytes =
            header() + record(0, 1) + record(0, 5, 0, 6) + record(0, 1) + record(0, 5, 0, 4) + Self.bookend
            + Self.bookend
        #expect(throws: Never.self) { try ShardReader.items(in: bytes, limits: ShardLimits(termChunks: 10)) }
        let error = #expect(throws: HubError.self) {
            try ShardReader.items(in: bytes, limits: ShardLimits(termChunks: 9))
        }
        #expect(error?.code == .payloadTooLarge)
    }

    @Test("damage is an error or another shard, and a failure is final")
    func damage() throws {
        var generator = XetGenerator(seed: 12)
        let bytes = try XetFixtures.bytes("mixed.shard")
        for _ in 0..<1500 {
            var reader = ShardReader()
            reader.append(XetFixtures.damaged(bytes, using: &generator))
            do {
                while try reader.next() != nil {}
                try reader.finish()
            } catch is HubError {
                #expect(throws: HubError.self) { try reader.finish() }
            }
        }
    }

    @Test("damage to what a file is made of does not pass its verification")
    func damagedTerms() throws {
        var generator = XetGenerator(seed: 13)
        let bytes = try XetFixtures.bytes("floats.shard")
        let xorb = try index("floats.xorb")
        let good = files(try ShardReader.items(in: bytes))
        for place in 48..<(48 * 4) {
            var damaged = bytes
            damaged[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            do {
                for file in files(try ShardReader.items(in: damaged)) {
                    try file.verify { $0 == xorb.hash ? xorb : nil }
                    // What is left are bits without meaning.
                    #expect(file.terms == good.first?.terms && file.hash == good.first?.hash, "byte \(place)")
                }
            } catch is HubError {}
        }
    }
}
