import Testing

@testable import HubCore

@Suite("What cards say something was made from")
struct DeclaredLineageTests {
    private static func edges(_ card: String) -> [String] {
        DeclaredLineage(Card(readme: Array("---\n\(card)\n---\n".utf8))).edges.map {
            "\($0.relation.rawValue) \($0.kind.rawValue):\($0.path)"
        }
    }

    @Test(
        "one name, many, data, and names that are addresses",
        arguments: [
            ("base_model: acme/base", ["finetune model:acme/base"]),
            ("base_model: acme/base\nbase_model_relation: quantized", ["quantized model:acme/base"]),
            ("base_model: acme/base\nlibrary_name: peft", ["adapter model:acme/base"]),
            (
                "base_model: [acme/a, acme/b]\ntags: [merge]\ndatasets: acme/rows",
                ["merge model:acme/a", "merge model:acme/b", "dataset dataset:acme/rows"]
            ),
            ("base_model: https://huggingface.co/acme/base/tree/main", ["finetune model:acme/base"]),
            ("base_model: https://opencsg.com/models/acme/base", ["finetune model:acme/base"]),
            ("base_model: ['acme/base', 'ACME/Base']", ["finetune model:acme/base"]),
            (
                "tags: ['base_model:merge:acme/a', 'base_model:acme/a', 'dataset:x/y']",
                ["merge model:acme/a", "dataset dataset:x/y"]
            ),
        ])
    func names(card: String, expected: [String]) { #expect(Self.edges(card) == expected) }

    @Test(
        "values of any other type say nothing, and break nothing",
        arguments: [
            "base_model: {name: acme/base}", "base_model:", "base_model: []", "base_model: [[acme/base]]",
            "base_model: [{a: b}, null]", "tags: {base_model: acme/base}", "datasets: {a: [b]}", "base_model: '  '",
        ])
    func oddTypes(card: String) { #expect(Self.edges(card).isEmpty) }

    @Test("of thousands of names a bounded number is kept, and it is known how many were not")
    func thousands() {
        let card = "base_model:\n" + (0..<10_000).map { "- acme/m\($0)\n" }.joined()
        let lineage = DeclaredLineage(Card(readme: Array("---\n\(card)---\n".utf8)))
        #expect(lineage.edges.count == DeclaredLineage.maximumEdges)
        #expect(lineage.omitted == 10_000 - DeclaredLineage.maximumEdges)
        #expect(
            Self.edges("base_model: \(String(repeating: "x", count: 5_000))").first.map { $0.utf8.count < 250 } == true)
    }
}
