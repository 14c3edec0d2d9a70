import HubCore
import Synchronization
import Testing

@testable import MirrorGateway

@Suite("A request that fails")
struct EgressRetryTests {
    /// Answers with each of these in turn, and with the last one from then on.
    private func server(_ answers: [(Int, [String])]) throws -> LoopbackServer {
        let count = Mutex(0)
        return try LoopbackServer { _, to in
            let place = count.withLock { count in
                defer { count += 1 }
                return min(count, answers.count - 1)
            }
            to.answer(answers[place].0, answers[place].1, body: "answer")
            return true
        }
    }

    @Test("is repeated after the wait the upstream asks for")
    func retryAfter() async throws {
        let time = ManualTime()
        let hub = try server([
            (429, ["Retry-After: 7"]), (503, ["Retry-After: Tue, 14 Nov 2023 22:13:31 GMT"]),
            (429, ["RateLimit: \"api\";r=0;t=5"]), (502, []), (200, ["RateLimit: \"api\";r=9;t=5"]),
        ])
        let client = EgressClient(time: time.egress)
        let response = try await client.send(try get(hub.base), via: local())
        #expect(response.status == 200)
        #expect(time.slept == [.seconds(7), .seconds(4), .seconds(5), .seconds(8)])
        #expect(client.health(of: "test").rateLimit?.remaining == 9)
        #expect(hub.connections == 1)
    }

    @Test("is handed to the caller when the wait is longer than the deadline, or when it must not be repeated")
    func givesUp() async throws {
        let time = ManualTime()
        let hub = try server([(429, ["Retry-After: 60"])])
        let client = EgressClient(time: time.egress)
        let late = try await client.send(try get(hub.base), via: local())
        #expect(late.status == 429)
        #expect(late.headers["retry-after"] == "60")
        let once = try await client.send(
            try get(hub.base) {
                $0.retryable = false; $0.deadline = .seconds(100)
            }, via: local("other"))
        #expect(once.status == 429)
        #expect(time.slept.isEmpty)
        #expect(hub.requests.count == 2)
        #expect(client.health(of: "test").breaker == .closed)
    }

    @Test("is repeated when no connection came about, and then names upstream and cause")
    func unreachable() async throws {
        var gone: LoopbackServer? = try LoopbackServer { _, _ in false }
        let base = try #require(gone?.base)
        gone = nil
        let time = ManualTime()
        let client = EgressClient(time: time.egress)
        let error = await failure {
            _ = try await client.send(try get("\(base)/?t=canary"), via: local(retries: RetryPolicy(maxAttempts: 3)))
        }
        #expect(error?.code == .upstreamUnavailable)
        #expect(error?.message.contains("Upstream test (\(base))") == true)
        #expect(error?.line.contains("canary") == false)
        #expect(time.slept == [.seconds(1), .seconds(2)])
    }

    @Test("opens the breaker; then nothing is sent until a probe goes well")
    func breaker() async throws {
        let time = ManualTime()
        let metering = RecordingMetering()
        let hub = try server([(500, []), (500, []), (404, []), (200, [])])
        let client = EgressClient(time: time.egress, metrics: metering)
        let wary = local { $0.breaker = BreakerPolicy(failures: 2, openFor: .seconds(60)) }
        for _ in 0..<2 {
            let response = try await client.send(try get(hub.base), via: wary)
            #expect(response.status == 500)
        }
        #expect(client.health(of: "test").breaker == .open)
        time.advance(by: .seconds(18))
        let error = await failure { _ = try await client.send(try get(hub.base), via: wary) }
        #expect(error?.code == .upstreamUnavailable)
        #expect(error?.retryAfter == 42)
        #expect(error?.message.contains("answered 500") == true)
        #expect(hub.requests.count == 2)
        time.advance(by: .seconds(42))
        let probe = try await client.send(try get(hub.base), via: wary)
        #expect(probe.status == 404, "a 404 is a healthy upstream's answer")
        #expect(client.health(of: "test").breaker == .closed)
        #expect(metering.counts.breaker == [true, false])
        #expect(metering.counts.outcomes.contains("breaker-open"))
        #expect(client.health(of: "other").breaker == .closed)
    }
}
