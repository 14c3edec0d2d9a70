import HubCore
import Policies
import Synchronization
import Testing

@testable import MirrorGateway

@Suite("Who goes first at an upstream")
struct EgressUrgencyTests {
    private static func limits(_ change: (inout UpstreamLimits) -> Void) -> EgressLimits {
        var limits = UpstreamLimits()
        change(&limits)
        return EgressLimits(limits)
    }

    private func answered(_ client: EgressClient, _ connection: UpstreamConnection, _ url: String) async -> HubError? {
        await failure { _ = try await client.send(try get(url, purpose: .api), via: connection) }
    }

    @Test("a request is sent for whomever the task that makes it works for")
    func captured() async throws {
        let request = try await EgressUrgency.$current.withValue(.sync) {
            try await Task { try get("http://127.0.0.1/") }.value
        }
        #expect(request.urgency == .sync)
        #expect(try get("http://127.0.0.1/").urgency == .people)
    }

    @Test("of twenty requests in five minutes a sync takes sixteen, and people always find some")
    func syncLeavesSome() async throws {
        let server = try LoopbackServer { _, connection in
            connection.answer(200, body: "{}")
            return true
        }
        let time = ManualTime()
        let client = EgressClient(time: time.egress)
        let connection = local { $0.limits = Self.limits { $0.apiRequestsPer5Minutes = 20 } }
        var sent = 0
        while sent < 40 {
            let error = await EgressUrgency.$current.withValue(.sync) {
                await answered(client, connection, server.base)
            }
            if let error {
                #expect(error.retryAfter.map { (280...310).contains($0) } == true)
                #expect(error.message.contains("for people"))
                break
            }
            sent += 1
        }
        #expect(sent == 16)
        for _ in 0..<4 { #expect(await answered(client, connection, server.base) == nil) }
        #expect(await answered(client, connection, server.base) != nil)
        let budget = client.budget(of: "test", within: connection.limits)
        #expect(budget.apiRequestsLeft == 0 && budget.apiRequestsReserved == 4)
        // Later the sync goes on, and still leaves them theirs.
        time.advance(by: .seconds(310))
        let again = await EgressUrgency.$current.withValue(.sync) { await answered(client, connection, server.base) }
        #expect(again == nil)
        await client.close()
    }

    @Test("the end of a day's bytes is for people")
    func bytes() async throws {
        let server = try LoopbackServer { _, connection in
            connection.answer(200, body: String(repeating: "x", count: 100))
            return true
        }
        let client = EgressClient()
        let connection = local { $0.limits = Self.limits { $0.bytesPerDay = 1000 } }
        func fetch() async -> Bool {
            await failure {
                let request = try get(server.base) { $0.expectedBytes = 100 }
                _ = try await client.send(request, via: connection).body.collect(upTo: 100)
            } == nil
        }
        var ahead = 0
        while await EgressUrgency.$current.withValue(.sync, operation: fetch), ahead < 20 { ahead += 1 }
        #expect(ahead == 8)
        var people = 0
        while await fetch(), people < 20 { people += 1 }
        #expect(people == 2)
        await client.close()
    }

    @Test("what the upstream says it has left is obeyed before anything is sent, by a sync earlier than by people")
    func remote() async throws {
        let left = Mutex(20)
        let server = try LoopbackServer { _, connection in
            let now = left.withLock { left in
                left -= 1
                return left
            }
            connection.answer(
                200, ["RateLimit: \"api\";r=\(max(0, now));t=55", "RateLimit-Policy: \"fixed\";\"api\";q=20;w=300"],
                body: "{}")
            return true
        }
        let time = ManualTime()
        let client = EgressClient(time: time.egress)
        let connection = local()
        var sync = 0
        while sync < 30,
            await EgressUrgency.$current.withValue(
                .sync, operation: { await answered(client, connection, server.base) })
                == nil
        { sync += 1 }
        #expect(sync == 16)
        var people = 0
        while people < 30, await answered(client, connection, server.base) == nil { people += 1 }
        #expect(people == 4)
        #expect(server.requests.count == 20, "none was sent in vain")
        let remote = client.budget(of: "test", within: connection.limits).remote
        #expect(remote.first?.remaining == 0 && remote.first?.limit == 20 && remote.first?.resetsIn == 55)
        // Content has a budget of its own.
        let blob = await failure { _ = try await client.send(try get(server.base), via: connection) }
        #expect(blob == nil)
        // Whoever has the patience waits until the window is over.
        left.withLock { $0 = 20 }
        _ = try await client.send(
            try get(server.base, purpose: .api) { $0.deadline = .seconds(100) }, via: connection)
        #expect(time.slept.contains { $0 > .seconds(50) && $0 <= .seconds(55) })
        await client.close()
    }

    @Test("Retry-After keeps everybody away for that long")
    func retryAfter() async throws {
        let isBusy = Mutex(true)
        let server = try LoopbackServer { _, connection in
            if isBusy.withLock({ $0 }) {
                connection.answer(429, ["Retry-After: 120"])
            } else {
                connection.answer(200, body: "{}")
            }
            return true
        }
        let time = ManualTime()
        let client = EgressClient(time: time.egress)
        let connection = local(retries: RetryPolicy(maxAttempts: 1))
        #expect(try await client.send(try get(server.base, purpose: .api), via: connection).status == 429)
        let refused = await answered(client, connection, server.base)
        #expect(refused?.code == .upstreamUnavailable && refused?.retryAfter == 120)
        #expect(server.requests.count == 1)
        isBusy.withLock { $0 = false }
        time.advance(by: .seconds(121))
        #expect(await answered(client, connection, server.base) == nil)
        await client.close()
    }

    @Test("a sync that never ends leaves connections to people")
    func connections() async throws {
        let server = try LoopbackServer { request, connection in
            if request.target == "/long" {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx")
                connection.waitForClose()
                return false
            }
            connection.answer(200, body: "here")
            return true
        }
        let client = EgressClient()
        let connection = local { $0.maxConnections = 4 }
        let syncs = (0..<8).map { _ in
            Task {
                try await EgressUrgency.$current.withValue(.sync) {
                    try await client.send(try get(server.base + "/long"), via: connection).body.collect(upTo: 1000)
                }
            }
        }
        await Latch.until { server.requests.count == 3 }
        for _ in 0..<5 {
            let body = try await client.send(try get(server.base + "/short"), via: connection).body.collect(upTo: 10)
            #expect(body == Array("here".utf8))
        }
        #expect(server.requests.filter { $0.target == "/long" }.count == 3)
        for sync in syncs { sync.cancel() }
        for sync in syncs { _ = await sync.result }
        await client.close()
    }

    @Test("of a narrow bandwidth people get most, and a sync never nothing")
    func bandwidth() async throws {
        let size = 8 << 20
        let server = try LoopbackServer { _, connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            return connection.send([UInt8](repeating: 7, count: size))
        }
        let client = EgressClient()
        // Slow enough for the limit to be what holds everybody back, on a busy machine too.
        let connection = local { $0.limits = Self.limits { $0.bandwidth = 200_000 } }
        let counts = CountsByUrgency()
        let readers = [EgressUrgency.sync, .sync, .sync, .sync, .people].map { urgency in
            Task {
                try await EgressUrgency.$current.withValue(urgency) {
                    for try await chunk in try await client.send(try get(server.base), via: connection).body {
                        counts.add(chunk.count, for: urgency)
                    }
                }
            }
        }
        await Latch.until { counts[.people] >= 600_000 }
        let (people, sync) = (counts[.people], counts[.sync])
        #expect(sync > 0)
        #expect(people > 3 * sync, "\(people) to \(sync)")
        for reader in readers { reader.cancel() }
        for reader in readers { _ = await reader.result }
        await client.close()
    }

    @Test("bytes are counted as they were on the wire, wanted or not")
    func counted() async throws {
        let server = try LoopbackServer { request, connection in
            if request.target == "/moved" {
                connection.answer(302, ["Location: /there"], body: String(repeating: "m", count: 300))
            } else {
                connection.answer(200, body: String(repeating: "x", count: 700))
            }
            return true
        }
        let metering = RecordingMetering()
        let client = EgressClient(metrics: metering)
        let body = try await client.send(try get(server.base + "/moved"), via: local()).body.collect(upTo: 1000)
        #expect(body.count == 700)
        await Latch.until { metering.counts.bytes == 1000 }
        await client.close()
    }
}

private final class CountsByUrgency: Sendable {
    private let counts = Mutex<[EgressUrgency: Int]>([:])

