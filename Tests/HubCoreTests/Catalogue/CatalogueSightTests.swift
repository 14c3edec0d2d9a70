import SQL
import Testing

@testable import HubCore

/// What lists in memory show to whom, against what the database says row by row.
@Suite("Who sees what in lists from memory")
struct CatalogueSightTests {
    private func listed(_ condition: String, _ arguments: [Value], _ fixture: HubFixture) async throws -> Set<Int64> {
        try await fixture.hub.database.read { connection in
            var keys: Set<Int64> = []
            try connection.forEachInteger("SELECT r.id FROM repositories r WHERE \(condition)", arguments) {
                keys.insert($0)
            }
            return keys
        }
    }

    private func discoverable(_ principal: Principal, _ fixture: HubFixture) async throws -> Set<Int64> {
        var arguments: [Value] = []
        let condition = RepositoryStore.visibilityCondition(
            for: principal, now: fixture.hub.clock.now(), arguments: &arguments)
        return try await listed(condition, arguments, fixture)
    }

    /// All rows hold the word in their READMEs.
    private func readable(_ principal: Principal, _ fixture: HubFixture) async throws -> Set<Int64> {
        var arguments: [Value] = []
        let condition = RepositoryStore.contentCondition(
            for: principal, now: fixture.hub.clock.now(), arguments: &arguments)
        return try await listed(condition, arguments, fixture)
    }

    private func shown(_ words: [String], to principal: Principal, _ fixture: HubFixture) async throws -> Set<Int64> {
        var query = LocalCatalogueQuery()
        query.words = words
        query.limit = 100
        let page = try await fixture.hub.localCatalogue.page(query, for: principal)
        #expect(page.total == page.entries.count)
        return Set(page.entries.map(\.summary.repository.key))
    }

