import SQL
import Testing

@testable import HubCore

@Suite("Collections")
struct CollectionTests {
    private let world: CommunityWorld
    private let collections: Collections

    init() async throws {
        world = try await CommunityWorld()
        collections = Collections(store: world.fixture.hub.store, authorizer: world.fixture.authorizer)
    }

    private func make(_ title: String, isPrivate: Bool = false, by user: String = "ada") async throws
        -> RepositoryCollection
    {
        let creation = try await collections.create(
            title: title, description: nil, namespace: user, isPrivate: isPrivate,
            by: try await world.fixture.principal(user))
        guard case .made(let made) = creation else { throw HubError(.conflict, "It exists.") }
        return made
    }

    @Test("a slug follows the title while the id stays, and a second one of the same title is told the first")
    func slugs() async throws {
        let made = try await make("Últimate  Models! 2")
        #expect(made.slug == "ada/ltimate-models-2-\(made.id)")
        #expect(made.id.description.count == 24)
        let ada = try await world.fixture.principal("ada")
        var change = CollectionChange()
        change.title = "Other"
        let renamed = try await collections.update(made.id, in: "ada", change, by: ada)
        #expect(renamed.slug == "ada/other-\(made.id)")
        let again = try await collections.create(
            title: "Other", description: nil, namespace: "ADA", isPrivate: false, by: ada)
        guard case .exists(let known) = again else {
            Issue.record("a second one was made")
            return
        }
        #expect(known.slug == renamed.slug)
    }

