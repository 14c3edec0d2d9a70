/// Making and deleting branches and tags; part of the page that lists them.
package struct BranchForms: Sendable {
    package struct Reference: Sendable, Hashable {
        package let name: String
        package let isTag: Bool
        /// Nil for one that anybody who writes may delete.
        package let protection: String?

        package init(name: String, isTag: Bool, protection: String?) {
            self.name = name
            self.isTag = isTag
            self.protection = protection
        }
    }

    package let header: RepositoryHeader
    package let references: [Reference]
    package var name: String
    package var problem: String?

    package init(header: RepositoryHeader, references: [Reference], name: String = "", problem: String? = nil) {
        self.header = header
        self.references = references
        self.name = name
        self.problem = problem
    }

    private var address: String { header.address("branches") }

    /// The form that makes a branch or a tag.
    package func view(_ context: PageContext) -> HTML {
        let t = context.t
        let sources = references.map { ($0.name, $0.name) }
        return Panel.view(
            t.branchNew, id: "new-reference",
            Form.post(
                address, context, class: "form branch-form",
                """
                <input type="hidden" name="action" value="create">\
                \(Form.field(
                    t.branchKind, for: "branch-kind",
                    Form.select("kind", id: "branch-kind", options: [("branch", t.branch), ("tag", t.tag)])))\
                \(Form.field(
                    t.branchName, for: "branch-name", problem: problem,
                    Form.input(
                        "name", id: "branch-name", value: name, required: true, autocomplete: "off", maximum: 200,
                        describedBy: problem == nil ? nil : "branch-name-problem", isWrong: problem != nil)))\
                \(Form.field(
                    t.branchFrom, for: "branch-from",
                    Form.select("from", id: "branch-from", options: sources, selected: header.defaultBranch)))\
                \(Form.field(
                    t.tagMessage, for: "branch-message", hint: t.tagMessageHint,
                    Form.input("message", id: "branch-message", maximum: 500, describedBy: "branch-message-hint")))\
                <p class="actions">\(Button.submit(t.create, style: .primary, icon: "plus"))</p>
                """))
    }

    /// The button that deletes one.
    package func deletion(of reference: Reference, _ context: PageContext) -> HTML {
        guard reference.protection == nil, reference.name != header.defaultBranch || reference.isTag else {
            return "<span class=\"hint\">\(reference.protection ?? context.t.defaultBranchKept)</span>"
        }
        return Form.button(
            context.t.deleteNamed(reference.name), to: address,
            fields: [("action", "delete"), ("kind", reference.isTag ? "tag" : "branch"), ("name", reference.name)],
            style: .danger, icon: "trash-2", context)
    }

    /// A page of its own.
    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let rows = references.sorted { $0.name < $1.name }.map { reference -> [HTML] in
            [
                "<code>\(reference.name)</code>", "\(reference.isTag ? t.tag : t.branch)",
                deletion(of: reference, context),
            ]
        }
        let body: HTML = """
            \(header.view(.files, context))
            \(Panel.view(t.branches, DataTable.view(
                t.branches, columns: [.init(t.branchName, sorted: "ascending"), .init(t.branchKind), .init(t.actionColumn)],
                rows: rows)))
            \(view(context))
            """
        return Page(
            title: "\(t.branches) · \(header.path)", section: header.kind.section, body: body,
            status: problem == nil ? 200 : 422)
    }
}
