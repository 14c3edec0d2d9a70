import Foundation
import HubCore
import NIOCore
import Synchronization
import Testing

@testable import HubServer

@Suite("The body of a commit")
struct CommitBodyTests {
    private func body(_ pieces: [String]) -> RequestBody {
        let left = Mutex(pieces[...])
        return RequestBody(
            source: RequestBodySource(framing: RequestFraming(length: nil)) {
                left.withLock { $0.popFirst() }.map { ByteBuffer(string: $0) }
            })
    }

    private func lines(_ pieces: [String], line: Int = 100, bytes: Int = 1_000) async throws -> [String] {
        var lines = try BodyLines(of: body(pieces), maximumLine: line, maximumBytes: bytes)
        var found: [String] = []
        while let line = try await lines.next() { found.append(String(decoding: line, as: UTF8.self)) }
        return found
    }

    @Test("lines are the same wherever the body is cut")
    func cuts() async throws {
        let text = "{\"a\":1}\n\n{\"b\":\"é\"}\r\n  \n{\"c\":3}"
        let expected = try await lines([text])
        #expect(expected == ["{\"a\":1}", "{\"b\":\"é\"}\r", "{\"c\":3}"])
        let scalars = text.unicodeScalars.map { String($0) }
        for size in 1...scalars.count {
            let pieces = stride(from: 0, to: scalars.count, by: size).map {
                scalars[$0..<min($0 + size, scalars.count)].joined()
            }
            #expect(try await lines(pieces) == expected)
        }
    }

    @Test("a line or a body that is too long is refused")
    func limits() async throws {
        let long = String(repeating: "x", count: 101)
        for (pieces, bytes) in [([long, long], 1_000), (["\(long.prefix(90))\n", String(long.prefix(90))], 150)] {
            await #expect(throws: HubError.self) { try await lines(pieces, bytes: bytes) }
        }
    }

    @Test(
        "content of any length and encoding comes out as it went in",
        arguments: [0, 1, 2, 3, 1_022, 1_023, 1_024, 5_000])
    func content(_ count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let text = Base64Samples.encode(bytes)
        let line = "{\"key\":\"file\",\"value\":{\"path\":\"content\",\"content\":\"\(text)\",\"encoding\":\"base64\"}}"
        #expect(try CommitLine(parsing: Array(line.utf8)) == .file(path: "content", content: bytes))
        let escaped = line.replacing("/", with: "\\/")
        #expect(try CommitLine(parsing: Array(escaped.utf8)) == .file(path: "content", content: bytes))
        let plain = String(repeating: "\\\\\\u00e9\\n", count: count)
        let other = "{ \"value\" : { \"content\" : \"\(plain)\", \"path\" : \"p\" } , \"key\" : \"file\" }"
        let expected = Array(String(repeating: "\\é\n", count: count).utf8)
        #expect(try CommitLine(parsing: Array(other.utf8)) == .file(path: "p", content: expected))
    }

    @Test("Base64 that is none is not read")
    func base64() {
        for text in ["A", "AA=", "AAA==", "AA=A", "A===", "AAAA=", "A A A", "äöü"] {
            #expect(Base64.decode(Array(text.utf8)[...]) == nil, "\(text)")
        }
        #expect(Base64.decode(Array("AA==".utf8)[...]) == [0])
        #expect(Base64.decode(Array("AAA".utf8)[...]) == [0, 0])
    }

    @Test("every key is read, and lines that are none are refused")
    func keys() throws {
        func line(_ text: String) throws -> CommitLine { try CommitLine(parsing: Array(text.utf8)) }
        let oid = BlobID(hashing: [1])
        #expect(
            try line("{\"key\":\"lfsFile\",\"value\":{\"path\":\"a\",\"algo\":\"sha256\",\"oid\":\"\(oid.hex)\"}}")
                == .lfsFile(path: "a", oid: oid, size: nil))
        #expect(try line("{\"key\":\"deletedFolder\",\"value\":{\"path\":\"a/\"}}") == .deleted(path: "a/"))
        #expect(
            try line("{\"key\":\"copyFile\",\"value\":{\"path\":\"b\",\"srcPath\":\"a\",\"srcRevision\":\"v1\"}}")
                == .copied(path: "b", from: "a", at: "v1"))
        let description = String(repeating: "long ", count: 1_000)
        #expect(
            try line("{\"key\":\"header\",\"value\":{\"summary\":\"s\",\"description\":\"\(description)\"}}")
                == .header(CommitHeader(summary: "s", description: description)))
        for text in [
            "", "1", "[]", "{}", "{\"key\":\"file\"}", "{\"key\":\"file\",\"value\":{}}", "{\"key\":1,\"value\":{}}",
            "{\"key\":\"lfsFile\",\"value\":{\"path\":\"a\",\"oid\":\"zz\"}}",
            "{\"key\":\"lfsFile\",\"value\":{\"path\":\"a\",\"algo\":\"md5\",\"oid\":\"\(oid.hex)\"}}",
            "{\"key\":\"header\",\"value\":{}}", "{\"key\":\"copyFile\",\"value\":{\"path\":\"a\"}}",
            "{\"key\":\"file\",\"value\":{\"path\":\"a\",\"content\":\"x\",\"encoding\":\"rot13\"}}",
        ] {
            #expect(throws: HubError.self, "\(text)") { try line(text) }
        }
    }

    @Test("paths that leave the repository are unprocessable")
    func paths() throws {
        for text in [
            "", "/a", "a//b", "../a", "a/../b", "..\\ddd", "a\\..\\b", ".", "./a", ".git/config", "a/", "a\0b",
        ] {
            let error = #expect(throws: HubError.self, "\(text)") { try CommitPath.parse(text) }
            #expect(error?.status == 422)
        }
        #expect(try CommitPath.parse(folder: "a/b/").path == "a/b")
    }
}

private enum Base64Samples {
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
