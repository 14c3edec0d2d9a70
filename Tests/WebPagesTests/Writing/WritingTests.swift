import Testing

@testable import WebPages

@Suite("Two changes of one text")
struct ThreeWayMergeTests {
    private func merge(_ base: String, _ theirs: String, _ yours: String) -> ThreeWayMerge {
        ThreeWayMerge(base: base, theirs: theirs, yours: yours, theirName: "main", yourName: "ada")
    }

    @Test("changes of different lines are joined without a mark")
    func joined() {
        let merged = merge("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n")
        #expect(merged.text == "A\nb\nc\nD\n")
        #expect(merged.conflicts == 0)
    }

    @Test("changes of one line are marked as git marks them, and nothing of either is lost")
    func marked() {
        let merged = merge("a\nb\nc\n", "a\nhers\nc\n", "a\nhis\nc\n")
        #expect(merged.text == "a\n<<<<<<< main\nhers\n=======\nhis\n>>>>>>> ada\nc\n")
        #expect(merged.conflicts == 1)
    }

    @Test("the same change on both sides is one change")
    func same() {
        #expect(merge("a\n", "b\n", "b\n").text == "b\n")
        #expect(merge("a\nb\n", "a\n", "a\n").conflicts == 0)
    }

    @Test("who changed nothing gets what the other did, whatever it was")
    func oneSide() {
        for text in ["", "x", "x\ny\nz", "a\nb\nc\n", "\n\n", "a\r\nb"] {
            #expect(merge("a\nb\nc\n", text, "a\nb\nc\n").text == text)
            #expect(merge("a\nb\nc\n", "a\nb\nc\n", text).text == text)
        }
    }

