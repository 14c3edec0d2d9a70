import SQL
import Testing

@testable import HubCore

@Suite("What applications in spaces are told")
struct SpaceEntryTests {
    private let fixture: HubFixture
    private let entries: SpaceEntries

    init() async throws {
        fixture = try await HubFixture()
        entries = try fixture.hub.spaceEntries()
        for name in ["app", "other"] { try await fixture.create("space:ada/\(name)") }
    }

    private func open(_ name: String = "app", _ verb: Verb = .settings) async throws -> Repository {
        try await fixture.authorizer.open(
            try await fixture.principal("ada"), verb, try HubFixture.id("space:ada/\(name)"))
    }

    @Test("a secret is written, told to the application, and neither listed nor stored as it is")
    func secrets() async throws {
        let space = try await open()
        try await entries.set("API_KEY", to: Secret("s3cret value"), description: "for the API", .secret, of: space)
        try await entries.set("MODEL", to: Secret("ada/m"), description: nil, .variable, of: space)
        let listed = try await entries.list(.secret, of: space)
        #expect(listed.map(\.key) == ["API_KEY"] && listed.map(\.value) == [nil])
        #expect(listed.map(\.description) == ["for the API"])
        #expect(try await entries.list(.variable, of: space).map(\.value) == ["ada/m"])
        let told = try await entries.environment(of: space)
        #expect(told.mapValues { $0.reveal() } == ["API_KEY": "s3cret value", "MODEL": "ada/m"])
        let rows = try await fixture.hub.database.read { connection in
            try connection.query("SELECT content FROM space_entries UNION ALL SELECT detail FROM audit").map {
                try $0.text("content")
            }
        }
        #expect(rows.contains("ada/m") && !rows.joined().contains("s3cret"))
        // Setting it again keeps what was said of it.
        try await entries.set("API_KEY", to: Secret("new"), description: nil, .secret, of: space)
        #expect(try await entries.list(.secret, of: space).map(\.description) == ["for the API"])
        #expect(try await entries.environment(of: space)["API_KEY"]?.reveal() == "new")
    }

    @Test("a sealed secret opens with its own key and in its own place only")
    func sealed() async throws {
        let (space, other) = (try await open(), try await open("other"))
        try await entries.set("KEY", to: Secret("s3cret"), description: nil, .secret, of: space)
        let foreign = SpaceEntries(store: fixture.hub.store, key: Array(repeating: 1, count: 32))
        #expect(await hubError { _ = try await foreign.environment(of: space) }?.code == .storageCorrupt)
        try await fixture.hub.database.write { connection in
            try connection.execute("UPDATE space_entries SET repository_id = ?", [.integer(other.key)])
        }
        #expect(await hubError { _ = try await entries.environment(of: other) }?.code == .storageCorrupt)
    }

    @Test("one name is one thing; what is removed is gone, and all goes with the space")
    func removal() async throws {
        let space = try await open()
        try await entries.set("KEY", to: Secret("x"), description: nil, .secret, of: space)
        let twice = await hubError {
            try await entries.set("KEY", to: Secret("y"), description: nil, .variable, of: space)
        }
        #expect(twice?.code == .conflict)
        #expect(await hubError { try await entries.remove("KEY", .variable, of: space) }?.code == .notFound)
        let other = try await open("other")
        #expect(await hubError { try await entries.remove("KEY", .secret, of: other) }?.code == .notFound)
        try await entries.remove("KEY", .secret, of: space)
        #expect(try await entries.environment(of: space).isEmpty)
        try await entries.set("KEY", to: Secret("x"), description: nil, .secret, of: space)
        try await fixture.repositories.delete(try await open("app", .delete))
        let left = try await fixture.hub.database.read { try $0.query("SELECT name FROM space_entries") }
        #expect(left.isEmpty)
    }

    @Test("names that no environment takes are refused", arguments: ["", "1X", "A-B", "A B", "Ä", "A=B", "A\nB"])
    func names(key: String) async throws {
        let space = try await open()
        let error = await hubError {
            try await entries.set(key, to: Secret("x"), description: nil, .variable, of: space)
        }
        #expect(error?.code == .badRequest)
    }

    @Test("who opened a space for less, or no space, changes nothing")
    func verbs() async throws {
        let reading = try await open("app", .metaRead)
        #expect(await hubError { _ = try await entries.list(.secret, of: reading) }?.code == .internalError)
        try await fixture.create("model:ada/m")
        let model = try await fixture.authorizer.open(
            try await fixture.principal("ada"), .settings, try HubFixture.id("model:ada/m"))
        let error = await hubError {
            try await entries.set("KEY", to: Secret("x"), description: nil, .secret, of: model)
        }
        #expect(error?.code == .internalError)
    }
}
