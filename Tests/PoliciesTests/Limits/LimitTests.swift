import Testing

@testable import Policies

@Suite("Cron times")
struct CronTimesTests {
    /// Minutes since 1970 of a moment.
    private func minute(_ day: Int64, _ hour: Int64 = 0, _ minute: Int64 = 0) -> Int64 {
        day * 1440 + hour * 60 + minute
    }

    // 2026-11-26, a Thursday, is day 20783; 2024-02-29, a Thursday, is day 19782.
    @Test(
        "days are those of the calendar",
        arguments: [(0, 1, 1, 4), (20783, 11, 26, 4), (19782, 2, 29, 4), (-1, 12, 31, 3)])
    func days(number: Int64, month: Int, day: Int, weekday: Int) {
        let civil = CivilDay(number)
        #expect((civil.month, civil.day, civil.weekday) == (month, day, weekday))
    }

    @Test("the latest time is the last one not after a minute")
    func latest() throws {
        let nightly = try CronExpression("0 22 * * *")
        #expect(nightly.latest(notAfter: minute(20783, 22)) == minute(20783, 22))
        #expect(nightly.latest(notAfter: minute(20783, 21, 59)) == minute(20782, 22))
        let quarters = try CronExpression("*/15 8-17 * * mon-fri")
        #expect(quarters.latest(notAfter: minute(20783, 9, 14)) == minute(20783, 9))
        #expect(quarters.latest(notAfter: minute(20786, 3)) == minute(20784, 17, 45), "Sunday looks back to Friday")
        let leap = try CronExpression("30 4 29 2 *")
        #expect(leap.latest(notAfter: minute(20783)) == minute(19782, 4, 30))
        #expect(leap.latest(notAfter: minute(20783), within: 100) == nil)
        #expect(try CronExpression("0 0 31 2 *").latest(notAfter: minute(20783)) == nil)
    }

    @Test("where both days are restricted, either will do")
    func eitherDay() throws {
        let either = try CronExpression("0 0 1 * mon")
        #expect(either.latest(notAfter: minute(20783)) == minute(20780), "Monday the 23rd")
        #expect(either.latest(notAfter: minute(20758, 23)) == minute(20758), "Sunday the 1st")
    }
}

@Suite("Bandwidth plans")
struct BandwidthPlanTests {
    private func plan(_ usual: Int64?, _ windows: [(cron: String, hours: Int, bandwidth: Int64)]) throws
        -> BandwidthPlan
    {
        var limits = UpstreamLimits()
        limits.bandwidth = usual
        limits.bandwidthWindows = try windows.map {
            UpstreamLimits.BandwidthWindow(
                cron: try CronExpression($0.cron), duration: .seconds($0.hours * 3600), bandwidth: $0.bandwidth)
        }
        return BandwidthPlan(limits)
    }

    private static let midnight: Int64 = 20783 * 86_400

    @Test("a window holds from its time on and ends after its length, also past midnight")
    func window() throws {
        let plan = try plan(10, [("0 20 * * *", 10, 400)])
        let answers = [(20 * 3600 - 1, 10), (20 * 3600, 400), (24 * 3600, 400), (30 * 3600 - 1, 400), (30 * 3600, 10)]
        for (offset, expected) in answers {
            #expect(plan.answer(at: Self.midnight + Int64(offset)).bytesPerSecond == Int64(expected), "\(offset)")
        }
        let before = plan.answer(at: Self.midnight + 20 * 3600 - 1)
        #expect(before.until == Self.midnight + 20 * 3600)
    }

    @Test("of windows that overlap the one that began last holds; of two that began together, the narrower")
    func overlap() throws {
        let plan = try plan(nil, [("0 8 * * *", 10, 100), ("0 12 * * *", 2, 50), ("0 12 * * *", 1, 20)])
        let answers: [(Int64, Int64?)] = [(7, nil), (9, 100), (12, 20), (13, 50), (15, 100), (19, nil)]
        for (hour, expected) in answers {
            #expect(plan.answer(at: Self.midnight + hour * 3600).bytesPerSecond == expected, "\(hour)")
        }
    }

    @Test("nothing said is no limit, for ever")
    func unlimited() throws {
        let plan = try plan(nil, [])
        #expect(plan.isUnlimited)
        #expect(plan.answer(at: Self.midnight) == .init(bytesPerSecond: nil, until: .max))
    }
}

@Suite("Token buckets")
struct TokenBucketTests {
    @Test("the average is the rate, whatever the size of the pieces", arguments: [100, 16_384, 3_000_000])
    func average(piece: Int) {
        let rate: Int64 = 1 << 20
        var now = Duration.zero
        var bucket = TokenBucket(rate: rate, at: now)
        var sent = 0
        while now < .seconds(300) {
            bucket.advance(to: now, rate: rate)
            while bucket.isOpen {
                bucket.spend(piece)
                sent += piece
            }
            now += max(.milliseconds(1), bucket.wait)
        }
        let expected = Double(rate) * 300
        #expect(abs(Double(sent) - expected) <= expected * 0.01 + Double(piece))
    }

