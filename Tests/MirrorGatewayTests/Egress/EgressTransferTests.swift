import Foundation
import HubCore
import Testing

@testable import MirrorGateway

@Suite("A transfer")
struct EgressTransferTests {
    @Test("is plain HTTP/1.1 with identity encoding and our name, and what belongs to the client is not the caller's")
    func request() async throws {
        let hub = try LoopbackServer { _, to in
            to.answer(200, body: "ok"); return true
        }
        let client = EgressClient(agent: "weir/test")
        let request = try get("\(hub.base)/a%20b?c=%2F") {
            $0.method = "POST"
            $0.body = Array("{\"a\":1}".utf8)
            $0.headers = [("Host", "evil"), ("Content-Length", "1"), ("Transfer-Encoding", "chunked"), ("X-Empty", "")]
        }
        let response = try await client.send(request, via: local())
        #expect(try await response.body.collect(upTo: 10) == Array("ok".utf8))
        let seen = try #require(hub.requests.first)
        #expect(seen.target == "/a%20b?c=%2F")
        #expect(seen.body == request.body)
        #expect(seen.headers["host"] == "127.0.0.1:\(hub.port)")
        #expect(seen.headers["user-agent"] == "weir/test")
        #expect(seen.headers["accept-encoding"] == "identity")
        #expect(seen.headers["content-length"] == "7")
        #expect(seen.headers["transfer-encoding"] == nil && seen.headers["expect"] == nil)
        #expect(seen.headers["content-type"] == nil && seen.headers["x-empty"] == "")
    }

    @Test("S21: refuses headers and credentials that would split a request")
    func splitting() async throws {
        let hub = try LoopbackServer { _, to in
            to.answer(200); return true
        }
        let client = EgressClient()
        let injected = await failure {
            _ = try await client.send(try get(hub.base) { $0.headers = [("X-A", "b\r\nX-C: d")] }, via: local())
        }
        #expect(injected?.code == .badRequest)
        let origin = try EgressURL(parsing: hub.base).origin
        let token = await failure {
            _ = try await client.send(
                try get(hub.base), via: local(credentials: [origin: .bearer(Secret("canary\n"))]))
        }
        #expect(token?.code == .badRequest)
        #expect(token?.line.contains("canary") == false)
        #expect(hub.requests.isEmpty)
    }

    @Test("uses a connection again, and HEAD has no body whatever its length says")
    func reuse() async throws {
        let hub = try LoopbackServer { request, to in
            if request.method == "HEAD" {
                to.send("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n")
            } else {
                to.answer(200, body: "body")
            }
            return true
        }
        let client = EgressClient()
        for method in ["HEAD", "GET", "HEAD", "GET"] {
            let request = try get(hub.base) {
                $0.method = method; $0.maximumBody = 10
            }
            let response = try await client.send(request, via: local())
            #expect(response.headers["Content-Length"] == (method == "HEAD" ? "99999" : "4"))
            #expect(try await response.body.collect(upTo: 10).count == (method == "HEAD" ? 0 : 4))
        }
        #expect(hub.connections == 1)
    }

    @Test("reads chunked bodies, interim answers and trailers")
    func chunked() async throws {
        let hub = try LoopbackServer { _, to in
            to.send(
                "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nA: 1\r\nA: 2\r\n\r\n"
            )
            to.send("3\r\nabc\r\n4\r\ndefg\r\n0\r\nTrailer: t\r\n\r\n")
            return true
        }
        let client = EgressClient()
        let response = try await client.send(try get(hub.base), via: local())
        #expect(response.status == 200)
        #expect(response.headers["link"] == nil)
        #expect(response.headers.all("a") == ["1", "2"])
        #expect(try await response.body.collect(upTo: 10) == Array("abcdefg".utf8))
    }

