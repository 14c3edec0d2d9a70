import HTTPTypes
import HubCore
import Testing

@testable import HubServer

@Suite("Hugging Face: facts of a repository")
struct RepositoryInfoTests {
    @Test("a model's facts have its commit, card, files and what its configuration says")
    func model() async throws {
        let fixture = try await HuggingFaceFixture()
        let commit = try await fixture.demo()
        let answer = try await fixture.get("/api/models/ACME/demo")
        let json = answer.json
        #expect(answer.status == 200)
        #expect(json["id"] == .string("acme/Demo"))
        #expect(json["modelId"] == .string("acme/Demo"))
        #expect(json["sha"] == .string(commit.hex))
        #expect(json["lastModified"] == .string("2020-09-13T12:26:40.000Z"))
        #expect(json["createdAt"] == .string("2023-11-14T22:13:20.123Z"))
        #expect(json["private"] == .boolean(false))
        #expect(json["gated"] == .boolean(false))
        #expect(json["cardData"]?["license"] == .string("mit"))
        #expect(json["tags"]?.strings == ["tiny", "en", "license:mit"])
        #expect(json["pipeline_tag"] == .string("text-generation"))
        #expect(json["library_name"] == .string("transformers"))
        #expect(json["config"]?["model_type"] == .string("llama"))
        #expect(json["transformersInfo"]?["auto_model"] == .string("AutoModelForCausalLM"))
        #expect(
            json["siblings"]?.elements.compactMap { $0["rfilename"]?.string }.sorted() == [
                "README.md", "config.json", "model.bin", "onnx/model.onnx",
            ])
        #expect(json["siblings"]?.elements.first?.keys == ["rfilename"])
        #expect(answer.headers["X-Repo-Commit"] == commit.hex)
    }

    @Test("blobs=true adds sizes and digests, in every spelling of true")
    func blobs() async throws {
        let fixture = try await HuggingFaceFixture()
        try await fixture.demo()
        for flag in ["true", "True", "1"] {
            let json = try await fixture.get("/api/models/acme/demo/revision/main?blobs=\(flag)").json
            let file = json["siblings"]?.elements.first { $0["rfilename"] == .string("model.bin") }
            #expect(file?["size"]?.integer == 100)
            #expect(file?["blobId"]?.string?.count == 40)
            #expect(file?["lfs"]?["size"]?.integer == 100)
            #expect(file?["lfs"]?["sha256"]?.string?.count == 64)
            #expect(file?["lfs"]?["pointerSize"]?.integer == 128)
        }
    }

    @Test(
        "expand shows what was asked for and the id",
        arguments: ["expand=sha&expand=siblings", "expand[]=sha&expand[]=siblings"])
    func expand(query: String) async throws {
        let fixture = try await HuggingFaceFixture()
        try await fixture.demo()
        let json = try await fixture.get("/api/models/acme/demo?\(query)").json
        #expect(Set(json.keys) == ["id", "sha", "siblings"])
    }

    @Test("revisions are branches, tags, pull requests and commits, escaped or short")
    func revisions() async throws {
        let fixture = try await HuggingFaceFixture()
        let key = try await fixture.hub.create("dataset:acme/data")
        let first = try await fixture.hub.commit(["a.txt": .git("a")], to: key, kind: .dataset)
        let other = try await fixture.hub.commit(["b.txt": .git("b")], to: key, ref: "refs/pr/1")
        let branch = try await fixture.hub.commit(["c.txt": .git("c")], to: key, ref: "refs/heads/feature/x")
        for (revision, commit) in [
            ("main", first), (first.hex, first), (String(first.hex.prefix(7)), first), ("refs%2Fpr%2F1", other),
            ("refs/pr/1", other), ("feature%2Fx", branch),
        ] {
            let answer = try await fixture.get("/api/datasets/acme/data/revision/\(revision)")
            #expect(answer.json["sha"] == .string(commit.hex), "\(revision): \(answer.text)")
        }
        let missing = try await fixture.get("/api/datasets/acme/data/revision/none")
        #expect(missing.status == 404)
        #expect(missing.headers["X-Error-Code"] == "RevisionNotFound")
    }

    @Test("every mount answers the same")
    func mounts() async throws {
        let fixture = try await HuggingFaceFixture()
        try await fixture.demo()
        let plain = try await fixture.get("/api/models/acme/demo")
        for mount in ["/hf", "/csg", "/ms"] {
            #expect(try await fixture.get("\(mount)/api/models/acme/demo").body == plain.body)
        }
    }

    @Test("an empty repository exists")
    func empty() async throws {
        let fixture = try await HuggingFaceFixture()
        try await fixture.hub.create("space:acme/app")
        let answer = try await fixture.get("/api/spaces/acme/app")
        #expect(answer.status == 200)
        #expect(answer.json["siblings"] == .array([]))
        #expect(try await fixture.get("/api/spaces/acme/app/revision/main").status == 404)
        #expect(try await fixture.get("/api/spaces/acme/app/auth-check").status == 200)
    }

    @Test("securityStatus says that nothing was scanned")
    func security() async throws {
        let fixture = try await HuggingFaceFixture()
        try await fixture.demo()
        let json = try await fixture.get("/api/models/acme/demo?securityStatus=True").json
        #expect(json["securityRepoStatus"]?["scansDone"] == .boolean(false))
    }
}
