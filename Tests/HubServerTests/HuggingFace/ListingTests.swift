import HTTPTypes
import HubCore
import Testing

@testable import HubServer

@Suite("Hugging Face: lists of repositories")
struct ListingTests {
    @Test("lists are searched by words, filtered by tags, and narrowed to an author")
    func conditions() async throws {
        let fixture = try await HuggingFaceFixture()
        try await fixture.demo()
        let key = try await fixture.hub.create("model:bits/small-llama")
        try await fixture.hub.commit(["README.md": .git("---\nlicense: apache-2.0\nlanguage: fr\n---\n")], to: key)
        func ids(_ query: String) async throws -> [String] {
            try await fixture.get("/api/models?\(query)").json.elements.compactMap { $0["id"]?.string }.sorted()
        }
        #expect(try await ids("") == ["acme/Demo", "bits/small-llama"])
        #expect(try await ids("search=DEM") == ["acme/Demo"])
        #expect(try await ids("search=small&search=llama") == ["bits/small-llama"])
        #expect(try await ids("author=BITS") == ["bits/small-llama"])
        #expect(try await ids("filter=license:mit") == ["acme/Demo"])
        #expect(try await ids("filter=license%3Amit&filter=tiny") == ["acme/Demo"])
        #expect(try await ids("filter=license:mit,none") == [])
        #expect(try await ids("filter=language:fr") == ["bits/small-llama"])
        #expect(try await ids("gated=True") == [])
        #expect(try await ids("inference=warm") == [])
    }

