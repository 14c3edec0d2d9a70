import Testing

@testable import MirrorGateway

@Suite("The breaker")
struct BreakerTests {
    private let policy = BreakerPolicy(failures: 3, window: .seconds(30), openFor: .seconds(60), halfOpen: 2)

    private func fail(_ breaker: inout Breaker, at now: Duration) {
        if case .pass(let ticket) = breaker.admit(at: now) { breaker.record(.failure, of: ticket, at: now) }
    }

    @Test("opens after as many failures as its policy says, within the window")
    func opens() {
        var breaker = Breaker(policy: policy)
        fail(&breaker, at: .seconds(0))
        fail(&breaker, at: .seconds(1))
        fail(&breaker, at: .seconds(40))
        #expect(!breaker.isOpen)
        fail(&breaker, at: .seconds(41))
        fail(&breaker, at: .seconds(42))
        #expect(breaker.state == .open(until: .seconds(102)))
        #expect(breaker.admit(at: .seconds(52)) == .refused(retryAfter: .seconds(50)))
    }

    @Test("forgives one failure for each success, and counts nothing for a neutral end")
    func forgives() throws {
        var breaker = Breaker(policy: policy)
        for second in 0..<20 {
            fail(&breaker, at: .seconds(second))
            guard case .pass(let ticket) = breaker.admit(at: .seconds(second)) else { Issue.record("open"); return }
            breaker.record(.success, of: ticket, at: .seconds(second))
        }
        #expect(breaker.state == .closed(failures: []))
        for _ in 0..<9 {
            guard case .pass(let ticket) = breaker.admit(at: .zero) else { Issue.record("open"); return }
            breaker.record(.neutral, of: ticket, at: .zero)
        }
        #expect(!breaker.isOpen)
    }

    @Test("lets one probe at a time through when its time is up, and closes after enough of them")
    func probes() {
        var breaker = Breaker(policy: policy)
        for _ in 0..<3 { fail(&breaker, at: .zero) }
        guard case .pass(let first) = breaker.admit(at: .seconds(60)) else { Issue.record("no probe"); return }
        #expect(breaker.admit(at: .seconds(60)) == .refused(retryAfter: .seconds(1)))
        breaker.answered(first, wellAt: .seconds(61))
        guard case .pass(let second) = breaker.admit(at: .seconds(61)) else { Issue.record("no probe"); return }
        breaker.record(.neutral, of: second, at: .seconds(61))
        guard case .pass(let third) = breaker.admit(at: .seconds(62)) else { Issue.record("no probe"); return }
        #expect(breaker.isOpen)
        breaker.record(.success, of: third, at: .seconds(63))
        #expect(breaker.state == .closed(failures: []))
        breaker.record(.failure, of: first, at: .seconds(64))
        #expect(breaker.state == .closed(failures: []), "an answer from before does not count")
    }

    @Test("opens again when a probe fails")
    func reopens() {
        var breaker = Breaker(policy: policy)
        for _ in 0..<3 { fail(&breaker, at: .zero) }
        fail(&breaker, at: .seconds(70))
        #expect(breaker.state == .open(until: .seconds(130)))
    }
}

@Suite("The pause before another try")
struct RetryScheduleTests {
    private let schedule = RetrySchedule(
        policy: RetryPolicy(maxAttempts: 4, initialBackoff: .seconds(1), maximumBackoff: .seconds(3)))

    @Test("doubles up to its maximum, with jitter between half and all")
    func doubles() {
        #expect((1...4).map { schedule.backoff(after: $0, random: 1) } == [1, 2, 3, 3].map { .seconds($0) })
        #expect(schedule.backoff(after: 2, random: 0) == .seconds(1))
    }

