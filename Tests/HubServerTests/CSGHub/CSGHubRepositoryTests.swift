import HubCore
import HubServer
import MirrorGateway
import Testing

@Suite("CSGHub: repositories")
struct CSGHubRepositoryTests {
    @Test("a repository is found without regard to case and shown as CSGHub shows it")
    func shows() async throws {
        let fixture = try await CSGHubFixture()
        try await fixture.demo()
        let answer = try await fixture.get("/models/ACME/demo?need_multi_sync=true")
        #expect(answer.status == 200)
        #expect(answer.json["msg"]?.string == "OK")
        #expect(answer.json["total"] == nil)
        let data = try #require(answer.json["data"])
        #expect(data["path"]?.string == "acme/Demo")
        #expect(data["private"] == .boolean(false))
        #expect(data["default_branch"]?.string == "main")
        #expect(data["license"]?.string == "mit")
        #expect(data["source"]?.string == "local")
        #expect(data["sync_status"]?.string == "")
        #expect(data["csg_path"]?.string == "acme/Demo")
        #expect(data["repository"]?["http_clone_url"]?.string == "http://hub.test/models/acme/Demo.git")
        #expect(data["user"]?["username"]?.string == "acme")
        #expect(data["metadata"]?["architecture"]?.string == "LlamaForCausalLM")
        #expect(data["namespace"]?.keys.sorted() == ["Avatar", "NSType", "Path", "Type", "UUID", "User"])
        #expect(
            data["scores"]?.elements.compactMap { $0["weight_name"]?.string }
                == ["freshness", "downloads", "quality", "op", "total"])
        let tags = data["tags"]?.elements.map { "\($0["category"]?.string ?? ""):\($0["name"]?.string ?? "")" }
        #expect(
            tags == [
                "task:text-generation", "license:mit", "framework:transformers", "language:en", "language:zh",
                "other:tiny",
            ])
    }

    @Test("scores are shown to who asks for them")
    func scores() async throws {
        let fixture = try await CSGHubFixture()
        try await fixture.demo()
        #expect(try await fixture.get("/models/acme/demo").json["data"]?["scores"] == nil)
    }

    @Test("a mirror says where it comes from", arguments: [true, false])
    func mirror(fromHuggingFace: Bool) async throws {
        let fixture = try await CSGHubFixture(upstream: fromHuggingFace ? .huggingface : .opencsg)
        let key = try await fixture.hub.mirror("model:far/Away")
        try await fixture.hub.commit(["README.md": .git("# Away\n")], to: key)
        let data = try #require(try await fixture.get("/models/far/away").json["data"])
        // Nobody fetched it, and nobody asked for that.
        #expect(data["sync_status"]?.string == "pending")
        #expect(data["source"]?.string == (fromHuggingFace ? "huggingface" : "opencsg"))
        #expect(data["hf_path"]?.string == (fromHuggingFace ? "far/Away" : ""))
        #expect(data["csg_path"]?.string == (fromHuggingFace ? "" : "far/Away"))
        #expect(data["can_write"] == .boolean(false))
    }

    @Test("a repository without commits is shown too")
    func empty() async throws {
        let fixture = try await CSGHubFixture()
        try await fixture.hub.create("code:acme/new")
        #expect(try await fixture.get("/codes/acme/new").json["data"]?["path"]?.string == "acme/new")
    }

    @Test("what is missing and what is private answer alike")
    func hides() async throws {
        let fixture = try await CSGHubFixture()
        try await fixture.hub.create("model:acme/secret", visibility: .private)
        for token in [nil, try await fixture.hub.token(for: "visitor")] {
            let hidden = try await fixture.get("/models/acme/secret", token: token)
            let missing = try await fixture.get("/models/acme/nothing", token: token)
            #expect(hidden.status == (token == nil ? 401 : 404))
            #expect(hidden.status == missing.status)
            #expect(hidden.json["code"]?.string == "REPO-ERR-3")
            #expect(hidden.json["code"] == missing.json["code"])
        }
    }

    @Test("a token nobody has is refused on public routes too")
    func badToken() async throws {
        let fixture = try await CSGHubFixture()
        try await fixture.demo()
        let answer = try await fixture.get("/models/acme/demo", token: "weir_wrong")
        #expect(answer.status == 401)
        #expect(answer.json["code"]?.string == "AUTH-ERR-5")
        #expect(answer.json["msg"]?.string?.hasPrefix("AUTH-ERR-5: ") == true)
    }

    @Test("a refusal by policy names its rule and file")
    func policy() async throws {
        let refusal = HubError(
            .policyDenied, "Rule 'no-nc' (mirrors.d/test.yaml:12) denies it.", remedy: "Ask legal.")
        let fixture = try await CSGHubFixture(source: SilentSource(), gate: RefusingGate(error: refusal))
        let key = try await fixture.hub.mirror("model:far/away")
        try await fixture.hub.commit(["a.txt": .git("a")], to: key)
        for path in ["", "/raw/a.txt", "/resolve/a.txt", "/all_files", "/refs/main/tree/"] {
            let answer = try await fixture.get("/models/far/away\(path)")
            #expect(answer.status == 403)
            #expect(answer.json["code"]?.string == "POLICY-ERR-0")
            #expect(
                answer.json["msg"]?.string
                    == "POLICY-ERR-0: Rule 'no-nc' (mirrors.d/test.yaml:12) denies it. Ask legal.")
        }
    }

    @Test("lists are narrowed and paged")
    func lists() async throws {
        let fixture = try await CSGHubFixture()
        try await fixture.demo()
        try await fixture.hub.create("model:acme/other")
        try await fixture.hub.mirror("model:far/away")
        func paths(_ query: String) async throws -> [String] {
            let answer = try await fixture.get("/models\(query)")
            #expect(answer.status == 200)
            return answer.json["data"]?.elements.compactMap { $0["path"]?.string } ?? []
        }
        #expect(try await paths("").count == 3)
        #expect(try await paths("?search=DEMO") == ["acme/Demo"])
        #expect(try await paths("?tag_category=license&tag_name=mit") == ["acme/Demo"])
        #expect(try await paths("?tag_category=framework&tag_name=transformers&sort=most_download") == ["acme/Demo"])
        #expect(try await paths("?source=opencsg") == ["far/away"])
        #expect(try await paths("?source=huggingface") == [])
        #expect(try await paths("?source=local").count == 2)
        #expect(try await paths("?per=2").count == 2)
        #expect(try await paths("?per=2&page=2").count == 1)
        let list = try await fixture.get("/models?per=1")
        #expect(list.json["total"]?.integer == 3)
        #expect(try await fixture.get("/datasets").json["total"] == nil)
    }

    @Test("who searches and names no order gets what fits best first, and else what changed last")
    func searchOrder() async throws {
        let fixture = try await CSGHubFixture()
        for name in ["bert", "not-bert-at-all"] { try await fixture.hub.create("model:acme/\(name)") }
        func paths(_ query: String) async throws -> [String] {
            try await fixture.get("/models?\(query)").json["data"]?.elements.compactMap { $0["path"]?.string } ?? []
        }
        #expect(try await paths("search=bert") == ["acme/bert", "acme/not-bert-at-all"])
        #expect(try await paths("search=bert&sort=recently_update") == ["acme/not-bert-at-all", "acme/bert"])
    }

    @Test(
        "a parameter nobody knows is told with what there is",
        arguments: ["per=101", "per=0", "page=x", "sort=best", "source=elsewhere"])
    func refusesParameters(query: String) async throws {
        let fixture = try await CSGHubFixture()
        let answer = try await fixture.get("/models?\(query)")
        #expect(answer.status == 400)
        #expect(answer.json["code"]?.string == "REQ-ERR-6")
        let parts = query.split(separator: "=").map(String.init)
        #expect(answer.json["context"]?["param"]?.string == parts.first)
        #expect(answer.json["context"]?["provided"]?.string == parts.last)
    }

    @Test("relations are what the card names and is here")
    func relations() async throws {
        let fixture = try await CSGHubFixture()
        try await fixture.demo()
        try await fixture.hub.create("dataset:acme/words")
        let model = try await fixture.get("/models/acme/demo/relations").json["data"]
        #expect(model?["datasets"]?.elements.compactMap { $0["path"]?.string } == ["acme/words"])
        #expect(model?["models"] == nil)
        let key = try #require(
            try await fixture.hub.store.list(RepositoryQuery(kind: .dataset), for: .anonymous).items.first)
        try await fixture.hub.commit(["a.csv": .git("a\n")], to: key.repository.key, kind: .dataset)
        let dataset = try await fixture.get("/datasets/acme/words/relations").json["data"]
        #expect(dataset?["models"]?.elements.compactMap { $0["path"]?.string } == ["acme/Demo"])
    }
}
