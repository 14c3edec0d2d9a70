import SQL
import Testing

@testable import HubCore

/// What is here, counted in memory, against what a plain count and the database say.
@Suite("The catalogue of what is here")
struct LocalCatalogueTests {
    private struct Made {
        let key: Int64
        let kind: RepositoryKind
        var said: [CatalogueGroup: Set<String>]
        let updated: Int64
    }

    /// Repositories that say things at random, written as the database holds them.
    private func fill(_ fixture: HubFixture, _ count: Int, seed: UInt64) async throws -> [Made] {
        var random = SeededGenerator(seed: seed)
        var made: [Made] = []
        for number in 0..<count {
            let kind: RepositoryKind = number.isMultiple(of: 4) ? .dataset : .model
            let owner = "owner\(Int.random(in: 0..<5, using: &random))"
            let visibility: Repository.Visibility = number % 7 == 3 ? .private : number % 11 == 5 ? .internal : .public
            let key = try await fixture.create("\(kind.rawValue):\(owner)/thing-\(number)", visibility)
            var said: [CatalogueGroup: Set<String>] = [.owner: [owner], .state: ["local"], .size: ["1gb"]]
            func add(_ group: CatalogueGroup, _ facet: CardFacet.Kind, _ value: String) async throws {
                try await fixture.hub.database.write { connection in
                    try connection.execute(
                        "INSERT INTO repository_facets (repository_id, tag_key, tag, facet, content) VALUES (?, ?, ?, ?, ?)",
                        [.integer(key), .text(value), .text(value), .text(facet.rawValue), .text(value)])
                }
                said[group, default: []].insert(value)
            }
            if Bool.random(using: &random) {
                try await add(
                    .task, .pipelineTag, ["text-generation", "translation"].randomElement(using: &random) ?? "")
            }
            if Bool.random(using: &random) {
                try await add(.license, .license, ["mit", "apache-2.0", "gpl-3.0"].randomElement(using: &random) ?? "")
            }
            for tag in ["red", "green", "blue"] where Bool.random(using: &random) { try await add(.tag, .other, tag) }
            made.append(Made(key: key, kind: kind, said: said, updated: Int64(number)))
        }
        return made
    }

    private func fits(_ thing: Made, _ chosen: [CatalogueGroup: Set<String>], but group: CatalogueGroup?) -> Bool {
        chosen.allSatisfy { asked, wanted in
            let said = thing.said[asked] ?? []
            if asked.asksForAll { return wanted.isSubset(of: said) }
            return asked == group || !wanted.isDisjoint(with: said)
        }
    }

    @Test("counts are those of a plain count, given what is asked for in the other groups")
    func counts() async throws {
        let fixture = try await HubFixture()
        let made = try await fill(fixture, 60, seed: 7)
        let questions: [[CatalogueGroup: Set<String>]] = [
            [:], [.task: ["text-generation"]], [.license: ["mit", "gpl-3.0"]], [.tag: ["red", "blue"]],
            [.task: ["translation"], .license: ["mit"], .owner: ["owner1", "owner2"]],
            [.tag: ["red"], .task: ["text-generation"]], [.license: ["none-such"]], [.tag: ["none-such"]],
        ]
        for chosen in questions {
            var query = LocalCatalogueQuery()
            query.kind = .model
            query.chosen = chosen
            let page = try await fixture.hub.localCatalogue.page(query, for: .operator)
            let models = made.filter { $0.kind == .model }
            #expect(page.total == models.count { fits($0, chosen, but: nil) }, "\(chosen)")
            #expect(page.kinds[.dataset] == made.count { $0.kind == .dataset && fits($0, chosen, but: nil) })
            for group in CatalogueGroup.allCases {
                var expected: [String: Int] = [:]
                for thing in models where fits(thing, chosen, but: group) {
                    for value in thing.said[group] ?? [] { expected[value, default: 0] += 1 }
                }
                for value in chosen[group] ?? [] where expected[value] == nil { expected[value] = 0 }
                let counted = Dictionary(uniqueKeysWithValues: (page.counts[group] ?? []).map { ($0.value, $0.count) })
                #expect(counted == expected, "\(chosen) \(group)")
            }
        }
    }

