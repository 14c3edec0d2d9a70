import SQL
import Testing

@testable import HubCore

@Suite("Quotas")
struct QuotaTests {
    private let fixture: HubFixture
    private let repository: Repository
    private var quotas: QuotaStore { fixture.hub.store.quotas }

    init() async throws {
        fixture = try await HubFixture()
        try await fixture.create("model:acme/demo")
        repository = try await fixture.authorizer.open(
            try await fixture.principal("acme"), .contentWrite, HubFixture.id("model:acme/demo"))
    }

    private func pointer(_ bytes: [UInt8]) -> LFSPointer {
        LFSPointer(oid: BlobID(hashing: bytes), size: Int64(bytes.count))
    }

    private func upload(_ bytes: [UInt8], to repository: Repository? = nil) async throws {
        let stream = AsyncThrowingStream<[UInt8], any Error> { stream in
            stream.yield(bytes)
            stream.finish()
        }
        try await fixture.hub.uploads.receive(pointer(bytes), of: repository ?? self.repository, from: stream)
    }

    private func account(_ name: String = "acme") async throws -> QuotaAccount {
        try await quotas.account(named: name)
    }

    private func booksAreRight() async throws -> Bool {
        try await quotas.recount(correcting: false).deviations.isEmpty
    }

    @Test("fifty writers at nine tenths of the limit never get above it, and the books add up (S24)")
    func race() async throws {
        try await quotas.set(QuotaLimits(bytes: .of(1_000)), of: "acme")
        try await upload([UInt8](repeating: 0, count: 900))
        let stored = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let bytes = [UInt8](repeating: UInt8(number + 1), count: 30)
                    return await hubError { try await upload(bytes) }?.code != .quotaExceeded
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(stored == 3)
        let account = try await account()
        #expect(account.used == 990 && account.reserved == 0)
        #expect(try await booksAreRight())
    }

    @Test("a limit that is set once more, or lifted where there is none, leaves no record")
    func records() async throws {
        for limits in [QuotaLimits(), QuotaLimits(bytes: .of(7)), QuotaLimits(bytes: .of(7)), QuotaLimits()] {
            try await quotas.set(limits, of: "acme")
        }
        let records = try await fixture.hub.database.read { connection in
            try connection.first("SELECT COUNT(*) AS n FROM audit WHERE action = 'quota.set'")
        }
        #expect(try records?.integer("n") == 2)
    }

    @Test("bytes set aside for an upload that nobody goes on with come back after an hour")
    func expiry() async throws {
        try await quotas.set(QuotaLimits(bytes: .of(100)), of: "acme")
        let abandoned = pointer([UInt8](repeating: 1, count: 80))
        _ = try await fixture.hub.uploads.needs([abandoned], of: repository)
        #expect(try await account().reserved == 80)
        let other = [UInt8](repeating: 2, count: 80)
        #expect(await hubError { try await upload(other) }?.code == .quotaExceeded)
        fixture.pass(seconds: 3_601)
        try await upload(other)
        #expect(try await account().used == 80)
        #expect(try await booksAreRight())
    }

    @Test("an object counts once for each repository; a move takes its bytes along, a deletion gives them back")
    func movesAndDeletions() async throws {
        let principal = try await fixture.principal("root", scope: .admin, isAdministrator: true)
        let bytes = [UInt8](repeating: 1, count: 500)
        try await fixture.create("model:acme/other")
        // Administrators move what is others' and do not write to it.
        let other = try await fixture.authorizer.open(
            try await fixture.principal("acme"), .contentWrite, HubFixture.id("model:acme/other"))
        try await upload(bytes)
        try await upload(bytes)
        #expect(try await account().used == 500)
        try await upload(bytes, to: other)
        #expect(try await account().used == 1_000)
        try await quotas.set(QuotaLimits(bytes: .of(400)), of: "lab")
        let moving = try await fixture.authorizer.open(principal, .delete, HubFixture.id("model:acme/other"))
        let target = try HubFixture.id("model:lab/other")
        let refusal = await hubError {
            try await fixture.repositories.rename(moving, to: target, authorizer: fixture.authorizer)
        }
        #expect(refusal?.code == .quotaExceeded)
        try await quotas.set(QuotaLimits(), of: "lab")
        try await fixture.repositories.rename(moving, to: target, authorizer: fixture.authorizer)
        let sums = [try await account().used, try await account("lab").used]
        #expect(sums == [500, 500])
        try await fixture.repositories.delete(try await fixture.authorizer.open(principal, .delete, target))
        #expect(try await account("lab").used == 0)
        #expect(try await booksAreRight())
    }

    @Test("a commit that does not fit moves nothing, and a namespace takes no more repositories than it may")
    func commitsAndRepositories() async throws {
        try await quotas.setDefault(QuotaLimits(bytes: .of(100), repositories: .of(1)))
        let draft = CommitDraft(
            ref: try #require(RefName.branch("main")),
            operations: [.write(path: try #require(GitPath("a")), bytes: [UInt8](repeating: 65, count: 101))],
            summary: "too much")
        let refusal = await hubError { _ = try await fixture.repositories.commit(draft, to: repository) }
        #expect(refusal?.code == .quotaExceeded)
        #expect(try await fixture.hub.store.refs(of: repository.key).isEmpty)
        #expect(await hubError { try await fixture.create("model:acme/second") }?.code == .quotaExceeded)
        #expect(try await account().used == 0)
        #expect(try await booksAreRight())
    }

    @Test("wrong books are found, and put right when asked")
    func recount() async throws {
        try await upload([UInt8](repeating: 1, count: 70))
        try await fixture.hub.database.write { connection in
            try connection.execute("UPDATE quota_usage SET used = 7")
        }
        #expect(
            try await quotas.recount(correcting: true).deviations == [
                QuotaDeviation(name: "acme", booked: 7, counted: 70, bookedReserved: 0, countedReserved: 0)
            ])
        #expect(try await booksAreRight())
    }
}
