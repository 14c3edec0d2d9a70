import Testing

@testable import HubCore

@Suite("Cards")
struct CardTests {
    @Test(
        "front matter is read whatever ends its lines and whatever blank stands before it",
        arguments: [
            "---\nlicense: mit\n---\ntext", "---\r\nlicense: mit\r\n---\r\ntext", "\n\r\n---\nlicense: mit\n---",
            "\u{FEFF}---\nlicense: mit\n---\n", "---  \nlicense: mit\n--- \n", "---\nlicense: [mit]\n---\n",
        ])
    func lines(text: String) {
        #expect(Card(readme: Array(text.utf8)).licenses == ["mit"])
    }

    @Test(
        "what is no front matter gives none",
        arguments: [
            "", "text", "---\nlicense: mit\n", "text\n---\nlicense: mit\n---\n", "---\n- mit\n---\n",
            "---\na: [\n---\n",
            "---\na: 1\na: 2\n---\n",
        ])
    func none(text: String) {
        #expect(Card(readme: Array(text.utf8)).data == nil)
    }

    @Test("a model-index that is no list is refused, as clients cannot read it", arguments: ["foo", "{a: 1}", "3"])
    func modelIndex(value: String) throws {
        let refusal = #expect(throws: HubError.self) {
            try Card.validate(readme: Array("\n---\nmodel-index: \(value)\n---\n".utf8))
        }
        #expect(refusal?.message.contains("Invalid metadata in README.md") == true)
        try Card.validate(readme: Array("---\nmodel-index:\n- name: a\n---\n".utf8))
        try Card.validate(readme: Array("---\nmodel-index:\n---\n".utf8))
    }

    @Test("values that YAML reads as something else stay what was meant")
    func scalars() {
        let card = Card(
            readme: Array("---\nlanguage:\n- no\n- en\nversion: 1.0\ntags: [a&b, \"R & D\", x]\n---\n".utf8))
        #expect(card.languages == ["no", "en"])
        #expect(card.tags(for: .model) == ["a&b", "R & D", "x", "no", "en"])
    }

    @Test("an alias is read; aliases of aliases are not written out")
    func aliases() {
        let plain = Card(readme: Array("---\na: &x [mit]\nlicense: *x\n---\n".utf8))
        #expect(plain.licenses == ["mit"])
        var bomb = "---\na0: &a0 [\"x\",\"x\",\"x\",\"x\",\"x\",\"x\",\"x\",\"x\"]\n"
        for level in 1...12 {
            let list = Array(repeating: "*a\(level - 1)", count: 8).joined(separator: ",")
            bomb += "a\(level): &a\(level) [\(list), \"'\"]\n"
        }
        #expect(Card(readme: Array((bomb + "---\n").utf8)).data == nil)
        // As a key it would be walked in full while it is parsed.
        for key in ["? *a12\n: 1\n", "*a12 : 1\n", "{*a12 : 1}: 2\n", "[*a12]: 1\n"] {
            #expect(Card(readme: Array((bomb + key + "---\n").utf8)).data == nil)
        }
    }

    @Test(
        "deep nesting costs no stack",
        arguments: [
            String(repeating: "[", count: 100_000), String(repeating: "a: {", count: 5_000),
            String(repeating: "- ", count: 100_000),
            (0..<1_400).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
            (0..<900).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
        ])
    func nesting(text: String) async {
        // On a task of its own: those have the small stacks that requests run on.
        _ = await Task.detached { Card(readme: Array("---\n\(text)\n---\n".utf8)).data }.value
    }
}
