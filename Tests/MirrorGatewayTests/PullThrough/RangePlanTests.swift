import HubCore
import Testing

@testable import MirrorGateway

@Suite("Which bytes are asked for next")
struct RangePlanTests {
    private static let mebibyte: Int64 = 1 << 20
    private let plan = RangePlan(size: 1_000 << 20)

    private func held(_ id: Int, _ range: Range<Int64>, rate: Double = .greatestFiniteMagnitude, isStream: Bool = false)
        -> RangePlan.Held
    {
        RangePlan.Held(
            id: id, rest: range.lowerBound * Self.mebibyte..<range.upperBound * Self.mebibyte, rate: rate,
            isStream: isStream)
    }

    private func here(_ ranges: Range<Int64>...) -> ByteRanges {
        ByteRanges(ranges.map { $0.lowerBound * Self.mebibyte..<$0.upperBound * Self.mebibyte })
    }

    private func next(
        _ present: ByteRanges, _ held: [RangePlan.Held] = [], wanted: [Int64] = [], rate: Double? = nil, lanes: Int = 4
    ) -> RangePlan.Move {
        plan.next(
            present: present, held: held, wanted: wanted.map { $0 * Self.mebibyte }, rate: rate.map { $0 * 1_048_576 },
            lanes: lanes)
    }

    private func fetch(_ range: Range<Int64>) -> RangePlan.Move {
        .fetch(range.lowerBound * Self.mebibyte..<range.upperBound * Self.mebibyte)
    }

    @Test("the first gap goes first, and nothing is asked for twice")
    func order() {
        #expect(next(here()) == fetch(0..<4))
        #expect(next(here(0..<10), [held(1, 10..<20)]) == fetch(20..<24))
        #expect(next(here(0..<10, 12..<20)) == fetch(10..<12))
    }

    @Test("where a reader waits goes before that")
    func wanted() {
        #expect(next(here(0..<10), wanted: [500]) == fetch(500..<504))
        #expect(next(here(0..<10), [held(1, 500..<510)], wanted: [500]) == fetch(10..<14))
        #expect(next(here(0..<10), wanted: [10, 500]) == fetch(10..<14))
    }

    @Test("pieces take about two seconds, are never tiny or huge, and get smaller near the end")
    func sizes() {
        #expect(next(here(), rate: 10) == fetch(0..<20))
        #expect(next(here(), rate: 0.1) == fetch(0..<4))
        #expect(next(here(), rate: 1_000) == fetch(0..<64))
        #expect(next(here(0..<920), rate: 1_000) == fetch(920..<930))
        #expect(next(here(0..<990), rate: 1_000) == fetch(990..<994))
    }

    @Test("when nothing is left the slowest piece is shared, by how fast both are")
    func stealing() {
        let slow = held(1, 800..<900, rate: 10 * 1_048_576)
        let fast = held(2, 900..<1_000, rate: 100 * 1_048_576)
        #expect(next(here(0..<800), [slow, fast], rate: 40) == .share(held: 1, from: 820 << 20))
        // A piece that brings nothing is taken whole.
        #expect(next(here(0..<990), [held(1, 990..<1_000, rate: 0)], rate: 40) == .share(held: 1, from: 990 << 20))
        // What saves no second is not worth a request, and the young are left in peace.
        #expect(next(here(0..<980), [held(1, 980..<1_000, rate: 20 * 1_048_576)], rate: 20) == .nothing)
        #expect(next(here(0..<800), [held(1, 800..<1_000)], rate: 20) == .nothing)
    }

    @Test("a reader does not wait for a slow source while a fast one has time")
    func slowAtReader() {
        let slow = held(1, 10..<40, rate: 1_048_576)
        #expect(next(here(0..<10), [slow], wanted: [10], rate: 29) == .share(held: 1, from: 11 << 20))
        #expect(next(here(0..<10), [slow], wanted: [], rate: 29) == fetch(40..<98))
    }

    @Test("others work from the end towards a source that can only stream")
    func stream() {
        let stream = held(1, 100..<1_000, rate: 10 * 1_048_576, isStream: true)
        #expect(next(here(0..<100), [stream], rate: 10) == fetch(980..<1_000))
        #expect(next(here(0..<100, 980..<1_000), [stream], rate: 10) == fetch(960..<980))
        #expect(next(here(0..<100, 120..<1_000), [stream], rate: 10) == .nothing)
    }
}
