import HTTPTypes
import HubCore
import NIOCore
import Synchronization
import Testing

@testable import HubServer

@Suite("Request bodies")
struct RequestBodyTests {
    private static func body(
        _ pieces: [ByteBuffer], length: Int64? = nil, encodings: [String] = [],
        limits: InflationLimits = InflationLimits()
    ) -> RequestBody {
        var rest = pieces[...]
        return RequestBody(
            source: RequestBodySource(framing: RequestFraming(length: length, encodings: encodings), limits: limits) {
                rest.popFirst()
            })
    }

    @Test("gzip comes out inflated, however it is cut")
    func gzip() async throws {
        let whole = GzipSamples.wants
        let expected = String(repeating: "want 0123456789\n", count: 4)
        #expect(String(buffer: try await Self.body([whole], encodings: ["gzip"]).collect(upTo: 1000)) == expected)
        let single = whole.readableBytesView.map { ByteBuffer(bytes: [$0]) }
        #expect(String(buffer: try await Self.body(single, encodings: ["x-gzip"]).collect(upTo: 1000)) == expected)
        let twice = try await Self.body([whole, whole], encodings: ["gzip"]).collect(upTo: 1000)
        #expect(String(buffer: twice) == expected + expected)
    }

    @Test("S47: a body that inflates too far is refused before it is all there")
    func bomb() async throws {
        let bomb = Array(repeating: GzipSamples.mebibyteOfZeros, count: 64)
        for limits in [InflationLimits(), InflationLimits(size: 8 << 20, ratio: 100_000)] {
            let error = await #expect(throws: HubError.self) {
                for try await piece in Self.body(bomb, encodings: ["gzip"], limits: limits) {
                    #expect(piece.readableBytes <= GzipInflater.pieceSize)
                }
            }
            #expect(error?.code == .payloadTooLarge)
        }
    }

    @Test("broken, truncated and trailing bytes are no gzip")
    func broken() async throws {
        let whole = GzipSamples.wants
        let cut = try #require(whole.getSlice(at: 0, length: whole.readableBytes - 4))
        for pieces in [[ByteBuffer(string: "plain")], [cut], [whole, ByteBuffer(string: "junk")]] {
            let error = await #expect(throws: HubError.self) {
                try await Self.body(pieces, encodings: ["gzip"]).collect(upTo: 1000)
            }
            #expect(error?.code == .badRequest)
        }
    }

    @Test("S47: other encodings are refused, identity is none")
    func encodings() async throws {
        for encodings in [["br"], ["gzip", "gzip"], ["deflate"]] {
            let error = await #expect(throws: HubError.self) {
                try await Self.body([GzipSamples.wants], encodings: encodings).collect(upTo: 1000)
            }
            #expect(error?.code == .unsupportedMediaType)
        }
        #expect(RequestFraming([.contentEncoding: "identity", .contentLength: "5"]).encodings.isEmpty)
        #expect(RequestFraming([.contentEncoding: "GZIP"]).encodings == ["gzip"])
    }

    @Test("a body longer than wanted is refused, and by its declared length without reading")
    func limit() async throws {
        let pieces = [ByteBuffer(string: "12345"), ByteBuffer(string: "67890")]
        #expect(try await Self.body(pieces).collect(upTo: 10).readableBytes == 10)
        await #expect(throws: HubError.self) { try await Self.body(pieces).collect(upTo: 9) }
        let declared = Self.body(pieces, length: 10)
        await #expect(throws: HubError.self) { try await declared.collect(upTo: 9) }
        #expect(declared.source.received == 0)
    }

    @Test("a body that ends before its declared length is an error, not a short body")
    func short() async throws {
        let error = await #expect(throws: HubError.self) {
            try await Self.body([ByteBuffer(string: "12345")], length: 6).collect(upTo: 100)
        }
        #expect(error?.code == .badRequest)
    }

    @Test("JSON errors name the place")
    func json() async throws {
        struct Value: Decodable {
            struct Inner: Decodable { let name: String }
            let inner: Inner
        }
        let error = await #expect(throws: HubError.self) {
            try await RequestBody(#"{"inner":{"name":1}}"#).json(Value.self)
        }
        #expect(error?.message.contains("inner.name") == true)
        await #expect(throws: HubError.self) { try await RequestBody("{").json(Value.self) }
    }
}

@Suite("Patience with slow clients")
struct ConnectionPatienceTests {
    private static let limits = ConnectionPatience.Limits(idle: 100, head: 10, bodyWindow: 30, bodyBytes: 50, write: 60)

    @Test("an idle connection is closed, one with an answer in the making is not")
    func idle() {
        var patience = ConnectionPatience(limits: Self.limits, now: 0)
        #expect(patience.check(buffered: 0, now: 100) == nil)
        #expect(patience.check(buffered: 0, now: 101) == .idle)
        patience.received(10, now: 101)
        patience.readHead(now: 102)
        patience.readEnd(now: 102)
        #expect(patience.check(buffered: 0, now: 10_000) == nil)
        patience.finishedResponse(now: 10_000)
        #expect(patience.check(buffered: 0, now: 10_050) == nil)
        #expect(patience.check(buffered: 0, now: 10_101) == .idle)
    }

    @Test("S50: a head that trickles is closed by the time since its first byte")
    func head() {
        var patience = ConnectionPatience(limits: Self.limits, now: 0)
        for now in Int64(50)...60 { patience.received(1, now: now) }
        #expect(patience.check(buffered: 0, now: 60) == nil)
        patience.received(1, now: 61)
        #expect(patience.check(buffered: 0, now: 61) == .slowHead)
    }

    @Test("S50: a body that trickles is closed, but only for time in which we wanted to read")
    func body() {
        var patience = ConnectionPatience(limits: Self.limits, now: 0)
        patience.received(10, now: 0)
        patience.readHead(now: 0)
        // Not asked for: the handler is busy.
        #expect(patience.check(buffered: 0, now: 1_000) == nil)
        patience.wants(now: 1_000)
        patience.received(60, now: 1_020)
        patience.isServed(now: 1_020)
        patience.wants(now: 1_020)
        #expect(patience.check(buffered: 0, now: 1_031) == nil)
        patience.received(10, now: 1_040)
        #expect(patience.check(buffered: 0, now: 1_062) == .slowBody)
    }

    @Test("S50: a client that takes nothing is closed, one that takes a little is not")
    func write() {
        var patience = ConnectionPatience(limits: Self.limits, now: 0)
        patience.received(10, now: 0)
        patience.readHead(now: 0)
        patience.readEnd(now: 0)
        #expect(patience.check(buffered: 1000, now: 0) == nil)
        #expect(patience.check(buffered: 999, now: 50) == nil)
        #expect(patience.check(buffered: 999, now: 110) == nil)
        #expect(patience.check(buffered: 999, now: 111) == .slowReader)
    }
}
