/// Markdown as it will look.
package struct PreviewPage: Sendable {
    package let header: RepositoryHeader
    package let text: String

    package init(header: RepositoryHeader, text: String) {
        self.header = header
        self.text = text
    }

    package func page(_ context: PageContext) -> Page {
        let html = ProseText.view(text, in: header, context)
        return Page(
            title: "\(context.t.previewTitle) · \(header.path)", section: header.kind.section,
            body: "<h1>\(context.t.previewTitle)</h1>\(html)", fragments: ["preview": html])
    }
}

/// What people write in comments and cards, as it is shown: relative links and pictures are files of the repository, on
/// the branch that it shows.
enum ProseText {
    static func view(_ text: String, in header: RepositoryHeader, _ context: PageContext) -> HTML {
        let body = text.hasPrefix("---\n") ? FrontMatter(splitting: text).body : text
        let raw = header.rawAddress("", revision: header.defaultBranch)
        let links = MarkdownLinks.file(
            in: "", of: header.address, raw: raw.hasSuffix("/") ? String(raw.dropLast()) : raw,
            revision: URLText.component(header.defaultBranch), siteURL: context.siteURL, hasMentions: true)
        return CardMarkdown(context, firstLevel: 3).render(body, links: links).html
    }
}

/// Markdown to be written: a text area with a preview.
enum MarkdownField {
    static func view(
        _ name: String, id: String, label: String, value: String, rows: Int = 8, problem: String? = nil,
        draft: String? = nil, required: Bool = false, in header: RepositoryHeader, _ context: PageContext
    ) -> HTML {
        let t = context.t
        return """
            <div class="editor" data-island=\(url: context.assets.own("editor.mjs"))\(attribute: "data-draft", draft) \
            data-base="" data-preview="\(header.address("preview"))" data-restore="\(t.draftRestore)" \
            data-restored="\(t.draftFound)" data-drop="\(t.draftDrop)">\
            <div class="editor-bar"><label for="\(id)">\(label)</label>\
            <button type="button" class="button quiet" data-preview-button data-write="\(t.write)" aria-pressed="false" \
            hidden>\(t.preview)</button></div>\
            \(problem.map { problem -> HTML in "<p class=\"problem\" id=\"\(id)-problem\">\(problem)</p>" })\
            <textarea id="\(id)" name="\(name)" rows="\(rows)"\(flag: "required", required)\
            \(attribute: "aria-describedby", problem == nil ? nil : "\(id)-problem")\
            \(attribute: "aria-invalid", problem == nil ? nil : "true")>
            \(value)</textarea>\
            <div class="editor-preview" data-preview-place hidden></div></div>
            """
    }
}
