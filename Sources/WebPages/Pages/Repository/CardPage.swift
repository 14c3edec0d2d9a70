/// What a repository is, as its README tells it and as it was found out.
package struct CardPage: Sendable {
    /// The README, made safe.
    package struct Text: Sendable {
        package let html: HTML
        package let headings: [MarkdownDocument.Heading]
        package let isTruncated: Bool

        package init(html: HTML, headings: [MarkdownDocument.Heading] = [], isTruncated: Bool = false) {
            self.html = html
            self.headings = headings
            self.isTruncated = isTruncated
        }
    }

    /// What is wrong with the metadata.
    package struct Problem: Sendable, Hashable {
        /// Of the README, from 1; nil where it concerns all of it.
        package let line: Int?
        package let text: String

        package init(line: Int?, text: String) {
            self.line = line
            self.text = text
        }
    }

    /// Why there is no text.
    package enum Missing: Sendable, Hashable {
        case noReadme
        case noCommit
        /// Content is given to those who were let in only.
        case gated
    }

    let header: RepositoryHeader
    let text: Text?
    let missing: Missing?
    let problems: [Problem]
    /// Names of metadata that the card does not have and people look for.
    let lacking: [String]
    let facts: CardFacts
    let snippets: Snippets?
    let notices: HTML
    /// Where the repository can be pushed to.
    let cloneURL: String

    package init(
        header: RepositoryHeader, text: Text?, missing: Missing? = nil, problems: [Problem] = [],
        lacking: [String] = [], facts: CardFacts, snippets: Snippets? = nil, notices: HTML = HTML(), cloneURL: String
    ) {
        self.header = header
        self.text = text
        self.missing = missing
        self.problems = problems
        self.lacking = lacking
        self.facts = facts
        self.snippets = snippets
        self.notices = notices
        self.cloneURL = cloneURL
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let use = snippets.map { snippets -> HTML in
            """
            <details class="menu use-menu"><summary class="button primary">\(Icon.view("terminal"))\
            <span>\(t.useThis(header.kind))</span></summary><div class="menu-list use-list">\
            \(snippets.view(context))<p><a href=\(url: header.address("snippets"))>\(t.asPage)</a></p></div></details>
            """
        }
        let body: HTML = """
            \(header.view(.card, actions: use, context))\(notices)\(problemList(t))\
            <div class="rp-split"><article class="panel card-text" aria-label="\(t.tabCard)">\(card(context))</article>\
            <aside class="rp-side" aria-label="\(t.repoFacts)">\(facts.view(header, context))\(lackingList(t))</aside></div>
            """
        return Page(title: header.path, section: header.kind.section, body: body)
    }

    private var editAddress: String { header.address("edit", revision: header.defaultBranch, path: "README.md") }

    private func card(_ context: PageContext) -> HTML {
        let t = context.t
        guard let text else { return empty(context) }
        return """
            \(contents(text.headings, t))<div class="prose">\(text.html)</div>\
            \(if: text.isTruncated, "<p class=\"blob-note muted\">\(t.cardCut) <a href=\(url: header.address("blob", revision: header.defaultBranch, path: "README.md"))>README.md</a></p>")
            """
    }

    private func contents(_ headings: [MarkdownDocument.Heading], _ t: L10n) -> HTML {
        guard headings.count > 2 else { return HTML() }
        let least = headings.map(\.level).min() ?? 1
        let items = headings.prefix(60).map { heading -> HTML in
            "<li class=\"toc-\(min(heading.level - least, 2))\"><a href=\(url: "#\(heading.id)")>\(heading.text)</a></li>"
        }
        return """
            <details class="toc"><summary>\(t.tableOfContents)</summary><ol>\(each: items)</ol></details>
            """
    }

    private func empty(_ context: PageContext) -> HTML {
        let t = context.t
        switch missing ?? .noReadme {
        case .gated:
            return Empty.view(title: t.cardGated, text: t.cardGatedText, context)
        case .noReadme:
            return Empty.view(
                title: t.noReadme, text: t.noReadmeText,
                action: header.mayWrite
                    ? "<p>\(Button.link(t.writeReadme, to: header.address("new", revision: header.defaultBranch) + "?name=README.md", style: .primary, icon: "pencil"))</p>"
                    : nil,
                command: header.mayWrite
                    ? "HF_ENDPOINT=\(context.siteURL) hf upload \(header.path) README.md\(header.kind.typeOption)"
                    : nil,
                context)
        case .noCommit:
            return EmptyRepository.view(header, cloneURL: cloneURL, context)
        }
    }

    private func problemList(_ t: L10n) -> HTML {
        guard !problems.isEmpty else { return HTML() }
        let items = problems.prefix(20).map { problem -> HTML in
            let line = problem.line.map { line -> HTML in
                let place =
                    "\(header.address("blob", revision: header.defaultBranch, path: "README.md"))?plain=1#L\(line)"
                return "<a href=\(url: place)>\(t.repoLine(line))</a> · "
            }
            return "<li>\(line)\(problem.text)</li>"
        }
        let edit: HTML? = header.mayWrite ? "<p>\(Button.link(t.editCard, to: editAddress, icon: "pencil"))</p>" : nil
        return Alert.view(.warn, title: t.cardProblems, "<ul class=\"alert-list\">\(each: items)</ul>\(edit)")
    }

    private func lackingList(_ t: L10n) -> HTML {
        guard header.mayWrite, !lacking.isEmpty, text != nil else { return HTML() }
        let items = lacking.map { name -> HTML in "<li><code>\(name)</code></li>" }
        return """
            <section class="panel side-note"><h2>\(t.cardLacks)</h2><p class="muted">\(t.cardLacksText)</p>\
            <ul class="tags">\(each: items)</ul><p>\(Button.link(t.editCard, to: editAddress, icon: "pencil"))</p></section>
            """
    }
}

