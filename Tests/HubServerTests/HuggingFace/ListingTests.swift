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
        #expect(links.first == "<http://hub.test/hf/api/datasets?limit=2&search=d&filter=&cursor=2>; rel=\"next\"")
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

    @Test("S53: orders this hub has not are refused", arguments: ["sort=name", "direction=1", "limit=x", "cursor=abc"])
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

    @Test("tags by type come from the cards")
    func tagsByType() async throws {
        let fixture = try await HuggingFaceFixture()
        try await fixture.demo()
        let json = try await fixture.get("/api/models-tags-by-type").json
        #expect(json["license"]?.elements.first?["id"] == .string("license:mit"))
        #expect(json["license"]?.elements.first?["label"] == .string("mit"))
        #expect(json["language"]?.elements.first?["type"] == .string("language"))
        #expect(try await fixture.get("/api/datasets-tags-by-type").json["license"] == .array([]))
    }
}
