import HubCore
import Testing

@testable import MirrorGateway

@Suite("A redirect")
struct EgressRedirectTests {
    private let secrets: [(String, String)] = [
        ("Authorization", "Bearer canary"), ("Cookie", "s=canary"), ("X-Token", "canary"), ("PRIVATE-TOKEN", "canary"),
        ("Range", "bytes=0-9"),
    ]

    @Test("S21: to another port takes no credentials and no private header along")
    func strips() async throws {
        let target = try LoopbackServer { _, to in
            to.answer(200, body: "content"); return true
        }
        let location = "\(target.base)/signed?x=1#part"
        let hub = try LoopbackServer { _, to in
            to.answer(302, ["Location: \(location)", "X-Repo-Commit: abc"])
            return true
        }
        let origin = try EgressURL(parsing: hub.base).origin
        let client = EgressClient()
        let request = try get("\(hub.base)/file") { $0.headers = secrets }
        let response = try await client.send(request, via: local(credentials: [origin: .bearer(Secret("bound"))]))
        #expect(response.status == 200)
        #expect(response.finalURL.absoluteString == "\(target.base)/signed?x=1")
        #expect(response.redirects.map(\.path) == ["/file"])
        #expect(response.hops.first?.headers["x-repo-commit"] == "abc")
        #expect(try await response.body.collect(upTo: 100) == Array("content".utf8))
        let first = try #require(hub.requests.first)
        let second = try #require(target.requests.first)
        #expect(first.headers["authorization"] == "Bearer canary")
        #expect(second.headers["range"] == "bytes=0-9")
        for (name, value) in second.headers {
            #expect(!value.contains("canary") && !value.contains("bound"), "\(name)")
        }
        await client.close()
    }

    @Test("S21: sends each origin the credentials bound to it, and none to others")
    func bound() async throws {
        let target = try LoopbackServer { _, to in
            to.answer(200); return true
        }
        let location = target.base
        let hub = try LoopbackServer { _, to in
            to.answer(307, ["Location: \(location)/x"]); return true
        }
        let credentials: [Origin: Credentials] = [
            try EgressURL(parsing: hub.base).origin: .basic(user: "u", password: Secret("p")),
            try EgressURL(parsing: target.base).origin: .header(name: "PRIVATE-TOKEN", value: Secret("t")),
        ]
        let client = EgressClient()
        _ = try await client.send(try get(hub.base), via: local(credentials: credentials))
        #expect(hub.requests.first?.headers["authorization"] == "Basic dTpw")
        #expect(hub.requests.first?.headers["private-token"] == nil)
        #expect(target.requests.first?.headers["authorization"] == nil)
        #expect(target.requests.first?.headers["private-token"] == "t")
    }

    @Test("within one origin keeps the caller's headers, and a POST becomes a GET unless 307 or 308 says otherwise")
    func methods() async throws {
        let hub = try LoopbackServer { request, to in
            let status = Int(request.target.dropFirst()) ?? 200
            to.answer(status, status == 200 ? [] : ["Location: /end"])
            return true
        }
        let client = EgressClient()
        for status in [301, 302, 303, 307, 308] {
            let request = try get("\(hub.base)/\(status)") {
                $0.method = "POST"
                $0.body = Array("{}".utf8)
                $0.headers = [("Authorization", "Bearer a"), ("Content-Type", "application/json")]
            }
            _ = try await client.send(request, via: local())
            let last = try #require(hub.requests.last)
            #expect(last.method == (status < 307 ? "GET" : "POST"))
            #expect(last.body.count == (status < 307 ? 0 : 2))
            #expect(last.headers["content-type"] == (status < 307 ? nil : "application/json"))
            #expect(last.headers["authorization"] == "Bearer a")
        }
    }

