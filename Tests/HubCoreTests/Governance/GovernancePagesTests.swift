import Testing

@testable import HubCore

@Suite("What pages for those who run the hub ask the stores")
struct GovernancePagesTests {
    @Test("people are paged forwards and backwards by name, those who are shut out among them")
    func users() async throws {
        let fixture = try await HubFixture()
        let identities = fixture.hub.identities
        for number in 0..<7 { _ = try await identities.createUser("User_\(number)", isAdministrator: number == 0) }
        try await identities.setDisabled(true, user: "user_3")
        func page(_ search: String = "user_", after: String? = nil, before: String? = nil) async throws -> (
            names: [String], total: Int64, hasPrevious: Bool, hasNext: Bool
        ) {
            let found = try await identities.users(search: search, after: after, before: before, limit: 3)
            return (found.users.map(\.user.name), found.total, found.hasPrevious, found.hasNext)
        }
        let first = try await page()
        #expect(first == (["User_0", "User_1", "User_2"], 7, false, true))
        let second = try await page(after: first.names.last)
        #expect(second == (["User_3", "User_4", "User_5"], 7, true, true))
        let last = try await page(after: second.names.last)
        #expect(last == (["User_6"], 7, true, false))
        let back = try await page(before: second.names.first)
        #expect(back == (first.names, 7, false, true))
        // What means something to LIKE means itself.
        #expect(try await page("user%").total == 0)
    }

    @Test("an administrator is made and unmade, but never the last one, and his tokens that administer end")
    func administrators() async throws {
        let fixture = try await HubFixture()
        let identities = fixture.hub.identities
        let (ada, bob) = (
            try await identities.createUser("ada", isAdministrator: true),
            try await identities.createUser("bob", isAdministrator: false)
        )
        let refusal = await hubError { try await identities.setAdministrator(false, user: "ada") }
        #expect(refusal?.code == .conflict)
        try await identities.setAdministrator(true, user: "Bob")
        #expect(try await identities.user(named: "bob")?.isAdministrator == true)
        let token = try await identities.createToken(for: ada, name: "a", scope: .admin, expiresAt: nil)
        let other = try await identities.createToken(for: ada, name: "b", scope: .write, expiresAt: nil)
        try await identities.setAdministrator(false, user: "ada")
        #expect(try await identities.principal(token: token.reveal()) == nil)
        #expect(try await identities.principal(token: other.reveal())?.isAdministrator == false)
        #expect(await hubError { try await identities.setAdministrator(true, user: "nobody") }?.code == .notFound)
        let actions = try await fixture.hub.store.audit.records(limit: 100).filter { $0.object == "user:\(bob.name)" }
        #expect(actions.map(\.action).contains("user.promote"))
    }

    @Test("the audit log is filtered by who, what, to what and when, and by nothing that only looks like it")
    func audit() async throws {
        let fixture = try await HubFixture()
        let identities = fixture.hub.identities
        let ada = try await identities.createUser("ada", isAdministrator: true)
        _ = try await identities.createUser("a_a", isAdministrator: false)
        _ = try await identities.createToken(for: ada, name: "a", scope: .read, expiresAt: nil)
        let log = fixture.hub.store.audit
        func objects(_ change: (inout AuditFilter) -> Void) async throws -> [String] {
            var filter = AuditFilter()
            change(&filter)
            return try await log.records(matching: filter, limit: 100).map { "\($0.action) \($0.object)" }
        }
        let all = try await objects { _ in }
        #expect(all.count >= 3)
        #expect(try await objects { $0.action = "token" } == ["token.create user:ada"])
        #expect(try await objects { $0.action = "toke" } == [])
        #expect(try await objects { $0.object = "A_A" } == ["user.create user:a_a"])
        #expect(try await objects { $0.actor = "OPERATOR" } == all)
        #expect(try await objects { $0.actor = "oper%" } == [])
        let now = fixture.hub.clock.now()
        #expect(try await objects { $0.since = now + 1 } == [])
        #expect(try await objects { $0.until = now + 1 } == all)
    }

    @Test("accounts stand in the order of what they hold, and storage counts what is shared once")
    func storage() async throws {
        let fixture = try await HubFixture()
        try await fixture.hub.store.quotas.set(QuotaLimits(bytes: .of(5)), of: "zeta")
        try await fixture.hub.store.quotas.setDefault(QuotaLimits(bytes: .of(9)))
        let accounts = try await fixture.hub.store.quotas.largest(offset: 0, limit: 10)
        #expect(accounts.map(\.name) == ["zeta"], "the defaults are no account")
        let figures = try await fixture.hub.store.storageFigures()
        #expect(figures.logical == 0 && figures.physical == 0 && figures.owners.isEmpty)
    }
}
