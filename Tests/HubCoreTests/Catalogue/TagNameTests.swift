import SQL
import Testing

@testable import HubCore

/// What the catalogue counts, told as the tags that clients filter by.
@Suite("Tags and how many carry them")
struct TagNameTests {
    @Test("values get back the group and the form of the tag that a card made of them")
    func names() throws {
        func name(_ group: CatalogueGroup, _ label: String, _ kind: RepositoryKind = .model) -> [String]? {
            TagName(group, label, kind).map { [$0.facet.rawValue, $0.tag, $0.value] }
        }
        #expect(name(.task, "translation") == ["pipeline_tag", "translation", "translation"])
        #expect(name(.task, "qa", .dataset) == ["task_categories", "task_categories:qa", "qa"])
        #expect(name(.language, "zh") == ["language", "zh", "zh"])
        #expect(name(.language, "zh", .dataset) == ["language", "language:zh", "zh"])
        #expect(name(.license, "MIT") == ["license", "license:MIT", "MIT"])
        #expect(name(.library, "peft") == ["library", "peft", "peft"])
        #expect(name(.tag, "dataset:acme/Data") == ["dataset", "dataset:acme/Data", "acme/Data"])
        #expect(name(.tag, "base_model:a/B") == ["base_model", "base_model:a/B", "a/B"])
        #expect(name(.tag, "base_model:adapter:a/B") == ["base_model", "base_model:adapter:a/B", "a/B"])
        #expect(name(.tag, "size_categories:n<1K", .dataset) == ["size_categories", "size_categories:n<1K", "n<1K"])
        #expect(name(.tag, "region:us") == ["other", "region:us", "region:us"])
        #expect(name(.owner, "ada") == nil && name(.size, "1GB") == nil && name(.state, "local") == nil)
    }

    @Test("of a card's tags each is counted in its own spelling, where it may be seen, the most carried first")
    func counts() async throws {
        let fixture = try await HubFixture()
        let ada = try await fixture.principal("ada")
        let bob = try await fixture.principal("bob")
        let card = "---\nlicense: mit\nbase_model: Acme/Base\nlanguage: [en]\ntags: [Red]\n---\n"
        for (name, visibility) in [("one", Repository.Visibility.public), ("two", .private)] {
            try await fixture.create("model:ada/\(name)", visibility)
            let repository = try await fixture.authorizer.open(
                ada, .contentWrite, try HubFixture.id("model:ada/\(name)"))
            _ = try await fixture.repositories.commit(
                CommitDraft(
                    ref: try #require(RefName.branch("main")),
                    operations: [
                        .write(path: try #require(GitPath("README.md")), bytes: Array("\(card)\(name)".utf8))
                    ], summary: "card"), to: repository)
        }
        let catalogue = fixture.hub.store.localCatalogue
        for (reader, count) in [(ada, Int64(2)), (bob, 1)] {
            let counts = try await catalogue.tagCounts(of: .model, for: reader)
            #expect(counts[.license] == [TagCount(tag: "license:mit", value: "mit", count: count)])
            #expect(counts[.language] == [TagCount(tag: "en", value: "en", count: count)])
            #expect(counts[.other] == [TagCount(tag: "Red", value: "Red", count: count)])
            #expect(
                counts[.baseModel] == [
                    TagCount(tag: "base_model:Acme/Base", value: "Acme/Base", count: count),
                    TagCount(tag: "base_model:finetune:Acme/Base", value: "Acme/Base", count: count),
                ])
        }
        #expect(try await catalogue.tagCounts(of: .dataset, for: ada).isEmpty)
    }
}
