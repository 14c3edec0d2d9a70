import Foundation
import HTTPTypes
import HubCore
import Testing

@testable import HubServer

@Suite("Hugging Face: trees, paths, refs and history")
struct TreeTests {
    @Test("a folder lists its entries, recursively with the folders below")
    func listing() async throws {
        let fixture = try await HuggingFaceFixture()
        let commit = try await fixture.demo()
        let flat = try await fixture.get("/api/models/acme/demo/tree/main?recursive=False&expand=False").json
        #expect(
            flat.elements.compactMap { $0["path"]?.string }.sorted() == [
                "README.md", "config.json", "model.bin", "onnx",
            ])
        let deep = try await fixture.get("/api/models/acme/demo/tree/\(commit)?recursive=true").json.elements
        #expect(deep.count == 5)
        let folder = deep.first { $0["path"] == .string("onnx") }
        #expect(folder?["type"] == .string("directory"))
        let large = deep.first { $0["path"] == .string("model.bin") }
        #expect(large?["size"]?.integer == 100)
        #expect(large?["lfs"]?["oid"]?.string?.count == 64)
        #expect(large?["lfs"]?["pointerSize"]?.integer == 128)
        let inside = try await fixture.get("/api/models/acme/demo/tree/main/onnx").json
        #expect(inside.elements.compactMap { $0["path"]?.string } == ["onnx/model.onnx"])
    }

    @Test("a missing folder is told with the commit that lacks it")
    func missing() async throws {
        let fixture = try await HuggingFaceFixture()
        let commit = try await fixture.demo()
        let answer = try await fixture.get("/api/models/acme/demo/tree/main/additional_chat_templates")
        #expect(answer.status == 404)
        #expect(answer.headers["X-Error-Code"] == "EntryNotFound")
        #expect(answer.headers["X-Repo-Commit"] == commit.hex)
    }

    @Test("pages of a tree stay at the commit they began with")
    func pages() async throws {
        let fixture = try await HuggingFaceFixture()
        let key = try await fixture.hub.create("model:acme/many")
        let names = (0..<7).map { "f\($0)" }
        try await fixture.hub.commit(Dictionary(uniqueKeysWithValues: names.map { ($0, .git($0)) }), to: key)
        let first = try await fixture.get("/api/models/acme/many/tree/main?recursive=true&limit=4")
        try await fixture.hub.commit(["f0": .gone, "f1": .gone], to: key)
        let link = try #require(first.headers["Link"])
        #expect(link.hasPrefix("<http://hub.test/api/models/acme/many/tree/main?recursive=true&limit=4&cursor="))
        let next = try #require(link.split(separator: ">").first?.dropFirst("<http://hub.test".count))
        let second = try await fixture.get(String(next))
        #expect((first.json.elements + second.json.elements).compactMap { $0["path"]?.string } == names)
        #expect(second.headers["Link"] == nil)
    }

    @Test(
        "cursors of others are refused", arguments: ["1", "main.4", "\(String(repeating: "a", count: 40)).-1", "x.y.z"])
    func cursors(text: String) {
        #expect(throws: HubError.self) { try TreeCursor(parsing: text) }
    }

    @Test("expand tells each entry's last commit")
    func expand() async throws {
        let fixture = try await HuggingFaceFixture()
        let key = try await fixture.hub.create("model:acme/demo")
        let first = try await fixture.hub.commit(["a/x": .git("1"), "b": .git("1")], to: key, message: "First\n\nBody")
        let second = try await fixture.hub.commit(["b": .git("2")], to: key, message: "Second")
        let entries = try await fixture.get("/api/models/acme/demo/tree/main?recursive=true&expand=true").json.elements
        func last(_ path: String) -> JSONValue? { entries.first { $0["path"] == .string(path) }?["lastCommit"] }
        #expect(last("a")?["id"] == .string(first.hex))
        #expect(last("a/x")?["title"] == .string("First"))
        #expect(last("b")?["id"] == .string(second.hex))
        #expect(last("b")?["date"] == .string("2020-09-13T12:26:40.000Z"))
    }

    @Test("paths-info takes forms and JSON and leaves out what is missing")
    func pathsInfo() async throws {
        let fixture = try await HuggingFaceFixture()
        try await fixture.demo()
        let target = "/api/models/acme/demo/paths-info/main"
        let form = try await fixture.post(
            target, "paths=model.bin&paths=onnx%2F&paths=no+such&expand=True", type: "application/x-www-form-urlencoded"
        )
        #expect(form.json.elements.compactMap { $0["path"]?.string } == ["model.bin", "onnx"])
        #expect(form.json.elements.allSatisfy { $0["lastCommit"]?["id"] != nil })
        let json = try await fixture.post(target, "{\"paths\":[\"config.json\"]}", type: "application/json")
        #expect(json.json.elements.compactMap { $0["path"]?.string } == ["config.json"])
        #expect(try await fixture.post(target, "[", type: "application/json").status == 400)
    }

    @Test("refs are sorted by what they are")
    func refs() async throws {
        let fixture = try await HuggingFaceFixture()
        let key = try await fixture.hub.create("model:acme/demo")
        let commit = try await fixture.hub.commit(["a": .git("1")], to: key)
        let tree = ["b": TestHub.File.git("2")]
        let pull = try await fixture.hub.commit(tree, to: key, ref: "refs/pr/3")
        try await fixture.hub.commit(tree, to: key, ref: "refs/tags/v1.0")
        try await fixture.hub.commit(tree, to: key, ref: "refs/convert/parquet")
        let json = try await fixture.get("/api/models/acme/demo/refs").json
        #expect(json.keys.sorted() == ["branches", "converts", "tags"])
        #expect(json["branches"]?.elements.first?["targetCommit"] == .string(commit.hex))
        #expect(json["tags"]?.elements.first?["name"] == .string("v1.0"))
        #expect(json["converts"]?.elements.first?["name"] == .string("parquet"))
        let all = try await fixture.get("/api/models/acme/demo/refs?include_prs=1").json
        #expect(all["pullRequests"]?.elements.first?["ref"] == .string("refs/pr/3"))
        #expect(all["pullRequests"]?.elements.first?["targetCommit"] == .string(pull.hex))
    }

    @Test("history comes newest first, by pages, formatted when asked")
    func commits() async throws {
        let fixture = try await HuggingFaceFixture()
        let key = try await fixture.hub.create("model:acme/demo")
        for number in 1...5 {
            try await fixture.hub.commit(
                ["a": .git("\(number)")], to: key, message: "Change <\(number)>\n\nMore",
                date: Date(timeIntervalSince1970: 1_600_000_000 + Double(number)))
        }
        let first = try await fixture.get("/api/models/acme/demo/commits/main?limit=2&expand[]=formatted")
        #expect(first.json.elements.compactMap { $0["title"]?.string } == ["Change <5>", "Change <4>"])
        #expect(first.json.elements.first?["message"] == .string("More"))
        #expect(first.json.elements.first?["authors"]?.elements.first?["user"] == .string("Ada"))
        #expect(first.json.elements.first?["formatted"]?["title"] == .string("Change &lt;5&gt;"))
        #expect(first.headers["Link"]?.contains("limit=2&expand[]=formatted&p=1>") == true)
        let last = try await fixture.get("/api/models/acme/demo/commits/main?limit=2&p=2")
        #expect(last.json.elements.count == 1)
        #expect(last.json.elements.first?["formatted"] == nil)
        #expect(last.headers["Link"] == nil)
    }
}