    @Test("a pause saves up no more than a burst, and a new rate holds from its moment")
    func burst() {
        var bucket = TokenBucket(rate: 1000, at: .zero)
        bucket.advance(to: .seconds(3600), rate: 1000)
        bucket.spend(50)
        #expect(!bucket.isOpen)
        bucket.advance(to: .seconds(3600) + .milliseconds(500), rate: 1000, isWanted: true)
        bucket.spend(500)
        #expect(!bucket.isOpen, "what others waited for in vain is made up for")
        bucket.spend(950)
        bucket.advance(to: .seconds(3601), rate: 1000)
        bucket.spend(500)
        bucket.advance(to: .seconds(3601), rate: 100)
        #expect(bucket.wait > .seconds(9) && bucket.wait < .seconds(10))
    }
}

@Suite("Sliding windows")
struct SlidingWindowTests {
    @Test("no stretch of their length ever holds more than the limit")
    func neverMore() {
        var random = SeededGenerator(seed: 7)
        var window = SlidingWindow(limit: 40, length: .seconds(300))
        var now = Duration.zero
        var times: [Duration] = []
        for _ in 0..<3000 {
            now += .milliseconds(Int.random(in: 0...8000, using: &random))
            if window.wait(at: now) == nil {
                window.count(at: now)
                times.append(now)
                #expect(times.filter { $0 > now - .seconds(300) }.count <= 40)
            }
        }
        #expect(times.count > 500)
    }

    @Test("it says how long to wait, and after that one fits")
    func waits() throws {
        var window = SlidingWindow(limit: 2, length: .seconds(300))
        window.count(at: .seconds(1))
        window.count(at: .seconds(200))
        let asked = window.wait(at: .seconds(201))
        let wait = try #require(asked)
        #expect(wait <= .seconds(110))
        let afterwards = window.wait(at: .seconds(201) + wait)
        #expect(afterwards == nil)
        let reserved = window.wait(at: .seconds(201) + wait, leaving: 1)
        #expect(reserved.map { $0 > .seconds(150) } == true, "only when the second one has passed")
        window.change(limit: 5)
        let left = window.left(at: .seconds(201) + wait)
        #expect(left == 4)
    }
}

@Suite("Quotas of a mirror")
struct QuotaTermsTests {
    @Test("limit by limit the one with the name holds, or else the one for each of its kind")
    func terms() {
        let quotas = [
            Quota(subject: "user:*", bytesPerDay: 100, requestsPerMinute: 10),
            Quota(subject: "user:Alice", bytesPerDay: 500), Quota(subject: "user:alice", bytesPerDay: 400),
            Quota(subject: "org:nlp", storedBytes: 9),
        ]
        #expect(quotas.terms(of: .user, named: "alice") == QuotaTerms(bytesPerDay: 400, requestsPerMinute: 10))
        #expect(quotas.terms(of: .user, named: "bob") == QuotaTerms(bytesPerDay: 100, requestsPerMinute: 10))
        #expect(quotas.terms(of: .user, named: nil) == QuotaTerms(bytesPerDay: 100, requestsPerMinute: 10))
        #expect(quotas.terms(of: .org, named: "nlp") == QuotaTerms(storedBytes: 9))
        #expect(quotas.terms(of: .org, named: "vision").isEmpty)
        #expect(quotas.concernOrganisations)
    }
}

@Suite("Daily allowances")
struct DailyAllowanceTests {
    @Test("what is promised counts, what does not come is given back, and a new day begins with nothing used")
    func day() {
        var allowance = DailyAllowance(day: 10)
        let first = allowance.promise(600, of: 1000, on: 10)
        #expect(first)
        let second = allowance.promise(600, of: 1000, on: 10)
        #expect(!second)
        allowance.receive(100, ofPromise: 100, on: 10)
        let left = allowance.left(of: 1000, on: 10)
        #expect(left == 400)
        allowance.release(500)
        let back = allowance.left(of: 1000, on: 10)
        #expect(back == 900)
        allowance.receive(900, ofPromise: 0, on: 10)
        let unknown = allowance.promise(0, of: 1000, on: 10)
        #expect(!unknown, "nothing is left, not even for answers of unknown length")
        let unlimited = allowance.promise(0, of: nil, on: 10)
        #expect(unlimited)
        let tomorrow = allowance.promise(1000, of: 1000, on: 11)
        #expect(tomorrow)
        let used = allowance.used(on: 11)
        #expect(used == 0)
    }
}
