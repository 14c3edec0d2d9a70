import HTTPTypes
import HubCore
import Testing

@testable import HubServer

@Suite("Hugging Face: files")
struct ResolveTests {
    @Test("HEAD of a file in git has the facts clients cache by")
    func headOfSmall() async throws {
        let fixture = try await HuggingFaceFixture()
        let commit = try await fixture.demo()
        let answer = try await fixture.head("/acme/demo/resolve/main/onnx/model.onnx")
        #expect(answer.status == 200)
        #expect(answer.headers["X-Repo-Commit"] == commit.hex)
        #expect(answer.headers[.eTag] == "\"\(ObjectID.blob(of: Array("graph".utf8)).hex)\"")
        #expect(answer.length == 5)
        #expect(answer.headers[.acceptRanges] == "bytes")
        #expect(answer.headers[.contentDisposition]?.hasPrefix("inline; filename*=UTF-8''model.onnx") == true)
        #expect(answer.headers["X-Linked-Etag"] == nil)
        #expect(answer.headers[.location] == nil)
        #expect(answer.headers[.contentEncoding] == nil)
    }

    @Test("HEAD of an LFS file tells its digest and size without opening it")
    func headOfLarge() async throws {
        let fixture = try await HuggingFaceFixture()
        let key = try await fixture.hub.create("dataset:acme/data")
        let digest = try #require(BlobID(String(repeating: "ab", count: 32)))
        try await fixture.hub.commit(["big.bin": .pointer(LFSPointer(oid: digest, size: 7_000_000_000))], to: key)
        let answer = try await fixture.head("/hf/datasets/acme/data/resolve/main/big.bin")
        #expect(answer.status == 200)
        #expect(answer.headers[.eTag] == "\"\(digest.hex)\"")
        #expect(answer.headers["X-Linked-Etag"] == "\"\(digest.hex)\"")
        #expect(answer.headers["X-Linked-Size"] == "7000000000")
        #expect(answer.length == 7_000_000_000)
        let get = try await fixture.get("/hf/datasets/acme/data/resolve/main/big.bin")
        #expect(get.status == 404)
        #expect(get.headers["X-Error-Code"] == "BlobNotFound")
    }

    @Test("GET gives the bytes, whole or in part", arguments: ["model.bin", "onnx/model.onnx"])
    func ranges(path: String) async throws {
        let fixture = try await HuggingFaceFixture()
        try await fixture.demo()
        let target = "/acme/demo/resolve/main/\(path)"
        let whole = try await fixture.get(target)
        let content: [UInt8] = path == "model.bin" ? Array(0..<100) : Array("graph".utf8)
        #expect(whole.status == 200 && whole.body == content)
        let size = content.count
        for (range, bytes, header) in [
            ("bytes=0-0", content.prefix(1), "bytes 0-0/\(size)"),
            ("bytes=2-", content.dropFirst(2), "bytes 2-\(size - 1)/\(size)"),
            ("bytes=-3", content.suffix(3), "bytes \(size - 3)-\(size - 1)/\(size)"),
            ("bytes=1-999", content.dropFirst(1), "bytes 1-\(size - 1)/\(size)"),
        ] {
            let part = try await fixture.get(target, range: range)
            #expect(part.status == 206)
            #expect(part.body == Array(bytes))
            #expect(part.headers[.contentRange] == header)
            #expect(part.headers[.eTag] == whole.headers[.eTag])
            #expect(part.headers["X-Repo-Commit"] == whole.headers["X-Repo-Commit"])
        }
        let past = try await fixture.get(target, range: "bytes=\(size)-")
        #expect(past.status == 416)
        #expect(past.headers[.contentRange] == "bytes */\(size)")
    }

