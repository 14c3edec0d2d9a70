import HubCore
import Testing

@testable import MirrorGateway

@Suite("What info/refs advertises")
struct GitAdvertisementTests {
    private let one = "1111111111111111111111111111111111111111"
    private let two = "2222222222222222222222222222222222222222"

    private func wire(_ lines: [PktLine]) -> [UInt8] { lines.flatMap(\.encoded) }

    @Test("version 2 is capabilities, with or without the service line", arguments: [true, false])
    func versionTwo(withService: Bool) throws {
        let head: [PktLine] = withService ? [.text("# service=git-upload-pack"), .flush] : []
        let lines: [PktLine] = [
            .text("version 2"), .text("agent=git/2.39.5"), .text("ls-refs=unborn"),
            .text("fetch=shallow wait-for-done"),
            .text("object-format=sha1"), .flush,
        ]
        guard case .v2(let capabilities) = try GitAdvertisement(parsing: wire(head + lines)) else {
            Issue.record("not version 2")
            return
        }
        #expect(capabilities.command("ls-refs", has: "unborn"))
        #expect(capabilities.command("fetch", has: "shallow"))
        #expect(!capabilities.command("fetch", has: "filter"))
        #expect(capabilities.objectFormat == "sha1")
    }

    @Test("versions 0 and 1 list refs, peeled tags and the branch of HEAD", arguments: [true, false])
    func legacy(isVersionOne: Bool) throws {
        let version: [PktLine] = isVersionOne ? [.text("version 1")] : []
        let lines: [PktLine] =
            [
                .text("# service=git-upload-pack"), .flush,
            ] + version + [
                .text(
                    "\(one) HEAD\0multi_ack side-band-64k ofs-delta shallow symref=HEAD:refs/heads/trunk agent=git/1"),
                .text("\(one) refs/heads/trunk"), .text("\(two) refs/tags/v1"), .text("\(one) refs/tags/v1^{}"),
                .text("\(two) refs/heads/bad..name"), .text("shallow \(two)"), .flush,
            ]
        guard case .legacy(let capabilities, let refs) = try GitAdvertisement(parsing: wire(lines)) else {
            Issue.record("not the old kind")
            return
        }
        #expect(capabilities.has("side-band-64k"))
        #expect(refs.head?.name == "refs/heads/trunk")
        #expect(refs.refs.map(\.name.name) == ["refs/heads/trunk", "refs/tags/v1"])
        #expect(refs.refs.last?.peeled?.hex == one)
    }

    @Test("without a symref, HEAD is the branch git would guess")
    func guessedHead() throws {
        let lines: [PktLine] = [
            .text("\(one) HEAD\0side-band-64k"), .text("\(one) refs/heads/dev"), .text("\(one) refs/heads/master"),
            .flush,
        ]
        guard case .legacy(_, let refs) = try GitAdvertisement(parsing: wire(lines)) else { return }
        #expect(refs.head?.name == "refs/heads/master")
    }

    @Test("an empty repository has capabilities and no refs")
    func empty() throws {
        let lines: [PktLine] = [.text("\(String(repeating: "0", count: 40)) capabilities^{}\0side-band-64k"), .flush]
        guard case .legacy(let capabilities, let refs) = try GitAdvertisement(parsing: wire(lines)) else { return }
        #expect(capabilities.has("side-band-64k"))
        #expect(refs.refs.isEmpty)
    }

    @Test("what is no advertisement is an error, and never a trap")
    func garbage() {
        #expect(throws: GitStreamFailure.truncated) { try GitAdvertisement(parsing: Array("000eversion 2\n".utf8)) }
        #expect(throws: GitStreamFailure.truncated) { try GitAdvertisement(parsing: []) }
        #expect(throws: GitStreamFailure.remote("no such repository")) {
            try GitAdvertisement(parsing: PktLine.text("ERR no such repository").encoded)
        }
        #expect(throws: GitStreamFailure.self) { try GitAdvertisement(parsing: Array("<html>".utf8)) }
        #expect(throws: GitStreamFailure.self) {
            try GitAdvertisement(parsing: wire([.text("hello"), .flush]))
        }
        #expect(throws: GitStreamFailure.self) {
            try GitAdvertisement(parsing: wire([.delimiter, .text("version 2"), .flush]))
        }
    }
}