    @Test("follows the upstream's wish, unless that is longer than what is left")
    func follows() {
        func pause(_ asked: Duration?, attempt: Int = 1) -> Duration? {
            schedule.pause(after: attempt, asked: asked, remaining: .seconds(10), random: 1)
        }
        #expect(pause(.seconds(7)) == .seconds(7))
        #expect(pause(.zero) == .seconds(1), "a wait of zero does not mean hammering")
        #expect(pause(.seconds(10)) == nil)
        #expect(pause(nil, attempt: 3) == .seconds(3))
        #expect(pause(nil, attempt: 4) == nil)
    }

    @Test("reads Retry-After first, then an empty RateLimit if the policy honours it")
    func reads() {
        let both = EgressHeaders([("Retry-After", "3"), ("RateLimit", "\"api\";r=0;t=55")])
        #expect(schedule.wait(askedBy: both, now: 0) == .seconds(3))
        let limit = EgressHeaders([("RateLimit", "\"api\";r=0;t=55")])
        #expect(schedule.wait(askedBy: limit, now: 0) == .seconds(55))
        #expect(schedule.wait(askedBy: EgressHeaders([("RateLimit", "\"api\";r=9;t=55")]), now: 0) == nil)
        let deaf = RetrySchedule(policy: RetryPolicy(honourRateLimitHeader: false))
        #expect(deaf.wait(askedBy: limit, now: 0) == nil)
    }
}

@Suite("Headers about time")
struct TimeHeaderTests {
    @Test(
        "Retry-After is seconds or a date in any of the three forms",
        arguments: [
            ("0", 0), (" 120 ", 120), ("99999999999999999999", 604_800), ("Sun, 06 Nov 1994 08:49:37 GMT", 10),
            ("Sunday, 06-Nov-94 08:49:37 GMT", 10), ("Sun Nov  6 08:49:37 1994", 10),
            ("Sun, 06 Nov 1994 08:49:00 GMT", 0), ("-1", nil), ("1.5", nil), ("soon", nil), ("", nil),
            ("Sun, 32 Nov 1994 08:49:37 GMT", nil), ("Sun, 06 Foo 1994 08:49:37 GMT", nil),
            ("Sun, 06 Nov 1994 25:49:37 GMT", nil), ("Sun, 06 Nov 1994 08:49 GMT", nil),
        ] as [(String, Int?)])
    func retryAfter(text: String, seconds: Int?) {
        #expect(RetryAfter.parse(text, now: 784_111_767) == seconds.map { .seconds($0) })
    }

    @Test("dates count leap days")
    func leapDays() {
        #expect(HTTPDate.parse("Thu, 29 Feb 2024 00:00:00 GMT") == 1_709_164_800)
        #expect(HTTPDate.parse("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
        #expect(HTTPDate.parse("Fri, 01 Mar 2024 00:00:00 GMT") == 1_709_251_200)
    }

    @Test("RateLimit with its policy, as Hugging Face sends it")
    func huggingFace() {
        let headers = EgressHeaders([
            ("RateLimit", "\"api\";r=0;t=55"), ("RateLimit-Policy", "\"fixed window\";\"api\";q=500;w=300"),
        ])
        let limit = RateLimit(headers: headers, now: 0)
        #expect(
            limit
                == RateLimit(name: "api", limit: 500, remaining: 0, resetAfter: .seconds(55), window: .seconds(300)))
        #expect(limit?.wait == .seconds(55))
    }

    @Test("of several budgets the tightest counts")
    func tightest() {
        let headers = EgressHeaders([("ratelimit", "\"a, b\";r=40;t=9, \"c\";r=3;t=7")])
        #expect(RateLimit(headers: headers, now: 0) == RateLimit(name: "c", remaining: 3, resetAfter: .seconds(7)))
    }

    @Test("the older forms, with a reset in seconds or as a moment")
    func older() {
        let draft = EgressHeaders([("RateLimit", "limit=100, remaining=0, reset=30")])
        #expect(RateLimit(headers: draft, now: 0) == RateLimit(limit: 100, remaining: 0, resetAfter: .seconds(30)))
        let gitHub = EgressHeaders([
            ("X-RateLimit-Limit", "60"), ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "1700000042"),
        ])
        #expect(
            RateLimit(headers: gitHub, now: 1_700_000_000)
                == RateLimit(limit: 60, remaining: 0, resetAfter: .seconds(42)))
        #expect(RateLimit(headers: EgressHeaders([("RateLimit", "nonsense;;=,\"")]), now: 0) == nil)
        #expect(RateLimit(headers: EgressHeaders(), now: 0) == nil)
    }
}

