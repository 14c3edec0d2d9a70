import Foundation
import HubCore
import Testing

@Suite("LZ4 frames and byte groups")
struct XetLZ4Tests {
    struct Recorded: Sendable, CustomTestStringConvertible {
        let name: String
        let count: Int
        let sha256: String
        let frame: [UInt8]

        var testDescription: String { name }
    }

    /// Frames that the reference library wrote.
    static let recorded: [Recorded] = {
        let text = (try? XetFixtures.text("lz4-frames.tsv")) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count == 4, let count = Int(fields[1]), let data = Data(base64Encoded: fields[3]) else {
                return nil
            }
            return Recorded(name: fields[0], count: count, sha256: fields[2], frame: [UInt8](data))
        }
    }()

    @Test("the frames were found")
    func recordings() { #expect(Self.recorded.count == 9) }

    @Test("what the reference library wrote comes out", arguments: recorded)
    func decoding(recorded: Recorded) throws {
        for maximum in [recorded.count, recorded.count + 1, recorded.count + 100_000] {
            let bytes = try LZ4Frame.decode(recorded.frame, maximum: maximum)
            #expect(bytes.count == recorded.count)
            #expect(BlobID(hashing: bytes).hex == recorded.sha256)
        }
    }

    @Test("S47: no more comes out than may", arguments: recorded.filter { $0.count > 0 })
    func cap(recorded: Recorded) {
        for maximum in [recorded.count - 1, recorded.count / 2, 0, -1] {
            let error = #expect(throws: HubError.self) { try LZ4Frame.decode(recorded.frame, maximum: maximum) }
            #expect(error?.status == 400)
        }
    }

    @Test("a frame that is cut or longer than itself is refused", arguments: recorded)
    func cut(recorded: Recorded) {
        for count in 0..<recorded.frame.count {
            #expect(throws: HubError.self) {
                try LZ4Frame.decode(Array(recorded.frame.prefix(count)), maximum: recorded.count)
            }
        }
        #expect(throws: HubError.self) { try LZ4Frame.decode(recorded.frame + [0], maximum: recorded.count + 10) }
    }

    @Test("checksums of blocks and content are verified")
    func checksums() throws {
        let frame = try #require(Self.recorded.first { $0.name.contains("linked, every checksum") })
        var bytes = frame.frame
        for place in [bytes.count - 1, bytes.count - 10, 14] {
            bytes[place] ^= 1
            let error = #expect(throws: HubError.self) { try LZ4Frame.decode(bytes, maximum: frame.count) }
            #expect(error?.code == .unprocessable, "\(place): \(error?.message ?? "")")
            bytes[place] ^= 1
        }
        #expect(try LZ4Frame.decode(bytes, maximum: frame.count).count == frame.count)
    }

    /// A frame without checksums around one block, or several.
    private func frame(_ blocks: [UInt8]..., flags: UInt8 = 0x60) -> [UInt8] {
        let check: UInt8 = flags == 0x60 ? 0x82 : 0xC0
        var bytes: [UInt8] = [0x04, 0x22, 0x4D, 0x18, flags, 0x40, check]
        for block in blocks { bytes += XetFixtures.littleEndian(UInt32(block.count)) + block }
        return bytes + [0, 0, 0, 0]
    }

    @Test(
        "blocks that lie are refused, with the place and the reason",
        arguments: [
            ([0x14, 0x61, 0x00, 0x00, 0x00], "copy from 0 bytes"),
            ([0x14, 0x61, 0x02, 0x00, 0x00], "copy from 2 bytes"),
            ([0x14, 0x61, 0x01], "inside a distance"),
            ([0x14, 0x61, 0x01, 0x00], "inside a sequence"),
            ([0x1F, 0x61, 0x01, 0x00, 0xFF], "inside a length"),
            ([0xF0, 0xFF, 0xFF], "inside a length"),
            ([0xF0, 0xFF, 0x00], "has fewer bytes"),
            ([0x50, 0x61], "has fewer bytes"),
            ([0x1F, 0x61, 0x01, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00], "more than the frame may hold"),
        ] as [([UInt8], String)])
    func lies(block: [UInt8], reason: String) {
        let error = #expect(throws: HubError.self) { try LZ4Frame.decode(frame(block), maximum: 1000) }
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("at byte ") == true)
    }

    @Test("a block of an independent frame cannot copy from the one before")
    func independence() {
        let error = #expect(throws: HubError.self) {
            try LZ4Frame.decode(frame([0x30, 0x61, 0x62, 0x63], [0x00, 0x03, 0x00, 0x10, 0x61]), maximum: 1000)
        }
        #expect(error?.message.contains("copy from 3 bytes") == true)
    }

    @Test("other kinds of frames are refused")
    func kinds() {
        let good = frame([0x10, 0x61])
        #expect(throws: Never.self) { try LZ4Frame.decode(good, maximum: 1) }
        for (place, value) in [(0, 0x05), (4, 0x20), (4, 0xA0), (4, 0x62), (4, 0x61), (5, 0x30), (5, 0x41), (6, 0)] {
            var bytes = good
            bytes[place] = UInt8(value)
            #expect(throws: HubError.self, "byte \(place)") { try LZ4Frame.decode(bytes, maximum: 1) }
        }
    }

    @Test("damage is an error or other bytes, and never more of them")
    func damage() throws {
        var generator = XetGenerator(seed: 5)
        let small = Self.recorded.filter { $0.frame.count < 2000 && $0.count < 2000 }
        #expect(!small.isEmpty)
        for _ in 0..<4000 {
            let recorded = try #require(small.randomElement(using: &generator))
            let bytes = XetFixtures.damaged(recorded.frame, using: &generator)
            do {
                #expect(try LZ4Frame.decode(bytes, maximum: 2000).count <= 2000)
            } catch is HubError {}
        }
        for _ in 0..<4000 {
            let block = generator.bytes(Int.random(in: 1...60, using: &generator))
            do {
                #expect(try LZ4Frame.decode(frame(block), maximum: 300).count <= 300)
            } catch is HubError {}
        }
    }

    @Test("grouped bytes come back into their order, whatever their number")
    func grouping() {
        for count in 0...67 {
            let bytes = (0..<count).map { UInt8($0) }
            let grouped = (0..<4).flatMap { group in bytes.enumerated().filter { $0.offset % 4 == group }.map(\.element)
            }
            #expect(ByteGrouping.ungrouped(grouped) == bytes)
        }
    }
}