    @Test("a private collection does not exist for others, in reads, lists and changes alike")
    func hidden() async throws {
        let made = try await make("Secret", isPrivate: true)
        let bob = try await world.fixture.principal("bob")
        for principal in [.anonymous, bob] {
            let read = await hubError { _ = try await collections.collection(made.id, in: "ada", for: principal) }
            #expect(read?.code == .notFound)
            var query = CollectionQuery()
            query.owners = ["ada"]
            #expect(try await collections.list(query, for: principal).collections.isEmpty)
            let change = await hubError {
                _ = try await collections.update(made.id, in: "ada", CollectionChange(), by: principal)
            }
            #expect(change?.code == .notFound)
        }
        #expect(
            try await collections.list(CollectionQuery(), for: try await world.fixture.principal("ada")).collections
                .map(\.id) == [made.id])
    }

    @Test("S2: only its keeper changes a collection, and an id does not reach into another namespace")
    func keepers() async throws {
        let made = try await make("Open")
        let bob = try await world.fixture.principal("bob")
        let removal = await hubError { try await collections.delete(made.id, in: "ada", by: bob) }
        #expect(removal?.code == .forbidden)
        let disguised = await hubError { try await collections.delete(made.id, in: "bob", by: bob) }
        #expect(disguised?.code == .notFound)
        let reader = try await world.fixture.principal("ada", scope: .read)
        let reading = await hubError { try await collections.delete(made.id, in: "ada", by: reader) }
        #expect(reading?.code == .forbidden)
        #expect(try await collections.collection(made.id, in: "ada", for: .anonymous).title == "Open")
    }

    @Test("items keep their order, make room, and show a private repository only to who may see it")
    func items() async throws {
        let made = try await make("Things")
        try await world.fixture.create("dataset:ada/hidden", .private)
        let ada = try await world.fixture.principal("ada")
        for subject in ["models/ada/m", "datasets/ada/hidden", "papers/2307.09288"] {
            let subject = try #require(CollectionSubject(filter: subject))
            _ = try await collections.add(subject, note: nil, to: made.id, in: "ada", by: ada)
        }
        let mine = try await collections.collection(made.id, in: "ada", for: ada)
        #expect(mine.items.map(\.position) == [0, 1, 2])
        let paper = try #require(mine.items.last)
        let moved = try await collections.update(
            item: paper.id, note: " read this ", position: 0, of: made.id, in: "ada", by: ada)
        #expect(moved.items.map(\.position) == [0, 1, 2])
        #expect(moved.items.first?.subject == .paper("2307.09288"))
        #expect(moved.items.first?.note == "read this")
        let seen = try await collections.collection(made.id, in: "ada", for: .anonymous)
        #expect(seen.items.count == 2)

        let twice = try await collections.add(.paper("2307.09288"), note: nil, to: made.id, in: "ada", by: ada)
        guard case .exists = twice else {
            Issue.record("it was added twice")
            return
        }
        let other = try await make("Other")
        let foreign = await hubError {
            _ = try await collections.remove(item: paper.id, of: other.id, in: "ada", by: ada)
        }
        #expect(foreign?.code == .notFound)
        #expect(try await collections.remove(item: paper.id, of: made.id, in: "ada", by: ada).items.count == 2)
    }

    @Test("a collection holds others by their slugs, is found by them, and loses those that are removed")
    func nested() async throws {
        let outer = try await make("Outer")
        let inner = try await make("Inner", by: "bob")
        let ada = try await world.fixture.principal("ada")
        let subject = try CollectionSubject(type: "collection", id: inner.slug)
        guard case .made(let filled) = try await collections.add(subject, note: "see", to: outer.id, in: "ada", by: ada)
        else { throw HubError(.conflict, "It is there.") }
        #expect(filled.items.map(\.subject) == [.collection(inner)] && filled.items.first?.note == "see")
        guard case .exists = try await collections.add(subject, note: nil, to: outer.id, in: "ada", by: ada) else {
            Issue.record("it was added twice")
            return
        }
        let own = await hubError {
            _ = try await collections.add(
                try CollectionSubject(type: "collection", id: outer.slug), note: nil, to: outer.id, in: "ada", by: ada)
        }
        #expect(own?.code == .badRequest)
        var query = CollectionQuery()
        query.items = [try #require(CollectionSubject(filter: "collections/\(inner.slug)"))]
        #expect(try await collections.list(query, for: .anonymous).collections.map(\.id) == [outer.id])
        try await collections.delete(inner.id, in: "bob", by: try await world.fixture.principal("bob"))
        #expect(try await collections.collection(outer.id, in: "ada", for: ada).items.isEmpty)
    }

    @Test("S2: a private collection inside another is shown to nobody else, and a foreign one cannot be put there")
    func nestedInPrivate() async throws {
        let outer = try await make("Outer")
        let inner = try await make("Inner", isPrivate: true)
        let ada = try await world.fixture.principal("ada")
        let bob = try await world.fixture.principal("bob")
        let subject = try CollectionSubject(type: "collection", id: inner.slug)
        _ = try await collections.add(subject, note: nil, to: outer.id, in: "ada", by: ada)
        #expect(try await collections.collection(outer.id, in: "ada", for: ada).items.count == 1)
        for principal in [.anonymous, bob] {
            #expect(try await collections.collection(outer.id, in: "ada", for: principal).items.isEmpty)
            let listed = try await collections.list(CollectionQuery(), for: principal).collections
            #expect(listed.map(\.id) == [outer.id] && listed.allSatisfy(\.items.isEmpty))
            var query = CollectionQuery()
            query.items = [subject]
            #expect(try await collections.list(query, for: principal).collections.isEmpty)
        }
        let others = try await make("Of bob", by: "bob")
        let error = await hubError {
            _ = try await collections.add(subject, note: nil, to: others.id, in: "bob", by: bob)
        }
        #expect(error?.code == .notFound)
        // The right name with a wrong owner names nothing.
        let disguised = try CollectionSubject(type: "collection", id: "bob/inner-\(inner.id)")
        let wrong = await hubError {
            _ = try await collections.add(disguised, note: nil, to: others.id, in: "bob", by: bob)
        }
        #expect(wrong?.code == .notFound)
    }

    @Test("what is no slug names no collection", arguments: ["ada", "ada/", "ada/x/y", "ada/inner", ""])
    func slugsThatAreNone(_ slug: String) {
        #expect(throws: HubError.self) { try CollectionSubject(type: "collection", id: slug) }
    }

    @Test("a repository one may not see cannot be put into a collection, nor found by it")
    func unseen() async throws {
        try await world.fixture.create("model:ada/hidden", .private)
        let made = try await make("Of bob", by: "bob")
        let bob = try await world.fixture.principal("bob")
        let subject = try #require(CollectionSubject(filter: "models/ada/hidden"))
        let error = await hubError {
            _ = try await collections.add(subject, note: nil, to: made.id, in: "bob", by: bob)
        }
        #expect(error?.code == .notFound)
        var query = CollectionQuery()
        query.items = [subject]
        #expect(try await collections.list(query, for: bob).collections.isEmpty)
    }

    @Test("a removed repository leaves its discussions, likes and places in collections behind nowhere")
    func removal() async throws {
        let made = try await make("Things")
        let ada = try await world.fixture.principal("ada")
        _ = try await collections.add(
            try #require(CollectionSubject(filter: "models/ada/m")), note: nil, to: made.id, in: "ada", by: ada)
        _ = try await world.discussions.openPullRequest(
            title: "Topic", description: "text", in: try await world.open("bob"))
        try await Likes(store: world.fixture.hub.store).like(try await world.open("bob"))
        try await world.repositories.delete(try await world.open("ada", "model:ada/m", .delete))
        #expect(try await collections.collection(made.id, in: "ada", for: ada).items.isEmpty)
        let rows = try await world.fixture.hub.database.read { connection in
            try ["discussions", "discussion_events", "discussion_numbers", "likes", "collection_items"].map {
                try connection.first("SELECT COUNT(*) AS n FROM \($0)")?.integer("n")
            }
        }
        #expect(rows == [0, 0, 0, 0, 0])
    }
}
