import Foundation
import HubCore
import Testing

@testable import MirrorGateway

@Suite("LFS batches upstream")
struct LFSBatchTests {
    private let oid = String(repeating: "ab", count: 32)
    private let now: Int64 = 1_700_000_000_000

    private func response(_ text: String) throws -> LFSBatchResponse {
        let document = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        let url = try EgressURL(parsing: "https://hub.example/acme/big.git/info/lfs/objects/batch")
        return try LFSBatchResponse(document, from: url, now: now)
    }

    private func link(_ action: String, size: String = "5") throws -> LFSLink? {
        let answer = try response(
            #"{"objects":[{"oid":"\#(oid)","size":\#(size),"actions":{"download":\#(action)}}]}"#)
        guard case .link(let link)? = answer.outcomes[try Sample.pointer().oid] else { return nil }
        return link
    }

    @Test("the request has the shape of git-lfs without a ref")
    func request() throws {
        let body = try LFSBatchRequest(pointers: [try Sample.pointer()]).encoded()
        let json = try JSONDecoder().decode(JSONValue.self, from: Data(body))
        #expect(json["operation"]?.string == "download")
        #expect(json["transfers"]?.strings == ["basic"])
        #expect(json["hash_algo"]?.string == "sha256")
        #expect(json["ref"] == nil)
        guard case .array(let objects)? = json["objects"] else { return }
        #expect(objects.first?["oid"]?.string == oid && objects.first?["size"] == .integer(5))
    }

    @Test("a link keeps its headers and its end; seconds win over a date")
    func links() throws {
        let plain = try #require(
            try link(
                #"{"href":"https://s3.example/x?sig=1","header":{"X-A":"b","X-N":7},"expires_in":60,"expires_at":"2001-01-01T00:00:00Z"}"#
            ))
        #expect(plain.url.absoluteString == "https://s3.example/x?sig=1")
        #expect(plain.headers == [.init(name: "X-A", value: "b"), .init(name: "X-N", value: "7")])
        #expect(plain.expires == now + 60_000)
        let dated = try #require(try link(#"{"href":"https://s3.example/x","expires_at":"2023-11-15T00:00:00Z"}"#))
        #expect(dated.expires == 1_700_006_400_000)
        let never = try #require(
            try link(#"{"href":"https://s3.example/x","header":null,"expires_at":"0001-01-01T00:00:00Z"}"#))
        #expect(never.expires == nil && never.headers.isEmpty)
        let far = try #require(try link(#"{"href":"https://s3.example/x","expires_in":9223372036854775807}"#))
        #expect(far.expires == nil)
    }

    @Test("links may be relative to the server, and to another path of it")
    func relative() throws {
        #expect(try link(#"{"href":"/storage/x"}"#)?.url.absoluteString == "https://hub.example/storage/x")
        #expect(
            try link(#"{"href":"x"}"#)?.url.absoluteString
                == "https://hub.example/acme/big.git/info/lfs/objects/x")
    }

    @Test("what is no usable link is told apart from what the server refuses")
    func outcomes() throws {
        #expect(try link(#"{"href":"file:///etc/passwd"}"#) == nil)
        #expect(try link(#"{"href":""}"#) == nil)
        #expect(try link(#"{"href":"https://s3.example/x","header":{"A":"b\r\nEvil: 1"}}"#) == nil)
        let pointer = try Sample.pointer()
        let refused = try response(#"{"objects":[{"oid":"\#(oid)","size":5,"error":{"code":404,"message":"gone"}}]}"#)
        #expect(refused.outcomes[pointer.oid] == .failed(code: 404, message: "gone"))
        let without = try response(#"{"objects":[{"oid":"\#(oid)","size":5}]}"#)
        #expect(without.outcomes[pointer.oid] == .unusable("no download link"))
        let nulls = try response(#"{"objects":[{"oid":"\#(oid)","size":5,"error":null,"actions":null}]}"#)
        #expect(nulls.outcomes[pointer.oid] == .unusable("no download link"))
    }

    @Test("upper-case ids match, strangers and duplicates are passed over")
    func ids() throws {
        let answer = try response(
            #"""
            {"objects":[{"oid":"\#(oid.uppercased())","actions":{"download":{"href":"https://a.example/1"}}},
             {"oid":"\#(oid)","error":{"code":404}},{"oid":"../x"},{"size":1},7]}
            """#)
        #expect(answer.outcomes.count == 1)
        guard case .link? = answer.outcomes[try Sample.pointer().oid] else {
            Issue.record("the first wins")
            return
        }
    }

    @Test("another hash, another transfer or no list is of no use")
    func unusable() {
        #expect(throws: LFSBatchResponse.Failure.self) { try response(#"{"hash_algo":"sha512","objects":[]}"#) }
        #expect(throws: LFSBatchResponse.Failure.self) { try response(#"{"transfer":"tus","objects":[]}"#) }
        #expect(throws: LFSBatchResponse.Failure.self) { try response(#"{"objects":null}"#) }
        #expect(throws: LFSBatchResponse.Failure.self) { try response("[]") }
    }
}
