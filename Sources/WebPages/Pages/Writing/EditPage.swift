/// The text of a file, to be changed or written anew.
package struct EditPage: Sendable {
    /// What the text is based on, so that another's change is not lost.
    package struct Base: Sendable, Hashable {
        /// The git blob the reader saw.
        package let blob: String
        /// The commit he saw it in.
        package let commit: String

        package init(blob: String, commit: String) {
            self.blob = blob
            self.commit = commit
        }
    }

    package let place: ChangePlace
    /// The file; for a new one the folder it goes to.
    package let path: String
    /// Nil for a new file.
    package let base: Base?
    package var text: String
    /// The name of a new file as it was typed.
    package var name: String
    package var nameProblem: String?
    package var textProblem: String?
    package var fields: ChangeFields
    /// What is to be said of a card's front matter; nil for files that are none.
    package var card: CardReviewPanel?
    /// Why the change was not taken.
    package var refusal: (message: String, remedy: String?)?
    package var status = 200

    package init(
        place: ChangePlace, path: String, base: Base?, text: String, name: String = "", fields: ChangeFields,
        card: CardReviewPanel? = nil
    ) {
        self.place = place
        self.path = path
        self.base = base
        self.text = text
        self.name = name
        self.fields = fields
        self.card = card
    }

    private var isNew: Bool { base == nil }
    private var isMarkdown: Bool {
        let lowered = (isNew ? name : path).lowercased()
        return lowered.hasSuffix(".md") || lowered.hasSuffix(".markdown")
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let title = isNew ? t.newFile : t.editing(path)
        let head = place.header.view(.files, context)
        let body: HTML = """
            \(head)
            <h2 class="change-title">\(isNew ? t.newFile : t.editFile)</h2>
            \(place.crumbs(path, t))
            \(refusal.map { refusal in
                Alert.view(
                    .bad, title: t.notCommitted,
                    "<p>\(refusal.message)</p>\(refusal.remedy.map { remedy -> HTML in "<p>\(remedy)</p>" })")
            })
            \(Form.post(place.address(isNew ? "new" : "edit", path: path), context, class: "change", content(context)))
            """
        return Page(
            title: "\(title) · \(place.header.path)", section: place.header.kind.section, body: body, status: status,
            hasEditor: true)
    }

    private func content(_ context: PageContext) -> HTML {
        let t = context.t
        return """
            \(base.map { base -> HTML in
                """
                <input type="hidden" name="base" value="\(base.blob)">\
                <input type="hidden" name="commit" value="\(base.commit)">
                """
            })\
            <div class="change-main">\(isNew ? nameField(t) : nil)\(editor(context))</div>\
            <aside class="change-side"><section class="panel" aria-labelledby="commit-head">\
            <h3 id="commit-head">\(t.commitChanges)</h3>\(fields.view(t))\
            <p class="actions">\(Button.submit(t.commitAction, style: .primary, icon: "check", name: "action", value: "commit"))\
            \(Button.link(t.cancel, to: cancelAddress, style: .quiet))</p></section>\
            \(card.map { $0.view(t) })</aside>
            """
    }

    private var cancelAddress: String {
        isNew ? place.address("tree", path: path) : place.address("blob", path: path)
    }

    private func nameField(_ t: L10n) -> HTML {
        Form.field(
            t.fileName, for: "name", hint: t.fileNameHint, problem: nameProblem,
            Form.input(
                "name", id: "name", value: name, placeholder: "README.md", required: true, autocomplete: "off",
                maximum: 1_000, describedBy: nameProblem == nil ? "name-hint" : "name-hint name-problem",
                isWrong: nameProblem != nil))
    }

    private func editor(_ context: PageContext) -> HTML {
        let t = context.t
        return """
            <div class="editor" data-island=\(url: context.assets.own("editor.mjs"))\
            \(attribute: "data-codemirror", context.assets.vendor("codemirror/index.js"))\
            \(attribute: "data-nonce", context.nonce) data-file="\(path)" \
            data-draft="\(place.address(isNew ? "new" : "edit", path: path))" data-base="\(base?.blob ?? "")" \
            data-preview="\(isMarkdown || isNew ? place.header.address("preview") : "")" \
            data-restore="\(t.draftRestore)" data-restored="\(t.draftFound)" data-drop="\(t.draftDrop)">\
            <div class="editor-bar"><label for="text">\(t.fileContent)</label>\
            \(isMarkdown || isNew ? previewButton(t) : nil)</div>\
            \(textProblem.map { problem -> HTML in "<p class=\"problem\" id=\"text-problem\">\(problem)</p>" })\
            <textarea id="text" name="text" rows="24" class="mono" spellcheck="false"\
            \(attribute: "aria-describedby", textProblem == nil ? nil : "text-problem")\
            \(attribute: "aria-invalid", textProblem == nil ? nil : "true")>
            \(text)</textarea>\
            <div class="editor-preview prose" data-preview-place hidden></div></div>
            """
    }

    private func previewButton(_ t: L10n) -> HTML {
        """
        <button type="button" class="button quiet" data-preview-button data-write="\(t.write)" aria-pressed="false" \
        hidden>\(t.preview)</button>
        """
    }
}

