import Foundation
import Policies
import Testing

@testable import MirrorGateway

@Suite("Times and estimates of syncs")
struct SyncArithmeticTests {
    private func mirror(_ spec: String) throws -> Mirror {
        let text = """
            apiVersion: weir/v1
            kind: Mirror
            metadata: {name: test}
            spec:
              mode: mirror
            \(spec)
            """
        let load = PolicySnapshot.load([PolicyFile(name: "test.yaml", text: text)], digest: "x")
        return try #require(load.snapshot?.mirrors.first, "\(load.errors.map(\.description))")
    }

    private func times(_ cron: String, _ zone: String) throws -> ScheduleTimes {
        let mirror = try mirror(
            """
              upstreams: [{name: above, type: git-lfs, url: "http://above.test"}]
              schedule: {cron: "\(cron)", timezone: \(zone)}
            """)
        let schedule = try #require(mirror.schedule)
        return try #require(ScheduleTimes(schedule))
    }

    /// Minutes since 1970.
    private func minute(_ text: String) throws -> Int64 {
        Int64(try Date(text, strategy: .iso8601).timeIntervalSince1970) / 60
    }

    @Test("a schedule goes by the clock of its zone")
    func zone() throws {
        let times = try times("30 1 * * *", "Asia/Shanghai")
        #expect(try times.latest(notAfter: minute("2026-11-26T17:29:00Z")) == minute("2026-11-25T17:30:00Z"))
        #expect(try times.latest(notAfter: minute("2026-11-26T17:30:00Z")) == minute("2026-11-26T17:30:00Z"))
        #expect(try times.next(after: minute("2026-11-26T17:30:00Z")) == minute("2026-11-27T17:30:00Z"))
    }

    @Test("a time that spring skips is due as soon as the clock is past it, once")
    func spring() throws {
        let times = try times("30 2 * * *", "Europe/Berlin")
        // 29 March 2026: 02:00 becomes 03:00.
        #expect(try times.latest(notAfter: minute("2026-03-29T12:00:00Z")) == minute("2026-03-29T01:30:00Z"))
        #expect(try times.latest(notAfter: minute("2026-03-30T12:00:00Z")) == minute("2026-03-30T00:30:00Z"))
        #expect(try times.latest(notAfter: minute("2026-03-28T12:00:00Z")) == minute("2026-03-28T01:30:00Z"))
    }

    @Test("a time that autumn repeats is due the first time, unless every hour is meant")
    func autumn() throws {
        // 25 October 2026: 03:00 becomes 02:00.
        let daily = try times("30 2 * * *", "Europe/Berlin")
        #expect(try daily.latest(notAfter: minute("2026-10-25T00:45:00Z")) == minute("2026-10-25T00:30:00Z"))
        #expect(try daily.latest(notAfter: minute("2026-10-25T02:00:00Z")) == minute("2026-10-25T00:30:00Z"))
        #expect(try daily.next(after: minute("2026-10-25T00:30:00Z")) == minute("2026-10-26T01:30:00Z"))
        let hourly = try times("15 * * * *", "Europe/Berlin")
        #expect(try hourly.latest(notAfter: minute("2026-10-25T00:20:00Z")) == minute("2026-10-25T00:15:00Z"))
        #expect(try hourly.latest(notAfter: minute("2026-10-25T01:20:00Z")) == minute("2026-10-25T01:15:00Z"))
    }

    @Test("due times never go back, in any zone, over two years")
    func monotone() throws {
        for zone in ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"] {
            let times = try times("20 2,14 * * *", zone)
            var last: Int64 = .min
            var minute = try minute("2025-12-01T00:00:00Z")
            let end = try self.minute("2027-12-01T00:00:00Z")
            while minute < end {
                let due = try #require(times.latest(notAfter: minute))
                #expect(due >= last && due <= minute, "\(zone) at \(minute)")
                last = due
                minute += 47
            }
        }
    }

    @Test("jitter is the same for all who keep a schedule and another each time")
    func jitter() {
        let delays = (0..<50).map { SyncScheduler.delay(Int64($0) * 3_600_000, seed: 42, within: .seconds(300)) }
        #expect(delays.allSatisfy { (0..<300_000).contains($0) })
        #expect(Set(delays).count > 40)
        #expect(SyncScheduler.delay(3_600_000, seed: 42, within: .seconds(300)) == delays[1])
        #expect(SyncScheduler.delay(3_600_000, seed: 42, within: .zero) == 0)
    }

    private func limits(_ text: String) throws -> EgressLimits {
        let mirror = try mirror(
            "  upstreams: [{name: above, type: git-lfs, url: \"http://above.test\", limits: {\(text)}}]")
        let upstream = try #require(mirror.upstreams.first)
        return EgressLimits(upstream.limits)
    }

    @Test("an estimate obeys bandwidth, its windows, days and requests")
    func estimates() throws {
        let load = SyncEstimate.Load(bytes: 100 << 20, apiRequests: 10, contentRequests: 700)
        #expect(SyncEstimate.seconds(for: load, under: EgressLimits(), from: 0) == nil)
        #expect(try SyncEstimate.seconds(for: load, under: limits("bandwidth: 1MiB/s"), from: 0) == 100)
        #expect(try SyncEstimate.seconds(for: load, under: limits("requestsPer5m: {resolve: 300}"), from: 0) == 600)
        // A minute of the slow line, then the window.
        let window = "bandwidth: 1MiB/s, bandwidthWindows: [{cron: \"1 0 * * *\", for: 10m, bandwidth: 4MiB/s}]"
        #expect(try SyncEstimate.seconds(for: load, under: limits(window), from: 0) == 70)
        // 40 MiB a day: the rest of the hundred takes two midnights.
        let days = try #require(SyncEstimate.seconds(for: load, under: limits("bytesPerDay: 40MiB"), from: 3_600))
        #expect(days == 2 * 86_400 - 3_600)
        #expect(try SyncEstimate.seconds(for: SyncEstimate.Load(), under: limits("bandwidth: 1MiB/s"), from: 0) == 0)
    }
}