    @Test("loop, chain of too many, step to a forbidden scheme or address: all are refused")
    func refuses() async throws {
        let hub = try LoopbackServer { request, to in
            let next =
                switch request.target {
                case "/loop": "/loop2"
                case "/loop2": "/loop"
                case "/file": "file:///etc/passwd"
                case "/metadata": "http://169.254.169.254/latest"
                case "/control": "http://h/\u{1}"
                default: request.target + "x"
                }
            to.answer(302, ["Location: \(next)"])
            return true
        }
        let client = EgressClient()
        for (path, words) in [
            ("/loop", "loop"), ("/many", "more than 3"), ("/file", "may not be fetched"), ("/metadata", "link-local"),
            ("/control", "may not be fetched"),
        ] {
            let error = await failure { _ = try await client.send(try get(hub.base + path), via: local()) }
            #expect(error?.code == .upstreamRefused, "\(path)")
            #expect(error?.message.contains(words) == true, "\(path): \(error?.message ?? "none")")
        }
        let metadata = hub.requests.filter { $0.target == "/many" + "xxx" }
        #expect(metadata.count == 1, "the fourth answer is the last that is asked for")
    }

    @Test("from https to http is refused")
    func downgrade() throws {
        let hop = RedirectRules.Hop(method: "GET", url: try EgressURL(parsing: "https://h/a"), headers: [], body: nil)
        #expect(throws: HubError.self) {
            try RedirectRules.next(after: hop, status: 302, location: "http://h/a", visited: [hop.url], upstream: "u")
        }
    }

    @Test("is an answer like any other for a caller who follows none")
    func unfollowed() async throws {
        let hub = try LoopbackServer { _, to in
            to.answer(302, ["Location: /x"]); return true
        }
        let response = try await EgressClient().send(try get(hub.base) { $0.followRedirects = 0 }, via: local())
        #expect(response.status == 302)
        #expect(response.headers["location"] == "/x")
        #expect(hub.requests.count == 1)
    }

    @Test("from a public upstream to an inner address never connects")
    func canary() async throws {
        let canary = try LoopbackServer { _, to in
            to.answer(200); return true
        }
        let client = EgressClient()
        var open = local()
        open.name = "inner"
        let warm = try await client.send(try get(canary.base), via: open)
        _ = try await warm.body.collect(upTo: 10)
        let connections = canary.connections
        for host in ["127.0.0.1", "[::ffff:127.0.0.1]", "[::1]", "localhost", "x.localhost"] {
            let error = await failure {
                _ = try await client.send(
                    try get("http://\(host):\(canary.port)/"), via: UpstreamConnection(name: "public"))
            }
            #expect(error?.code == .upstreamRefused, "\(host)")
        }
        #expect(canary.connections == connections)
        #expect(canary.requests.count == 1)
    }

    @Test("to a name that resolves to inner addresses never connects, and never uses another upstream's connection")
    func rebinding() async throws {
        let canary = try LoopbackServer { _, to in
            to.answer(200); return true
        }
        let client = EgressClient(
            time: .live, metrics: NoEgressMetering(), agent: "test",
            hosts: [
                "inner.example": ["127.0.0.1", "[::1]"], "mixed.example": ["10.0.0.1", "[::ffff:7f00:1]", "127.0.0.1"],
            ])
        let wary = UpstreamConnection(name: "public")
        for host in ["mixed.example", "inner.example"] {
            let error = await failure {
                _ = try await client.send(try get("http://\(host):\(canary.port)/"), via: wary)
            }
            #expect(error?.code == .upstreamRefused, "\(host)")
            #expect(canary.connections == 0)
        }
        let open = try await client.send(try get("http://inner.example:\(canary.port)/"), via: local())
        #expect(open.status == 200)
        _ = try await open.body.collect(upTo: 10)
        let again = await failure {
            _ = try await client.send(try get("http://inner.example:\(canary.port)/"), via: wary)
        }
        #expect(again?.code == .upstreamRefused)
        #expect(canary.requests.count == 1)
        #expect(client.health(of: "public").breaker == .closed, "our own rule says nothing about the upstream")
    }
}
