import SQL
import Testing

@testable import HubCore

@Suite("Pins")
struct PinTests {
    @Test("a pin is made once, changed when it is made again, ends at its time, and is in the audit log")
    func life() async throws {
        let fixture = try await HubFixture()
        let pins = fixture.hub.pins
        let id = try HubFixture.id("model:Acme/Demo")
        let ada = try await fixture.principal("ada")
        let first = try await pins.add(id, revision: Revision("v1"), note: "in production", by: ada)
        let again = try await pins.add(
            try HubFixture.id("model:acme/demo"), revision: Revision("v1"), note: "still",
            expiresAt: fixture.hub.clock.now() + 10_000)
        #expect(first.id == again.id && again.note == "still" && again.createdBy == "ada")
        _ = try await pins.add(id, revision: nil)
        #expect(try await pins.list(limit: 10).map { $0.revision?.description } == ["v1", nil])
        #expect(try await pins.isPinned(id))
        fixture.pass(seconds: 11)
        #expect(try await pins.active().map { $0.revision?.description } == [nil])
        try await pins.remove(try #require(try await pins.active().first).id)
        #expect(try await !pins.isPinned(id))
        #expect(await hubError { try await pins.remove(7) }?.code == .notFound)
        #expect(
            await hubError { _ = try await pins.add(id, revision: nil, note: String(repeating: "x", count: 1_001)) }?
                .code == .badRequest)
        #expect(await hubError { _ = try await pins.add(id, revision: nil, expiresAt: 5) }?.code == .badRequest)
        let actions = try await AuditLog(database: fixture.hub.database).records(limit: 10).map(\.action)
        #expect(actions.filter { $0.hasPrefix("pin.") } == ["pin.remove", "pin.add", "pin.add", "pin.add"])
    }

    @Test("the collector keeps the objects of a pinned commit that no branch has any more")
    func collector() async throws {
        let fixture = try await ReclaimFixture()
        let repository = try await fixture.repository("model:acme/one")
        try await fixture.commit("first", to: repository)
        for branch in ["side", "other"] {
            try await fixture.hub.repositories.createBranch(branch, from: nil, in: repository)
        }
        let side = try await fixture.commit("aside", to: repository, branch: "side")
        let other = try await fixture.commit("elsewhere", to: repository, branch: "other")
        _ = try await fixture.hub.hub.pins.add(repository.id, revision: .commit(side))
        for branch in ["side", "other"] {
            try await fixture.hub.repositories.deleteBranch(branch, in: repository)
        }
        for _ in 0..<2 {
            try await fixture.collect()
            fixture.passDays(3)
        }
        try await fixture.collect()
        #expect(try await fixture.hub.hub.git.contains(side, in: repository.key))
        #expect(try await !fixture.hub.hub.git.contains(other, in: repository.key))
    }

    @Test("uses are written in batches, at most once an hour for a blob, and never lost at the end")
    func uses() async throws {
        let fixture = try await HubFixture()
        let store = fixture.hub.store
        let blob = BlobID(hashing: [1])
        func written() async throws -> [Int64] {
            try await fixture.hub.database.read { connection in
                try connection.query("SELECT used_at, uses FROM blob_uses").flatMap {
                    [try $0.integer("used_at"), try $0.integer("uses")]
                }
            }
        }
        let start = fixture.hub.clock.now()
        for _ in 0..<3 { store.uses.note(blob, at: fixture.hub.clock.now()) }
        #expect(try await written() == [])
        try await store.writeUses()
        #expect(try await written() == [start, 3])
        fixture.pass(seconds: 60)
        store.uses.note(blob, at: fixture.hub.clock.now())
        try await store.writeUses()
        #expect(try await written() == [start, 3])
        #expect(store.uses.lastUse(of: blob) == start + 60_000)
        fixture.pass(seconds: 3_600)
        try await store.writeUses()
        #expect(try await written() == [start + 60_000, 4])
        store.uses.note(blob, at: fixture.hub.clock.now())
        try await store.writeUses(all: true)
        #expect(try await written() == [start + 3_660_000, 5])
    }
}
