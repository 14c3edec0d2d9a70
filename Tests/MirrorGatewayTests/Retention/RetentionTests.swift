import Foundation
import Testing

@testable import HubCore
@testable import MirrorGateway

@Suite("Retention of mirrors")
struct RetentionTests {
    @Test("a mirror above its mark loses what was used longest ago, by size, and says so")
    func highMark() async throws {
        let world = try await RetentionWorld(mirrors: ["a": "maxBytes: 250KB, evict: lru"], disk: 10_000_000)
        let key = try await world.mirrored("one", by: "a")
        var pointers: [LFSPointer] = []
        for seed in 1...3 {
            pointers.append(try await world.bring(GatewayFixture.bytes(100_000, seed: UInt64(seed)), to: key))
            world.clock.pass(1_000)
        }
        #expect(try await world.retention.run() == 0, "what just came stays")
        world.clock.pass(100_000)
        world.hub.store.uses.note(pointers[0].oid, at: world.clock.now - 70_000)
        #expect(try await world.retention.run() == 100_000)
        #expect(try pointers.map { try world.isStored($0.oid) } == [true, false, true])
        #expect(world.metrics.value("hub_evicted_bytes_total", labels: ["mirror": "a"]) == 100_000)
        #expect(world.metrics.value("hub_stored_bytes", labels: ["mirror": "a"]) == 200_000)
        let report = try await world.retention.report()
        #expect(report.mirrors.map(\.stored.bytes) == [200_000] && report.evictable.count == 2)
        let audit = try await AuditLog(database: world.hub.database).records(limit: 5)
        #expect(audit.first?.action == "retention.evict" && audit.first?.actor == "weir")
        #expect(try await world.retention.lastRun() != nil)
        // Who asks brings it again.
        try await world.bring(GatewayFixture.bytes(100_000, seed: 2), to: key)
        #expect(try world.isStored(pointers[1].oid))
    }

    @Test("a download that a run finds on its way is looked at when it has come")
    func onItsWay() async throws {
        let world = try await RetentionWorld(mirrors: ["a": "maxBytes: 250KB, evict: lru"], disk: 10_000_000, grace: 0)
        let key = try await world.mirrored("one", by: "a")
        let old = try await world.bring(GatewayFixture.bytes(100_000, seed: 1), to: key)
        world.clock.pass(1_000)
        try await world.bring(GatewayFixture.bytes(100_000, seed: 2), to: key)
        world.clock.pass(1_000)
        let bytes = GatewayFixture.bytes(100_000, seed: 3)
        let pointer = LFSPointer(oid: BlobID(hashing: bytes), size: 100_000)
        var partial: PartialBlob? = try await RoomMakingBlobs(base: world.blobs, retention: world.retention).partial(
            pointer.oid, size: pointer.size)
        try await partial?.append(bytes)
        #expect(try await world.retention.run() == 0)
        #expect(!world.retention.lookForArrivals(), "while it is on its way there is nothing to do")
        try await partial?.finish()
        partial = nil
        try await world.hub.store.noteArrival(of: pointer, in: key)
        #expect(world.retention.lookForArrivals())
        #expect(try await world.retention.run() == 100_000)
        #expect(try !world.isStored(old.oid))
        #expect(!world.retention.lookForArrivals())
    }

    @Test("a download that failed is given up after two runs")
    func failed() async throws {
        let world = try await RetentionWorld(mirrors: ["a": "maxBytes: 50KB"], disk: 10_000_000, grace: 0)
        var partial: PartialBlob? = try await RoomMakingBlobs(base: world.blobs, retention: world.retention).partial(
            BlobID(hashing: [1]), size: 100_000)
        await partial?.fail(HubError(.upstreamUnavailable, "gone"), keepBytes: false)
        partial = nil
        for isWanted in [true, true, false] {
            #expect(world.retention.lookForArrivals() == isWanted)
            try await world.retention.run()
        }
    }