    @Test("that ends early throws, naming how much came", arguments: [true, false])
    func truncated(chunked: Bool) async throws {
        let hub = try LoopbackServer { _, to in
            to.send(
                "HTTP/1.1 200 OK\r\n" + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: 100") + "\r\n\r\n")
            to.send(chunked ? "5\r\nabcde\r\n" : "abcde")
            return false
        }
        let metering = RecordingMetering()
        let client = EgressClient(metrics: metering)
        let response = try await client.send(try get("\(hub.base)/?sig=canary"), via: local())
        let error = await failure { _ = try await response.body.collect(upTo: 1000) }
        #expect(error?.code == .upstreamUnavailable)
        #expect(error?.message.contains(chunked ? "after 5 bytes" : "after 5 of 100 bytes") == true)
        #expect(error?.line.contains("canary") == false)
        #expect(metering.counts.bytes == 5)
        // A reader that did not wait for the end may come to it before it is counted.
        await Latch.until { !metering.counts.outcomes.isEmpty }
        #expect(metering.counts.outcomes == ["truncated"])
        #expect(client.health(of: "test").lastError?.contains("after 5") == true)
    }

    @Test("hands out the first bytes while the rest is still to come")
    func firstByte() async throws {
        let hub = try LoopbackServer { _, to in
            to.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            to.waitForClose()
            return false
        }
        let client = EgressClient()
        let response = try await client.send(try get(hub.base), via: local())
        var iterator = response.body.makeAsyncIterator()
        #expect(try await iterator.next() == Array("abc".utf8))
    }

    @Test("holds a fast upstream back while its reader is slow, then delivers every byte")
    func backPressure() async throws {
        let size = 48 << 20
        let block = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let hub = try LoopbackServer { _, to in
            to.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            for _ in 0..<48 where !to.send(block) { return false }
            return true
        }
        let metering = RecordingMetering()
        let client = EgressClient(metrics: metering)
        let response = try await client.send(try get(hub.base), via: local())
        var iterator = response.body.makeAsyncIterator()
        var total = try await iterator.next()?.count ?? 0
        // Until the byte count stands still: the sockets are full and the transfer is paused.
        var before = -1
        while metering.counts.bytes != before {
            before = metering.counts.bytes
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(before <= 6 << 20)
        var chunks = 0
        let twice = block + block
        while let chunk = try await iterator.next() {
            #expect(chunk.count <= 1 << 20)
            let isSame = twice.withUnsafeBytes { expected in
                chunk.withUnsafeBytes { bytes in
                    guard let left = expected.baseAddress, let right = bytes.baseAddress else { return false }
                    return memcmp(left + total % block.count, right, bytes.count) == 0
                }
            }
            #expect(isSame)
            total += chunk.count
            chunks += 1
        }
        #expect(total == size)
        #expect(metering.counts.bytes == size)
        #expect(chunks < 2000)
    }

    @Test("ends when its reader lets go, when the task is cancelled, and when nobody reads the body", arguments: 0..<3)
    func cancellation(way: Int) async throws {
        let closed = AsyncStream<Void>.makeStream()
        let hub = try LoopbackServer { _, to in
            to.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc")
            to.waitForClose()
            closed.continuation.yield()
            return false
        }
        let metering = RecordingMetering()
        let client = EgressClient(metrics: metering)
        let request = try get(hub.base)
        switch way {
        case 0:
            let response = try await client.send(request, via: local())
            for try await chunk in response.body {
                #expect(chunk.count == 3)
                break
            }
        case 1:
            let started = AsyncStream<Void>.makeStream()
            let task = Task {
                let response = try await client.send(request, via: local())
                for try await _ in response.body { started.continuation.yield() }
            }
            for await _ in started.stream { break }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        default:
            _ = try await client.send(request, via: local())
        }
        for await _ in closed.stream { break }
        await client.close()
        await Latch.until { !metering.counts.outcomes.isEmpty }
        #expect(metering.counts.outcomes == ["cancelled"])
    }

    @Test("is cancelled while it waits for an answer, which says nothing about the upstream")
    func cancelledHead() async throws {
        let asked = AsyncStream<Void>.makeStream()
        let hub = try LoopbackServer { _, to in
            asked.continuation.yield()
            to.waitForClose()
            return false
        }
        let client = EgressClient()
        let request = try get(hub.base)
        let task = Task { try await client.send(request, via: local { $0.breaker.failures = 1 }) }
        for await _ in asked.stream { break }
        task.cancel()
        let error = await failure { _ = try await task.value }
        #expect(error?.status == 499)
        #expect(client.health(of: "test").breaker == .closed)
    }

    @Test("fails when the upstream stalls, drips, or never answers")
    func slow() async throws {
        let hub = try LoopbackServer { request, to in
            if request.target == "/silent" { to.waitForClose(); return false }
            to.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nabc")
            if request.target == "/drip" {
                while to.send("x") { usleep(20_000) }
            }
            to.waitForClose()
            return false
        }
        let client = EgressClient()
        let stalled = try await client.send(
            try get("\(hub.base)/stall"), via: local { $0.idleTimeout = .milliseconds(150) })
        let dripping = try await client.send(
            try get("\(hub.base)/drip"),
            via: local { $0.minimumRate = MinimumRate(bytesPerSecond: 5000, window: .milliseconds(200)) })
        for (response, words) in [(stalled, "stalled after 3 of 100000"), (dripping, "stalled below 5000 B/s")] {
            let error = await failure { _ = try await response.body.collect(upTo: 1 << 20) }
            #expect(error?.code == .upstreamUnavailable)
            #expect(error?.message.contains(words) == true)
        }
        let silent = await failure {
            _ = try await client.send(
                try get("\(hub.base)/silent") { $0.retryable = false },
                via: local { $0.firstByteTimeout = .milliseconds(100) })
        }
        #expect(silent?.code == .upstreamUnavailable)
        let late = await failure {
            _ = try await client.send(try get("\(hub.base)/silent") { $0.deadline = .milliseconds(100) }, via: local())
        }
        #expect(late?.code == .upstreamUnavailable)
    }

    @Test("is limited in size, by what is announced and by what comes")
    func limits() async throws {
        let hub = try LoopbackServer { request, to in
            if request.target == "/announced" {
                to.answer(200, body: String(repeating: "x", count: 100))
            } else if request.target == "/headers" {
                to.send("HTTP/1.1 200 OK\r\n")
                while to.send("X: " + String(repeating: "y", count: 1000) + "\r\n") {}
            } else {
                to.send("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 100))
            }
            return false
        }
        let client = EgressClient()
        for path in ["/announced", "/headers"] {
            let error = await failure {
                _ = try await client.send(try get(hub.base + path) { $0.maximumBody = 99 }, via: local())
            }
            #expect(error?.code == .upstreamCorrupt, "\(path)")
        }
        let response = try await client.send(try get("\(hub.base)/") { $0.maximumBody = 99 }, via: local())
        #expect(await failure { _ = try await response.body.collect(upTo: 1000) }?.code == .upstreamCorrupt)
        let small = try await client.send(try get("\(hub.base)/"), via: local())
        #expect(await failure { _ = try await small.body.collect(upTo: 99) }?.code == .upstreamCorrupt)
    }

    /// `hello` as `gzip` packs it.
    private static let gzip: [UInt8] = [
        0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 3, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 7, 0,
        0x86, 0xA6, 0x10, 0x36, 5, 0, 0, 0,
    ]

    @Test("may be compressed for metadata, and is refused compressed as content")
    func compressed() async throws {
        let hub = try LoopbackServer { _, to in
            to.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(Self.gzip.count)\r\n\r\n")
            to.send(Self.gzip)
            return true
        }
        let client = EgressClient()
        let response = try await client.send(try get(hub.base, purpose: .api), via: local())
        #expect(try await response.body.collect(upTo: 100) == Array("hello".utf8))
        #expect(hub.requests.first?.headers["accept-encoding"] == "gzip")
        for purpose in [EgressRequest.Purpose.blob, .git] {
            let error = await failure { _ = try await client.send(try get(hub.base, purpose: purpose), via: local()) }
            #expect(error?.code == .upstreamCorrupt)
        }
    }

    @Test("waits for its turn when the upstream's connections are in use")
    func turns() async throws {
        let hub = try LoopbackServer { _, to in
            to.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            to.waitForClose()
            return false
        }
        let client = EgressClient()
        let narrow = local { $0.maxConnections = 1 }
        var first: EgressResponse? = try await client.send(try get(hub.base), via: narrow)
        let busy = await failure {
            _ = try await client.send(try get(hub.base) { $0.deadline = .milliseconds(100) }, via: narrow)
        }
        #expect(busy?.code == .upstreamUnavailable)
        #expect(busy?.message.contains("busy") == true)
        let request = try get(hub.base)
        let second = Task { try await client.send(request, via: narrow).status }
        #expect(first?.status == 200)
        first = nil
        #expect(try await second.value == 200)
    }

    @Test("is refused and ended by closing the client")
    func closing() async throws {
        let hub = try LoopbackServer { _, to in
            to.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            to.waitForClose()
            return false
        }
        let client = EgressClient()
        let response = try await client.send(try get(hub.base), via: local())
        await client.close()
        #expect(await failure { _ = try await response.body.collect(upTo: 100) }?.code == .shuttingDown)
        #expect(await failure { _ = try await client.send(try get(hub.base), via: local()) }?.code == .shuttingDown)
        await client.close()
    }

    @Test("goes to a configured proxy, which is then trusted to resolve names but not to reach inner addresses")
    func proxy() async throws {
        let proxy = try LoopbackServer { _, to in
            to.answer(200, body: "by proxy"); return true
        }
        let client = EgressClient()
        let through = UpstreamConnection(name: "public", proxy: proxy.base)
        let response = try await client.send(try get("http://hub.example/x"), via: through)
        #expect(try await response.body.collect(upTo: 100) == Array("by proxy".utf8))
        #expect(proxy.requests.first?.target == "http://hub.example/x")
        let inner = await failure { _ = try await client.send(try get("http://10.0.0.1/"), via: through) }
        #expect(inner?.code == .upstreamRefused)
    }

    @Test("never goes to a proxy of the environment")
    func environmentProxy() async throws {
        // In a process of its own: changing the environment while other threads read it is not safe.
        await #expect(processExitsWith: .success) {
            let proxy = try LoopbackServer { _, to in
                to.answer(200, body: "by proxy"); return true
            }
            let hub = try LoopbackServer { _, to in
                to.answer(200, body: "direct"); return true
            }
            for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] { setenv(name, proxy.base, 1) }
            let direct = try await EgressClient().send(try get(hub.base), via: local())
            let body = try await direct.body.collect(upTo: 100)
            exit(body == Array("direct".utf8) && proxy.connections == 0 ? 0 : 1)
        }
    }
}
