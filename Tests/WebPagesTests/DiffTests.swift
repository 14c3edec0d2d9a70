import Testing

@testable import WebPages

@Suite("Differences are found, read and shown")
struct DiffTests {
    static let context = PageContext(t: L10n(.english), now: 0)

    @Test("what differs between two texts turns the one into the other")
    func between() {
        var random = SplitMix(seed: 5)
        for _ in 0..<400 {
            let old = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                "abcd".randomElement(using: &random) ?? "a"
            }
            var new = old
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let at = Int.random(in: 0...new.count, using: &random)
                if Bool.random(using: &random), at < new.count { new.remove(at: at) } else { new.insert("x", at: at) }
            }
            let (a, b) = (old.map { "\($0)\n" }.joined(), new.map { "\($0)\n" }.joined())
            let diff = DiffModel.between(a, b, around: 1_000)
            guard a != b else {
                #expect(diff.hunks.isEmpty)
                continue
            }
            let lines = diff.hunks.flatMap(\.lines)
            #expect(diff.hunks.count == 1)
            #expect(lines.filter { $0.kind != .added }.map(\.text) == old.map(String.init))
            #expect(lines.filter { $0.kind != .removed }.map(\.text) == new.map(String.init))
            #expect(lines.compactMap(\.old) == Array(1...max(1, old.count)).prefix(old.count).map { $0 })
            #expect(diff.added + diff.removed <= 12)
        }
    }

    @Test("hunks have what stands around them, and say where they are")
    func hunks() {
        let old = (1...40).map { "\($0)\n" }.joined()
        let new = (1...40).map { $0 == 10 ? "ten\n" : $0 == 30 ? "" : "\($0)\n" }.joined()
        let diff = DiffModel.between(old, new)
        #expect(diff.hunks.map(\.heading) == ["@@ -7,7 +7,7 @@", "@@ -27,7 +27,6 @@"])
        #expect((diff.added, diff.removed) == (1, 2))
        #expect(
            DiffModel.between("", "a\n").hunks.map(\.heading) == ["@@ -0,0 +1,1 @@"]
                || DiffModel.between("", "a\n").added == 1)
    }

    @Test("what Git writes is read")
    func unified() {
        let text = """
            diff --git a/x b/x
            --- a/x
            +++ b/x
            @@ -1,3 +1,3 @@ def f
             a
            --- b
            +++ c
             d
            \\ No newline at end of file
            @@ -9 +9,0 @@
            -z
            """
        let diff = DiffModel(unified: text)
        #expect(diff.hunks.count == 2)
        #expect(diff.hunks[0].heading == "@@ -1,3 +1,3 @@ def f")
        #expect(diff.hunks[0].lines.map(\.text) == ["a", "-- b", "++ c", "d"])
        #expect(diff.hunks[0].lines.map(\.old) == [1, 2, nil, 3])
        #expect(diff.hunks[1].lines == [.init(.removed, old: 9, new: nil, text: "z")])
        #expect(DiffModel(unified: text, limit: 2).isTruncated)
        #expect(DiffModel(unified: "@@ -1,99999999999999999999 +1 @@\n x").hunks.isEmpty)
    }

    @Test("large texts that have nothing in common take no long")
    func large() {
        let old = (0..<12_000).map { "a\($0)\n" }.joined()
        let new = (0..<12_000).map { "b\($0)\n" }.joined()
        let time = ContinuousClock().measure { #expect(DiffModel.between(old, new).isTruncated) }
        #expect(time < .seconds(30))
    }

    @Test("both views hold the text, escaped, with the words marked that changed")
    func views() {
        let diff = DiffModel.between("a <b> one\nsame\n", "a <b> two\nsame\nnew\n")
        for html in [
            DiffView.unified(diff, label: "x", language: .python, Self.context),
            DiffView.split(diff, label: "x", language: .python, Self.context),
        ] {
            #expect(WellFormed.problems(html.string) == [])
            #expect(html.string.contains("a &lt;b&gt; <del>one</del>"))
            #expect(html.string.contains("a &lt;b&gt; <ins>two</ins>"))
            #expect(html.string.contains("new"))
        }
        #expect(DiffView.unified(DiffModel(hunks: []), label: "x", Self.context).string.contains("no difference"))
    }

    @Test("lines stand beside those they replace")
    func pairs() {
        let diff = DiffModel.between("a\nb\nc\n", "x\ny\nz\nc\n")
        #expect(
            DiffLines.pairs(of: diff.hunks[0]).map { [$0.old, $0.new] } == [[0, 2], [1, 3], [nil, 4], [5, 5]])
    }

    @Test("large files say how large they were and are")
    func pointers() {
        let old = PointerDiff.Side(digest: "a".repeated(64), bytes: 4_100_000_000)
        let new = PointerDiff.Side(digest: "b".repeated(64), bytes: 4_300_000_000)
        let html = DiffView.pointer(PointerDiff(old: old, new: new), Self.context).string
        #expect(html.contains("4.1 GB → 4.3 GB"))
        #expect(html.contains("aaaaaaaaaa<") && html.contains("bbbbbbbbbb<"))
        #expect(WellFormed.problems(html) == [])
        #expect(DiffView.pointer(PointerDiff(old: nil, new: new), Self.context).string.contains("4.3 GB, new"))
    }

    @Test("tensors are counted")
    func tensors() {
        let html = TensorTable.view(
            [.init(name: "a", type: "BF16", shape: [4_096, 1_000]), .init(name: "b", type: "F32", shape: [])],
            Self.context)
        #expect(html.string.contains("2 tensors with 4.1M parameters"))
        #expect(html.string.contains("4,096 × 1,000"))
        #expect(WellFormed.problems(html.string) == [])
        #expect(TensorTable.Tensor(name: "a", type: "F32", shape: [.max, 2]).parameters == .max)
    }

    @Test("JSON is a tree, and what is none is not")
    func json() throws {
        let html = try #require(JSONTree.view("{\"b\": [1, \"<\", {\"c\": null}], \"a\": 1.50}", Self.context)).string
        #expect(WellFormed.problems(html) == [])
        #expect(html.contains("&quot;&lt;&quot;") && html.contains("1.50"))
        for text in [
            "", "{", "[1,]", "{a: 1}", "x", "[1] 2", "[".repeated(100) + "]".repeated(100), "\"a", "{\"a\" 1}",
        ] {
            #expect(JSONTree.view(text, Self.context) == nil, "\(text)")
        }
        let many = "[" + "1,".repeated(100_000) + "1]"
        #expect(try #require(JSONTree.view(many, Self.context)).string.contains("99,501 more items"))
    }
}
