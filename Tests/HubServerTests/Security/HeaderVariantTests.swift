import HTTPTypes
import HubCore
import Testing

@testable import HubServer

@Suite("Headers that no answer may remember")
struct HeaderVariantTests {
    @Test("S23, S63: after thirty strange requests a plain one is answered as before, byte for byte")
    func variants() async throws {
        let world = try await SurfaceWorld()
        try await world.create("model:ada/open")
        let blob = try await world.put("the weights", into: "model:ada/open")
        let targets = [
            "/ada/open/resolve/main/README.md", "/api/models/ada/open", "/api/models?limit=1",
            "/ada/open.git/info/lfs/objects/\(blob.hex)", "/api/v1/models/ada/open",
        ]
        func plain() async throws -> [String] {
            var answers: [String] = []
            for target in targets {
                let answer = try await world.ask(.get, target)
                #expect(answer.status == 200, "\(target): \(answer.text)")
                let headers = answer.headers.map { "\($0.name): \($0.value)" }.sorted()
                answers.append("\(answer.status) \(headers) \(answer.text)")
            }
            return answers
        }
        let before = try await plain()
        let hosts = [
            "X-Forwarded-Host", "X-Forwarded-Server", "X-Host", "X-Original-Host", "X-Forwarded-Prefix",
            "X-Original-URL",
            "X-Rewrite-URL", "X-HTTP-Method-Override", "X-Forwarded-Scheme", "X-Forwarded-Port", "Forwarded", "Via",
            "Origin", "Referer",
        ].map { ($0, "evil.example") }
        let others = [
            ("Range", "bytes=0-0"), ("Range", "bytes=-1"), ("Range", "bytes=9-1"), ("Accept-Encoding", "gzip"),
            ("Accept-Encoding", "identity;q=0"), ("If-None-Match", "*"), ("If-Match", "\"x\""), ("If-Range", "\"x\""),
            ("If-Modified-Since", "Thu, 01 Jan 2099 00:00:00 GMT"), ("Accept", "text/html"), ("Accept-Language", "xx"),
            ("Cookie", "a=b"), ("Cache-Control", "no-cache"), ("X-Request-Id", "evil"), ("User-Agent", "<script>"),
            ("Accept-Charset", "x"), ("X-Forwarded-Proto", "gopher"),
        ]
        for (name, value) in hosts + others {
            let field = try #require(HTTPField.Name(name))
            for target in targets {
                let answer = try await world.ask(.get, target, headers: [field: value])
                #expect(!"\(answer.headers)\(answer.text)".contains("evil.example"), "\(name) \(target)")
            }
            #expect(try await plain() == before, "\(name): \(value)")
        }
    }
}