/// What is to be said of the front matter of a card: what is wrong with it, and what it lacks.
package struct CardReviewPanel: Sendable, Hashable {
    package struct Issue: Sendable, Hashable {
        /// From 1 in the file.
        package let line: Int?
        package let message: String

        package init(line: Int?, message: String) {
            self.line = line
            self.message = message
        }
    }

    /// A field that a card should have.
    package enum Field: String, Sendable, CaseIterable {
        case license, pipelineTag = "pipeline_tag", language

        /// What may be chosen for it.
        package var choices: [String] {
            switch self {
            case .license:
                [
                    "apache-2.0", "mit", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "bsd-3-clause", "gpl-3.0",
                    "openrail", "llama3", "other",
                ]
            case .pipelineTag:
                [
                    "text-generation", "text-classification", "token-classification", "question-answering",
                    "summarization", "translation", "feature-extraction", "sentence-similarity",
                    "automatic-speech-recognition", "text-to-speech", "image-classification", "object-detection",
                    "text-to-image", "image-text-to-text", "tabular-classification", "reinforcement-learning",
                ]
            case .language: ["zh", "en", "ja", "ko", "de", "fr", "es", "ru", "ar", "multilingual"]
            }
        }
    }

    package let issues: [Issue]
    package let missing: [Field]

    package init(issues: [Issue], missing: [Field]) {
        self.issues = issues
        self.missing = missing
    }

    func view(_ t: L10n) -> HTML {
        """
        <section class="panel card-review" aria-labelledby="card-head"><h3 id="card-head">\(t.cardMetadata)</h3>\
        \(issueList(t))\(missing.isEmpty || !issues.isEmpty ? nil : missingList(t))\
        \(if: issues.isEmpty && missing.isEmpty, "<p>\(StateChip(.ok, icon: "check", text: t.cardComplete).view)</p>")\
        </section>
        """
    }

    private func issueList(_ t: L10n) -> HTML {
        guard !issues.isEmpty else { return HTML() }
        let items = issues.map { issue -> HTML in
            let place = issue.line.map { line -> HTML in
                "<a href=\"#text\" data-line=\"\(line)\">\(t.lineNumber(line))</a> "
            }
            return "<li>\(place)<span class=\"problem\">\(issue.message)</span></li>"
        }
        return "<p>\(t.cardBroken)</p><ul class=\"card-issues\">\(each: items)</ul>"
    }

    private func missingList(_ t: L10n) -> HTML {
        let rows = missing.map { field -> HTML in
            """
            <div class="card-fix"><label for="fix-\(field.rawValue)">\(t.cardField(field))</label>\
            \(Form.select(
                "fix-\(field.rawValue)", id: "fix-\(field.rawValue)",
                options: field.choices.map { ($0, $0) }))\
            \(Button.submit(t.cardAdd(t.cardField(field)), icon: "plus", name: "action", value: "fix:\(field.rawValue)"))\
            </div>
            """
        }
        return "<p>\(t.cardMissing)</p>\(each: rows)"
    }
}
