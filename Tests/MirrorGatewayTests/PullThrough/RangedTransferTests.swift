import Foundation
import HubCore
import Synchronization
import Testing

@testable import MirrorGateway

@Suite("Large files in pieces", .enabled(if: GitServerFixture.isPossible))
struct RangedTransferTests {
    private static let content = GatewayFixture.bytes(300_000)
    private static let size = Int64(content.count)
    private static let id = BlobID(hashing: content)
    private static let sizes = RangePlan.Sizes(threshold: 100_000, smallest: 20_000, largest: 40_000)

    private func fixture(hosts: [String] = ["above"], keys: [String: String] = [:]) async throws -> GatewayFixture {
        let fixture = try await GatewayFixture(hosts: hosts, sizes: Self.sizes, keys: keys)
        try fixture.commitAbove(["model.bin": fixture.upstream.offer(Self.content).encoded])
        _ = try await fixture.snapshot()
        return fixture
    }

    /// The ranges that were asked for, of one host or of all.
    private func asked(_ fixture: GatewayFixture, host: String? = nil) -> [Range<Int64>] {
        fixture.upstream.calls.filter { $0.question == .blob && (host == nil || $0.host == host) }.compactMap { call in
            let fields = call.range?.dropFirst("bytes=".count).split(separator: "-").compactMap { Int64($0) } ?? []
            return fields.count == 2 ? fields[0]..<fields[1] + 1 : nil
        }
    }

    /// Bytes that went into the file: a piece that brings nothing for long is shared, and then asked for twice.
    private func usedBytes(_ fixture: GatewayFixture) -> Double? {
        fixture.metrics.value("hub_upstream_used_bytes_total", labels: ["upstream": "above"])
    }