    @Test("pages follow one another without loss or repetition")
    func pages() async throws {
        let fixture = try await HubFixture()
        let made = try await fill(fixture, 25, seed: 9)
        for order in [LocalCatalogueQuery.Order.updated, .likes, .created] {
            var query = LocalCatalogueQuery()
            query.limit = 7
            query.order = order
            var seen: [Int64] = []
            var cursor: RepositoryCursor?
            repeat {
                let page = try await fixture.hub.localCatalogue.page(query, for: .operator, after: cursor)
                seen += page.entries.map(\.summary.repository.key)
                cursor = page.next
            } while cursor != nil
            #expect(Set(seen) == Set(made.map(\.key)))
            #expect(seen.count == made.count)
        }
    }

    @Test(
        "the page before is the one that was before, under every order", arguments: LocalCatalogueQuery.Order.allCases)
    func pagesBefore(order: LocalCatalogueQuery.Order) async throws {
        let fixture = try await HubFixture()
        _ = try await fill(fixture, 25, seed: 13)
        var query = LocalCatalogueQuery()
        query.limit = 7
        query.order = order
        if order == .relevance { query.words = ["thing"] }
        var pages: [[Int64]] = []
        var cursors: [RepositoryCursor?] = [nil]
        while let cursor = cursors.last {
            let page = try await fixture.hub.localCatalogue.page(query, for: .operator, after: cursor)
            let before: RepositoryCursor?? =
                switch page.previous {
                case nil: .none
                case .first?: .some(nil)
                case .after(let cursor)?: .some(cursor)
                }
            if pages.isEmpty {
                #expect(page.previous == nil)
            } else if let before {
                let again = try await fixture.hub.localCatalogue.page(query, for: .operator, after: before)
                #expect(again.entries.map(\.summary.repository.key) == pages.last)
            } else {
                Issue.record("page \(pages.count + 1) has none before it")
            }
            pages.append(page.entries.map(\.summary.repository.key))
            guard let next = page.next else { break }
            cursors.append(next)
        }
        #expect(pages.count == 4)
    }

    @Test("what is told of how repositories stand is listed and counted instead of what their rows say")
    func standings() async throws {
        let fixture = try await HubFixture()
        let made = try await fill(fixture, 12, seed: 5).filter { $0.kind == .model }
        var query = LocalCatalogueQuery()
        query.kind = .model
        query.standings = [made[0].key: .quarantined, made[1].key: .blocked, made[2].key: .blocked, 4_711: .syncing]
        func counted(_ page: LocalCataloguePage) -> [String: Int] {
            Dictionary(uniqueKeysWithValues: (page.counts[.state] ?? []).map { ($0.value, $0.count) })
        }
        let expected = ["local": made.count - 3, "blocked": 2, "quarantined": 1]
        let all = try await fixture.hub.localCatalogue.page(query, for: .operator)
        #expect(counted(all) == expected)
        #expect(all.entries.first { $0.summary.repository.key == made[0].key }?.standing == .quarantined)
        query.chosen[.state] = ["blocked"]
        let blocked = try await fixture.hub.localCatalogue.page(query, for: .operator)
        #expect(Set(blocked.entries.map(\.summary.repository.key)) == [made[1].key, made[2].key])
        #expect(blocked.total == 2 && counted(blocked) == expected)
        query.standings = [:]
        let none = try await fixture.hub.localCatalogue.page(query, for: .operator)
        #expect(none.total == 0, "nothing is kept of what was told before")
    }