@Suite("The pace of a body")
struct TransferPaceTests {
    private let minimum = MinimumRate(bytesPerSecond: 1024, window: .seconds(30))

    @Test("is stalled when no byte came for the idle time")
    func stalls() {
        var pace = TransferPace(idle: .seconds(10), minimum: minimum, startingAt: .zero)
        pace.received(1 << 20, at: .seconds(5))
        #expect(pace.verdict(at: .seconds(14)) == .fine)
        #expect(pace.nextCheck == .seconds(15))
        #expect(pace.verdict(at: .seconds(15)) == .stalled)
    }

    @Test("is too slow when bytes only drip")
    func drips() {
        var pace = TransferPace(idle: .seconds(10), minimum: minimum, startingAt: .zero)
        for second in 1..<30 {
            pace.received(1, at: .seconds(second))
            #expect(pace.verdict(at: .seconds(second)) == .fine)
        }
        #expect(pace.verdict(at: .seconds(30)) == .tooSlow)
        var exempt = TransferPace(idle: .seconds(10), minimum: nil, startingAt: .zero)
        for second in stride(from: 1, to: 300, by: 5) { exempt.received(1, at: .seconds(second)) }
        #expect(exempt.verdict(at: .seconds(300)) == .fine)
    }

    @Test("does not blame the upstream for our own pause")
    func pauses() {
        var pace = TransferPace(idle: .seconds(10), minimum: minimum, startingAt: .zero)
        pace.pause()
        #expect(pace.verdict(at: .seconds(500)) == .fine)
        pace.resume(at: .seconds(500))
        #expect(pace.verdict(at: .seconds(509)) == .fine)
        #expect(pace.verdict(at: .seconds(510)) == .stalled)
    }
}

@Suite("The waiting chunks")
struct ChunkBufferTests {
    private func append(_ buffer: inout ChunkBuffer, _ count: Int, at now: Duration = .zero) {
        [UInt8](repeating: 7, count: count).withUnsafeBytes { buffer.append($0, at: now, expected: nil) }
    }

    @Test("hand out the first bytes at once and later ones when they are full, old or last")
    func ripens() {
        var buffer = ChunkBuffer()
        #expect(buffer.ripe(at: .zero, ended: false) == nil)
        append(&buffer, 10)
        #expect(buffer.take(at: .zero, ended: false)?.count == 10)
        append(&buffer, 10, at: .milliseconds(5))
        #expect(buffer.take(at: .milliseconds(6), ended: false) == nil)
        #expect(buffer.ripe(at: .milliseconds(6), ended: false) == .milliseconds(1))
        #expect(buffer.take(at: .milliseconds(7), ended: false)?.count == 10)
        append(&buffer, 10, at: .milliseconds(8))
        #expect(buffer.take(at: .milliseconds(8), ended: true)?.count == 10)
        #expect(buffer.count == 0)
    }

    @Test("are cut at one MiB and count as full above four")
    func cuts() {
        var buffer = ChunkBuffer()
        append(&buffer, (4 << 20) + 1)
        #expect(buffer.isFull)
        var sizes: [Int] = []
        while let chunk = buffer.take(at: .zero, ended: true) { sizes.append(chunk.count) }
        #expect(sizes == [1 << 20, 1 << 20, 1 << 20, 1 << 20, 1])
        #expect(buffer.isLow)
    }
}