    private func quarantined(_ fixture: GatewayFixture) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: fixture.hub.directory.blobs + "/quarantine").count
    }

    private func bring(
        _ fixture: GatewayFixture, progress: @escaping @Sendable (Int64, String?) async -> Void = { _, _ in }
    ) async throws {
        let pointer = LFSPointer(oid: Self.id, size: Self.size)
        try await fixture.source.bring(
            pointer, path: "model.bin", at: fixture.snapshot().commit, of: fixture.open(), progress: progress)
    }

    @Test("one upstream: every byte is asked for once")
    func one() async throws {
        let fixture = try await fixture()
        #expect(try await GatewayFixture.read(fixture.blob("model.bin")) == Self.content)
        let asked = asked(fixture)
        #expect(asked.reduce(0) { $0 + Int64($1.count) } == Self.size)
        #expect(ByteRanges(asked).ranges == [0..<Self.size])
        #expect(asked.count >= 8)
        #expect(fixture.metrics.value("hub_upstream_used_bytes_total", labels: ["upstream": "above"]) == 300_000)
        #expect(try await fixture.hub.blobs.verify(Self.id))
    }

    @Test("two upstreams of equal priority give one file together")
    func together() async throws {
        let fixture = try await fixture(hosts: ["above", "second"])
        #expect(try await GatewayFixture.read(fixture.blob("model.bin")) == Self.content)
        #expect(!asked(fixture, host: "above.test").isEmpty && !asked(fixture, host: "second.test").isEmpty)
        #expect(asked(fixture).reduce(0) { $0 + Int64($1.count) } == Self.size)
    }

    @Test("one of another priority is asked only after the first has failed, and for the rest alone")
    func priorities() async throws {
        let keys = ["above": "priority: 10", "second": "priority: 20"]
        let quiet = try await fixture(hosts: ["above", "second"], keys: keys)
        #expect(try await GatewayFixture.read(quiet.blob("model.bin")) == Self.content)
        #expect(asked(quiet, host: "second.test").isEmpty)

        let fixture = try await fixture(hosts: ["above", "second"], keys: keys)
        let answers = Mutex(0)
        fixture.upstream.script { call in
            guard call.question == .blob, call.host == "above.test" else { return nil }
            if answers.withLock({
                $0 += 1; return $0
            }) > 3 {
                throw HubError(.upstreamUnavailable, "Gone.")
            }
            return nil
        }
        let reader = try await fixture.blob("model.bin")
        #expect(try await GatewayFixture.read(reader) == Self.content)
        #expect(asked(fixture, host: "second.test").reduce(0) { $0 + Int64($1.count) } <= Self.size - 20_000)
    }

    @Test("rangesPerFile and a small file keep to one stream at a time")
    func limits() async throws {
        let fixture = try await fixture(keys: ["above": "limits: {rangesPerFile: 1}"])
        let active = Mutex(0)
        let most = Mutex(0)
        fixture.upstream.script { call in
            guard call.question == .blob else { return nil }
            let now = active.withLock {
                $0 += 1; return $0
            }
            most.withLock { $0 = max($0, now) }
            try await Task.sleep(for: .milliseconds(5))
            active.withLock { $0 -= 1 }
            return nil
        }
        #expect(try await GatewayFixture.read(fixture.blob("model.bin")) == Self.content)
        #expect(most.withLock { $0 } == 1)
        #expect(asked(fixture) == [0..<Self.size])
    }

    @Test("when one of two dies in the middle of a piece, the other goes on at its last byte")
    func dies() async throws {
        let fixture = try await fixture(hosts: ["above", "second"])
        let isFirst = Mutex(true)
        fixture.upstream.script { call in
            guard call.question == .blob, call.host == "above.test" else { return nil }
            let first = isFirst.withLock { isFirst in
                defer { isFirst = false }
                return isFirst
            }
            guard first else { throw HubError(.upstreamUnavailable, "Connection refused.") }
            return ScriptedUpstream.file(Self.content, to: call.request, upTo: 10_000)
        }
        let reader = try await fixture.blob("model.bin")
        #expect(try await GatewayFixture.read(reader) == Self.content)
        #expect(asked(fixture, host: "second.test").contains { $0.lowerBound == 10_000 })
        #expect(asked(fixture, host: "second.test").reduce(0) { $0 + Int64($1.count) } == Self.size - 10_000)
    }

    @Test("wrong bytes among right ones: each source is asked alone, the liar is found, and the other's are taken")
    func liar() async throws {
        let fixture = try await fixture(hosts: ["above", "second"])
        let wrong = GatewayFixture.bytes(Self.content.count, seed: 2)
        fixture.upstream.script { call in
            guard call.question == .blob, call.host == "above.test" else { return nil }
            return ScriptedUpstream.file(wrong, to: call.request)
        }
        // Who reads while a liar is asked is let go, and comes again.
        var read: [UInt8]?
        for _ in 0..<10 where read == nil { read = try? await GatewayFixture.read(fixture.blob("model.bin")) }
        #expect(read == Self.content)
        #expect(fixture.metrics.value("hub_upstream_wrong_blobs_total", labels: ["upstream": "above"]) == 1)
        #expect(fixture.metrics.value("hub_upstream_wrong_blobs_total", labels: ["upstream": "second"]) ?? 0 == 0)
        #expect(try quarantined(fixture) == 2)
        #expect(try await fixture.hub.blobs.open(Self.id)?.isSuspect == true)
    }

    @Test("when all lie, that is told and nothing is stored")
    func allLie() async throws {
        let fixture = try await fixture(hosts: ["above", "second"])
        let wrong = GatewayFixture.bytes(Self.content.count, seed: 2)
        fixture.upstream.script { call in
            call.question == .blob ? ScriptedUpstream.file(wrong, to: call.request) : nil
        }
        let error = await hubError { _ = try await GatewayFixture.read(fixture.blob("model.bin")) }
        #expect(error?.code == .upstreamCorrupt)
        #expect(try await fixture.hub.blobs.open(Self.id) == nil)
    }

    @Test("an upstream that ignores ranges gives one stream from the beginning")
    func ignores() async throws {
        let fixture = try await fixture()
        fixture.upstream.script { call in
            guard call.question == .blob else { return nil }
            var request = call.request
            request.headers.removeAll { $0.0 == "Range" }
            return ScriptedUpstream.file(Self.content, to: request)
        }
        #expect(try await GatewayFixture.read(fixture.blob("model.bin")) == Self.content)
        #expect(fixture.upstream.count(.blob) == 1)
    }

    @Test("one that ignores ranges streams while another works towards it from the end")
    func meets() async throws {
        for ignoring in ["above.test", "second.test"] {
            let fixture = try await fixture(hosts: ["above", "second"])
            fixture.upstream.script { call in
                guard call.question == .blob, call.host == ignoring else { return nil }
                var request = call.request
                request.headers.removeAll { $0.0 == "Range" }
                return ScriptedUpstream.file(Self.content, to: request)
            }
            #expect(try await GatewayFixture.read(fixture.blob("model.bin")) == Self.content)
        }
    }

    @Test("a part of other bytes than those asked for is refused")
    func wrongRange() async throws {
        let fixture = try await fixture()
        fixture.upstream.script { call in
            guard call.question == .blob else { return nil }
            return ScriptedUpstream.response(
                206, call.request, headers: [("Content-Range", "bytes 5-20004/300000")],
                body: [Array(Self.content[5..<20_005])])
        }
        let error = await hubError { _ = try await GatewayFixture.read(fixture.blob("model.bin")) }
        #expect(error?.code == .upstreamCorrupt && error?.message.contains("range") == true)
    }

    @Test("an upstream that is busy for a moment is asked for less and again")
    func throttled() async throws {
        let fixture = try await fixture()
        let count = Mutex(0)
        fixture.upstream.script { call in
            guard call.question == .blob else { return nil }
            let number = count.withLock {
                $0 += 1; return $0
            }
            return number % 4 == 0 ? ScriptedUpstream.response(429, call.request) : nil
        }
        #expect(try await GatewayFixture.read(fixture.blob("model.bin")) == Self.content)
    }

    @Test("after a kill, what was written anywhere is not fetched again")
    func resumes() async throws {
        let fixture = try await fixture()
        do {
            let partial = try await fixture.hub.blobs.partial(Self.id, size: Self.size)
            for range in [0..<30_000, 100_000..<150_000, 280_000..<300_000] {
                try await partial.write(Array(Self.content[range]), at: Int64(range.lowerBound))
            }
        }
        #expect(try await GatewayFixture.read(fixture.blob("model.bin")) == Self.content)
        #expect(ByteRanges(asked(fixture)).ranges == [30_000..<100_000, 150_000..<280_000])
        #expect(asked(fixture).reduce(0) { $0 + Int64($1.count) } == 200_000)
    }

    @Test("what a reader waits for far ahead goes first")
    func farAhead() async throws {
        let fixture = try await fixture()
        let latch = Latch()
        fixture.upstream.script { call in
            if call.question == .blob, call.range != "bytes=0-19999" { await latch.pass() }
            return nil
        }
        let reader = try await fixture.blob("model.bin")
        let far = Task { try await reader.released(past: 200_000, within: 200_000..<300_000) }
        await Latch.until { latch.arrived >= 2 }
        await Latch.settle()
        latch.open()
        #expect(try await far.value > 200_000)
        #expect(try await GatewayFixture.read(reader) == Self.content)
        // Three pieces may have been under way before it came.
        let order = asked(fixture).map(\.lowerBound)
        #expect(try #require(order.firstIndex(of: 200_000)) <= 3)
    }

    // MARK: Fetching ahead

    @Test("a job brings a blob, and is told how much is here and from whom")
    func brings() async throws {
        let fixture = try await fixture(hosts: ["above", "second"])
        let told = Mutex<[(Int64, String?)]>([])
        try await bring(fixture) { bytes, upstream in told.withLock { $0.append((bytes, upstream)) } }
        let last = told.withLock { $0.last }
        #expect(last?.0 == Self.size)
        #expect(["above", "second"].contains(last?.1))
        #expect(try await fixture.hub.blobs.verify(Self.id))
        fixture.upstream.forgetCalls()
        try await bring(fixture)
        #expect(fixture.upstream.count(.blob) == 0)
    }

    @Test("jobs and readers share one download")
    func coalesces() async throws {
        let fixture = try await fixture()
        let latch = Latch()
        fixture.upstream.script { call in
            if call.question == .blob, call.range != "bytes=0-19999" { await latch.pass() }
            return nil
        }
        let job = Task { try await bring(fixture) }
        await Latch.until { latch.arrived > 0 }
        let read = Task { try await GatewayFixture.read(fixture.blob("model.bin")) }
        let second = Task { try await bring(fixture) }
        await Latch.settle()
        latch.open()
        #expect(try await read.value == Self.content)
        try await job.value
        try await second.value
        #expect(usedBytes(fixture) == 300_000)
    }

    @Test("a cancelled job ends a download that nobody reads, and its bytes stay")
    func cancelled() async throws {
        let fixture = try await fixture()
        let latch = Latch()
        fixture.upstream.script { call in
            if call.question == .blob, call.range != "bytes=0-19999" {
                await latch.pass()
                try Task.checkCancellation()
            }
            return nil
        }
        let job = Task { try await bring(fixture) }
        await Latch.until { latch.arrived >= 2 }
        job.cancel()
        await #expect(throws: CancellationError.self) { try await job.value }
        latch.open()
        fixture.upstream.script { _ in nil }
        #expect(try await GatewayFixture.read(fixture.blob("model.bin")) == Self.content)
        // The first piece was not asked for again.
        #expect(asked(fixture).count { $0.lowerBound == 0 } == 1)
    }

    @Test("a cancelled job leaves a download to who reads it or brings it too")
    func leaves() async throws {
        for asJob in [false, true] {
            let fixture = try await fixture()
            let latch = Latch()
            fixture.upstream.script { call in
                if call.question == .blob, call.range != "bytes=0-19999" {
                    await latch.pass()
                    try Task.checkCancellation()
                }
                return nil
            }
            let job = Task { try await bring(fixture) }
            await Latch.until { latch.arrived >= 2 }
            let other = Task {
                if asJob {
                    try await bring(fixture)
                } else {
                    _ = try await GatewayFixture.read(fixture.blob("model.bin"))
                }
            }
            await Latch.settle()
            job.cancel()
            await #expect(throws: CancellationError.self) { try await job.value }
            latch.open()
            try await other.value
            #expect(usedBytes(fixture) == 300_000)
            #expect(asked(fixture).count { $0.lowerBound == 0 } == 1)
        }
    }

    @Test("a download that a schedule began goes on as a person's when a person comes")
    func urgency() async throws {
        let fixture = try await fixture()
        let latch = Latch()
        let seen = Mutex<[EgressUrgency]>([])
        fixture.upstream.script { call in
            guard call.question == .blob else { return nil }
            seen.withLock { $0.append(EgressUrgency.current) }
            if call.range != "bytes=0-19999" { await latch.pass() }
            return nil
        }
        let job = Task { try await EgressUrgency.$current.withValue(.sync) { try await bring(fixture) } }
        await Latch.until { latch.arrived >= 2 }
        #expect(seen.withLock { $0.count >= 3 && $0.allSatisfy { $0 == .sync } })
        let read = Task { try await GatewayFixture.read(fixture.blob("model.bin")) }
        await Latch.until { fixture.metrics.value("hub_cache_requests_total", labels: ["result": "coalesced"]) == 1 }
        let before = seen.withLock { $0.count }
        latch.open()
        #expect(try await read.value == Self.content)
        try await job.value
        #expect(seen.withLock { $0.count > before && $0.dropFirst(before).allSatisfy { $0 == .people } })
    }
}
