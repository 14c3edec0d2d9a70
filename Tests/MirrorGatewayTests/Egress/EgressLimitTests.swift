import HubCore
import Policies
import Testing

@testable import MirrorGateway

@Suite("Limits of upstreams")
struct EgressLimitTests {
    private static func limits(_ change: (inout UpstreamLimits) -> Void) -> EgressLimits {
        var limits = UpstreamLimits()
        change(&limits)
        return EgressLimits(limits)
    }

    /// Never faster than the limit: what came is at most the rate times the time, a burst, and a step for each transfer.
    @Test("all transfers of an upstream together keep to its bandwidth", arguments: [1, 4, 16])
    func bandwidth(transfers: Int) async throws {
        let rate = 4 << 20
        let size = (6 << 20) / transfers
        let server = try LoopbackServer { _, connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            return connection.send([UInt8](repeating: 7, count: size))
        }
        let client = EgressClient()
        let connection = local { $0.limits = Self.limits { $0.bandwidth = Int64(rate) } }
        let begun = ContinuousClock.now
        let bytes = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<transfers {
                group.addTask {
                    try await client.send(get(server.base + "/file"), via: connection).body.collect(upTo: size).count
                }
            }
            return try await group.reduce(0, +)
        }
        let seconds = (ContinuousClock.now - begun) / .seconds(1)
        #expect(bytes == size * transfers)
        let step = min(max(rate / 10, 16 << 10), 512 << 10)
        #expect(Double(bytes) <= Double(rate) * (seconds + 0.05) + Double(step * transfers), "\(seconds) s")
        await client.close()
    }

    @Test("a slow limit stalls nobody: to be held back is not to be slow")
    func patience() async throws {
        let server = try LoopbackServer { _, connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n")
            return connection.send([UInt8](repeating: 7, count: 200_000))
        }
        let client = EgressClient()
        let connection = local {
            $0.limits = Self.limits { $0.bandwidth = 100_000 }
            $0.idleTimeout = .milliseconds(100)
            $0.minimumRate = MinimumRate(bytesPerSecond: 50 << 20, window: .milliseconds(100))
        }
        let body = try await client.send(get(server.base + "/file"), via: connection).body.collect(upTo: 200_000)
        #expect(body.count == 200_000)
        await client.close()
    }

    @Test("requests for descriptions and for content have budgets of their own; one that is used up waits or says when")
    func requests() async throws {
        let server = try LoopbackServer { _, connection in
            connection.answer(200, body: "{}")
            return true
        }
        let time = ManualTime()
        let client = EgressClient(time: time.egress)
        let limits = Self.limits {
            $0.apiRequestsPer5Minutes = 2; $0.resolveRequestsPer5Minutes = 1
        }
        let connection = local { $0.limits = limits }
        for purpose in [EgressRequest.Purpose.api, .api, .git] {
            _ = try await client.send(get(server.base + "/", purpose: purpose), via: connection)
        }
        for purpose in [EgressRequest.Purpose.api, .blob] {
            let error = await failure {
                _ = try await client.send(get(server.base + "/", purpose: purpose), via: connection)
            }
            #expect(error?.code == .upstreamUnavailable)
            #expect(error?.retryAfter.map { (280...310).contains($0) } == true)
            #expect(error?.remedy?.contains("requestsPer5m") == true)
        }
        #expect(server.requests.count == 3)
        #expect(client.budget(of: "test", within: limits).apiRequestsLeft == 0)
        // Whoever has the patience is served when there is room.
        _ = try await client.send(
            get(server.base + "/", purpose: .api) { $0.deadline = .seconds(400) }, via: connection)
        #expect(server.requests.count == 4)
        #expect(time.slept.contains { $0 > .seconds(280) })
        await client.close()
    }

    @Test("a day's bytes are set aside before they flow, so that fifty at once bring no more than fits")
    func bytesPerDay() async throws {
        let server = try LoopbackServer { _, connection in
            connection.answer(200, body: String(repeating: "x", count: 1000))
            return true
        }
        let metering = RecordingMetering()
        let client = EgressClient(metrics: metering)
        let limits = Self.limits { $0.bytesPerDay = 10_500 }
        let connection = local { $0.limits = limits }
        let served = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    do {
                        let request = try get(server.base + "/file") { $0.expectedBytes = 1000 }
                        return try await client.send(request, via: connection).body.collect(upTo: 1000).count
                    } catch let error as HubError {
                        #expect(error.code == .upstreamUnavailable && error.message.contains("a day"))
                        return 0
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(served == 10_000)
        #expect(metering.counts.bytes == 10_000)
        let budget = client.budget(of: "test", within: limits)
        #expect(budget.bytesToday == 10_000)
        #expect(budget.bytesLeftToday == 500)
        await client.close()
    }

    @Test("what does not come is given back")
    func givenBack() async throws {
        let server = try LoopbackServer { request, connection in
            if request.target == "/cut" {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                connection.send([UInt8](repeating: 7, count: 100))
                return false
            }
            connection.answer(200, body: String(repeating: "x", count: 900))
            return true
        }
        let client = EgressClient()
        let limits = Self.limits { $0.bytesPerDay = 1000 }
        let connection = local(retries: RetryPolicy(maxAttempts: 1)) { $0.limits = limits }
        _ = await failure {
            let request = try get(server.base + "/cut") { $0.expectedBytes = 1000 }
            _ = try await client.send(request, via: connection).body.collect(upTo: 1000)
        }
        await Latch.until { client.budget(of: "test", within: limits).bytesLeftToday == 900 }
        let request = try get(server.base + "/whole") { $0.expectedBytes = 900 }
        #expect(try await client.send(request, via: connection).body.collect(upTo: 900).count == 900)
        await client.close()
    }
}
