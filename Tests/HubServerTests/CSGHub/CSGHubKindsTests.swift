import HTTPTypes
import HubCore
import HubServer
import Testing

@Suite("CSGHub: prompts, MCP servers, skills, the catalogue of tags, and what the hub has none of")
struct CSGHubKindsTests {
    @Test("each of CSGHub's own kinds is a repository like the others", arguments: ["prompts", "mcps", "skills"])
    func kinds(_ word: String) async throws {
        let fixture = try await CSGHubFixture()
        let alice = try await fixture.hub.token(for: "alice")
        let made = try await fixture.send(
            .post, "/\(word)", #"{"namespace":"alice","name":"thing","license":"mit"}"#, token: alice)
        #expect(made.status == 200, "\(made.text)")
        let here = "/\(word)/alice/thing"
        let git = word == "mcps" ? "mcpservers" : word
        #expect(
            made.json["data"]?["repository"]?["http_clone_url"]?.string?.hasSuffix("/\(git)/alice/thing.git") == true)
        let file = #"{"message":"m","content":"\#("hello".base64)"}"#
        #expect(try await fixture.send(.post, here + "/raw/a.txt", file, token: alice).status == 200)
        #expect(try await fixture.get(here + "/raw/a.txt").json["data"]?.string == "hello")
        #expect(try await fixture.get("/\(word)?search=thing").json["total"]?.integer == 1)
        #expect(try await fixture.get("/user/alice/\(word)").json["total"]?.integer == 1)
        #expect(try await fixture.send(.post, here + "/tags/license", #"["apache-2.0"]"#, token: alice).status == 200)
        let tag = try await fixture.get(here + "/tags").json["data"]?.elements.last
        #expect(tag?["show_name"]?.string == "apache-2.0" && tag?["built_in"]?.flag == true)
        #expect(tag?["scope"]?.string == (word == "mcps" ? "mcp" : String(word.dropLast())))
        let id = try #require(try await fixture.get(here).json["data"]?["repository_id"]?.integer)
        #expect(try await fixture.send(.put, "/user/alice/likes/\(id)", token: alice).status == 200)
        #expect(try await fixture.get("/user/alice/likes/\(word)", token: alice).json["total"]?.integer == 1)
        let feed = try await fixture.get("/sync/version/latest?cur=0", token: alice)
        let types = feed.json["data"]?["versions"]?.elements.compactMap { $0["repo_type"]?.string }
        let kind = try #require(RepositoryKind(word: word))
        #expect(types == [kind.rawValue, kind.rawValue])
        #expect(try await fixture.send(.delete, here, token: alice).status == 200)
        #expect(try await fixture.get(here, token: alice).status == 404)
    }

