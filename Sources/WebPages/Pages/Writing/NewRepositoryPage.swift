/// A repository that is about to be made.
package struct NewRepositoryPage: Sendable {
    package let owners: [String]
    package var kind: RepositoryHeader.Kind
    package var owner: String
    package var name: String
    package var visibility: String
    package var license: String
    package var nameProblem: String?
    package var ownerProblem: String?
    package var problem: (message: String, remedy: String?)?
    package var status = 200

    package init(
        owners: [String], kind: RepositoryHeader.Kind = .models, owner: String, name: String = "",
        visibility: String = "", license: String = ""
    ) {
        self.owners = owners
        self.kind = kind
        self.owner = owner
        self.name = name
        self.visibility = visibility
        self.license = license
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let body: HTML = """
            <div class="narrow">\(PageHead.view(t.newRepository, note: "\(t.newRepositoryNote)"))
            \(problem.map { problem in
                Alert.view(
                    .bad, title: problem.message,
                    problem.remedy.map { remedy -> HTML in "<p>\(remedy)</p>" } ?? HTML())
            })
            \(Form.post("/new", context, content(t)))
            <p class="hint">\(t.newRepositoryCommand)</p>\
            \(CopyText.snippet("HF_ENDPOINT=\(context.siteURL) hf repo create \(owner.isEmpty ? "me" : owner)/my-model", language: "sh", context))</div>
            """
        return Page(title: t.newRepository, body: body, status: status)
    }

    private func content(_ t: L10n) -> HTML {
        let kinds = RepositoryHeader.Kind.allCases.map { ($0.rawValue, t.kindName($0)) }
        return """
            \(Form.field(t.repositoryKind, for: "kind", Form.select("kind", id: "kind", options: kinds, selected: kind.rawValue)))\
            <div class="name-row">\(Form.field(t.repositoryOwner, for: "owner", problem: ownerProblem, ownerControl))\
            <span class="name-slash" aria-hidden="true">/</span>\
            \(Form.field(
                t.repositoryName, for: "name", hint: t.repositoryNameHint, problem: nameProblem,
                Form.input(
                    "name", id: "name", value: name, required: true, autocomplete: "off", maximum: 96,
                    describedBy: nameProblem == nil ? "name-hint" : "name-hint name-problem",
                    isWrong: nameProblem != nil)))</div>\
            \(VisibilityChoice.view(selected: visibility, hasDefault: true, t))\
            \(Form.field(
                t.repositoryLicense, for: "license", hint: t.repositoryLicenseHint,
                Form.select(
                    "license", id: "license",
                    options: [("", t.noLicense)] + CardReviewPanel.Field.license.choices.map { ($0, $0) },
                    selected: license)))\
            <p class="actions">\(Button.submit(t.createRepository, style: .primary, icon: "plus"))\
            \(Button.link(t.cancel, to: "/", style: .quiet))</p>
            """
    }

    private var ownerControl: HTML {
        owners.count > 1
            ? Form.select("owner", id: "owner", options: owners.map { ($0, $0) }, selected: owner)
            : Form.input("owner", id: "owner", value: owner, required: true, autocomplete: "off", maximum: 96)
    }
}

/// Who may see a repository.
package enum VisibilityChoice {
    /// - Parameter hasDefault: whether what the namespace says may be chosen too.
    static func view(selected: String, hasDefault: Bool, _ t: L10n) -> HTML {
        let choices: [(value: String, label: String, hint: String)] =
            (hasDefault ? [("", t.visibilityDefault, t.visibilityDefaultHint)] : []) + [
                ("public", t.visibilityPublic, t.visibilityPublicHint),
                ("internal", t.visibilityInternal, t.visibilityInternalHint),
                ("private", t.visibilityPrivate, t.visibilityPrivateHint),
            ]
        let items = choices.map { choice -> HTML in
            let id = "visibility-\(choice.value.isEmpty ? "default" : choice.value)"
            return """
                <label class="check" for="\(id)"><input type="radio" id="\(id)" name="visibility" \
                value="\(choice.value)"\(flag: "checked", choice.value == selected)><span>\(choice.label)\
                <small class="hint">\(choice.hint)</small></span></label>
                """
        }
        return "<fieldset class=\"choices\"><legend>\(t.visibility)</legend>\(each: items)</fieldset>"
    }
}
