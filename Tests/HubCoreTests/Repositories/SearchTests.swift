import SQL
import Testing

@testable import HubCore

@Suite("Cards as rows, and the search over them")
struct SearchTests {
    private func commit(_ fixture: HubFixture, _ name: String, _ readme: String) async throws {
        let ada = try await fixture.principal("ada")
        let repository = try await fixture.authorizer.open(ada, .contentWrite, try HubFixture.id(name))
        _ = try await fixture.repositories.commit(
            CommitDraft(
                ref: try #require(RefName.branch("main")),
                operations: [.write(path: try #require(GitPath("README.md")), bytes: Array(readme.utf8))],
                summary: "card"), to: repository)
        fixture.pass(seconds: 1)
    }

    private func found(
        _ fixture: HubFixture, _ words: [String], tags: [String] = [], as principal: Principal = .anonymous
    ) async throws -> [String] {
        var query = RepositoryQuery(kind: .model)
        query.search = words
        query.tags = tags
        query.order = .relevance
        let page = try await fixture.hub.store.page(query, after: nil, for: principal).items.map(\.repository.id.name)
        let list = try await fixture.hub.store.list(query, for: principal)
        #expect(list.items.map(\.repository.id.name) == page && list.total == Int64(page.count))
        return page
    }

    @Test("texts are taken apart into words, and into pairs where a script has no spaces")
    func terms() {
        #expect(SearchTerms.terms(of: "BERT-base_uncased.v2") == ["bert", "base", "uncased", "v2"])
        #expect(SearchTerms.terms(of: "中文模型 x") == ["中文", "文模", "模型", "型", "x"])
        #expect(SearchTerms.terms(of: "ＧＰＴ４模") == ["gpt4", "模"])
        #expect(SearchTerms.terms(of: "\" * ( ) : ^ - + {} \u{0}") == [])
        #expect(SearchTerms.phrase(of: "模型").terms == ["模型"] && !SearchTerms.phrase(of: "模型").isOpen)
        #expect(SearchTerms.phrase(of: "型").isOpen)
        #expect(SearchTerms.terms(of: String(repeating: "a", count: 1_000)).allSatisfy { $0.count <= 64 })
    }

    @Test("a commit's card is found by its words and its tags as soon as it is there, and no longer when it changed")
    func followsCommits() async throws {
        let fixture = try await HubFixture()
        _ = try await fixture.principal("ada")
        try await fixture.create("model:ada/one")
        try await commit(
            fixture, "model:ada/one",
            """
            ---
            license: mit
            language: [en, zh]
            library_name: peft
            pipeline_tag: text-generation
            base_model: acme/base
            datasets: [acme/corpus]
            metrics: [bleu]
            tags: [Cooking]
            ---
            # A zebra cooks
            这是一个中文大语言模型，见 https://arxiv.org/abs/2101.00001v2
            """)
        for word in ["zebra", "ZEB", "语言模型", "模", "cooking", "ada/on", "on"] {
            #expect(try await found(fixture, [word]) == ["one"], "\(word)")
        }
        for word in ["bra", "文语", "zebras", "none"] { #expect(try await found(fixture, [word]) == [], "\(word)") }
        for tag in [
            "license:mit", "zh", "peft", "text-generation", "base_model:acme/base", "base_model:adapter:acme/base",
            "dataset:acme/corpus", "cooking", "arxiv:2101.00001", "metric:bleu",
        ] {
            #expect(try await found(fixture, [], tags: [tag]) == ["one"], "\(tag)")
        }
        try await commit(fixture, "model:ada/one", "---\nlicense: apache-2.0\n---\n# A horse\n")
        #expect(try await found(fixture, ["zebra"]) == [])
        #expect(try await found(fixture, ["horse"], tags: ["license:apache-2.0"]) == ["one"])
        #expect(try await found(fixture, [], tags: ["license:mit"]) == [])
    }

    @Test("names come before texts, the whole name before its beginning")
    func ranking() async throws {
        let fixture = try await HubFixture()
        _ = try await fixture.principal("ada")
        for name in ["bert", "bert-large", "tiny-bert", "other"] { try await fixture.create("model:ada/\(name)") }
        try await commit(fixture, "model:ada/other", "Better than bert.")
        #expect(try await found(fixture, ["bert"]) == ["bert", "bert-large", "tiny-bert", "other"])
        #expect(try await found(fixture, ["bert", "large"]) == ["bert-large"])
    }

    @Test(
        "no words speak the language of a database",
        arguments: [
            "\"", "'", "a\" OR \"b", "name:one", "NEAR(a b)", "n*", "^one", "{name} : one", "-one",
            "'; DROP TABLE users; --",
            "%", "_", "one AND", "(", "\u{0}", "\\", "🦓", "one\" ) --",
        ])
    func hostileWords(_ text: String) async throws {
        let fixture = try await HubFixture()
        try await fixture.create("model:x/y")
        #expect(try await found(fixture, text.split(separator: " ").map(String.init)) == [])
        #expect(try await found(fixture, [text]) == [])
    }

    @Test("queries beyond any person's are bounded")
    func largeQueries() async throws {
        let fixture = try await HubFixture()
        try await fixture.create("model:ada/one")
        #expect(try await found(fixture, [String(repeating: "%", count: 100_000)]) == [])
        #expect(try await found(fixture, Array(repeating: "one", count: 500)) == ["one"])
        await #expect(throws: HubError.self) {
            try await found(fixture, [], tags: (0..<2_000).map { "t\($0)" })
        }
    }

    @Test("a README behind a gate is searched by those only who may read it")
    func gates() async throws {
        let fixture = try await HubFixture()
        let ada = try await fixture.principal("ada")
        let bob = try await fixture.principal("bob")
        try await fixture.create("model:ada/gated")
        try await fixture.create("model:ada/hidden", .private)
        try await commit(fixture, "model:ada/gated", "---\ntags: [visible]\n---\nunspeakable\n")
        try await commit(fixture, "model:ada/hidden", "---\ntags: [visible]\n---\nunspeakable\n")
        let repository = try await fixture.authorizer.open(ada, .settings, try HubFixture.id("model:ada/gated"))
        try await fixture.hub.store.set("gated", to: .string("manual"), of: repository)
        #expect(try await found(fixture, ["visible"], as: bob) == ["gated"])
        #expect(try await found(fixture, ["unspeakable"], as: bob) == [])
        #expect(try await Set(found(fixture, ["unspeakable"], as: ada)) == ["gated", "hidden"])
        let counts = try await fixture.hub.store.localCatalogue.tagCounts(of: .model, for: bob)
        #expect(counts[.other]?.map(\.count) == [1])
        #expect(try await fixture.hub.store.localCatalogue.tagCounts(of: .model, for: ada)[.other]?.map(\.count) == [2])
    }

    @Test("other names, profiles and removals are in the index at once")
    func changes() async throws {
        let fixture = try await HubFixture()
        let ada = try await fixture.principal("ada")
        try await fixture.create("model:ada/first")
        let repository = try await fixture.authorizer.open(ada, .settings, try HubFixture.id("model:ada/first"))
        try await fixture.repositories.set(RepositoryProfile(description: "about walruses"), of: repository)
        #expect(try await found(fixture, ["walrus"]) == ["first"])
        try await fixture.hub.store.rename(repository, to: try HubFixture.id("model:ada/second"), mayReclaim: false)
        #expect(try await found(fixture, ["walrus"]) == ["second"])
        try await fixture.hub.store.remove(repository)
        #expect(try await found(fixture, ["walrus"]) == [])
        let left = try await fixture.hub.database.read {
            try $0.first("SELECT COUNT(*) AS n FROM repository_search")?.integer("n")
        }
        #expect(left == 0)
    }

    @Test("of commits that race, the index holds the one that the branch names")
    func racing() async throws {
        let fixture = try await HubFixture()
        _ = try await fixture.principal("ada")
        try await fixture.create("model:ada/one")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    try await commit(fixture, "model:ada/one", "---\nlicense: l\(number)\n---\nword\(number)\n")
                }
            }
            try await group.waitForAll()
        }
        let summary = try #require(
            try await fixture.hub.store.list(RepositoryQuery(kind: .model), for: .anonymous).items.first)
        let tag = try #require(summary.tags.first)
        for number in 0..<8 {
            let isLast = tag == "license:l\(number)"
            #expect(try await found(fixture, ["word\(number)"]) == (isLast ? ["one"] : []))
            #expect(try await found(fixture, [], tags: ["license:l\(number)"]) == (isLast ? ["one"] : []))
        }
    }

    @Test("huge and broken cards leave bounded rows")
    func hugeCards() async throws {
        let fixture = try await HubFixture()
        _ = try await fixture.principal("ada")
        try await fixture.create("model:ada/huge")
        /// As a push brings it, which takes any README.
        func push(_ name: String, _ readme: String) async throws {
            let head = HeadFacts(
                commit: try #require(ObjectID(String(repeating: "1", count: 40))), readme: Array(readme.utf8),
                blob: nil,
                kind: .model)
            try await fixture.hub.store.noteHead(head, of: try await fixture.create("model:ada/\(name)"))
        }
        let tags = (0..<20_000).map { "- t\($0)" }.joined(separator: "\n")
        let long = "- " + String(repeating: "x", count: 300)
        try await commit(
            fixture, "model:ada/huge",
            "---\ntags:\n\(long)\n\(tags)\n---\n" + String(repeating: "walrus ", count: 50_000) + "needle")
        try await push("broken", "---\ntags: [a\nlicense: : :\n---\nreadable all the same")
        var bomb = "---\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            bomb += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n"
        }
        try await push("bomb", bomb + "tags: *a12\n---\ntext\n")
        let rows = try await fixture.hub.database.read { connection in
            try connection.query(
                "SELECT r.name, COUNT(*) AS n FROM repository_facets f JOIN repositories r ON r.id = f.repository_id "
                    + "GROUP BY r.name")
        }
        #expect(try rows.map { try $0.text("name") } == ["huge"])
        #expect(try rows.first?.integer("n") == Int64(Card.maximumFacets))
        #expect(try await found(fixture, ["walrus"]) == ["huge"])
        #expect(try await found(fixture, ["needle"]) == [], "beyond the bytes that are searched")
        #expect(try await found(fixture, ["readable"]) == ["broken"])
    }

    @Test("pages follow each other by the row they ended with, while others come and go")
    func cursors() async throws {
        let fixture = try await HubFixture()
        for number in 0..<6 { try await fixture.create("model:ada/m\(number)") }
        var query = RepositoryQuery(kind: .model)
        query.limit = 2
        for isAscending in [false, true] {
            query.isAscending = isAscending
            query.order = .createdAt
            let first = try await fixture.hub.store.page(query, after: nil, for: .anonymous)
            let expected = isAscending ? ["m0", "m1"] : ["m5", "m4"]
            #expect(first.items.map(\.repository.id.name) == expected)
            let cursor = try #require(first.next)
            #expect(try RepositoryCursor(parsing: cursor.text) == cursor)
            let second = try await fixture.hub.store.page(query, after: cursor, for: .anonymous)
            #expect(second.items.map(\.repository.id.name) == (isAscending ? ["m2", "m3"] : ["m3", "m2"]))
            query.order = .relevance
            query.search = ["m"]
            await #expect(throws: HubError.self) {
                try await fixture.hub.store.page(query, after: cursor, for: .anonymous)
            }
            query.search = []
        }
        for text in ["", "a", "1.2.3", "-1", "1.", "99999999999999999999.1"] {
            #expect(throws: HubError.self) { try RepositoryCursor(parsing: text) }
        }
    }

    @Test("what an older release left is indexed again, and everything when asked")
    func rebuild() async throws {
        let fixture = try await HubFixture()
        _ = try await fixture.principal("ada")
        for name in ["one", "empty"] { try await fixture.create("model:ada/\(name)") }
        try await commit(fixture, "model:ada/one", "---\nlicense: mit\n---\nwalrus\n")
        try await fixture.hub.database.write { connection in
            try connection.execute("DELETE FROM repository_facets")
            try connection.execute("UPDATE card_states SET reader = 0")
            try connection.execute("DROP TABLE repository_search")
            try connection.execute("CREATE TABLE repository_search (other TEXT)")
        }
        try await RepositoryStore.prepareIndex(fixture.hub.database)
        #expect(try await found(fixture, ["walrus"]) == [])
        #expect(try await fixture.hub.indexRebuild.run() == 2)
        #expect(try await found(fixture, ["walrus"], tags: ["license:mit"]) == ["one"])
        #expect(try await found(fixture, ["empty"]) == ["empty"])
        #expect(try await fixture.hub.indexRebuild.run() == 0)
        #expect(try await fixture.hub.indexRebuild.all() == 2)
        #expect(try await found(fixture, ["walrus"], tags: ["license:mit"]) == ["one"])
    }

    @Test("a README that did not change is not indexed again")
    func unchangedReadme() async throws {
        let fixture = try await HubFixture()
        let ada = try await fixture.principal("ada")
        try await fixture.create("model:ada/one")
        try await commit(fixture, "model:ada/one", "---\nlicense: mit\n---\nwalrus\n")
        // What only the index holds stays when something else is committed.
        try await fixture.hub.database.write { try $0.execute("UPDATE repository_facets SET content = 'mark'") }
        let repository = try await fixture.authorizer.open(ada, .contentWrite, try HubFixture.id("model:ada/one"))
        _ = try await fixture.repositories.commit(
            CommitDraft(
                ref: try #require(RefName.branch("main")),
                operations: [.write(path: try #require(GitPath("a.txt")), bytes: [1])], summary: "x"), to: repository)
        #expect(
            try await fixture.hub.store.localCatalogue.tagCounts(of: .model, for: ada)[.license]?.map(\.value) == [
                "mark"
            ])
    }
}
