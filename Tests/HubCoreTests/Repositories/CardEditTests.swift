import HubCore
import Testing

@Suite("Edits of cards, and the catalogue of tags")
struct CardEditTests {
    private func edited(_ text: String, _ values: [String]) throws -> String {
        String(decoding: try CardEdit.setting("datasets", to: values, in: Array(text.utf8)), as: UTF8.self)
    }

    @Test("only the lines of the key change")
    func lines() throws {
        let card = "---\n# mine\nlicense: mit\ndatasets:\n  - a/b\n  - c/d\ntags: [x]\n---\n\n# Title\n---\nrule\n"
        #expect(
            try edited(card, ["e/f"])
                == "---\n# mine\nlicense: mit\ndatasets:\n- e/f\ntags: [x]\n---\n\n# Title\n---\nrule\n")
        #expect(try edited(card, []) == "---\n# mine\nlicense: mit\ntags: [x]\n---\n\n# Title\n---\nrule\n")
        #expect(try edited("---\ndatasets: [a/b]\n---\n", ["c/d"]) == "---\ndatasets:\n- c/d\n---\n")
        #expect(try edited("---\ndatasets:\n- a/b\n-\n---\n", ["c/d"]) == "---\ndatasets:\n- c/d\n---\n")
    }

    @Test("a file without front matter gets one, and nothing to say changes nothing")
    func none() throws {
        #expect(try edited("# Title\n", ["a/b"]) == "---\ndatasets:\n- a/b\n---\n# Title\n")
        #expect(try edited("# Title\n", []) == "# Title\n")
        #expect(try edited("", ["a/b"]) == "---\ndatasets:\n- a/b\n---\n")
    }

    @Test("a card from Windows keeps its line ends")
    func windows() throws {
        #expect(
            try edited("---\r\nlicense: mit\r\n---\r\ntext\r\n", ["a/b"])
                == "---\r\nlicense: mit\r\ndatasets:\n- a/b\n---\r\ntext\r\n")
    }

    @Test(
        "what cannot be changed line by line is refused, not spoilt",
        arguments: ["---\n{license: mit}\n---\n", "---\n: : [\n---\n", "---\n\"datasets\": [a/b]\n---\n"])
    func refusal(_ card: String) throws {
        #expect(throws: HubError.self) { try edited(card, ["c/d"]) }
    }

    @Test("the words of the catalogue have numbers of their own, within what JSON numbers hold")
    func catalogue() {
        let all = TagCatalogue.all
        #expect(all.count > 1_500)
        #expect(Set(all.map(\.id)).count == all.count)
        #expect(all.allSatisfy { (1..<(1 << 40)).contains($0.id) && RepositoryTag.isValid($0.name) })
        #expect(Set(all.map { "\($0.scope) \($0.category) \($0.name.lowercased())" }).count == all.count)
        let task = TagCatalogue.tag("text-generation", category: "task", scope: .model)
        #expect(task?.group == "natural_language_processing")
        #expect(task.flatMap { TagCatalogue.tag($0.id) } == task)
        // Clients keep numbers, so that of a word never changes.
        #expect(task?.id == TagCatalogue.tag("TEXT-GENERATION", category: "task", scope: .model)?.id)
    }

    @Test("one catalogue serves both hubs' words, each in its own dialect")
    func dialects() throws {
        let tasks = TagCatalogue.entries(.pipelineTag)
        let image = try #require(tasks.first { $0.value == "text-to-image" })
        #expect(image.label == "Text to Image" && image.field == "cv")
        #expect(TagCatalogue.tag("text-to-image", category: "task", scope: .model)?.showName == "Text to image")
        #expect(TagCatalogue.entries(.taskCategory).first { $0.value == "summarization" }?.field == "nlp")
        #expect(TagCatalogue.entries(.license).first { $0.value == "apache-2.0" }?.label == "Apache license 2.0")
        #expect(TagCatalogue.tag("apache-2.0", category: "license", scope: .model)?.showName == "apache-2.0")
        #expect(TagCatalogue.entries(.dataset).isEmpty)
        for facet in [CardFacet.Kind.pipelineTag, .library, .language, .license, .sizeCategory] {
            let values = TagCatalogue.entries(facet).map(\.value)
            #expect(!values.isEmpty && Set(values).count == values.count, "\(facet)")
        }
        for library in TagCatalogue.entries(.library) {
            #expect(TagCatalogue.tag(library.value, category: "framework", scope: .model) != nil, "\(library.value)")
        }
    }
}