    @Test("whatever grants there are at random, lists show what may be discovered, and words find what may be read")
    func randomGrants() async throws {
        let fixture = try await HubFixture()
        var random = SeededGenerator(seed: 37)
        var keys: [Int64] = []
        for number in 0..<24 {
            let visibility: Repository.Visibility = [.public, .private, .internal][number % 3]
            keys.append(try await fixture.create("model:owner\(number % 4)/thing-\(number)", visibility))
        }
        let member = try await fixture.principal("member")
        let owner = try await fixture.principal("owner1")
        let robot = try await fixture.principal("root", scope: .admin, isAdministrator: true)
        let user = try #require(member.user)
        let narrowed = Principal(
            user: member.user,
            token: TokenGrant(id: 9, name: "narrow", scope: .write, createdAt: 0, resources: [.namespace("owner2")]))
        let all = keys
        try await fixture.hub.database.write { connection in
            for number in 0..<4 where number != 1 {
                try connection.execute(
                    "INSERT INTO organisations (id, name, name_key, full_name, created_at) VALUES (?, ?, ?, '', 0)",
                    [.integer(Int64(100 + number)), .text("owner\(number)"), .text("owner\(number)")])
            }
            try connection.execute(
                "INSERT INTO memberships (organisation_id, user_id, role, created_at) VALUES (100, ?, 1, 0)",
                [.integer(user.id)])
            for key in all {
                try connection.searchIndex.put([.body: "unspeakable"], of: key, in: connection)
            }
            for key in all.prefix(6) {
                try connection.execute(
                    "INSERT INTO repository_settings (repository_id, name, content) VALUES (?, 'gated', '\"manual\"')",
                    [.integer(key)])
            }
        }
        for round in 0..<40 {
            let subject = ["everyone", "authenticated", "user", "members"].randomElement(using: &random) ?? "user"
            let scope = Int.random(in: 0..<8, using: &random)
            let key = keys.randomElement(using: &random) ?? 0
            let effect = Bool.random(using: &random) ? "allow" : "deny"
            let isPart = Int.random(in: 0..<4, using: &random) == 0
            let organisation = Int64([100, 102, 103].randomElement(using: &random) ?? 100)
            // A list of grants that only grows ends with everything taken from everybody.
            let keepsOthers = round % 5 != 0
            try await fixture.hub.database.write { connection in
                if !keepsOthers { try connection.execute("DELETE FROM grants") }
                try connection.execute(
                    """
                    INSERT INTO grants (id, subject, subject_id, subject_role, organisation_id, repository_id, role,
                        effect, created_by, created_at, path_pattern)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'root', 0, ?)
                    """,
                    [
                        .integer(Int64(round)), .text(subject),
                        subject == "user" ? .integer(user.id) : subject == "members" ? .integer(100) : .null,
                        subject == "members" ? .integer(1) : .null,
                        scope == 1 || scope == 2 ? .integer(organisation) : .null,
                        scope > 2 ? .integer(key) : .null, .integer(Role.reader.rawValue), .text(effect),
                        isPart ? .text("secret/**") : .null,
                    ])
            }
            for principal in [Principal.anonymous, member, narrowed, owner, robot] {
                let expected = try await discoverable(principal, fixture)
                #expect(try await shown([], to: principal, fixture) == expected, "\(round) \(principal.label)")
                let read = try await readable(principal, fixture)
                #expect(
                    try await shown(["unspeakable"], to: principal, fixture) == read.intersection(expected),
                    "\(round) \(principal.label)")
            }
        }
    }

    @Test("who comes while the first list is read waits for it, and gets it", .timeLimit(.minutes(1)))
    func firstLists() async throws {
        for _ in 0..<20 {
            let fixture = try await HubFixture()
            for number in 0..<8 { try await fixture.create("model:acme/thing-\(number)") }
            let catalogue = LocalCatalogue(database: fixture.hub.database, clock: fixture.hub.clock)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<16 {
                    group.addTask { try await catalogue.page(LocalCatalogueQuery(), for: .anonymous).total }
                }
                for try await total in group { #expect(total == 8) }
            }
        }
    }

    @Test("lists that owner, tag, gate or place narrow down are those of a plain look, from both ends and by pages")
    func narrowed() async throws {
        let fixture = try await HubFixture()
        var made: [(key: Int64, owner: String, isTagged: Bool, isGated: Bool)] = []
        for number in 0..<20 {
            let key = try await fixture.create("model:owner\(number % 3)/thing-\(number)")
            let (isTagged, isGated) = (number % 2 == 0, number % 5 == 0)
            try await fixture.hub.database.write { connection in
                if isTagged {
                    try connection.execute(
                        "INSERT INTO repository_tags (repository_id, category, name, flat) VALUES (?, 'other', 'Red', 'Red')",
                        [.integer(key)])
                }
                if isGated {
                    try connection.execute(
                        "INSERT INTO repository_settings (repository_id, name, content) VALUES (?, 'gated', '\"auto\"')",
                        [.integer(key)])
                }
                try connection.execute(
                    "UPDATE repositories SET likes = ?, downloads = 7 WHERE id = ?",
                    [.integer(Int64(number * 7 % 10)), .integer(key)])
            }
            made.append((key, "owner\(number % 3)", isTagged, isGated))
        }
        let mirrored = try await fixture.mirror("model:far/thing")
        func pages(_ change: (inout RepositoryQuery) -> Void) async throws -> [Int64] {
            var query = RepositoryQuery(kind: .model)
            query.limit = 3
            change(&query)
            var keys: [Int64] = []
            var cursor: RepositoryCursor?
            repeat {
                let page = try await fixture.hub.store.page(query, after: cursor, for: .anonymous)
                keys += page.items.map(\.repository.key)
                cursor = page.next
            } while cursor != nil
            #expect(Set(keys).count == keys.count)
            return keys
        }
        #expect(Set(try await pages { $0.author = "Owner1" }) == Set(made.filter { $0.owner == "owner1" }.map(\.key)))
        #expect(Set(try await pages { $0.tags = ["red"] }) == Set(made.filter(\.isTagged).map(\.key)))
        #expect(Set(try await pages { $0.isGated = true }) == Set(made.filter(\.isGated).map(\.key)))
        #expect(try await pages { $0.origin = .upstreams([("test", "hub")]) } == [mirrored])
        #expect(Set(try await pages { $0.origin = .local }) == Set(made.map(\.key)))
        #expect(Set(try await pages { $0.search = ["thing"] }) == Set(made.map(\.key) + [mirrored]))
        let up = try await pages {
            $0.author = "owner0"
            $0.order = .likes
            $0.isAscending = true
        }
        let down = try await pages {
            $0.author = "owner0"
            $0.order = .likes
        }
        #expect(up == down.reversed())
        #expect(
            try await pages {
                $0.author = "owner0"
                $0.limit = 1_000
            } == pages { $0.author = "owner0" })
    }

    @Test("the bytes of large files follow their links")
    func linkedBytes() async throws {
        let fixture = try await HubFixture()
        let key = try await fixture.create("model:acme/one")
        func check(_ sql: String, _ arguments: [Value] = []) async throws {
            try await fixture.hub.database.write { try $0.execute(sql, arguments) }
            let sums = try await fixture.hub.database.read { connection in
                (
                    try connection.first(
                        "SELECT COALESCE(SUM(size), 0) AS n FROM links WHERE repository_id = ?", [.integer(key)]
                    )?.integer("n"),
                    try connection.first(
                        "SELECT COALESCE(SUM(bytes), 0) AS n FROM linked_bytes WHERE repository_id = ?", [.integer(key)]
                    )?.integer("n")
                )
            }
            #expect(sums.0 == sums.1, "\(sql)")
        }
        for (number, digest) in ["a", "b", "c"].enumerated() {
            try await check(
                "INSERT INTO links (repository_id, sha256, size) VALUES (?, ?, ?)",
                [.integer(key), .text(digest), .integer(Int64(number + 1) * 10)])
        }
        try await check("UPDATE links SET size = 5 WHERE sha256 = 'b'")
        try await check("UPDATE links SET path = 'x' WHERE sha256 = 'b'")
        try await check("DELETE FROM links WHERE sha256 = 'a'")
        try await fixture.hub.database.write { connection in
            try connection.upsert(
                into: "links", key: [("repository_id", .integer(key)), ("sha256", .text("c"))],
                values: [("size", .integer(77))])
        }
        try await check("DELETE FROM links WHERE sha256 = 'b'")
    }
}
