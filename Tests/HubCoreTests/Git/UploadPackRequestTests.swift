import HubCore
import Testing

@Suite("The head of an upload-pack request")
struct UploadPackRequestTests {
    private static let one = String(repeating: "1", count: 40)
    private static let two = String(repeating: "2", count: 40)

    private func body(_ lines: [PktLine]) -> [UInt8] { lines.flatMap(\.encoded) }

    @Test("a v2 fetch tells wants, depth, filter and the end of negotiation")
    func fetch() throws {
        let request = try UploadPackRequestParser.parse(
            body([
                .text("command=fetch"), .text("agent=git/2.39.5"), .text("object-format=sha1"), .delimiter,
                .text("thin-pack"), .text("ofs-delta"), .text("deepen 1"), .text("filter blob:none"),
                .text("want \(Self.one)"), .text("want \(Self.two)"), .text("want-ref refs/heads/main"),
                .text("shallow \(Self.two)"), .text("have \(Self.one)"), .text("done"), .flush,
            ]), version: .v2)
        #expect(request.command == .fetch)
        #expect(request.capabilities == ["agent=git/2.39.5", "object-format=sha1"])
        #expect(request.wants.map(\.hex) == [Self.one, Self.two])
        #expect(request.wantedRefs == ["refs/heads/main"])
        #expect(request.shallow.map(\.hex) == [Self.two])
        #expect(request.haveCount == 1)
        #expect(request.depth == 1)
        #expect(request.filter == "blob:none")
        #expect(request.isDone)
        #expect(!request.wantsHistory)
        #expect(request.limitsHistory)
    }

    @Test("a v2 ls-refs tells its prefixes")
    func listRefs() throws {
        let request = try UploadPackRequestParser.parse(
            body([
                .text("command=ls-refs"), .delimiter, .text("peel"), .text("symrefs"), .text("ref-prefix refs/heads/"),
                .text("ref-prefix HEAD"), .flush,
            ]), version: .v2)
        #expect(request.command == .listRefs)
        #expect(request.refPrefixes == ["refs/heads/", "HEAD"])
        let bare = try UploadPackRequestParser.parse(body([.text("command=ls-refs"), .flush]), version: .v2)
        #expect(bare.command == .listRefs)
        let info = try UploadPackRequestParser.parse(
            body([.text("command=object-info"), .delimiter, .text("size"), .text("oid \(Self.one)"), .flush]),
            version: .v2)
        #expect(info.command == .objectInfo)
    }

    @Test("a v0 request carries capabilities in its first want and haves behind a flush")
    func versionZero() throws {
        var parser = UploadPackRequestParser(version: .v0)
        try parser.append(
            body([
                .text("want \(Self.one) multi_ack_detailed side-band-64k agent=git/2.39.5"), .text("want \(Self.two)"),
                .text("shallow \(Self.two)"), .text("deepen 3"),
            ]))
        #expect(!parser.isHeadComplete)
        try parser.append(body([.flush]))
        #expect(parser.isHeadComplete)
        try parser.append(body([.text("have \(Self.one)"), .flush, .text("have \(Self.two)"), .text("done")]))
        let request = try parser.finish()
        #expect(request.wants.map(\.hex) == [Self.one, Self.two])
        #expect(request.capabilities == ["multi_ack_detailed", "side-band-64k", "agent=git/2.39.5"])
        #expect(request.depth == 3)
        #expect(request.haveCount == 2)
        #expect(request.isDone)
        #expect(request.wantsHistory)
    }

    @Test("the lone flush of a probe is a request for nothing", arguments: [GitProtocolVersion.v0, .v1, .v2])
    func probe(version: GitProtocolVersion) throws {
        let request = try UploadPackRequestParser.parse(Array("0000".utf8), version: version)
        #expect(request.wants.isEmpty)
        #expect(request.depth == nil)
    }

    @Test("deepening by date, by ref and without end is told")
    func deepening() throws {
        func parse(_ lines: String...) throws -> UploadPackRequest {
            try UploadPackRequestParser.parse(
                body([.text("command=fetch"), .delimiter] + lines.map(PktLine.text) + [.flush]), version: .v2)
        }
        #expect(try parse("deepen-since 1700000000").deepenSince == 1_700_000_000)
        #expect(try parse("deepen-not refs/tags/v1").deepenNot == ["refs/tags/v1"])
        #expect(try parse("deepen 2", "deepen-relative").isDeepenRelative)
        let whole = try parse("deepen 2147483647")
        #expect(!whole.limitsHistory)
        #expect(whole.wantsHistory)
        #expect(try parse("deepen 1", "deepen-relative").wantsHistory)
    }

    @Test(
        "what is no request is refused",
        arguments: [
            "0009want\n", "000dwant 123\n", "zzzz", "0003", "000ddeepen 0\n", "000edeepen -1\n", "000ddeepen x\n",
            "0001", "0002", "00", "0010deepen-since", "0005\n",
        ])
    func refused(text: String) {
        let error = #expect(throws: HubError.self) {
            try UploadPackRequestParser.parse(Array(text.utf8), version: .v0)
        }
        #expect(error?.code == .badRequest)
    }

    @Test("a v2 request names one command, and nothing follows its end")
    func malformedV2() {
        for lines: [PktLine] in [
            [.text("agent=x"), .flush],
            [.text("command=fetch"), .text("command=ls-refs"), .flush],
            [.text("command=fetch"), .delimiter, .delimiter, .flush],
            [.text("command=fetch"), .flush, .text("want \(Self.one)")],
        ] {
            #expect(throws: HubError.self) { try UploadPackRequestParser.parse(body(lines), version: .v2) }
        }
    }

    @Test("S32: lists are bounded")
    func bounded() {
        let wants = (0..<20).map { _ in PktLine.text("want \(Self.one)") }
        let limits = UploadPackRequest.Limits(lines: 100, items: 10)
        let error = #expect(throws: HubError.self) {
            try UploadPackRequestParser.parse(body(wants), version: .v0, limits: limits)
        }
        #expect(error?.code == .payloadTooLarge)
        let haves = (0..<200).map { _ in PktLine.text("have \(Self.one)") }
        #expect(throws: HubError.self) {
            try UploadPackRequestParser.parse(body([.flush] + haves), version: .v0, limits: limits)
        }
    }

    @Test("S31: the Git-Protocol header is read as git reads it and filtered before a child sees it")
    func header() {
        #expect(GitProtocolVersion(header: nil) == .v0)
        #expect(GitProtocolVersion(header: "version=2") == .v2)
        #expect(GitProtocolVersion(header: "version=1:x=y") == .v1)
        #expect(GitProtocolVersion(header: "version=9") == .v0)
        #expect(GitProtocolVersion(header: "version=2;rm") == .v0)
        #expect(GitProtocolVersion.validated(header: "version=2") == "version=2")
        for wrong in [
            "", "version=", "=2", "a=b=c", "version=2\n", "version=2::", "a b", String(repeating: "a", count: 300),
        ] {
            #expect(GitProtocolVersion.validated(header: wrong) == nil)
        }
    }
}
