import Testing

@testable import HubCore

@Suite("Hostile cards")
struct HostileCardTests {
    private static func card(_ yaml: String) -> Card { Card(readme: Array("---\n\(yaml)\n---\n# Title\n".utf8)) }

    @Test("front matter is read with the line ends of any system")
    func lineEnds() {
        for end in ["\n", "\r\n"] {
            let text = ["---", "license: cc-by-nc-4.0", "tags: [a, b]", "---", "# Title", ""].joined(separator: end)
            #expect(Card(readme: Array(text.utf8)).licenses == ["cc-by-nc-4.0"])
            #expect(Card(readme: [0xEF, 0xBB, 0xBF] + Array(text.utf8)).licenses == ["cc-by-nc-4.0"])
        }
    }

    @Test(
        "what is no front matter has no data",
        arguments: ["", "---", "---\na: 1", "# x\n---\na: 1\n---\n", " ---\na: 1\n---\n"])
    func none(text: String) {
        #expect(Card(readme: Array(text.utf8)).data == nil)
    }

    @Test("scalars are what JSON would call them, and language codes stay text")
    func scalars() {
        let data = Self.card("a: 1\nb: 1.5\nc: true\nd: no\ne: ~\nf: 'x'\nlicense: [mit, other]").data
        #expect(data?["a"] == .integer(1))
        #expect(data?["b"] == .number(1.5))
        #expect(data?["c"] == .boolean(true))
        #expect(data?["d"] == .string("no"))
        #expect(data?["e"] == .null)
        #expect(Self.card("license: [mit, other]").licenses == ["mit", "other"])
    }

    @Test("an ampersand and an asterisk in a text are no alias")
    func texts() {
        let card = Self.card("license: mit\ntitle: this & that, R&D\ntext: 'use *bold* and **strong** words'")
        #expect(card.licenses == ["mit"])
    }

    @Test("documents that grow while they are parsed are not parsed", .timeLimit(.minutes(1)))
    func bombs() {
        let levels = 1...60
        let quoted = levels.map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1), \"x\"]" }.joined(separator: "\n")
        let listed = levels.map { "- &a\($0) [*a\($0 - 1), *a\($0 - 1)]" }.joined(separator: "\n")
        for yaml in [
            "a0: &a0 [\"x\"]\n" + quoted, "x:\n- &a0 [x]\n" + listed,
            "a0: &a0 ['x']\n" + quoted + "\n? *a60\n: 1\n? *a60\n: 2",
            "a: " + String(repeating: "[", count: 300_000),
            "a: " + String(repeating: "[", count: 20_000) + String(repeating: "]", count: 20_000),
            "a: " + String(repeating: "{a: ", count: 20_000) + "1" + String(repeating: "}", count: 20_000),
        ] {
            #expect(Self.card(yaml).data == nil)
        }
        // Deep blocks are cut where nobody reads any more, and many values are bounded.
        _ = Self.card((0..<900).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n"))
        _ = Self.card((0..<80_000).map { "k\($0): 1" }.joined(separator: "\n"))
    }
}

@Suite("Sizes of commits")
struct CommitSizeTests {
    @Test("pointers with made-up sizes never add up to a small repository")
    func overflow() {
        let id = BlobID(hashing: [1])
        func entry(_ size: Int64) -> TreeEntry {
            TreeEntry(path: "a", kind: .file, id: .zero, size: 130, lfs: LFSPointer(oid: id, size: size))
        }
        #expect(CommitContents(files: [entry(.max), entry(.max), entry(2)], card: .empty).totalSize == .max)
        #expect(CommitContents(files: [entry(5), entry(7)], card: .empty).totalSize == 12)
    }
}