    @Test("somebody sees what the database says that he may discover, whatever grants there are")
    func visibility() async throws {
        let fixture = try await HubFixture()
        _ = try await fill(fixture, 30, seed: 11)
        let owner = try await fixture.principal("owner1")
        let stranger = try await fixture.principal("stranger")
        let administrator = try await fixture.principal("root", scope: .admin, isAdministrator: true)
        let narrowed = Principal(
            user: owner.user,
            token: TokenGrant(
                id: 9, name: "narrow", scope: .write, createdAt: 0, resources: [.namespace("owner1")]))
        func compare() async throws {
            for principal in [Principal.anonymous, owner, stranger, administrator, narrowed] {
                for kind in [RepositoryKind.model, .dataset] {
                    var query = LocalCatalogueQuery()
                    query.kind = kind
                    query.limit = 100
                    let page = try await fixture.hub.localCatalogue.page(query, for: principal)
                    // Without words, tags and owners a page is the database's own.
                    var listed = RepositoryQuery(kind: kind)
                    listed.limit = 100
                    let expected = try await fixture.hub.store.page(listed, after: nil, for: principal).items
                    #expect(page.total == expected.count, "\(principal.label) \(kind)")
                    #expect(Set(page.entries.map(\.summary.repository.key)) == Set(expected.map(\.repository.key)))
                }
            }
        }
        try await compare()
        let user = try #require(stranger.user)
        let hidden = try #require(
            try await fixture.hub.database.read {
                try $0.first("SELECT id FROM repositories WHERE visibility = 'private'")?.integer("id")
            })
        let open = try #require(
            try await fixture.hub.database.read {
                try $0.first("SELECT id FROM repositories WHERE visibility = 'public'")?.integer("id")
            })
        func grant(_ id: Int64, _ effect: String, on key: Int64) async throws {
            try await fixture.hub.database.write { connection in
                try connection.execute(
                    """
                    INSERT INTO grants (id, repository_id, subject, subject_id, role, effect, created_by,
                        created_at)
                    VALUES (?, ?, 'user', ?, ?, ?, 'root', 0)
                    """,
                    [
                        .integer(id), .integer(key), .integer(user.id), .integer(Role.reader.rawValue), .text(effect),
                    ])
            }
        }
        try await grant(1, "allow", on: hidden)
        try await compare()
        try await grant(2, "deny", on: open)
        try await compare()
    }

    @Test("what changes is there in the next answer")
    func changes() async throws {
        let fixture = try await HubFixture()
        var query = LocalCatalogueQuery()
        query.kind = .model
        func total() async throws -> Int { try await fixture.hub.localCatalogue.page(query, for: .anonymous).total }
        #expect(try await total() == 0)
        let key = try await fixture.create("model:acme/one")
        #expect(try await total() == 1)
        try await fixture.hub.database.write { connection in
            try connection.execute("UPDATE repositories SET visibility = 'private' WHERE id = ?", [.integer(key)])
        }
        #expect(try await total() == 0)
        try await fixture.hub.database.write { connection in
            try connection.execute("UPDATE repositories SET visibility = 'public' WHERE id = ?", [.integer(key)])
            try connection.execute(
                "INSERT INTO repository_facets (repository_id, tag_key, tag, facet, content) VALUES (?, 'mit', 'mit', 'license', 'mit')",
                [.integer(key)])
        }
        query.chosen = [.license: ["mit"]]
        #expect(try await total() == 1)
        try await fixture.hub.database.write { connection in
            try connection.execute("DELETE FROM repository_facets WHERE repository_id = ?", [.integer(key)])
        }
        #expect(try await total() == 0)
    }

    @Test("words find names first, then texts; the same as the lists of every surface")
    func words() async throws {
        let fixture = try await HubFixture()
        for name in ["whale", "blue-whale", "whale-song", "shrimp"] { try await fixture.create("model:acme/\(name)") }
        let hidden = try await fixture.create("model:other/whale-secret", .private)
        var query = LocalCatalogueQuery()
        query.kind = .model
        query.words = ["whale"]
        query.order = .relevance
        let page = try await fixture.hub.localCatalogue.page(query, for: .anonymous)
        #expect(page.entries.first?.summary.repository.id.name == "whale")
        #expect(page.total == 3)
        #expect(!page.entries.contains { $0.summary.repository.key == hidden })
        for words in [["whale"], ["acme", "song"], ["nothing"], ["acme/wh"]] {
            query.words = words
            var listed = RepositoryQuery(kind: .model)
            listed.search = words
            listed.order = .relevance
            let expected = try await fixture.hub.store.list(listed, for: .operator)
            let found = try await fixture.hub.localCatalogue.page(query, for: .operator)
            #expect(
                Set(found.entries.map(\.summary.repository.key)) == Set(expected.items.map(\.repository.key)),
                "\(words)")
        }
    }
}
