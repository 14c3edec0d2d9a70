import HTTPTypes
import HubCore
import SQL
import Testing

@testable import HubServer

@Suite("Fields that nobody asked for")
struct MassAssignmentTests {
    /// Everything that says who may do what, as text, without what a request is meant to change.
    private func privileges(_ world: SurfaceWorld) async throws -> [String] {
        try await world.hub.database.read { connection in
            try [
                "SELECT id || name || is_administrator || is_disabled AS line FROM users ORDER BY id",
                "SELECT id || user_id || scope || COALESCE(resources, '') AS line FROM access_tokens ORDER BY id",
                "SELECT organisation_id || user_id || role AS line FROM memberships ORDER BY 1",
                "SELECT id || subject || role || effect AS line FROM grants ORDER BY id",
                """
                SELECT id || kind || namespace_key || visibility || origin || COALESCE(created_by, 0)
                    || COALESCE(mirror, '') || downloads AS line
                FROM repositories ORDER BY id
                """,
            ].flatMap { sql in try connection.query(sql).map { try $0.text("line") } }
        }
    }

    @Test("S6: every column's name as a field of every body that writes changes no privilege")
    func columns() async throws {
        let world = try await SurfaceWorld()
        let ada = try await world.token("ada")
        _ = try await world.token("root", .admin, isAdministrator: true)
        let user = try #require(try await world.hub.identities.user(named: "ada"))
        _ = try await world.hub.store.organisations.createAsOperator("acme", owner: user)
        try await world.create("model:ada/m")
        _ = try await world.put("content", into: "model:ada/m")
        let names = try await world.hub.database.read { connection in
            let tables = try connection.query("SELECT name FROM sqlite_master WHERE type = 'table'")
                .map { try $0.text("name") }
            return try tables.flatMap { table in
                try connection.query("SELECT name FROM pragma_table_info('\(table)')").map { try $0.text("name") }
            }
        }
        let columns = Set(names).subtracting(["name", "visibility"]).sorted()
        #expect(columns.contains("is_administrator") && columns.contains("created_by"))
        func camel(_ name: String) -> String {
            let words = name.split(separator: "_")
            return ([String(words[0])] + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }).joined()
        }
        let bodies = ["1", "\"admin\"", "\"root\"", "true"].map { value in
            Set(columns + columns.map(camel)).sorted().map { "\"\($0)\":\(value)" }.joined(separator: ",")
        }
        let before = try await privileges(world)
        for extra in bodies {
            for (method, target, own) in [
                (HTTPRequest.Method.put, "/api/models/ada/m/settings", "\"discussionsDisabled\":false"),
                (.post, "/api/models/ada/m/discussions", "\"title\":\"T\",\"description\":\"d\""),
                (.post, "/api/models/ada/m/branch/side", "\"startingPoint\":\"main\""),
                (.put, "/api/v1/models/ada/m", "\"nickname\":\"x\""),
                (.post, "/api/models/ada/m/commit/main", ""),
                (.post, "/api/models/ada/m/preupload/main", "\"files\":[]"),
                (.put, "/api/gateway/v1/organizations/acme/members/ada", "\"role\":\"admin\""),
                (.patch, "/api/gateway/v1/users/ada", "\"isDisabled\":false"),
                (.post, "/api/gateway/v1/users", "\"name\":\"eve\""),
            ] {
                let body = "{\(own)\(own.isEmpty ? "" : ",")\(extra)}"
                let answer = try await world.ask(
                    method, target, token: ada, headers: [.contentType: "application/json"], body: body)
                #expect(answer.status < 500, "\(target): \(answer.status) \(answer.text.prefix(300))")
                let after = try await privileges(world)
                #expect(after == before, "\(method) \(target): \(answer.status)")
            }
        }
        let setting = try await world.hub.store.setting(
            "discussionsDisabled", of: world.authorizer.openAsOperator(.metaRead, world.id("model:ada/m")).key)
        #expect(setting == .boolean(false), "the requests did reach their handlers")
    }
}
