import HubCore
import Testing

@testable import MirrorGateway

@Suite("Listing refs by protocol version 2")
struct LsRefsTests {
    private let one = "1111111111111111111111111111111111111111"
    private let two = "2222222222222222222222222222222222222222"

    private func parse(_ bytes: [UInt8], every size: Int) throws -> UpstreamRefs {
        var response = LsRefsResponse()
        var rest = bytes[...]
        while !rest.isEmpty {
            try response.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return try response.finish()
    }

    @Test("symrefs and peeled tags are read wherever the stream is cut", arguments: [1, 2, 3, 7, 4096])
    func reads(size: Int) throws {
        let lines: [PktLine] = [
            .text("\(one) HEAD symref-target:refs/heads/main"), .text("\(one) refs/heads/main"),
            .text("\(two) refs/tags/v1 peeled:\(one)"), .text("\(two) refs/heads/no..good"), .flush,
        ]
        let refs = try parse(lines.flatMap(\.encoded), every: size)
        #expect(refs.head?.name == "refs/heads/main")
        #expect(refs.refs.map(\.name.name) == ["refs/heads/main", "refs/tags/v1"])
        #expect(refs.refs.last?.peeled?.hex == one)
    }

    @Test("a branch without commits is still the head")
    func unborn() throws {
        let bytes = [PktLine.text("unborn HEAD symref-target:refs/heads/main"), .flush].flatMap(\.encoded)
        let refs = try parse(bytes, every: 64)
        #expect(refs == UpstreamRefs(refs: [], head: RefName("refs/heads/main")))
    }

    @Test("a detached HEAD names no branch")
    func detached() throws {
        let refs = try parse([PktLine.text("\(one) HEAD"), .flush].flatMap(\.encoded), every: 64)
        #expect(refs.head == nil)
    }

    @Test("a list without its end is truncated, ERR is what the server says")
    func failures() {
        #expect(throws: GitStreamFailure.truncated) {
            try parse(PktLine.text("\(one) refs/heads/main").encoded, every: 64)
        }
        #expect(throws: GitStreamFailure.remote("access denied")) {
            try parse(PktLine.text("ERR access denied").encoded, every: 64)
        }
        #expect(throws: GitStreamFailure.self) { try parse(Array("zzzz".utf8), every: 64) }
        #expect(throws: GitStreamFailure.self) { try parse(PktLine.text("nonsense").encoded, every: 64) }
    }

    @Test("the request asks for HEAD besides the prefixes and names only what the server knows")
    func request() {
        let server = GitCapabilities(["version 2", "agent=git/2", "ls-refs=unborn", "object-format=sha1"])
        let text = String(decoding: LsRefsRequest(prefixes: ["refs/heads/"]).encoded(for: server), as: UTF8.self)
        #expect(text.contains("command=ls-refs\n"))
        #expect(text.contains("object-format=sha1\n0001"))
        #expect(text.contains("unborn\n"))
        #expect(text.contains("ref-prefix HEAD\n"))
        #expect(text.contains("ref-prefix refs/heads/\n"))
        #expect(text.hasSuffix("0000"))
        let plain = String(
            decoding: LsRefsRequest(prefixes: []).encoded(for: GitCapabilities(["ls-refs"])), as: UTF8.self)
        #expect(!plain.contains("agent") && !plain.contains("unborn") && !plain.contains("ref-prefix"))
    }
}
