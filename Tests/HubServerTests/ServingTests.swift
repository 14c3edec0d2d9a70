import Foundation
import HTTPTypes
import HubCore
import HubServer
import Logging
import NIOCore
import Testing

@Suite("The server on a socket")
struct ServingTests {
    private static func route(
        _ method: HTTPRequest.Method, _ pattern: String, head: Bool = false, _ handler: @escaping Route.Handler
    ) -> Route {
        Route(method, pattern, .open, head: head, errors: PlainErrorRendering(), handler: handler)
    }

    private static let hello = route(.get, "/hello/{name}", head: true) { .text("hello \(try $0.parameter("name"))") }
    private static let echo = route(.post, "/echo") { .text(String(buffer: try await $0.body.collect(upTo: 1 << 20))) }
    private static let refuse = route(.post, "/refuse") { _ in throw HubError(.forbidden, "Not here.") }

    @Test("a connection is kept over requests, errors and pipelining, and every answer carries our headers")
    func keepAlive() async throws {
        try await TestServer.run([Self.hello, Self.echo]) { server in
            try await server.client { client in
                let first = try client.get("/hello/a%20b", headers: ["X-Request-Id: mine-1"])
                #expect(first.status == 200)
                #expect(first.text == "hello a b")
                #expect(first.headers["x-request-id"] == "mine-1")
                #expect(first.headers["server"] == "weir")
                #expect(first.headers["date"] != nil)
                #expect(first.headers["x-content-type-options"] == "nosniff")
                let missing = try client.get("/nowhere", headers: ["X-Amzn-Trace-Id: trace-7"])
                #expect(missing.status == 404)
                #expect(missing.headers["x-request-id"]?.contains("trace-7") == true)
                #expect(missing.headers["x-content-type-options"] == "nosniff")
                let wrong = try client.get("/echo")
                #expect(wrong.status == 405)
                #expect(wrong.headers["allow"] == "POST")
                #expect(try client.get("/hello/%ff").status == 400)
                #expect(try client.get("/hello/x?a=%zz").status == 400)
                try client.send(
                    "GET /hello/1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
                        + "GET /hello/2 HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try client.response().text == "hello 1")
                #expect(try client.response().text == "abc")
                #expect(try client.response().text == "hello 2")
            }
            #expect(
                server.metrics.value(
                    "hub_http_requests_total", labels: ["route": "/hello/{name}", "method": "GET", "code": "200"]) == 3)
            #expect(
                server.metrics.value(
                    "hub_http_requests_total", labels: ["route": "unmatched", "method": "GET", "code": "404"]) == 1)
            let lines = server.log.metadata(of: "request")
            #expect(lines.first?["req"]?.description == "mine-1")
            #expect(lines.first?["bytes_out"]?.description == "9")
        }
    }

    @Test("HEAD has the length and no body, also where the length is unknown")
    func head() async throws {
        let stream = Self.route(.get, "/stream", head: true) { _ in
            HubResponse(body: .stream(length: nil) { try await $0.send("never") })
        }
        try await TestServer.run([Self.hello, stream]) { server in
            try await server.client { client in
                let answer = try client.get("/hello/x", method: "HEAD")
                #expect(answer.headers["content-length"] == "7")
                #expect(try client.get("/hello/y").text == "hello y")
                let unknown = try client.get("/stream", method: "HEAD")
                #expect(unknown.status == 200)
                #expect(unknown.headers["connection"] == "close")
            }
        }
    }

    @Test("a blob goes out byte for byte, whole and in ranges, by sendfile and by copying", arguments: [true, false])
    func blob(usesSendfile: Bool) async throws {
        let bytes = TestFile.bytes(20 << 20)
        let reader = try TestFile.blob(bytes)
        let route = Self.route(.get, "/blob", head: true) { .blob(reader, $0) }
        try await TestServer.run([route], usesSendfile: usesSendfile) { server in
            try await server.client { client in
                let whole = try client.get("/blob")
                #expect(whole.status == 200)
                #expect(whole.body == bytes)
                let part = try client.get("/blob", headers: ["Range: bytes=3000000-8999999"])
                #expect(part.status == 206)
                #expect(part.headers["content-range"] == "bytes 3000000-8999999/\(bytes.count)")
                #expect(part.body == Array(bytes[3_000_000..<9_000_000]))
                let head = try client.get("/blob", method: "HEAD")
                #expect(head.headers["content-length"] == String(bytes.count))
                #expect(head.headers["accept-ranges"] == "bytes")
                let tag = try #require(head.headers["etag"])
                #expect(try client.get("/blob", headers: ["If-None-Match: \(tag)"]).status == 304)
                #expect(try client.get("/blob", headers: ["Range: bytes=20971520-"]).status == 416)
                #expect(try client.get("/blob", headers: ["Range: bytes=-1"]).body == bytes.suffix(1))
            }
            #expect(server.log.metadata(of: "request").first?["bytes_out"]?.description == String(bytes.count))
        }
    }

    @Test("a growing blob follows its writer to the end", arguments: [true, false])
    func following(usesSendfile: Bool) async throws {
        let bytes = TestFile.bytes(5 << 20)
        let writer = ScriptedWriter(marks: [1, 100_000, 3 << 20, 5 << 20], ending: .complete)
        let reader = try TestFile.blob(bytes, following: writer)
        let route = Self.route(.get, "/blob") { .blob(reader, $0) }
        try await TestServer.run([route], usesSendfile: usesSendfile) { server in
            try await server.client { client in
                let answer = try client.get("/blob")
                #expect(answer.body == bytes)
                #expect(!answer.isTruncated)
            }
        }
    }

    @Test("when the writer of a growing blob fails, the client sees a broken transfer", arguments: [true, false])
    func failingWriter(usesSendfile: Bool) async throws {
        let writer = ScriptedWriter(marks: [1 << 20], ending: .failure)
        let reader = try TestFile.blob(TestFile.bytes(1 << 20), size: 3 << 20, following: writer)
        let route = Self.route(.get, "/blob") { .blob(reader, $0) }
        try await TestServer.run([route], usesSendfile: usesSendfile) { server in
            try await server.client { client in
                let answer = try client.get("/blob")
                #expect(answer.status == 200)
                #expect(answer.headers["content-length"] == String(3 << 20))
                #expect(answer.isTruncated)
                #expect(answer.body.count <= 1 << 20)
                #expect(client.isClosed())
            }
            #expect(server.metrics.value("hub_http_responses_aborted_total", labels: ["route": "/blob"]) == 1)
        }
    }

    @Test(
        "a part of a growing blob completes as little as the whole before the digest matched", arguments: [true, false])
    func partOfGrowing(usesSendfile: Bool) async throws {
        // All that the part needs is there, and the digest then turns out wrong.
        let writer = ScriptedWriter(marks: [2 << 20], ending: .failure)
        let reader = try TestFile.blob(TestFile.bytes(2 << 20), size: 3 << 20, following: writer)
        let route = Self.route(.get, "/blob") { .blob(reader, $0) }
        try await TestServer.run([route], usesSendfile: usesSendfile) { server in
            for (range, length) in [("0-9", 10), ("100000-299999", 200_000), ("0-1048575", 1 << 20)] {
                try await server.client { client in
                    let answer = try client.get("/blob", headers: ["Range: bytes=\(range)"])
                    #expect(answer.status == 206)
                    #expect(answer.isTruncated)
                    #expect(answer.body.count <= length - min(length, 64 << 10))
                }
            }
        }
    }

    @Test("a part of a growing blob ends when the blob is whole", arguments: [true, false])
    func partOfComplete(usesSendfile: Bool) async throws {
        let bytes = TestFile.bytes(3 << 20)
        let reader = try TestFile.blob(bytes, following: ScriptedWriter(marks: [2 << 20, 3 << 20], ending: .complete))
        let route = Self.route(.get, "/blob") { .blob(reader, $0) }
        try await TestServer.run([route], usesSendfile: usesSendfile) { server in
            try await server.client { client in
                for range in [0..<10, 100_000..<300_000, 1_000_000..<3 << 20] {
                    let answer = try client.get(
                        "/blob", headers: ["Range: bytes=\(range.lowerBound)-\(range.upperBound - 1)"])
                    #expect(answer.status == 206)
                    #expect(answer.body == Array(bytes[range]))
                }
            }
        }
    }

    @Test("a stream that fails never ends cleanly", arguments: [nil, 100] as [Int64?])
    func failingStream(length: Int64?) async throws {
        let route = Self.route(.get, "/stream") { _ in
            HubResponse(
                body: .stream(length: length) { writer in
                    try await writer.send("some bytes")
                    throw HubError(.upstreamCorrupt, "The digest differs.")
                })
        }
        let short = Self.route(.get, "/short") { _ in
            HubResponse(body: .stream(length: 100) { try await $0.send("some bytes") })
        }
        try await TestServer.run([route, short]) { server in
            try await server.client { client in
                let answer = try client.get("/stream")
                #expect(answer.isTruncated)
            }
            try await server.client { client throws in #expect(try client.get("/short").isTruncated) }
        }
    }

    @Test("a client that leaves while its blob waits for upstream ends the wait", .timeLimit(.minutes(1)))
    func leaving() async throws {
        let writer = ScriptedWriter(marks: [10], ending: .silence)
        let reader = try TestFile.blob(TestFile.bytes(10), size: 1_000_000, following: writer)
        let route = Self.route(.get, "/blob") { .blob(reader, $0) }
        try await TestServer.run([route]) { server in
            try await server.client { client in
                try client.send("GET /blob HTTP/1.1\r\nHost: h\r\n\r\n")
                try client.wait(forBody: 10)
            }
            for await _ in writer.cancellations { break }
        }
    }

    @Test("a client that leaves while a handler waits ends the handler", .timeLimit(.minutes(1)))
    func leavingHandler() async throws {
        let (ended, end) = AsyncStream<Void>.makeStream()
        let route = Self.route(.get, "/wait") { _ in
            defer { end.yield() }
            try await Task.sleep(for: .seconds(600))
            return .status(200)
        }
        try await TestServer.run([route]) { server in
            try await server.client { client in try client.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n") }
            for await _ in ended { break }
        }
    }

    @Test("S54: 100 Continue is sent when the body is read, and a refused upload is never invited")
    func expectContinue() async throws {
        try await TestServer.run([Self.echo, Self.refuse]) { server in
            try await server.client { client in
                try client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
                #expect(try client.response().status == 100)
                try client.send("12345")
                #expect(try client.response().text == "12345")
                try client.send("POST /refuse HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
                let refused = try client.response()
                #expect(refused.status == 403)
                #expect(refused.headers["connection"] == "close")
                #expect(client.isClosed())
            }
            try await server.client { client in
                try client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: magic\r\n\r\n")
                #expect(try client.response().status == 417)
            }
        }
    }

    @Test("a body nobody read is skipped when it is small, and ends the connection when it is not")
    func unreadBody() async throws {
        try await TestServer.run([Self.refuse, Self.hello]) { server in
            try await server.client { client in
                try client.send("POST /refuse HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n12345")
                #expect(try client.response().status == 403)
                #expect(try client.get("/hello/x").text == "hello x")
                try client.send("POST /refuse HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n12345")
                #expect(try client.response().status == 403)
                #expect(client.isClosed())
            }
        }
    }

    @Test("a body may be read while the answer is written, as git's is")
    func duplex() async throws {
        let route = Self.route(.post, "/duplex") { request in
            HubResponse(
                body: .stream(length: nil) { writer in
                    for try await piece in request.body { try await writer.send(piece) }
                })
        }
        try await TestServer.run([route]) { server in
            try await server.client { client in
                let body = TestFile.bytes(3 << 20)
                try client.send("POST /duplex HTTP/1.1\r\nHost: h\r\nContent-Length: \(1 << 16)\r\n\r\n")
                try client.send(Array(body[..<(1 << 16)]))
                #expect(try client.response().body == Array(body[..<(1 << 16)]))
                try client.send(
                    "POST /duplex HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n")
                #expect(try client.response().status == 100)
                try client.send("5\r\nhello\r\n0\r\n\r\n")
                #expect(try client.response().text == "hello")
            }
        }
    }

    @Test("a gzip body arrives inflated, other encodings are 415, an early end is 400")
    func gzip() async throws {
        try await TestServer.run([Self.echo]) { server in
            try await server.client { client in
                let body = Array(GzipSamples.wants.readableBytesView)
                let head =
                    "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: \(body.count)\r\n\r\n"
                try client.send(Array(head.utf8) + body)
                #expect(try client.response().text == String(repeating: "want 0123456789\n", count: 4))
                try client.send(
                    "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabc")
                #expect(try client.response().status == 415)
                try client.send(Array(head.utf8) + body.dropLast(3) + [1, 0, 0])
                #expect(try client.response().status == 400)
            }
        }
    }

    @Test(
        "ambiguous and oversized heads are refused",
        arguments: [
            "GET / HTTP/1.1\r\nHost: h\r\nX-Long: " + String(repeating: "x", count: 20 << 10) + "\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: h\r\n" + (0..<80).map { "X-\($0): y\r\n" }.joined() + "\r\n",
            "GET / HTTP/1.1\r\nHost: h\r\n"
                + (0..<40).map { "X-\($0): \(String(repeating: "y", count: 1000))\r\n" }.joined() + "\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            "GET / HTTP/1.1\r\nHost: h\r\nHost: evil\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a b/c\r\n\r\n",
            "GET / HTTP/1.1\r\nHost : h\r\n\r\n",
            "GARBAGE\r\n\r\n",
        ])
    func badHeads(head: String) async throws {
        try await TestServer.run([Self.hello]) { server in
            try await server.client { client in
                try client.send(head)
                #expect(try client.response().status == 400)
            }
        }
    }

    @Test("S49: a header value cannot start another header")
    func headerInjection() async throws {
        let route = Self.route(.get, "/x") { _ in
            HubResponse.status(200).with("X-Name", "a\r\nX-Evil: 1\r\n\r\nbody")
        }
        try await TestServer.run([route]) { server in
            try await server.client { client in
                let answer = try client.get("/x")
                #expect(answer.headers["x-evil"] == nil)
                #expect(try client.get("/x").status == 200)
            }
        }
    }

    @Test(
        "S11, S23, S63: links are made from the configured URL, else from Host; forwarded headers count only when trusted"
    )
    func baseURL() async throws {
        let route = Self.route(.get, "/x") { .text($0.url("/y")) }
        let forwarded = ["X-Forwarded-Proto: https", "X-Forwarded-Host: outside"]
        for (base, expected) in [
            (BaseURL(), "http://hub.example/y"),
            (BaseURL(configured: "https://conf/hub/"), "https://conf/hub/y"),
            (BaseURL(trustsForwarded: true), "https://outside/y"),
        ] {
            try await TestServer.run([route], baseURL: base) { server in
                try await server.client { client throws in
                    #expect(try client.get("/x", headers: forwarded).text == expected)
                }
            }
        }
    }

    @Test("S50: clients that are slow on purpose are shown out", .timeLimit(.minutes(1)))
    func slowClients() async throws {
        var limits = ServerLimits()
        limits.head = .milliseconds(50)
        limits.idle = .milliseconds(300)
        limits.body = .milliseconds(100)
        try await TestServer.run([Self.hello, Self.echo], limits: limits) { server in
            try await server.client { client in
                try client.send("GET /hello/x HTTP/1.1\r\nHos")
                #expect(client.isClosed())
            }
            try await server.client { client throws in
                #expect(try client.get("/hello/x").status == 200)
                #expect(client.isClosed())
            }
            try await server.client { client in
                try client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\nabc")
                #expect(client.isClosed())
            }
            for reason in ["slow-head", "idle", "slow-body"] {
                #expect(
                    server.metrics.value(
                        "hub_http_connections_closed_total", labels: ["reason": reason]) == 1)
            }
        }
    }

    @Test("many small answers and aborted downloads leave no descriptor open")
    func descriptors() async throws {
        let reader = try TestFile.blob(TestFile.bytes(8 << 20))
        let route = Self.route(.get, "/blob") { .blob(reader, $0) }
        try await TestServer.run([route, Self.hello]) { server in
            for _ in 0..<20 {
                try await server.client { client in
                    try client.send("GET /blob HTTP/1.1\r\nHost: h\r\n\r\n")
                    #expect(!client.isSilent(milliseconds: 5_000))
                }
            }
            try await server.client { client throws in
                for index in 0..<50 { #expect(try client.get("/hello/\(index)").status == 200) }
            }
        }
    }
}