    @Test("of any two changes every line of both is in the result, or was dropped by the other side")
    func random() {
        var generator = SystemRandomNumberGenerator()
        func text() -> [String] {
            (0..<Int.random(in: 0...8)).map { _ in "abc".map(String.init).randomElement(using: &generator) ?? "a" }
        }
        for _ in 0..<300 {
            let (base, theirs, yours) = (text(), text(), text())
            let merged = merge(
                base.joined(separator: "\n"), theirs.joined(separator: "\n"), yours.joined(separator: "\n"))
            if theirs == yours { #expect(merged.conflicts == 0) }
            if merged.conflicts == 0 { #expect(!merged.text.contains("<<<<<<<")) }
            let added = Set(theirs).union(yours).subtracting(base)
            let shown = Set(merged.text.split(separator: "\n").map(String.init))
            #expect(added.isSubset(of: shown))
        }
    }

    @Test("texts of very many lines stand whole beside each other")
    func long() {
        let lines = String(repeating: "x\n", count: 30_000)
        #expect(merge(lines, lines + "a", lines + "b").conflicts == 1)
    }
}

@Suite("Pages of writing")
struct WritingPageTests {
    private let evil = "\"><script>alert(1)</script>'&"
    private var context: PageContext {
        PageContext(
            t: L10n(.english), visitor: PageContext.Visitor(name: "ada", isAdministrator: false), csrf: "c", now: 0)
    }
    private var header: RepositoryHeader { RepositoryHeader(kind: .models, namespace: "ada", name: "m") }
    private var place: ChangePlace { ChangePlace(header: header, revision: "main") }
    private var fields: ChangeFields {
        ChangeFields(
            summary: evil, description: evil, branch: evil, mayCommit: true, mayPropose: true, fallback: evil,
            problem: evil)
    }

    private func isInert(_ page: Page) -> Bool {
        let text = page.body.string
        return !text.contains("<script>alert") && !text.contains("\"><script") && text.contains("&lt;script&gt;")
    }

    @Test("whatever people name and type is text on every page of writing")
    func escaping() {
        let base = EditPage.Base(blob: evil, commit: evil)
        var edit = EditPage(place: place, path: evil, base: base, text: "</textarea>" + evil, fields: fields)
        edit.card = CardReviewPanel(issues: [.init(line: 1, message: evil)], missing: [])
        edit.refusal = (evil, evil)
        #expect(isInert(edit.page(context)))
        #expect(!edit.page(context).body.string.contains("</textarea>\""))
        let merged = ThreeWayMerge(base: "", theirs: evil, yours: evil, theirName: evil, yourName: evil)
        let conflict = ConflictPage(
            place: place, path: evil, theirs: evil, yours: evil, merged: merged, base: base, fields: fields,
            theirCommit: (evil, evil, evil))
        #expect(isInert(conflict.page(context)))
        #expect(isInert(UploadPage(place: place, folder: evil, fields: fields).page(context)))
        var new = NewRepositoryPage(owners: [evil], owner: evil, name: evil)
        new.nameProblem = evil
        #expect(isInert(new.page(context)))
        let reference = BranchForms.Reference(name: evil, isTag: false, protection: nil)
        #expect(isInert(BranchForms(header: header, references: [reference], problem: evil).page(context)))
    }

    @Test("whatever people write in discussions is text, and Markdown in comments is safe")
    func community() {
        let summary = DiscussionSummary(
            number: 1, title: evil, state: .open, isPullRequest: true, author: evil, createdAt: 0, comments: 1)
        let events: [ThreadPage.Event] = [
            .init(
                id: "1", content: .comment(text: evil, edits: 1, isHidden: false, hiddenBy: nil, concealed: nil),
                author: "ada", at: 0),
            .init(
                id: "2", content: .comment(text: "", edits: 0, isHidden: true, hiddenBy: evil, concealed: evil),
                author: nil, at: 0),
            .init(id: "3", content: .title(from: evil, to: evil), author: evil, at: 0),
            .init(id: "4", content: .commit(subject: evil, id: evil), author: evil, at: 0),
        ]
        let pull = ThreadPage.PullRequest(
            base: evil, ref: "refs/pr/1", mergeCommit: nil, checks: [.init(.warn, evil, [evil])], mayMerge: true,
            patch: "diff --git a/\(evil) b/\(evil)\n@@ -1 +1 @@\n-\(evil)\n+\(evil)\n")
        for showsChanges in [false, true] {
            let page = ThreadPage(
                header: header, summary: summary, events: events, pullRequest: pull, mayTakePart: true,
                mayChange: true, isModerator: true, showsChanges: showsChanges, draft: evil)
            #expect(isInert(page.page(context)))
        }
    }

    @Test("relative links and pictures in a comment are files of the repository")
    func commentLinks() {
        let text = ProseText.view("[a](docs/x.md) ![p](img/p.png) @ada [s](/models) [h](#top)", in: header, context)
            .string
        #expect(text.contains("href=\"\(header.address)/blob/main/docs/x.md\""))
        #expect(text.contains("src=\"\(header.rawAddress("img/p.png", revision: "main"))\""))
        #expect(text.contains("href=\"/ada\"") && text.contains("href=\"/models\""))
    }

    @Test("the first button of an editor is the one that commits: Enter in a field presses it")
    func firstButton() {
        var page = EditPage(
            place: place, path: "README.md", base: .init(blob: "b", commit: "c"), text: "", fields: fields)
        page.card = CardReviewPanel(issues: [], missing: CardReviewPanel.Field.allCases)
        let text = page.page(context).body.string
        let form = text[(text.firstRange(of: "class=\"change\"")?.lowerBound ?? text.startIndex)...]
        let submit = form.firstRange(of: "type=\"submit\"")
        let button = submit.map { form[$0.upperBound...].prefix(40) } ?? ""
        #expect(button.contains("value=\"commit\""))
    }

    @Test("a patch is told apart by file, whatever its lines say")
    func patch() {
        let files = PatchView.files(
            in:
                "diff --git a/x b/x\n@@ -1 +1 @@\n-a\n+diff --git a/evil b/evil\ndiff --git a/y z b/y z\nnew file mode 100644\n"
        )
        #expect(files.map(\.path) == ["x", "y z"])
    }
}