extension RepositoryHeader.Kind {
    /// What commands of Hugging Face want beside the name.
    var typeOption: String {
        switch self {
        case .datasets: " --repo-type dataset"
        case .spaces: " --repo-type space"
        default: ""
        }
    }
}

/// A repository nobody committed to: how to put something in.
enum EmptyRepository {
    static func view(_ header: RepositoryHeader, cloneURL: String, _ context: PageContext) -> HTML {
        let t = context.t
        guard header.mayWrite else {
            return Empty.view(title: t.repositoryEmpty, text: t.repositoryEmptyForReaders, context)
        }
        let upload: HTML = """
            <p class="actions">\(Button.link(t.repoUploadFiles, to: header.address("upload", revision: header.defaultBranch), style: .primary, icon: "upload"))\
            \(Button.link(t.repoNewFile, to: header.address("new", revision: header.defaultBranch), icon: "plus"))</p>
            """
        let clone = """
            git lfs install
            git clone \(cloneURL)
            cd \(header.name)
            echo "# \(header.name)" > README.md
            git add README.md
            git commit -m "Add a card"
            git push
            """
        let push = """
            git remote add origin \(cloneURL)
            git push -u origin \(header.defaultBranch)
            """
        return """
            \(Empty.view(title: t.repositoryEmpty, text: t.repositoryEmptyText, action: upload, context))\
            <div class="empty-ways"><h2>\(t.emptyClone)</h2>\(CopyText.snippet(clone, language: "sh", context))\
            <h2>\(t.emptyPush)</h2>\(CopyText.snippet(push, language: "sh", context))\
            \(if: [.models, .datasets, .spaces].contains(header.kind), "<h2>\(t.emptyUpload)</h2>\(CopyText.snippet("HF_ENDPOINT=\(context.siteURL) hf upload \(header.path) .\(header.kind.typeOption)", language: "sh", context))")</div>
            """
    }
}

/// The files of a repository nobody committed to.
package struct EmptyFilesPage: Sendable {
    let header: RepositoryHeader
    let cloneURL: String

    package init(header: RepositoryHeader, cloneURL: String) {
        self.header = header
        self.cloneURL = cloneURL
    }

    package func page(_ context: PageContext) -> Page {
        let body: HTML = """
            \(header.view(.files, context))<div class="panel">\(EmptyRepository.view(header, cloneURL: cloneURL, context))</div>
            """
        return Page(title: header.path, section: header.kind.section, body: body)
    }
}