    func add(_ count: Int, for urgency: EgressUrgency) { counts.withLock { $0[urgency, default: 0] += count } }
    subscript(urgency: EgressUrgency) -> Int { counts.withLock { $0[urgency] ?? 0 } }
}

@Suite("What an upstream says it has left")
struct RemoteBudgetTests {
    private func said(_ left: Int, _ reset: Int) -> RateLimit {
        RateLimit(limit: 20, remaining: left, resetAfter: .seconds(reset))
    }

    @Test("answers that overtake one another do not make more of it")
    func overtaking() {
        var budget = RemoteBudget()
        budget.note(said(5, 60), pending: 0, at: .zero)
        budget.count()
        budget.note(said(9, 60), pending: 0, at: .seconds(1))
        #expect(budget.left(at: .seconds(1)) == 4)
        budget.note(said(19, 300), pending: 2, at: .seconds(1))
        #expect(budget.left(at: .seconds(1)) == 17, "another window, less those under way")
    }

    @Test("after its window nothing is known, and no upstream shuts anybody out for a week")
    func end() {
        var budget = RemoteBudget()
        budget.note(said(0, 60), pending: 0, at: .zero)
        #expect(budget.wait(of: .people, at: .seconds(59)) == .seconds(1))
        #expect(budget.wait(of: .people, at: .seconds(60)) == nil)
        budget.shut(for: .seconds(600_000), at: .seconds(60))
        #expect(budget.wait(of: .people, at: .seconds(60)) == .seconds(3600))
    }
}
