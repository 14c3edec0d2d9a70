import HubCore
import Testing

@Suite("CSGHub: the feed")
struct CSGHubFeedTests {
    @Test("a downstream hub follows the feed to its end by its cursor")
    func follows() async throws {
        let fixture = try await CSGHubFixture()
        let token = try await fixture.hub.token(for: "peer", scope: .read)
        try await fixture.demo()
        let space = try await fixture.hub.create("space:acme/show")
        try await fixture.hub.commit(["app.py": .git("1")], to: space, kind: .space)
        let hidden = try await fixture.hub.create("model:acme/secret", visibility: .private)
        try await fixture.hub.commit(["a": .git("1")], to: hidden)
        let key = try await fixture.hub.create("dataset:acme/words")
        for number in 0..<100 { try await fixture.hub.commit(["n": .git("\(number)")], to: key, kind: .dataset) }

        var cursor: Int64 = 0
        var seen: [String] = []
        var hasMore = true
        while hasMore {
            let data = try #require(
                try await fixture.get("/sync/version/latest?cur=\(cursor)", token: token).json["data"])
            hasMore = data["has_more"] == .boolean(true)
            for version in data["versions"]?.elements ?? [] {
                let number = try #require(version["version"]?.integer)
                #expect(number > cursor)
                cursor = number
                seen.append("\(version["repo_type"]?.string ?? ""):\(version["repo_path"]?.string ?? "")")
                #expect(version["source_id"]?.integer == 0)
                #expect(version["last_modify_time"]?.string?.hasSuffix("Z") == true)
            }
        }
        #expect(seen == ["model:acme/Demo", "model:acme/Demo"] + Array(repeating: "dataset:acme/words", count: 100))
        let end = try await fixture.get("/sync/version/latest?cur=\(cursor)", token: token).json["data"]
        #expect(end?["versions"] == .null)
        #expect(end?["has_more"] == .boolean(false))
    }

    @Test("the feed needs an account and a number")
    func refuses() async throws {
        let fixture = try await CSGHubFixture()
        let stranger = try await fixture.get("/sync/version/latest?cur=0")
        #expect(stranger.status == 401)
        #expect(stranger.json["code"]?.string == "AUTH-ERR-1")
        let token = try await fixture.hub.token(for: "peer")
        for query in ["", "?cur=", "?cur=abc"] {
            #expect(try await fixture.get("/sync/version/latest\(query)", token: token).status == 400)
        }
    }

    @Test("the version is there for everyone, accounts for accounts")
    func accounts() async throws {
        let fixture = try await CSGHubFixture()
        #expect(try await fixture.get("/version").json["data"]?["version"]?.string == "1.2.3")
        let token = try await fixture.hub.token(for: "Ada")
        #expect(try await fixture.get("/user/ada", token: token).json["data"]?["username"]?.string == "Ada")
        #expect(try await fixture.get("/user/nobody", token: token).status == 404)
        #expect(try await fixture.get("/user/ada").status == 401)
    }
}