    @Test("a downstream gateway asks about prompts where CSGHub has them")
    func promptFacts() async throws {
        let fixture = try await CSGHubFixture()
        let alice = try await fixture.hub.token(for: "alice")
        _ = try await fixture.send(.post, "/prompts", #"{"namespace":"alice","name":"p"}"#, token: alice)
        let shown = try await fixture.get("/prompts_info/alice/p?need_multi_sync=true")
        #expect(shown.json["data"]?["path"]?.string == "alice/p")
        #expect(shown.json["data"]?["scores"]?.elements.isEmpty == false)
    }

    @Test("the catalogue is listed by scope and category, by pages, and its numbers stay")
    func catalogue() async throws {
        let fixture = try await CSGHubFixture()
        let tasks = try await fixture.get("/tags?scope=model&category=task")
        let names = tasks.json["data"]?.elements.compactMap { $0["name"]?.string } ?? []
        #expect(names.contains("text-generation") && names.contains("image-classification"))
        #expect(Int64(names.count) == (tasks.json["total"]?.integer))
        let licenses = try await fixture.get("/tags?scope=dataset&category=license&search=apache")
        #expect(licenses.json["data"]?.elements.compactMap { $0["name"]?.string } == ["apache-2.0"])
        let page = try await fixture.get("/tags?per=10&page=2")
        #expect(page.json["data"]?.elements.count == 10)
        #expect(page.json["total"]?.integer ?? 0 > 1_000)
        let first = try #require(tasks.json["data"]?.elements.first)
        let id = try #require(first["id"]?.integer)
        #expect(try await fixture.get("/tags/\(id)").json["data"]?["name"]?.string == first["name"]?.string)
        #expect(try await fixture.get("/tags?scope=toaster").status == 400)
        #expect(try await fixture.get("/tags?scope=mcp&category=runmode").json["total"]?.integer == 3)
        #expect(try await fixture.get("/tags?scope=model&built_in=false").json["total"] == nil)
        let root = try await fixture.hub.identities.createUser("root", isAdministrator: true)
        let admin = try await fixture.hub.identities.createToken(
            for: root, name: "t", scope: .admin, expiresAt: nil
        ).reveal()
        #expect(try await fixture.send(.put, "/tags/\(id)", #"{"name":"x"}"#, token: admin).status == 403)
        #expect(try await fixture.send(.delete, "/tags/\(id)", token: admin).status == 403)
        let taken = try await fixture.send(
            .post, "/tags", #"{"name":"Text-Generation","category":"task","scope":"model"}"#, token: admin)
        #expect(taken.status == 409)
        let own = try await fixture.send(
            .post, "/tags", #"{"name":"tea-tasting","category":"task","scope":"model"}"#, token: admin)
        #expect(own.status == 200)
        #expect(try await fixture.get("/tags?scope=model&built_in=false").json["total"]?.integer == 1)
        #expect(try await fixture.get("/tags?scope=model&search=TEA-T").json["total"]?.integer == 1)
    }

    @Test("what the hub has none of is listed as empty, for those who may ask")
    func absent() async throws {
        let fixture = try await CSGHubFixture()
        let alice = try await fixture.made()
        for path in [
            "/space_resources", "/space_sdks", "/models/alice/m/runtime_framework", "/models/alice/m/quantizations",
        ] {
            let answer = try await fixture.get(path)
            #expect(answer.status == 200 && answer.json["data"]?.elements.isEmpty == true, "\(path)")
        }
        for path in ["/run/model?deploy_type=1&per=50", "/finetune/instances?per=50", "/evaluations", "/notebooks"] {
            #expect(try await fixture.get("/user/alice\(path)", token: alice).json["total"]?.integer == 0, "\(path)")
            #expect(try await fixture.get("/user/bob\(path)", token: alice).status == 401, "\(path)")
        }
        #expect(try await fixture.get("/runtime_framework").status == 401)
        #expect(try await fixture.send(.post, "/models/alice/m/run", "{}", token: alice).status == 405)
        #expect(try await fixture.send(.post, "/events", #"[{"m":"space","id":"card"}]"#, token: alice).status == 200)
        #expect(try await fixture.send(.post, "/events", #"[{"m":"","id":"card"}]"#, token: alice).status == 400)
        #expect(try await fixture.send(.post, "/events", "[]").status == 401)
    }

    @Test("lists are narrowed to what was made from a model")
    func lineage() async throws {
        let fixture = try await CSGHubFixture()
        let key = try await fixture.hub.create("model:acme/Child")
        try await fixture.hub.commit(
            ["README.md": .git("---\nbase_model: acme/base\n---\n")], to: key, message: "m")
        try await fixture.hub.create("model:acme/Other")
        let found = try await fixture.get("/models?model_tree=base_model:acme/base")
        #expect(found.json["data"]?.elements.compactMap { $0["path"]?.string } == ["acme/Child"])
        #expect(try await fixture.get("/models?model_tree=base_model:finetune:1").status == 400)
    }

    @Test("discussions of public repositories are read without an account, and those of private ones are not there")
    func discussions() async throws {
        let fixture = try await CSGHubFixture()
        let alice = try await fixture.made()
        let made = try await fixture.send(.post, "/models/alice/m/discussions", #"{"title":"Why?"}"#, token: alice)
        let id = try #require(made.json["data"]?["id"]?.integer)
        #expect(try await fixture.get("/discussions/\(id)").json["data"]?["title"]?.string == "Why?")
        #expect(try await fixture.get("/discussions/\(id)/comments").status == 200)
        _ = try await fixture.send(.put, "/models/alice/m", #"{"private":true}"#, token: alice)
        let hidden = try await fixture.get("/discussions/\(id)")
        let missing = try await fixture.get("/discussions/\(id + 1)")
        #expect(hidden.status == 404 && missing.status == 404)
        #expect(try await fixture.get("/discussions/\(id)", token: alice).status == 200)
    }

    @Test("a mirrored repository says where it comes from, and a local one has nothing to say")
    func mirrors() async throws {
        let fixture = try await CSGHubFixture()
        try await fixture.hub.mirror("model:far/away")
        try await fixture.hub.create("model:acme/here")
        let mirror = try await fixture.get("/models/far/away/mirror").json["data"]
        #expect(mirror?["source_repo_path"]?.string == "far/away" && mirror?["progress"]?.integer == 0)
        #expect(mirror?["mirror_source"]?["source_name"]?.string == "hub" && mirror?["source_url"]?.string == "")
        let status = try await fixture.get("/models/far/away/mirror_from_saas/status").json["data"]
        #expect(status?["terminal"]?.flag == false && status?["task_id"]?.integer == 0)
        #expect(try await fixture.get("/models/far/away/mirror_from_saas/status?task_id=7").status == 404)
        #expect(try await fixture.get("/models/acme/here/mirror").json["data"] == nil)
    }

    @Test("repositories are picked by path, and those that may not be seen are left out")
    func byPath() async throws {
        let fixture = try await CSGHubFixture()
        let alice = try await fixture.made()
        _ = try await fixture.send(.post, "/models", #"{"namespace":"alice","name":"n","private":true}"#, token: alice)
        let body = #"{"paths":["alice/n","Alice/M","alice/none","../x"]}"#
        func paths(_ token: String?) async throws -> [String] {
            let answer = try await fixture.send(.post, "/list/models_by_path", body, token: token)
            return answer.json["data"]?.elements.compactMap { $0["path"]?.string } ?? []
        }
        #expect(try await paths(alice) == ["alice/n", "alice/m"])
        #expect(try await paths(nil) == ["alice/m"])
        let many = #"{"paths":[\#((0...100).map { "\"a/b\($0)\"" }.joined(separator: ","))]}"#
        #expect(try await fixture.send(.post, "/list/models_by_path", many).status == 400)
    }

    @Test("administrators weigh repositories, mirrored ones too, and list what is mirrored")
    func weights() async throws {
        let fixture = try await CSGHubFixture()
        let alice = try await fixture.made()
        let root = try await fixture.hub.identities.createUser("root", isAdministrator: true)
        let admin = try await fixture.hub.identities.createToken(
            for: root, name: "t", scope: .admin, expiresAt: nil
        ).reveal()
        let mirror = try await fixture.hub.mirror("dataset:far/away")
        let key = try #require(try await fixture.get("/models/alice/m").json["data"]?["repository_id"]?.integer)
        for key in [key, mirror] {
            let body = #"{"repo_id":\#(key),"weight":40}"#
            #expect(try await fixture.send(.post, "/recom/opweight", body, token: alice).status == 403)
            #expect(try await fixture.send(.post, "/recom/opweight", body, token: admin).json["msg"]?.string == "OK")
        }
        let shown = try await fixture.get("/models/alice/m?need_multi_sync=true&need_op_weight=true").json["data"]
        let op = shown?["scores"]?.elements.first { $0["weight_name"]?.string == "op" }
        #expect(op?["score"]?.integer == 40 && shown?["recom_op_weight"]?.integer == 40)
        #expect(try await fixture.send(.post, "/recom/opweight", #"{"repo_id":1}"#, token: admin).status == 404)
        #expect(
            try await fixture.send(
                .post, "/recom/opweight", #"{"repo_id":\#(key),"weight":99999999}"#, token: admin
            ).status == 400)
        let mirrors = try await fixture.get("/mirror/repos", token: admin).json["data"]
        #expect(mirrors?["total"]?.integer == 1)
        #expect(mirrors?["data"]?.elements.first?["path"]?.string == "far/away")
        #expect(try await fixture.get("/mirror/repos", token: alice).status == 403)
    }
}
