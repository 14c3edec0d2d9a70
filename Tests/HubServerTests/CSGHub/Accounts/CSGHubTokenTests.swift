import HTTPTypes
import HubCore
import HubServer
import Testing

@Suite("CSGHub: tokens and SSH keys")
struct CSGHubTokenTests {
    private static let key =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA8xYXp6N2hJ2k9m1uUqT0Y0mQ7lLw3vN5bR8cD2eF4g"

    @Test("a token made for an application works, is listed without its text, and ends when it is deleted")
    func life() async throws {
        let fixture = try await CSGHubFixture()
        let alice = try await fixture.hub.token(for: "alice")
        let made = try await fixture.send(.post, "/token/git/laptop", "{}", token: alice)
        #expect(made.status == 200, "\(made.text)")
        let data = try #require(made.json["data"])
        let text = try #require(data["token"]?.string)
        #expect(data["application"]?.string == "git" && data["name"]?.string == "laptop")
        #expect(data["permission"]?.string == "write" && data["user_name"]?.string == "alice")
        #expect(try await fixture.get("/user/alice", token: text).status == 200)
        let listed = try await fixture.get("/user/alice/tokens?app=git", token: alice)
        #expect(!listed.text.contains(text))
        let names = listed.json["data"]?.elements.compactMap { $0["token_name"]?.string }
        #expect(names == ["laptop", "test"])
        #expect(
            try await fixture.get("/user/alice/tokens?app=mirror", token: alice).json["data"]?.elements.isEmpty == true)
        let again = try await fixture.send(.post, "/token/git/laptop", "{}", token: alice)
        #expect(again.status == 409)
        #expect(try await fixture.send(.post, "/token/starship/laptop", "{}", token: alice).status == 200)
        #expect(try await fixture.send(.delete, "/token/git/laptop", token: alice).json["msg"]?.string == "OK")
        #expect(try await fixture.get("/user/alice", token: text).status == 401)
        #expect(try await fixture.send(.delete, "/token/git/laptop", token: alice).status == 404)
    }

    @Test("a token for mirrors reads the feed and changes nothing")
    func mirrors() async throws {
        let fixture = try await CSGHubFixture()
        let alice = try await fixture.hub.token(for: "alice")
        let made = try await fixture.send(.post, "/token/mirror/edge", token: alice)
        let text = try #require(made.json["data"]?["token"]?.string)
        #expect(made.json["data"]?["permission"]?.string == "read")
        #expect(try await fixture.get("/sync/version/latest?cur=0", token: text).status == 200)
        let write = try await fixture.send(.post, "/models", #"{"namespace":"alice","name":"m"}"#, token: text)
        #expect(write.status == 403)
        #expect(try await fixture.send(.post, "/token/git/more", token: text).status == 403)
        let unknown = try await fixture.send(.post, "/token/toaster/x", token: alice)
        #expect(unknown.status == 400 && unknown.text.contains("REQ-ERR-6"))
    }

    @Test("a renewed token has another text, and the old one ends")
    func renewal() async throws {
        let fixture = try await CSGHubFixture()
        let alice = try await fixture.hub.token(for: "alice")
        let old = try #require(
            try await fixture.send(.post, "/token/git/ci", token: alice).json["data"]?["token"]?.string)
        let renewed = try await fixture.send(
            .put, "/token/git/ci?expired_at=2030-01-02T03:04:05Z", token: alice)
        let text = try #require(renewed.json["data"]?["token"]?.string)
        #expect(text != old)
        #expect(renewed.json["data"]?["expire_at"]?.string == "2030-01-02T03:04:05.000Z")
        #expect(try await fixture.get("/user/alice", token: old).status == 401)
        #expect(try await fixture.get("/user/alice", token: text).status == 200)
        #expect(try await fixture.send(.put, "/token/git/none", token: alice).status == 404)
        #expect(try await fixture.send(.put, "/token/git/ci?expired_at=soon", token: alice).status == 400)
    }

    @Test("a token that may do less renews or removes none that may do more")
    func narrow() async throws {
        let fixture = try await CSGHubFixture()
        let hub = fixture.hub
        _ = try await hub.token(for: "alice")
        let alice = try #require(try await hub.identities.user(named: "alice"))
        let narrowed = try await hub.identities.createToken(
            for: alice, name: "narrow", scope: .write, expiresAt: nil,
            resources: [try #require(TokenResource(parsing: "model:alice/m"))]
        ).reveal()
        #expect(try await fixture.send(.put, "/token/git/test", token: narrowed).status == 403)
        #expect(try await fixture.send(.delete, "/token/git/test", token: narrowed).status == 403)
        #expect(
            try await fixture.send(
                .post, "/user/alice/ssh_keys", #"{"name":"k","content":"\#(Self.key)"}"#, token: narrowed
            ).status == 403)
        #expect(try await fixture.send(.put, "/user/alice", #"{"name":"A"}"#, token: narrowed).status == 403)
        let listed = try await fixture.get("/user/alice/tokens", token: narrowed)
        #expect(listed.json["data"]?.elements.count == 1)
        // It can make another that reaches no further, and give itself up.
        let child = try await fixture.send(.post, "/token/git/child", token: narrowed)
        let text = try #require(child.json["data"]?["token"]?.string)
        let outside = try await fixture.send(.post, "/models", #"{"namespace":"alice","name":"x"}"#, token: text)
        #expect(outside.status == 403)
        #expect(try await fixture.send(.delete, "/token/git/narrow", token: narrowed).status == 200)
    }

    @Test("whoever has a token's text may ask whose it is")
    func check() async throws {
        let fixture = try await CSGHubFixture()
        let alice = try await fixture.hub.token(for: "alice")
        let shown = try await fixture.get("/token/\(alice)?app=git")
        #expect(shown.json["data"]?["user_name"]?.string == "alice")
        #expect(try await fixture.get("/token/\(alice)?app=mirror").status == 404)
        #expect(try await fixture.get("/token/weir_nothing").status == 404)
        #expect(
            try await fixture.get("/user/alice/tokens", token: try await fixture.hub.token(for: "bob")).status == 401)
    }

    @Test("a user adds, sees and removes SSH keys, and nobody else's")
    func keys() async throws {
        let fixture = try await CSGHubFixture()
        let alice = try await fixture.hub.token(for: "alice")
        let bob = try await fixture.hub.token(for: "bob")
        let body = #"{"name":"laptop","content":"\#(Self.key) alice@laptop"}"#
        let added = try await fixture.send(.post, "/user/alice/ssh_keys", body, token: alice)
        #expect(added.status == 200, "\(added.text)")
        #expect(added.json["data"]?["content"]?.string == Self.key)
        #expect(try await fixture.send(.post, "/user/bob/ssh_keys", body, token: bob).status == 409)
        #expect(try await fixture.send(.post, "/user/alice/ssh_keys", body, token: bob).status == 401)
        let listed = try await fixture.get("/user/alice/ssh_keys", token: alice)
        #expect(listed.json["data"]?.elements.first?["name"]?.string == "laptop")
        let owner = try await fixture.hub.store.sshKeys.owner(of: try SSHPublicKey(parsing: Self.key))
        #expect(owner?.name == "alice")
        let bad = try await fixture.send(
            .post, "/user/alice/ssh_keys", #"{"name":"x","content":"-----BEGIN"}"#, token: alice)
        #expect(bad.status == 400)
        #expect(try await fixture.send(.delete, "/user/alice/ssh_key/laptop", token: bob).status == 401)
        #expect(try await fixture.send(.delete, "/user/alice/ssh_key/laptop", token: alice).status == 200)
        #expect(try await fixture.send(.delete, "/user/alice/ssh_key/laptop", token: alice).status == 404)
        #expect(try await fixture.hub.store.sshKeys.owner(of: try SSHPublicKey(parsing: Self.key)) == nil)
    }
}