    @Test("a full disk makes room for what is asked for, and says what holds the space when it cannot")
    func room() async throws {
        let world = try await RetentionWorld(mirrors: ["a": "maxAge: 100d", "b": ""], disk: 1_000_000, grace: 0)
        let (one, own) = (try await world.mirrored("one", by: "a"), try await world.local("x"))
        let (two, three) = (try await world.mirrored("two", by: "b"), try await world.mirrored("three", by: "a"))
        let old = try await world.bring(GatewayFixture.bytes(400_000, seed: 1), to: one)
        let local = try await world.bring(GatewayFixture.bytes(200_000, seed: 2), to: own)
        let kept = try await world.bring(GatewayFixture.bytes(100_000, seed: 3), to: two)
        try await world.hub.store.noteFailure("gone", of: three)
        let only = try await world.bring(GatewayFixture.bytes(100_000, seed: 4), to: three)
        let fresh = try await world.bring(GatewayFixture.bytes(300_000, seed: 5), to: one)
        #expect(try !world.isStored(old.oid))
        _ = try await world.hub.pins.add(try #require(RepositoryID(parsing: "model:a-acme/one")), revision: nil)
        let error = await #expect(throws: HubError.self) {
            try await world.bring(GatewayFixture.bytes(400_000, seed: 6), to: one)
        }
        #expect(error?.code == .storageFull)
        for words in [
            "300000 bytes pinned", "200000 bytes in repositories of this hub", "100000 bytes only copies",
            "100000 bytes in mirrors without retention",
        ] { #expect(error?.message.contains(words) == true, "\(words): \(error?.message ?? "")") }
        for pointer in [local, kept, only, fresh] { #expect(try world.isStored(pointer.oid)) }
    }

    @Test("an offline hub, a silent upstream and a mirror that is gone from the policy files keep everything")
    func onlyCopies() async throws {
        for isOffline in [true, false] {
            let world = try await RetentionWorld(
                mirrors: ["a": "maxBytes: 1KB", "b": "maxBytes: 1KB"], disk: 10_000_000, isOffline: isOffline, grace: 0)
            let silent = try await world.bring(
                GatewayFixture.bytes(9_000, seed: 1), to: try await world.mirrored("one", by: "a"))
            let lost = try await world.bring(
                GatewayFixture.bytes(9_000, seed: 2), to: try await world.mirrored("one", by: "lost"))
            let other = try await world.bring(
                GatewayFixture.bytes(9_000, seed: 3), to: try await world.mirrored("one", by: "b"))
            world.isSilent.insert("a")
            world.clock.pass(1_000)
            try await world.retention.run()
            #expect(try world.isStored(silent.oid) && world.isStored(lost.oid))
            #expect(try world.isStored(other.oid) == isOffline)
        }
    }

    @Test("what is read stays until its reader has it; then it goes")
    func reader() async throws {
        let world = try await RetentionWorld(mirrors: ["a": "maxBytes: 1KB"], disk: 10_000_000, grace: 0)
        let key = try await world.mirrored("one", by: "a")
        let pointer = try await world.bring(GatewayFixture.bytes(9_000), to: key)
        world.clock.pass(1_000)
        var reader = try await world.blobs.open(pointer.oid)
        #expect(try await world.retention.run() == 0)
        #expect(try reader?.file.read(at: 0, count: 9_000) == GatewayFixture.bytes(9_000))
        reader = nil
        #expect(try await world.retention.run() == 9_000)
    }

    @Test(
        "a purge removes what one mirrored repository has, spares what is shared or pinned, and only copies unless forced"
    )
    func purge() async throws {
        let world = try await RetentionWorld(mirrors: ["a": ""], disk: 10_000_000)
        let (one, two) = (try await world.mirrored("one", by: "a"), try await world.mirrored("two", by: "a"))
        let own = try await world.bring(GatewayFixture.bytes(5_000, seed: 1), to: one)
        let other = try await world.bring(GatewayFixture.bytes(6_000, seed: 2), to: one)
        let shared = try await world.bring(GatewayFixture.bytes(7_000, seed: 3), to: one)
        try await world.bring(GatewayFixture.bytes(7_000, seed: 3), to: two)
        let repository = try await world.opened("model:a-acme/one")
        var report = try await world.retention.purge(Purge(isDryRun: true), of: repository)
        #expect(report.removed.bytes == 11_000 && report.shared.bytes == 7_000)
        #expect(try world.isStored(own.oid))
        report = try await world.retention.purge(Purge(blob: own.oid), of: repository)
        #expect(report.removed.bytes == 5_000)
        #expect(try !world.isStored(own.oid) && world.isStored(other.oid) && world.isStored(shared.oid))

        let pin = try await world.hub.pins.add(repository.id, revision: nil)
        await #expect(throws: HubError.self) { try await world.retention.purge(Purge(isForced: true), of: repository) }
        try await world.hub.pins.remove(pin.id)
        try await world.hub.store.noteFailure("gone", of: one)
        let refusal = await #expect(throws: HubError.self) {
            try await world.retention.purge(Purge(), of: repository)
        }
        #expect(refusal?.code == .conflict && refusal?.message.contains("only copies") == true)
        #expect(try world.isStored(other.oid))
        report = try await world.retention.purge(Purge(isForced: true), of: repository)
        #expect(report.removed.bytes == 6_000)
        #expect(try !world.isStored(other.oid) && world.isStored(shared.oid))
        let actions = try await AuditLog(database: world.hub.database).records(limit: 20).map(\.action)
        #expect(actions.filter { $0 == "retention.purge" }.count == 2)
        await #expect(throws: HubError.self) {
            _ = try await world.local("x")
            return try await world.retention.purge(Purge(), of: try await world.opened("model:own/x"))
        }
    }
}
