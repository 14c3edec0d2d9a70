import Testing

@testable import WebPages

@Suite("Pages of a repository")
struct RepositoryViewTests {
    private static let hostile = "<script>alert(1)</script>\"'&"
    private let header = RepositoryHeader(
        kind: .datasets, namespace: "acme", name: "words", state: .behind(3), isPrivate: true, isGated: true,
        commit: String(repeating: "a", count: 40), upstream: "hf", upstreamPath: "acme/words",
        upstreamCommit: String(repeating: "b", count: 40), likes: 1_200, totalSize: 4_900_000_000, openDiscussions: 3,
        mayWrite: true, maySettings: true)

    private func context(_ language: Language = .english) -> PageContext {
        PageContext(t: L10n(language), csrf: "guard", siteURL: "https://hub.example", now: 1_700_000_000_000)
    }

    private func place(_ revision: String = "main") -> RevisionPlace {
        RevisionPlace(revision: revision, commit: String(repeating: "c", count: 40), branches: ["main"], tags: ["v1"])
    }

    @Test("the header says how a repository stands and leads to what it has")
    func heading() {
        let html = header.view(.files, context()).string
        for text in ["Behind 3", "Private", "Gated", "aaaaaaa", "bbbbbbb", "4.9 GB", "1.2k", "Viewer", "Settings"] {
            #expect(html.contains(text), "\(text)")
        }
        #expect(html.contains("href=\"/datasets/acme/words/tree/main\" aria-current=\"page\""))
        let plain = RepositoryHeader(kind: .models, namespace: "a", name: "b").view(.card, context()).string
        for text in ["Viewer", "Settings", "Private", "↔"] { #expect(!plain.contains(text), "\(text)") }
    }

    @Test("addresses keep a revision in one segment and slashes of a path")
    func addresses() {
        #expect(
            header.address("blob", revision: "refs/pr/1", path: "a b/#?.md")
                == "/datasets/acme/words/blob/refs%2Fpr%2F1/a%20b/%23%3F.md")
        #expect(header.rawAddress("a.md", revision: "main") == "/datasets/acme/words/resolve/main/a.md")
        let model = RepositoryHeader(kind: .models, namespace: "a", name: "b")
        #expect(model.rawAddress("c", revision: "main", isDownload: true) == "/a/b/resolve/main/c?download=true")
    }

    @Test("names, commits and findings of others are text on every page")
    func escaping() {
        let hostile = Self.hostile
        let commit = CommitSummary(oid: "d", title: hostile, author: hostile, time: 0)
        let state = FileState(content: .notHere, scan: .dangerous, findings: [hostile])
        let place = RevisionPlace(revision: hostile, commit: "c", branches: [hostile], tags: [hostile])
        let diff = ChangedFiles(
            files: [
                ChangedFiles.File(
                    path: hostile, oldPath: hostile, change: .renamed, additions: 1, deletions: 1,
                    content: .binary(old: 1, new: 2))
            ], count: 2, isSplit: false)
        let pages: [Page] = [
            FilesPage(
                header: header, place: place, path: hostile,
                rows: [
                    FilesPage.Row(
                        path: "\(hostile)/x", kind: .file, size: 1, isLFS: true, state: state, commit: commit)
                ], total: 1, lastCommit: commit, search: hostile
            ).page(context()),
            BlobPage(
                header: header, place: place, path: hostile, size: 1,
                pointer: BlobPage.Pointer(sha256: hostile, size: 1),
                state: state, content: .link(hostile), lastCommit: commit
            ).page(context()),
            BlobPage(
                header: header, place: place, path: "t.csv", size: 1, state: state,
                content: .table(columns: [hostile], rows: [[hostile]], isCut: true)
            ).page(context()),
            CommitsPage(header: header, place: place, path: hostile, commits: [commit], number: 1, hasMore: true)
                .page(context()),
            CommitPage(
                header: header, commit: commit, text: hostile, parents: [hostile], committer: hostile, changes: diff
            ).page(context()),
            RevisionComparisonPage(
                header: header, base: hostile, head: hostile, headCommit: "c", commits: [commit], hasMoreCommits: true,
                changes: diff
            ).page(context()),
            BlamePage(
                header: header, place: place, path: hostile,
                runs: [BlamePage.Run(commit: commit, firstLine: 1, lines: [HTML(text: hostile)])]
            ).page(context()),
            BranchesPage(
                header: header,
                branches: [BranchesPage.Row(name: hostile, revision: hostile, oid: hostile, commit: commit)], tags: [],
                others: []
            ).page(context()),
            BlockedPage(
                header: header, reason: .review, status: 403, code: "policy-review", message: hostile, remedy: hostile,
                name: hostile, revision: hostile, mayRequest: true
            ).page(context()),
        ]
        for (index, page) in pages.enumerated() {
            #expect(!page.body.string.contains("<script>alert"), "page \(index)")
            #expect(!page.body.string.contains(" style=") && !page.body.string.contains(" onclick="), "page \(index)")
        }
    }

