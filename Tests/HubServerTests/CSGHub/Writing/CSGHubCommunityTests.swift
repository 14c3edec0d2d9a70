import HTTPTypes
import HubCore
import HubServer
import Testing

@Suite("CSGHub: tags, likes and discussions")
struct CSGHubCommunityTests {
    private func administrator(_ fixture: CSGHubFixture) async throws -> String {
        let root = try await fixture.hub.identities.createUser("root", isAdministrator: true)
        return try await fixture.hub.identities.createToken(for: root, name: "t", scope: .admin, expiresAt: nil)
            .reveal()
    }

    @Test("tags are given by category, shown, and found by, and a card's own stay")
    func tags() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.made()
        let given = try await fixture.send(
            .post, "/models/alice/m/tags/industry", #"["finance","health"]"#, token: token)
        #expect(given.status == 200, "\(given.text)")
        let data = try await fixture.get("/models/alice/m/tags").json["data"]?.elements ?? []
        #expect(
            data.map { "\($0["category"]?.string ?? ""):\($0["name"]?.string ?? "")" }
                == ["license:mit", "industry:finance", "industry:health"])
        let found = try await fixture.get("/models?tag_category=industry&tag_name=finance")
        #expect(found.json["total"]?.integer == 1)
        _ = try await fixture.send(.post, "/models/alice/m/tags/industry", #"["law"]"#, token: token)
        #expect(try await fixture.get("/models?tag_category=industry&tag_name=finance").json["total"] == nil)
        #expect(try await fixture.get("/models?tag_category=license&tag_name=mit").json["total"]?.integer == 1)
        let unknown = try await fixture.send(.post, "/models/alice/m/tags/mood", #"["sad"]"#, token: token)
        #expect(unknown.status == 404)
        let stranger = try await fixture.hub.token(for: "mallory")
        #expect(
            try await fixture.send(.post, "/models/alice/m/tags/industry", #"["x"]"#, token: stranger).status == 403)
    }

    @Test("administrators lay down a vocabulary, and nobody else does")
    func vocabulary() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.made()
        let admin = try await administrator(fixture)
        let refused = try await fixture.send(
            .post, "/tags/categories", #"{"name":"tier","scope":"model"}"#, token: token)
        #expect(refused.status == 403)
        let category = try await fixture.send(
            .post, "/tags/categories", #"{"name":"tier","scope":"model","show_name":"Tier"}"#, token: admin)
        #expect(category.status == 200, "\(category.text)")
        let again = try await fixture.send(
            .post, "/tags/categories", #"{"name":"tier","scope":"model"}"#, token: admin)
        #expect(again.status == 409)
        let names = try await fixture.get("/tags/categories").json["data"]?.elements.compactMap { $0["name"]?.string }
        #expect(names?.contains("tier") == true && names?.contains("license") == true)
        let tag = try await fixture.send(
            .post, "/tags", #"{"name":"gold","category":"tier","scope":"model"}"#, token: admin)
        let id = try #require(tag.json["data"]?["id"]?.integer)
        let bad = try await fixture.send(.post, "/models/alice/m/tags/tier", #"["silver"]"#, token: token)
        #expect(bad.status == 400)
        let given = try await fixture.send(.post, "/models/alice/m/tags/tier", #"["gold"]"#, token: token)
        #expect(given.status == 200)
        let renamed = try await fixture.send(.put, "/tags/\(id)", #"{"name":"first"}"#, token: admin)
        #expect(renamed.json["data"]?["name"]?.string == "first")
        #expect(try await fixture.get("/models?tag_category=tier&tag_name=first").json["total"]?.integer == 1)
        let full = try #require(category.json["data"]?["id"]?.integer)
        #expect(try await fixture.send(.delete, "/tags/categories/\(full)", token: admin).status == 409)
        #expect(try await fixture.send(.delete, "/tags/\(id)", token: admin).status == 200)
        #expect(try await fixture.get("/models?tag_category=tier&tag_name=first").json["total"] == nil)
        #expect(try await fixture.send(.delete, "/tags/categories/\(full)", token: admin).status == 200)
        #expect(try await fixture.send(.delete, "/tags/categories/1", token: admin).status == 403)
        #expect(try await fixture.get("/tags?category=tier").json["data"]?.elements.isEmpty == true)
    }

    @Test("a like counts once, by the user himself, for what he can see")
    func likes() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.made()
        let id = try #require(try await fixture.get("/models/alice/m").json["data"]?["repository_id"]?.integer)
        let bob = try await fixture.hub.token(for: "bob")
        for _ in 0..<2 {
            #expect(try await fixture.send(.put, "/user/bob/likes/\(id)", token: bob).status == 200)
        }
        var data = try await fixture.get("/models/alice/m", token: bob).json["data"]
        #expect(data?["likes"]?.integer == 1)
        #expect(data?["user_likes"] == .boolean(true))
        #expect(try await fixture.get("/models/alice/m", token: token).json["data"]?["user_likes"] == .boolean(false))
        let liked = try await fixture.get("/user/bob/likes/models", token: bob).json
        #expect(liked["data"]?.elements.compactMap { $0["path"]?.string } == ["alice/m"])
        #expect(try await fixture.get("/user/bob/likes/datasets", token: bob).json["data"]?.elements.isEmpty == true)
        let other = try await fixture.send(.put, "/user/alice/likes/\(id)", token: bob)
        #expect(other.status == 401 && other.json["code"]?.string == "AUTH-ERR-7")
        #expect(try await fixture.send(.delete, "/user/bob/likes/\(id)", token: bob).status == 200)
        data = try await fixture.get("/models/alice/m", token: bob).json["data"]
        #expect(data?["likes"]?.integer == 0)
        let secret = try await fixture.hub.create("model:alice/secret", visibility: .private)
        let hidden = try await fixture.send(.put, "/user/bob/likes/\(secret)", token: bob)
        let missing = try await fixture.send(.put, "/user/bob/likes/12345", token: bob)
        #expect(hidden.status == 404 && missing.status == 404)
        #expect(hidden.json["msg"]?.string?.replacing("\(secret)", with: "12345") == missing.json["msg"]?.string)
    }

    @Test("a user's repositories are listed by kind, the private ones for himself")
    func ofUser() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.made()
        _ = try await fixture.send(
            .post, "/models", #"{"namespace":"alice","name":"n","private":true}"#, token: token)
        #expect(try await fixture.get("/user/Alice/models").json["total"]?.integer == 1)
        #expect(try await fixture.get("/user/alice/models", token: token).json["total"]?.integer == 2)
        #expect(try await fixture.get("/user/alice/datasets", token: token).json["total"]?.integer == 0)
        #expect(try await fixture.get("/user/nobody/models").json["data"]?.elements.isEmpty == true)
    }

    @Test("a discussion is opened, talked in, changed by who wrote it and removed")
    func discussions() async throws {
        let fixture = try await CSGHubFixture()
        let alice = try await fixture.made()
        let bob = try await fixture.hub.token(for: "bob")
        let opened = try await fixture.send(
            .post, "/models/alice/m/discussions", #"{"title":"How fast?"}"#, token: bob)
        let data = try #require(opened.json["data"])
        #expect(data.keys == ["comment_count", "created_at", "id", "title", "user"] || data.keys.count == 5)
        #expect(data["user"]?["username"]?.string == "bob")
        let id = try #require(data["id"]?.integer)
        let said = try await fixture.send(
            .post, "/discussions/\(id)/comments", #"{"content":"Very."}"#, token: alice)
        let comment = try #require(said.json["data"]?["id"]?.integer)
        #expect(said.json["data"]?["content"]?.string == "Very.")
        let listed = try await fixture.get("/models/alice/m/discussions").json["data"]?["discussions"]?.elements
        #expect(listed?.first?["id"]?.integer == id)
        #expect(listed?.first?["comment_count"]?.integer == 1)
        let foreign = try await fixture.send(
            .put, "/discussions/\(id)/comments/\(comment)", #"{"content":"No."}"#, token: bob)
        #expect(foreign.status == 403)
        let edited = try await fixture.send(
            .put, "/discussions/\(id)/comments/\(comment)", #"{"content":"Quite."}"#, token: alice)
        #expect(edited.status == 200)
        let comments = try await fixture.get("/discussions/\(id)/comments", token: bob).json["data"]?.elements
        #expect(comments?.compactMap { $0["content"]?.string } == ["Quite."])
        #expect(try await fixture.send(.put, "/discussions/\(id)", #"{"title":"How slow?"}"#, token: bob).status == 200)
        #expect(
            try await fixture.get("/discussions/\(id)", token: bob).json["data"]?["title"]?.string == "How slow?")
        let hidden = try await fixture.send(.delete, "/discussions/\(id)/comments/\(comment)", token: alice)
        #expect(hidden.status == 200)
        #expect(try await fixture.get("/discussions/\(id)/comments", token: bob).json["data"]?.elements.isEmpty == true)
        let mallory = try await fixture.hub.token(for: "mallory")
        #expect(try await fixture.send(.delete, "/discussions/\(id)", token: mallory).status == 403)
        #expect(try await fixture.send(.delete, "/discussions/\(id)", token: bob).status == 200)
        #expect(try await fixture.get("/discussions/\(id)", token: bob).status == 404)
    }

    @Test("a discussion of a private repository is as little there as one nobody opened")
    func privateDiscussion() async throws {
        let fixture = try await CSGHubFixture()
        let alice = try await fixture.made(#"{"namespace":"alice","name":"m","private":true}"#)
        let opened = try await fixture.send(
            .post, "/models/alice/m/discussions", #"{"title":"Between us"}"#, token: alice)
        let id = try #require(opened.json["data"]?["id"]?.integer)
        let bob = try await fixture.hub.token(for: "bob")
        for (method, tail) in [
            (HTTPRequest.Method.get, ""), (.put, ""), (.delete, ""), (.get, "/comments"), (.post, "/comments"),
            (.put, "/comments/7"), (.delete, "/comments/7"),
        ] {
            let hidden = try await fixture.send(method, "/discussions/\(id)\(tail)", "{broken", token: bob)
            let missing = try await fixture.send(method, "/discussions/99\(tail)", "{broken", token: bob)
            #expect(hidden.status == 404 && missing.status == 404, "\(method) \(tail): \(hidden.text)")
            #expect(hidden.json["msg"]?.string?.replacing("\(id)", with: "99") == missing.json["msg"]?.string)
        }
    }
}
