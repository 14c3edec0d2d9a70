import Foundation
import HTTPTypes
import HubCore
import HubServer
import NIOCore
import Testing

@Suite("Queries and percent-encoding")
struct QueryParametersTests {
    @Test("keys may repeat, and booleans come as both kinds of clients write them")
    func reading() throws {
        let query = try QueryParameters(parsing: "expand=a&expand=b&full=True&x=1&no=false&q=a+b%2Bc&bare&expand[]=c")
        #expect(query.all("expand") == ["a", "b", "c"])
        #expect(try query.bool("full") == true)
        #expect(try query.bool("x") == true)
        #expect(try query.bool("no") == false)
        #expect(try query.bool("bare", default: false) == true)
        #expect(try query.bool("absent") == nil)
        #expect(query.first("q") == "a b+c")
        #expect(throws: HubError.self) { try query.bool("q") }
        #expect(try query.integer("x", in: 1...10) == 1)
        #expect(throws: HubError.self) { try query.integer("x", in: 2...10) }
    }

    @Test("a query is bounded and strict")
    func strict() {
        let many = Array(repeating: "a=b", count: QueryParameters.pairLimit + 1).joined(separator: "&")
        for raw in ["a=%", "a=%ff", "a=%00", many] {
            #expect(throws: HubError.self) { try QueryParameters(parsing: raw) }
        }
    }

    @Test("what is encoded decodes to itself", arguments: ["", "a b", "é/ü", "100%", "a&b=c", "日本", "~-._"])
    func roundTrip(text: String) {
        #expect(PercentCoding.decode(PercentCoding.encode(text)) == text)
        #expect(PercentCoding.encode(text).utf8.allSatisfy { $0 < 0x7F && $0 > 0x20 })
    }

    @Test("a next link is absolute and keeps all parameters")
    func nextLink() throws {
        let request = try HubRequest(
            target: "/hf/api/models?search=a%20b&limit=2&cursor=x", baseURL: "https://hub.example")
        let response = HubResponse.status(200).linkingNext(request, "cursor", "y/1")
        #expect(
            response.headers["Link"]
                == "<https://hub.example/hf/api/models?search=a%20b&limit=2&cursor=y%2F1>; rel=\"next\"")
    }
}

@Suite("Ranges and conditions")
struct RangeTests {
    @Test(
        "a single range is read as RFC 9110 has it",
        arguments: [
            ("bytes=0-0", ByteRange.part(0..<1)), ("bytes=5-", .part(5..<10)), ("bytes=-3", .part(7..<10)),
            ("bytes=-30", .part(0..<10)), ("bytes=2-99", .part(2..<10)), ("Bytes = 1-2", .part(1..<3)),
            ("bytes=10-", .unsatisfiable), ("bytes=10-12", .unsatisfiable), ("bytes=-0", .unsatisfiable),
            ("bytes=99999999999999999999-", .unsatisfiable), ("bytes=0-99999999999999999999", .part(0..<10)),
            ("bytes=3-2", .whole), ("bytes=a-b", .whole), ("bytes=-", .whole), ("bytes=0-1,3-4", .whole),
            ("lines=0-1", .whole), ("bytes=+1-2", .whole), ("", .whole), ("bytes", .whole), ("bytes=1", .whole),
        ])
    func parsing(header: String, expected: ByteRange) {
        #expect(ByteRange(header, size: 10) == expected)
    }

    @Test("an empty representation satisfies no range")
    func empty() {
        #expect(ByteRange("bytes=0-", size: 0) == .unsatisfiable)
        #expect(ByteRange("bytes=-1", size: 0) == .unsatisfiable)
        #expect(ByteRange(nil, size: 0) == .whole)
    }

    @Test(
        "who may hold a wrong beginning gets the whole for what continues a download, and parts as ever",
        arguments: [
            ("bytes=5-", ByteRange.whole), ("bytes=5-9", .whole), ("bytes=5-99", .whole), ("bytes=9-", .whole),
            ("bytes=0-", .part(0..<10)), ("bytes=0-9", .part(0..<10)), ("bytes=5-8", .part(5..<9)),
            ("bytes=-3", .part(7..<10)), ("bytes=10-", .unsatisfiable),
        ])
    func noResuming(header: String, expected: ByteRange) {
        #expect(ByteRange(header, size: 10, mayResume: false) == expected)
        #expect(ByteRange(header, size: 10, mayResume: true) == ByteRange(header, size: 10))
    }