    @Test("pages are linked by absolute URLs that keep every parameter")
    func pages() async throws {
        let fixture = try await HuggingFaceFixture()
        for number in 0..<5 { try await fixture.hub.create("dataset:acme/d\(number)") }
        var next: String? = "/hf/api/datasets?limit=2&search=d&filter="
        var seen: [String] = []
        var links: [String] = []
        while let target = next {
            let answer = try await fixture.get(target)
            seen += answer.json.elements.compactMap { $0["id"]?.string }
            next = nil
            if let link = answer.headers["Link"] {
                links.append(link)
                next = link.split(separator: ">").first.map { String($0.dropFirst("<http://hub.test".count)) }
            }
        }
        #expect(seen.sorted() == (0..<5).map { "acme/d\($0)" })
        #expect(
            links.first == "<http://hub.test/hf/api/datasets?limit=2&search=d&filter=&cursor=2>; rel=\"next\"")
        #expect(links.count == 2)
    }

    @Test("private repositories are listed to their owner only")
    func privacy() async throws {
        let fixture = try await HuggingFaceFixture()
        let token = try await fixture.hub.token(for: "ada")
        let other = try await fixture.hub.token(for: "bob")
        try await fixture.hub.create("model:ada/secret", visibility: .private)
        #expect(try await fixture.get("/api/models").json.elements.isEmpty)
        #expect(try await fixture.get("/api/models", token: other).json.elements.isEmpty)
        #expect(try await fixture.get("/api/models", token: token).json.elements.count == 1)
    }

    @Test("a quick search finds repositories of each kind, and accounts for those who have one")
    func quickSearch() async throws {
        let fixture = try await HuggingFaceFixture()
        try await fixture.demo()
        let token = try await fixture.hub.token(for: "demobert")
        try await fixture.hub.create("dataset:acme/demo-data")
        try await fixture.hub.create("model:demobert/secret", visibility: .private)
        func ids(_ answer: JSONValue, _ part: String) -> [String] {
            (answer[part]?.elements ?? []).compactMap { ($0["id"] ?? $0["user"])?.string }
        }
        let open = try await fixture.get("/api/quicksearch?q=demo&limit=5").json
        #expect(open["q"] == .string("demo"))
        #expect(ids(open, "models") == ["acme/Demo"] && open["modelsCount"] == .integer(1))
        #expect(ids(open, "datasets") == ["acme/demo-data"] && ids(open, "users").isEmpty)
        #expect(open["papers"] == .array([]) && open["spacesCount"] == .integer(0))
        let own = try await fixture.get("/api/quicksearch?q=demo&type=model&type=user", token: token).json
        #expect(Set(ids(own, "models")) == ["acme/Demo", "demobert/secret"])
        #expect(ids(own, "users") == ["demobert"] && ids(own, "datasets").isEmpty)
        #expect(try await fixture.get("/api/quicksearch").json["modelsCount"] == .integer(0))
        #expect(try await fixture.get("/api/quicksearch?q=%22*%25").status == 200)
    }

    @Test(
        "S53: orders this hub has not are refused",
        arguments: ["sort=name", "direction=2", "limit=x", "cursor=abc", "cursor=2", "search=a&cursor=1.2"])
    func refusals(query: String) async throws {
        let fixture = try await HuggingFaceFixture()
        let answer = try await fixture.get("/api/models?\(query)")
        #expect(answer.status == 400)
        #expect(answer.headers["X-Error-Message"]?.isEmpty == false)
    }

    @Test("full and cardData bring the cards, expand brings what it names")
    func properties() async throws {
        let fixture = try await HuggingFaceFixture()
        try await fixture.demo()
        func keys(_ query: String) async throws -> Set<String> {
            Set(try await fixture.get("/api/models?\(query)").json.elements.first?.keys ?? [])
        }
        #expect(try await keys("full=True").contains("cardData"))
        #expect(try await !keys("").contains("cardData"))
        #expect(try await keys("expand=likes&expand=sha") == ["id", "likes", "sha"])
    }

    @Test("spaces are searched by words, those that fit best first, and by what runs them")
    func spaceSearch() async throws {
        let fixture = try await HuggingFaceFixture()
        for (name, kit, visibility) in [
            ("translate", "gradio", Repository.Visibility.public), ("not-to-translate", "static", .public),
            ("translate-secrets", "gradio", .private),
        ] {
            let key = try await fixture.hub.create("space:acme/\(name)", visibility: visibility)
            let card = "---\ntitle: Say \(name)\nemoji: 🚀\nsdk: \(kit)\n---\n"
            try await fixture.hub.commit(["README.md": .git(card)], to: key, kind: .space)
        }
        func ids(_ query: String) async throws -> [String] {
            try await fixture.get("/api/spaces/semantic-search?\(query)").json.elements.compactMap { $0["id"]?.string }
        }
        #expect(try await ids("q=translate") == ["acme/translate", "acme/not-to-translate"])
        #expect(try await ids("q=translate&sdk=static") == ["acme/not-to-translate"])
        #expect(try await ids("q=nothing").isEmpty)
        let found = try await fixture.get("/api/spaces/semantic-search?q=translate").json.elements.first
        #expect(found?["title"]?.string == "Say translate" && found?["emoji"]?.string == "🚀")
        #expect(try await fixture.get("/api/spaces/semantic-search").status == 400)
        #expect(try await fixture.get("/api/spaces/templates").json["templates"]?.elements.isEmpty == true)
    }

    @Test("tasks are those of the catalogue, and none has a model that is served here")
    func tasks() async throws {
        let tasks = try await HuggingFaceFixture().get("/api/tasks").json
        #expect(tasks["text-generation"]?["label"]?.string == "Text Generation")
        #expect(tasks.keys.allSatisfy { tasks[$0]?["widgetModels"]?.elements.isEmpty == true })
    }

    @Test("tags by type come from the cards")
    func tagsByType() async throws {
        let fixture = try await HuggingFaceFixture()
        try await fixture.demo()
        let json = try await fixture.get("/api/models-tags-by-type").json
        #expect(json["license"]?.elements.first?["id"] == .string("license:mit"))
        #expect(json["license"]?.elements.first?["label"] == .string("MIT"))
        #expect(json["language"]?.elements.first?["type"] == .string("language"))
        #expect(json["license"]?.elements.first?["count"] == .integer(1))
        // What every hub knows is listed all the same.
        let datasets = try await fixture.get("/api/datasets-tags-by-type").json
        let known = datasets["license"]?.elements.first { $0["id"] == .string("license:mit") }
        #expect(known?["count"] == .integer(0) && known?["label"] == .string("MIT"))
    }
}