    @Test("revisions with slashes, escaped paths and the API's own spelling find the file")
    func spellings() async throws {
        let fixture = try await HuggingFaceFixture()
        let key = try await fixture.hub.create("model:acme/demo")
        try await fixture.hub.commit(["d r/ü%.txt": .git("x")], to: key, ref: "refs/pr/1")
        for target in [
            "/acme/demo/resolve/refs%2Fpr%2F1/d%20r/%C3%BC%25.txt", "/acme/demo/resolve/refs/pr/1/d%20r/%C3%BC%25.txt",
            "/api/models/acme/demo/resolve/refs%2Fpr%2F1/d%20r%2F%C3%BC%25.txt",
            "/csg/ACME/Demo/resolve/refs%2Fpr%2F1/d%20r/%C3%BC%25.txt?download=true",
        ] {
            let answer = try await fixture.get(target)
            #expect(answer.text == "x", "\(target): \(answer.status) \(answer.text)")
            #expect(answer.headers[.contentDisposition]?.utf8.allSatisfy { $0 < 0x80 } == true)
        }
    }

    @Test("every kind has its prefix")
    func kinds() async throws {
        let fixture = try await HuggingFaceFixture()
        for kind in RepositoryKind.allCases {
            let key = try await fixture.hub.create("\(kind.rawValue):acme/one")
            try await fixture.hub.commit(["kind": .git(kind.rawValue)], to: key)
            let prefix = kind == .model ? "" : "/\(kind.plural)"
            for mount in ["", "/hf", "/csg", "/ms"] {
                #expect(try await fixture.get("\(mount)\(prefix)/acme/one/resolve/main/kind").text == kind.rawValue)
            }
        }
    }

    @Test("a missing file names the commit that lacks it", arguments: ["none.json", "onnx", ""])
    func missing(path: String) async throws {
        let fixture = try await HuggingFaceFixture()
        let commit = try await fixture.demo()
        let answer = try await fixture.head("/acme/demo/resolve/main/\(path)")
        #expect(answer.status == 404)
        #expect(answer.headers["X-Error-Code"] == "EntryNotFound")
        #expect(answer.headers["X-Repo-Commit"] == commit.hex)
    }

    @Test("raw shows the pointer of an LFS file")
    func raw() async throws {
        let fixture = try await HuggingFaceFixture()
        try await fixture.demo()
        let answer = try await fixture.get("/acme/demo/raw/main/model.bin")
        #expect(LFSPointer(parsing: answer.body)?.size == 100)
        #expect(answer.headers["X-Linked-Size"] == nil)
        #expect(try await fixture.get("/acme/demo/raw/main/onnx/model.onnx").text == "graph")
    }

    @Test("anybody's content is never shown as a page")
    func types() async throws {
        let fixture = try await HuggingFaceFixture()
        let key = try await fixture.hub.create("space:acme/app")
        try await fixture.hub.commit(["index.html": .git("<script>"), "a.json": .git("{}")], to: key)
        let page = try await fixture.get("/spaces/acme/app/resolve/main/index.html")
        #expect(page.headers[.contentType] == "application/octet-stream")
        #expect(page.headers["Content-Security-Policy"]?.contains("sandbox") == true)
        let text = try await fixture.get("/spaces/acme/app/resolve/main/a.json")
        #expect(text.headers[.contentType] == "text/plain; charset=utf-8")
    }

    @Test("pictures are sent as pictures, drawings only for a place that draws them")
    func pictures() async throws {
        let fixture = try await HuggingFaceFixture()
        let key = try await fixture.hub.create("space:acme/app")
        try await fixture.hub.commit(["a.PNG": .git("x"), "b.svg": .git("<svg>")], to: key)
        let base = "/spaces/acme/app/resolve/main"
        #expect(try await fixture.get("\(base)/a.PNG").headers[.contentType] == "image/png")
        let drawing = try await fixture.get("\(base)/b.svg")
        #expect(drawing.headers[.contentType] == "image/svg+xml")
        #expect(
            drawing.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox")
        #expect(drawing.headers[.vary]?.contains("Sec-Fetch-Dest") == true)
        let kept = try await fixture.get("\(base)/b.svg?download=true")
        #expect(kept.headers[.contentType] == "application/octet-stream")
        #expect(
            try await fixture.get("/spaces/acme/app/raw/main/a.PNG").headers[.contentType]
                == "application/octet-stream")
    }
}
