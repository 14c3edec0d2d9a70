import HubTestSupport
import SQL
import Testing

@testable import HubCore

@Suite("Lists and feed of repositories")
struct RepositoryListingTests {
    private func names(_ fixture: HubFixture, _ query: RepositoryQuery, _ principal: Principal = .anonymous)
        async throws
        -> [String]
    {
        try await fixture.hub.store.list(query, for: principal).items.map(\.repository.id.path)
    }

    @Test("pages follow each other without gaps, and count everything")
    func paging() async throws {
        let fixture = try await HubFixture()
        for number in 1...7 { try await fixture.create("model:ada/m\(number)") }
        var query = RepositoryQuery(kind: .model)
        query.limit = 3
        var seen: [String] = []
        for offset in stride(from: 0, to: 9, by: 3) {
            query.offset = offset
            let page = try await fixture.hub.store.list(query, for: .anonymous)
            #expect(page.total == 7)
            seen += page.items.map(\.repository.id.name)
        }
        #expect(seen == ["m7", "m6", "m5", "m4", "m3", "m2", "m1"])
        query.limit = -5
        query.offset = -1
        #expect(try await names(fixture, query).isEmpty)
    }

    @Test("S53: words are found in owner, name and both around a slash; wildcards are letters")
    func search() async throws {
        let fixture = try await HubFixture()
        for name in ["Acme/Demo_1", "acme/demo-2", "other/acme", "x/y"] { try await fixture.create("model:\(name)") }
        func found(_ words: String...) async throws -> Set<String> {
            var query = RepositoryQuery(kind: .model)
            query.search = words
            return Set(try await names(fixture, query))
        }
        #expect(try await found("ACME") == ["Acme/Demo_1", "acme/demo-2", "other/acme"])
        #expect(try await found("acme/dem") == ["Acme/Demo_1", "acme/demo-2"])
        #expect(try await found("me/demo_") == ["Acme/Demo_1"])
        #expect(try await found("acme", "demo") == ["Acme/Demo_1", "acme/demo-2"])
        #expect(try await found("demo_1") == ["Acme/Demo_1"])
        for word in ["%", "_%", "!", "%\u{301}", "_\u{301}", "'", "a%e", "\0", "acme\0"] {
            #expect(try await found(word).isEmpty, "\(word)")
        }
        #expect(try await found("/").count == 4)
    }

    @Test("tags are whole, and may hold what patterns and JSON mean something by")
    func tags() async throws {
        let fixture = try await HubFixture()
        let key = try await fixture.create("model:a/one")
        let tags = ["license:mit", "50%_off", "say \"hi\"", "a/b", "ü"]
        let card = Card(data: .object([.init(key: "tags", value: .array(tags.map(JSONValue.string)))]))
        try await fixture.hub.store.noteHead(
            HeadFacts(commit: try #require(ObjectID(String(repeating: "1", count: 40))), card: card, kind: .model),
            of: key)
        func count(_ tag: String) async throws -> Int {
            var query = RepositoryQuery(kind: .model)
            query.tags = [tag]
            return try await names(fixture, query).count
        }
        for tag in tags { #expect(try await count(tag) == 1, "\(tag)") }
        for tag in ["mit", "license:mi", "50x_off", "50%xoff", "b"] { #expect(try await count(tag) == 0, "\(tag)") }
    }

    @Test("lists and feed show each one what he may discover")
    func visibility() async throws {
        let fixture = try await HubFixture()
        let ada = try await fixture.principal("ada")
        let bob = try await fixture.principal("bob")
        let root = try await fixture.principal("root", scope: .admin, isAdministrator: true)
        for (name, visibility) in [("open", Repository.Visibility.public), ("inside", .internal), ("secret", .private)]
        {
            let key = try await fixture.create("model:ada/\(name)", visibility)
            let ref = try #require(RefName.branch("main"))
            try await fixture.hub.store.moveRef(
                ref, of: key, from: nil, to: try #require(ObjectID(String(repeating: "2", count: 40))),
                changeLog: name, card: nil, tags: [], links: [])
        }
        for (principal, expected) in [
            (Principal.anonymous, ["open"]), (bob, ["open", "inside"]), (ada, ["open", "inside", "secret"]),
            (root, ["open", "inside", "secret"]),
        ] {
            let listed = try await fixture.hub.store.list(RepositoryQuery(kind: .model), for: principal)
            #expect(
                Set(listed.items.map(\.repository.id.name)) == Set(expected) && listed.total == Int64(expected.count))
            let feed = try await fixture.hub.store.feed(after: 0, limit: 10, for: principal)
            #expect(feed.entries.map(\.changeLog) == expected)
        }
    }

    @Test("the feed is in order, pages by its cursor, and bears odd limits")
    func feed() async throws {
        let fixture = try await HubFixture()
        let key = try await fixture.create("model:a/one")
        try await fixture.hub.database.write { connection in
            for number in 1...5 {
                guard let commit = ObjectID(String(repeating: "\(number)", count: 40)) else { return }
                try RepositoryStore.appendToFeed(commit, of: key, changeLog: "\(number)", now: 0, in: connection)
            }
        }
        let first = try await fixture.hub.store.feed(after: 0, limit: 2, for: .anonymous)
        #expect(first.entries.map(\.changeLog) == ["1", "2"] && first.hasMore)
        let rest = try await fixture.hub.store.feed(
            after: try #require(first.entries.last).version, limit: 3, for: .anonymous)
        #expect(rest.entries.map(\.changeLog) == ["3", "4", "5"] && !rest.hasMore)
        for limit in [-1, 0, Int.max] {
            let page = try await fixture.hub.store.feed(after: 0, limit: limit, for: .anonymous)
            #expect(page.entries.count == (limit > 0 ? 5 : 0))
        }
    }
}