    @Test("a blob answers 200, 206, 304, 412 and 416 with the headers clients read")
    func blob() throws {
        let reader = try TestFile.blob(TestFile.bytes(10))
        let tag = "\"\(reader.id.hex)\""
        func answer(_ headers: HTTPFields) throws -> HubResponse {
            .blob(reader, try HubRequest(target: "/x", headers: headers), headers: [.location: "/y"])
        }
        let whole = try answer([:])
        #expect(whole.status == 200)
        #expect(whole.headers[.eTag] == tag)
        #expect(whole.headers[.acceptRanges] == "bytes")
        #expect(whole.body.length == 10)
        let part = try answer([.range: "bytes=2-4"])
        #expect(part.status == 206)
        #expect(part.headers[.contentRange] == "bytes 2-4/10")
        #expect(part.body.length == 3)
        let beyond = try answer([.range: "bytes=10-"])
        #expect(beyond.status == 416)
        #expect(beyond.headers[.contentRange] == "bytes */10")
        #expect(beyond.headers[.location] == "/y")
        #expect(try answer([.ifNoneMatch: "\"x\", W/\(tag)"]).status == 304)
        #expect(try answer([.ifNoneMatch: "*"]).status == 304)
        #expect(try answer([.ifMatch: "\"x\""]).status == 412)
        #expect(try answer([.range: "bytes=2-4", .ifRange: tag]).status == 206)
        #expect(try answer([.range: "bytes=2-4", .ifRange: "\"old\""]).status == 200)
        #expect(try answer([.range: "bytes=2-4", .ifRange: "W/\(tag)"]).status == 200)
        #expect(try answer([.range: "bytes=2-4", .ifRange: "Wed, 21 Oct 2015 07:28:00 GMT"]).status == 200)
    }
}

@Suite("JSON and headers")
struct EncodingTests {
    @Test("the writer keeps order, places commas and escapes what must be and no more")
    func writer() {
        var json = JSONWriter()
        json.object {
            $0.member("z", "a/b \"q\" \\ \n \u{1} é\u{2028}")
            $0.member("n", nil)
            $0.array("list") {
                $0.value(1)
                $0.object { $0.member("x", 1.5) }
                $0.array { _ in }
                $0.value(true)
                $0.value(Double.nan)
            }
            $0.object("empty") { _ in }
            $0.member("whole", 3.0)
            $0.member("tags", ["a", "b"])
        }
        #expect(
            String(buffer: json.buffer)
                == #"{"z":"a/b \"q\" \\ \n \u0001 é"# + "\u{2028}"
                + #"","n":null,"list":[1,{"x":1.5},[],true,null],"empty":{},"whole":3,"tags":["a","b"]}"#)
    }

    @Test("Foundation reads back what the writer wrote")
    func roundTrip() throws {
        let text = String(String.UnicodeScalarView((0..<0x250).compactMap(Unicode.Scalar.init)))
        var json = JSONWriter()
        json.array { $0.value(text) }
        #expect(try JSONDecoder().decode([String].self, from: Data(json.buffer.readableBytesView)) == [text])
    }

    @Test(
        "dates have milliseconds and a Z",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_706_702_400_123, "2024-01-31T12:00:00.123Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        ])
    func dates(milliseconds: Int64, expected: String) {
        #expect(JSONDate.text(milliseconds: milliseconds) == expected)
        #expect(JSONDate.text(Date(timeIntervalSince1970: Double(milliseconds) / 1000)) == expected)
    }

    @Test("Codable JSON keeps slashes and sorts keys")
    func codable() throws {
        struct Value: Encodable {
            let url = "https://a/b"
            let at = Date(timeIntervalSince1970: 0)
        }
        guard case .bytes(let body) = try HubResponse.json(Value()).body else {
            Issue.record("no body")
            return
        }
        #expect(String(buffer: body) == #"{"at":"1970-01-01T00:00:00.000Z","url":"https://a/b"}"#)
    }

    @Test("a file name of any characters makes a valid Content-Disposition")
    func disposition() {
        #expect(
            ContentDisposition.inline(filename: "a b.txt").value
                == "inline; filename*=UTF-8''a%20b.txt; filename=\"a b.txt\"")
        let nasty = ContentDisposition.attachment(filename: "é\"\r\nX: y\\日%").value
        #expect(nasty.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
        #expect(nasty.hasPrefix("attachment; filename*=UTF-8''%C3%A9%22%0D%0AX%3A%20y%5C"))
    }

    @Test("a request id is taken only when it is harmless, and contains a trace id")
    func requestID() {
        #expect(RequestID("abc-1")?.text == "abc-1")
        #expect(RequestID("a b") == nil)
        #expect(RequestID("a\r\nb") == nil)
        #expect(RequestID("") == nil)
        #expect(RequestID(String(repeating: "a", count: 129)) == nil)
        #expect(RequestID(containing: "Root=1-67891233").text.contains("Root=1-67891233"))
        #expect(RequestID().text.utf8.count == 32)
    }
}