    @Test("a folder shows folders as such, sizes, marks and pages of a long list")
    func folder() {
        let rows = [
            FilesPage.Row(path: "onnx", kind: .folder, size: nil),
            FilesPage.Row(
                path: "model.safetensors", kind: .file, size: 4_900_000_000, isLFS: true,
                state: FileState(content: .verified(at: 0), scan: .clean)),
        ]
        let html = FilesPage(
            header: header, place: place(), path: "", rows: rows, offset: 1_000, total: 2_500,
            totals: FilesPage.Totals(size: 16_400_000_000, files: 14, largeFiles: 4, largeHere: 3)
        ).page(context()).body.string
        for text in [
            "tree/main/onnx", "blob/main/model.safetensors", "4.9 GB", "LFS", "SHA-256 verified",
            "Scanned, nothing found", "16.4 GB", "3 of 4 large files stored", "1,001–1,002 of 2,500", "offset=0",
            "offset=1002", "upload/main",
        ] {
            #expect(html.contains(text), "\(text)")
        }
    }

    @Test("an empty repository tells its writers how to fill it and its readers that nobody has")
    func empty() {
        var reader = header
        reader.mayWrite = false
        let url = "https://hub.example/datasets/acme/words.git"
        let written = EmptyFilesPage(header: header, cloneURL: url).page(context()).body.string
        #expect(written.contains("git clone \(url)") && written.contains("git push -u origin main"))
        #expect(written.contains("hf upload acme/words . --repo-type dataset"))
        let read = EmptyFilesPage(header: reader, cloneURL: url).page(context()).body.string
        #expect(!read.contains("git clone") && read.contains("Nobody has committed"))
    }

    @Test("mistakes of the card lead to their lines")
    func problems() {
        let page = CardPage(
            header: header, text: CardPage.Text(html: "<p>x</p>"),
            problems: [CardPage.Problem(line: 4, text: "bad indentation")], lacking: ["license"], facts: CardFacts(),
            cloneURL: ""
        ).page(context()).body.string
        #expect(page.contains("README.md?plain=1#L4") && page.contains("bad indentation"))
        #expect(page.contains("<code>license</code>"))
    }

    @Test("who is blocked learns why, and may ask for approval once signed in")
    func blocked() {
        func body(_ mayRequest: Bool, _ reason: BlockedPage.Reason = .review) -> String {
            BlockedPage(
                header: header, reason: reason, status: 403, code: "policy-denied", message: "by rule 'closed'",
                remedy: nil, name: "dataset:acme/words", revision: nil, mayRequest: mayRequest
            ).page(context()).body.string
        }
        #expect(body(true).contains("action=\"/console/approvals/request\"") && body(true).contains("name=\"csrf\""))
        // What is denied nobody can approve.
        #expect(!body(true, .denied).contains("/console/approvals/request"))
        #expect(!body(false).contains("<textarea") && body(false).contains("/login?next="))
        #expect(body(false).contains("/console/explain?repo=dataset%3Aacme%2Fwords"))
    }

    @Test("snippets name this hub, a pinned revision, and a token where one is needed")
    func snippets() {
        let commit = String(repeating: "1", count: 40)
        let subject = Snippets.Subject(
            kind: .models, path: "acme/tiny", commit: commit, needsToken: true, library: "transformers",
            task: "text-generation", autoClass: "AutoModelForCausalLM", hasTokenizer: true, example: "it's here.json")
        let all = Snippets(subject, endpoint: "https://hub.example").all(L10n(.english))
        #expect(all.map(\.id) == ["transformers", "vllm", "hf", "git", "curl", "csghub"])
        for snippet in all { #expect(snippet.code.contains("https://hub.example"), "\(snippet.id)") }
        for snippet in all { #expect(snippet.code.contains(commit), "\(snippet.id)") }
        let curl = all.first { $0.id == "curl" }?.code ?? ""
        #expect(curl.contains("$HF_TOKEN") && curl.contains("-o 'it'\\''s here.json'"))
        #expect(curl.contains("/acme/tiny/resolve/\(commit)/it%27s%20here.json"))

        var gguf = subject
        gguf.library = nil
        gguf.autoClass = nil
        gguf.ggufFiles = ["tiny.Q4_K_M.gguf"]
        let words = Snippets(gguf, endpoint: "http://h").all(L10n(.chinese)).map(\.id)
        #expect(words == ["llama", "ollama", "hf", "git", "curl", "csghub"])
        let data = Snippets(Snippets.Subject(kind: .datasets, path: "a/b"), endpoint: "http://h").all(L10n(.english))
        #expect(data.map(\.id) == ["datasets", "hf", "git", "csghub"])
        #expect(data[1].code.contains("--repo-type dataset"))
        let code = Snippets(Snippets.Subject(kind: .codes, path: "a/b"), endpoint: "http://h").all(L10n(.english))
        #expect(code.map(\.id) == ["git", "csghub"])
    }

    @Test("the address of a request leads to its page, and nothing else of a refusal becomes markup")
    func refusals() {
        let text =
            "held <b>; request #7: https://hub/api/gateway/v1/approvals/7, POST https://hub/api/gateway/v1/approvals"
        #expect(
            RefusalText.view(text, leads: true).string
                == "held &lt;b&gt;; request #7: <a href=\"/console/approvals/7\">/console/approvals/7</a>, POST https://hub/api/gateway/v1/approvals"
        )
        // Requests have pages for those who are signed in.
        #expect(RefusalText.view(text, leads: false).string == HTML(text: text).string)
    }

    @Test("an owner with nothing here leads to what upstreams have of him, any other to his page")
    func owners() {
        var header = RepositoryHeader(kind: .datasets, namespace: "BAAI", name: "x", state: .notMirrored)
        #expect(header.ownerAddress == "/datasets?owner=BAAI")
        header.state = .mirrored
        #expect(header.ownerAddress == "/BAAI")
    }
}
