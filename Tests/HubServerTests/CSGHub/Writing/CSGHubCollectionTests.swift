import HTTPTypes
import HubCore
import HubServer
import Testing

@Suite("CSGHub: collections and relations")
struct CSGHubCollectionTests {
    @Test("a collection is made, filled, shown to those who may see it, and removed")
    func collections() async throws {
        let fixture = try await CSGHubFixture()
        let alice = try await fixture.made()
        let bob = try await fixture.hub.token(for: "bob")
        let key = try #require(try await fixture.get("/models/alice/m").json["data"]?["repository_id"]?.integer)
        let made = try await fixture.send(
            .post, "/collections",
            #"{"namespace":"alice","name":"best","nickname":"The best","private":true,"theme":"orange"}"#, token: alice)
        #expect(made.status == 200, "\(made.text)")
        let id = try #require(made.json["data"]?["id"]?.integer)
        #expect(made.json["data"]?["can_write"]?.flag == true)
        let here = "/collections/\(id)"
        let hidden = try await fixture.get(here, token: bob)
        let missing = try await fixture.get("/collections/\(id + 1)", token: bob)
        #expect(hidden.status == 404 && missing.status == 404)
        let body = #"{"repo_ids":[\#(key)],"remarks":{"\#(key)":"small"}}"#
        #expect(try await fixture.send(.post, here + "/repos", body, token: bob).status == 404)
        #expect(try await fixture.send(.post, here + "/repos", body, token: alice).status == 200)
        #expect(try await fixture.send(.post, here + "/repos", #"{"repo_ids":[12]}"#, token: alice).status == 404)
        let shown = try await fixture.get(here, token: alice).json["data"]?["repositories"]?.elements.first
        #expect(shown?["path"]?.string == "alice/m" && shown?["remark"]?.string == "small")
        #expect(shown?["repository_type"]?.string == "model")
        #expect(
            try await fixture.send(.put, here + "/repos/\(key)", #"{"remark":"smaller"}"#, token: alice).status == 200)
        #expect(try await fixture.get("/collections").json["total"]?.integer == 0)
        let opened = try await fixture.send(.put, here, #"{"private":false}"#, token: alice)
        #expect(opened.json["data"]?["private"]?.flag == false)
        #expect(try await fixture.get("/collections?search=BEST").json["total"]?.integer == 1)
        #expect(try await fixture.get("/collections?search=worst").json["total"]?.integer == 0)
        #expect(try await fixture.get("/user/alice/collections").json["total"]?.integer == 1)
        #expect(try await fixture.get("/collections?sort=nonsense").status == 400)
        #expect(try await fixture.get(here, token: bob).json["data"]?["can_write"]?.flag == false)
        #expect(try await fixture.send(.put, here, #"{"name":"x"}"#, token: bob).status == 403)
        #expect(try await fixture.send(.delete, here, token: bob).status == 403)
        #expect(
            try await fixture.send(.delete, here + "/repos", #"{"repo_ids":[\#(key)]}"#, token: alice).status == 200)
        #expect(try await fixture.get(here).json["data"]?["repositories"]?.elements.isEmpty == true)
        #expect(try await fixture.send(.delete, here, token: alice).status == 200)
        #expect(try await fixture.get(here, token: alice).status == 404)
    }

    @Test("relations are written into the card, and read from both ends")
    func relations() async throws {
        let fixture = try await CSGHubFixture()
        let alice = try await fixture.made()
        for name in ["words", "more"] {
            _ = try await fixture.send(
                .post, "/datasets", #"{"namespace":"alice","name":"\#(name)"}"#, token: alice)
        }
        let here = "/models/alice/m/relations"
        func datasets() async throws -> [String] {
            try await fixture.get(here).json["data"]?["datasets"]?.elements.compactMap { $0["path"]?.string } ?? []
        }
        let added = try await fixture.send(.post, here + "/dataset", #"{"dataset":"alice/words"}"#, token: alice)
        #expect(added.status == 200, "\(added.text)")
        #expect(try await datasets() == ["alice/words"])
        let card = try await fixture.get("/models/alice/m/raw/README.md").json["data"]?.string
        #expect(card?.contains("license: mit") == true && card?.contains("- alice/words") == true)
        let other = try await fixture.get("/datasets/alice/words/relations")
        #expect(other.json["data"]?["models"]?.elements.first?["path"]?.string == "alice/m")
        #expect(
            try await fixture.send(.put, here, #"{"datasets":["alice/more","alice/words"]}"#, token: alice).status
                == 200)
        #expect(try await datasets() == ["alice/more", "alice/words"])
        #expect(
            try await fixture.send(.delete, here + "/dataset", #"{"dataset":"alice/words"}"#, token: alice).status
                == 200)
        #expect(try await datasets() == ["alice/more"])
        #expect(
            try await fixture.send(.delete, here + "/dataset", #"{"dataset":"alice/words"}"#, token: alice).status
                == 404)
        #expect(
            try await fixture.send(.post, here + "/dataset", #"{"dataset":"alice/none"}"#, token: alice).status == 404)
        #expect(try await fixture.send(.put, here, #"{"datasets":["../x"]}"#, token: alice).status == 400)
        let stranger = try await fixture.hub.token(for: "mallory")
        #expect(try await fixture.send(.put, here, #"{"datasets":[]}"#, token: stranger).status == 403)
        #expect(try await fixture.send(.put, here, #"{"datasets":[]}"#, token: alice).status == 200)
        #expect(try await datasets() == [])
    }
}
