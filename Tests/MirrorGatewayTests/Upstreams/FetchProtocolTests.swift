import HubCore
import Testing

@testable import MirrorGateway

@Suite("Fetching: what is asked and how the answer is read")
struct FetchProtocolTests {
    private let one = "1111111111111111111111111111111111111111"
    private let two = "2222222222222222222222222222222222222222"
    private let pack = Array("PACK and then some bytes".utf8)

    private func band(_ number: UInt8, _ bytes: [UInt8]) -> PktLine { .data([number] + bytes) }

    /// Reads an answer in pieces of a size.
    private func parse(
        _ lines: [PktLine], every size: Int, _ start: FetchResponseParser = .v2()
    ) throws -> (FetchResponseParser, [UInt8]) {
        var parser = start
        var pack: [UInt8] = []
        var rest = lines.flatMap(\.encoded)[...]
        while !rest.isEmpty {
            pack += try parser.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        try parser.finish()
        return (parser, pack)
    }

    @Test("boundaries and pack come out the same wherever the stream is cut")
    func everyCut() throws {
        let lines: [PktLine] = [
            .text("shallow-info"), .text("shallow \(one)"), .text("unshallow \(two)"), .delimiter, .text("packfile"),
            band(2, Array("counting\r".utf8)), band(1, Array(pack.prefix(9))), band(1, []),
            band(1, Array(pack.dropFirst(9))), .flush,
        ]
        let whole = lines.flatMap(\.encoded)
        for cut in 0...whole.count {
            var parser = FetchResponseParser.v2()
            var read = try parser.append(Array(whole[..<cut]))
            read += try parser.append(Array(whole[cut...]))
            try parser.finish()
            #expect(read == pack, "cut at \(cut)")
            #expect(parser.shallow.map(\.hex) == [one] && parser.unshallow.map(\.hex) == [two], "cut at \(cut)")
        }
        #expect(try parse(lines, every: 1).1 == pack)
    }

    @Test("sections that say nothing to us are passed over")
    func otherSections() throws {
        let lines: [PktLine] = [
            .text("acknowledgments"), .text("ACK \(one)"), .text("ready"), .delimiter, .text("wanted-refs"),
            .text("\(one) refs/heads/main"), .delimiter, .text("packfile"), band(1, pack), .responseEnd,
        ]
        #expect(try parse(lines, every: 5).1 == pack)
    }

    @Test("side-band 3 and ERR carry the server's reason")
    func remoteErrors() {
        #expect(throws: GitStreamFailure.remote("upload-pack: not our ref \(one)")) {
            try parse([.text("ERR upload-pack: not our ref \(one)")], every: 64)
        }
        #expect(throws: GitStreamFailure.remote("out of memory")) {
            try parse([.text("packfile"), band(1, pack), band(3, Array("out of memory".utf8)), .flush], every: 3)
        }
    }

    @Test("a stream that ends early is truncated, at every byte")
    func truncated() throws {
        let whole = [PktLine.text("packfile"), band(1, pack), .flush].flatMap(\.encoded)
        for end in 0..<whole.count {
            var parser = FetchResponseParser.v2()
            _ = try parser.append(Array(whole[..<end]))
            #expect(throws: GitStreamFailure.truncated) { try parser.finish() }
        }
    }

    @Test("an answer without a pack and a band that does not exist are errors")
    func malformed() {
        #expect(throws: GitStreamFailure.self) { try parse([.flush], every: 64) }
        #expect(throws: GitStreamFailure.self) {
            try parse([.text("acknowledgments"), .text("NAK"), .flush], every: 64)
        }
        #expect(throws: GitStreamFailure.self) { try parse([.text("packfile"), band(7, pack), .flush], every: 64) }
        #expect(throws: GitStreamFailure.self) { try parse([.text("packfile"), .data([]), .flush], every: 64) }
        #expect(throws: GitStreamFailure.self) {
            try parse([.text("shallow-info"), .text("shallow x"), .delimiter], every: 64)
        }
        #expect(throws: GitStreamFailure.self) { try parse([.text("packfile-uris"), .delimiter], every: 64) }
    }

    @Test("versions 0 and 1 acknowledge before the pack, with boundaries when history is cut")
    func legacy() throws {
        let plain: [PktLine] = [.text("NAK"), band(1, pack), .flush]
        #expect(try parse(plain, every: 1, .legacy(expectsBoundaries: false)).1 == pack)
        let common: [PktLine] = [.text("ACK \(one) common"), .text("ACK \(one)"), band(1, pack), .flush]
        #expect(try parse(common, every: 1, .legacy(expectsBoundaries: false)).1 == pack)
        let cut: [PktLine] = [.text("shallow \(one)"), .flush, .text("NAK"), band(1, pack), .flush]
        let (parser, read) = try parse(cut, every: 2, .legacy(expectsBoundaries: true))
        #expect(parser.shallow.map(\.hex) == [one])
        #expect(read == pack)
        #expect(throws: GitStreamFailure.self) {
            try parse([.text("what?"), .flush], every: 64, .legacy(expectsBoundaries: false))
        }
    }

    private let modern = GitCapabilities(["agent=git/2", "fetch=shallow", "object-format=sha1"])

    @Test("the request says thin only with haves, and deepens only when something is cut")
    func requestOfVersionTwo() throws {
        let want = try Sample.object("1")
        let have = try Sample.object("2")
        let whole = String(decoding: try FetchRequest(wants: [want]).encodedV2(for: modern), as: UTF8.self)
        #expect(whole.contains("command=fetch\n") && whole.contains("ofs-delta\n") && whole.contains("no-progress\n"))
        #expect(whole.contains("want \(one)\n") && whole.hasSuffix("0009done\n0000"))
        #expect(!whole.contains("thin-pack") && !whole.contains("deepen") && !whole.contains("shallow"))

        let thin = String(
            decoding: try FetchRequest(wants: [want], haves: [have]).encodedV2(for: modern), as: UTF8.self)
        #expect(thin.contains("thin-pack\n") && thin.contains("have \(two)\n"))

        let cut = String(decoding: try FetchRequest(wants: [want], depth: 1).encodedV2(for: modern), as: UTF8.self)
        #expect(cut.contains("deepen 1\n"))

        let lifted = String(
            decoding: try FetchRequest(wants: [want], haves: [have], shallow: [have]).encodedV2(for: modern),
            as: UTF8.self)
        #expect(lifted.contains("shallow \(two)\n") && lifted.contains("deepen 2147483647\n"))
    }

    @Test("a server without shallow gets the whole history asked, but cannot continue a cut one")
    func withoutShallow() throws {
        let server = GitCapabilities(["fetch"])
        let want = try Sample.object("1")
        let text = String(decoding: try FetchRequest(wants: [want], depth: 1).encodedV2(for: server), as: UTF8.self)
        #expect(!text.contains("deepen"))
        #expect(throws: GitStreamFailure.self) {
            try FetchRequest(wants: [want], shallow: [want]).encodedV2(for: server)
        }
    }

    @Test("the request of versions 0 and 1 names capabilities behind the first want")
    func requestOfVersionZero() throws {
        let server = GitCapabilities(["side-band-64k", "ofs-delta", "thin-pack", "shallow", "no-progress"])
        let request = FetchRequest(
            wants: [try Sample.object("1"), try Sample.object("2")], haves: [try Sample.object("3")], depth: 2)
        let text = String(decoding: try request.encodedLegacy(for: server), as: UTF8.self)
        #expect(text.contains("want \(one) side-band-64k ofs-delta no-progress thin-pack\n"))
        #expect(text.contains("want \(two)\n"))
        #expect(text.contains("deepen 2\n0000"))
        #expect(text.hasSuffix("0009done\n"))
        #expect(throws: GitStreamFailure.self) { try request.encodedLegacy(for: GitCapabilities(["ofs-delta"])) }
    }
}
