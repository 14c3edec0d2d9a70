import HTTPTypes
import HubCore
import HubServer
import Testing

@Suite("CSGHub: users and organisations")
struct CSGHubOrganisationTests {
    private func administrator(_ fixture: CSGHubFixture) async throws -> String {
        let root = try await fixture.hub.identities.createUser("root", isAdministrator: true)
        return try await fixture.hub.identities.createToken(for: root, name: "t", scope: .admin, expiresAt: nil)
            .reveal()
    }

    @Test("an organisation is founded, filled with members by role, changed and dissolved")
    func life() async throws {
        let fixture = try await CSGHubFixture()
        let admin = try await administrator(fixture)
        let alice = try await fixture.hub.token(for: "alice")
        _ = try await fixture.hub.token(for: "bob")
        let body = #"{"name":"acme","nickname":"Acme Ltd","description":"Makes things","org_type":"company"}"#
        #expect(try await fixture.send(.post, "/organizations", body, token: alice).status == 403)
        let made = try await fixture.send(.post, "/organizations", body, token: admin)
        #expect(made.status == 200, "\(made.text)")
        let data = made.json["data"]
        #expect(data?["path"]?.string == "acme" && data?["name"]?.string == "Acme Ltd")
        #expect(data?["role"]?.string == "admin" && data?["org_type"]?.string == "company")
        let members = "/organization/acme/members"
        #expect(
            try await fixture.send(.post, members, #"{"users":"alice, bob","role":"write"}"#, token: admin).status
                == 200)
        #expect(
            try await fixture.send(.post, members, #"{"users":"carol","role":"write"}"#, token: admin).status == 404)
        #expect(try await fixture.send(.post, members, #"{"users":"bob","role":"boss"}"#, token: admin).status == 400)
        #expect(try await fixture.send(.post, members, #"{"users":"bob","role":"read"}"#, token: alice).status == 403)
        let listed = try await fixture.get("\(members)?per=2&page=1", token: alice)
        #expect(listed.json["data"]?["total"]?.integer == 3)
        #expect(
            listed.json["data"]?["data"]?.elements.map { "\($0["username"]?.string ?? ""):\($0["role"]?.string ?? "")" }
                == ["alice:write", "bob:write"])
        #expect(
            try await fixture.send(
                .put, "\(members)/bob", #"{"old_role":"read","new_role":"admin"}"#, token: admin
            ).status == 412)
        #expect(
            try await fixture.send(
                .put, "\(members)/bob", #"{"old_role":"write","new_role":"read"}"#, token: admin
            ).status == 200)
        #expect(try await fixture.get("\(members)/bob", token: alice).json["data"]?.string == "read")
        #expect(try await fixture.send(.delete, "\(members)/bob", #"{"role":"read"}"#, token: admin).status == 200)
        #expect(try await fixture.get("\(members)/bob", token: alice).json["data"]?.string == "")
        #expect(try await fixture.send(.delete, "\(members)/root", token: admin).status == 409)
        let renamed = try await fixture.send(.put, "/organization/acme", #"{"nickname":"Acme"}"#, token: admin)
        #expect(renamed.json["data"]?["name"]?.string == "Acme")
        #expect(renamed.json["data"]?["description"]?.string == "Makes things")
        #expect(try await fixture.send(.put, "/organization/acme", #"{"nickname":"X"}"#, token: alice).status == 403)
        let script = try await fixture.send(
            .put, "/organization/acme", #"{"homepage":"javascript:alert(1)"}"#, token: admin)
        #expect(script.status == 400)
        let found = try await fixture.get("/organizations?search=ACM", token: alice)
        #expect(found.json["data"]?["total"]?.integer == 1)
        #expect(try await fixture.get("/organizations").status == 401)
    }

    @Test("members write to what their organisation has, and answers say so; it is dissolved when it has nothing")
    func rights() async throws {
        let fixture = try await CSGHubFixture()
        let admin = try await administrator(fixture)
        let (alice, bob) = (try await fixture.hub.token(for: "alice"), try await fixture.hub.token(for: "bob"))
        _ = try await fixture.send(.post, "/organizations", #"{"name":"acme"}"#, token: admin)
        for (name, role) in [("alice", "write"), ("bob", "read")] {
            _ = try await fixture.send(
                .post, "/organization/acme/members", #"{"users":"\#(name)","role":"\#(role)"}"#, token: admin)
        }
        let body = #"{"namespace":"acme","name":"m","private":true}"#
        #expect(try await fixture.send(.post, "/models", body, token: bob).status == 403)
        #expect(try await fixture.send(.post, "/models", body, token: alice).status == 200)
        func rights(_ path: String, _ token: String?) async throws -> [Bool?] {
            let data = try await fixture.get(path, token: token).json["data"]
            let shown = data?.elements.first ?? data
            return [shown?["can_write"]?.flag, shown?["can_manage"]?.flag]
        }
        for path in ["/models/acme/m", "/models", "/organization/acme/models"] {
            #expect(try await rights(path, alice) == [true, false], "\(path)")
            #expect(try await rights(path, bob) == [false, false], "\(path)")
            #expect(try await rights(path, admin) == [true, true], "\(path)")
        }
        let reading = try await fixture.hub.token(for: "alice", scope: .read)
        #expect(try await rights("/models/acme/m", reading) == [false, false])
        #expect(
            try await fixture.get("/models/acme/m", token: alice).json["data"]?["namespace"]?["NSType"]?.string
                == "organization")
        let strange = try await fixture.get("/organization/acme/models")
        #expect(strange.json["total"]?.integer == 0 && strange.json["message"]?.string == "OK")
        #expect(try await fixture.send(.delete, "/organization/acme", token: admin).status == 409)
        #expect(try await fixture.send(.delete, "/models/acme/m", token: admin).status == 200)
        #expect(try await fixture.send(.delete, "/organization/acme", token: alice).status == 403)
        #expect(try await fixture.send(.delete, "/organization/acme", token: admin).status == 200)
        #expect(try await fixture.get("/organization/acme", token: alice).status == 404)
        // Nobody mirrors anything into the name afterwards.
        #expect(try await fixture.hub.store.isLocalNamespace("acme"))
    }

    @Test("users say who they are; only they and administrators see addresses, and accounts are shut, not handed on")
    func users() async throws {
        let fixture = try await CSGHubFixture()
        let admin = try await administrator(fixture)
        let (alice, bob) = (try await fixture.hub.token(for: "alice"), try await fixture.hub.token(for: "bob"))
        let body = #"{"name":"Alice A.","email":"a@example.com","bio":"hello","homepage":"https://a.example.com"}"#
        #expect(try await fixture.send(.put, "/user/alice", body, token: alice).json["msg"]?.string == "OK")
        #expect(try await fixture.send(.put, "/user/alice", body, token: bob).status == 401)
        let own = try await fixture.get("/user/alice", token: alice).json["data"]
        #expect(own?["nickname"]?.string == "Alice A." && own?["email"]?.string == "a@example.com")
        let other = try await fixture.get("/user/alice", token: bob).json["data"]
        #expect(other?["bio"]?.string == "hello" && other?["email"] == nil)
        #expect(try await fixture.send(.put, "/user/alice", #"{"roles":["admin"]}"#, token: alice).status == 403)
        #expect(try await fixture.send(.put, "/user/alice", #"{"new_username":"eve"}"#, token: alice).status == 400)
        let found = try await fixture.get("/users?search=ali", token: bob)
        #expect(found.json["data"]?["total"]?.integer == 1)
        #expect(try await fixture.get("/user/alice/organizations", token: bob).json["data"]?["total"]?.integer == 0)
        #expect(try await fixture.send(.delete, "/user/alice", token: bob).status == 403)
        #expect(try await fixture.send(.delete, "/user/root", token: admin).status == 400)
        #expect(try await fixture.send(.delete, "/user/alice", token: admin).status == 200)
        #expect(try await fixture.get("/user/alice", token: bob).status == 404)
        #expect(try await fixture.get("/user/bob", token: alice).status == 401)
        #expect(try await fixture.get("/users?search=ali", token: bob).json["data"]?["total"]?.integer == 0)
    }

    @Test("robots are in no list of people")
    func robots() async throws {
        let fixture = try await CSGHubFixture()
        let store = fixture.hub.store
        let alice = try await fixture.hub.token(for: "alice")
        let user = try #require(try await fixture.hub.identities.user(named: "alice"))
        let organisation = try await store.organisations.createAsOperator("acme", owner: user)
        _ = try await store.robots.create("builder", role: .writer, expiresAt: nil, in: organisation)
        let members = try await fixture.get("/organization/acme/members", token: alice)
        #expect(members.json["data"]?["data"]?.elements.map { $0["username"]?.string } == ["alice"], "\(members.text)")
        let users = try await fixture.get("/users?search=acme", token: alice)
        #expect(users.json["data"]?["total"]?.integer == 0, "\(users.text)")
        let caller = Principal(
            user: user, token: TokenGrant(id: 0, name: "t", scope: .read, createdAt: user.createdAt))
        #expect(try await store.organisations.accounts(like: "acme", limit: 9, seenBy: caller).isEmpty)
        #expect(try await store.organisations.accounts(like: "ali", limit: 9, seenBy: caller) == [user])
    }
}
