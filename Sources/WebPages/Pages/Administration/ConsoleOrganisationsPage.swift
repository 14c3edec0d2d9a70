/// The organisations of the hub.
package struct ConsoleOrganisationsPage: Sendable {
    package struct Organisation: Sendable {
        let name: String
        let fullName: String
        let createdAt: Int64

        package init(name: String, fullName: String, createdAt: Int64) {
            self.name = name
            self.fullName = fullName
            self.createdAt = createdAt
        }
    }

    let organisations: [Organisation]
    let total: Int64
    let offset: Int
    let size: Int
    let search: String
    let canCreate: Bool
    let draft: (name: String, fullName: String, owner: String)
    let notice: String?
    let problems: [String: String]

    /// - Parameters:
    ///   - offset: how many stand before the page.
    ///   - size: of a page.
    package init(
        organisations: [Organisation], total: Int64, offset: Int, size: Int, search: String, canCreate: Bool,
        draft: (name: String, fullName: String, owner: String) = ("", "", ""), notice: String? = nil,
        problems: [String: String] = [:]
    ) {
        self.organisations = organisations
        self.total = total
        self.offset = offset
        self.size = size
        self.search = search
        self.canCreate = canCreate
        self.draft = draft
        self.notice = notice
        self.problems = problems
    }

    private func address(_ offset: Int) -> String {
        let rest = search.isEmpty ? "" : "q=\(URLText.component(search))&"
        return offset == 0 && search.isEmpty
            ? "/console/organisations" : "/console/organisations?\(rest)offset=\(offset)"
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let rows = organisations.map { one -> [HTML] in
            [
                "<a href=\(url: "/\(URLText.component(one.name))/-/members")>\(one.name)</a>",
                HTML(text: one.fullName), TimeText.view(one.createdAt, context),
            ]
        }
        let list =
            rows.isEmpty
            ? Empty.view(
                title: t.adminOrganisationsNone, text: t.adminOrganisationsNoneText,
                command: "weir org create acme --owner ada", context)
            : DataTable.view(
                t.organisations,
                columns: [
                    .init(t.organisationName, sorted: "ascending"), .init(t.organisationFullName),
                    .init(t.accountCreated),
                ], rows: rows)
        let end = offset + organisations.count
        return ConsoleFrame.page(
            .organisations, t.organisations, note: t.adminOrganisationsNote,
            actions: canCreate ? Button.link(t.adminOrganisationNew, to: "#new", style: .primary) : nil,
            notice: notice, status: problems.isEmpty ? 200 : 400,
            """
            \(SearchLine.view("/console/organisations", search, context))\(list)\
            \(Pager.view(
                previous: offset > 0 ? address(max(0, offset - size)) : nil,
                next: Int64(end) < total ? address(end) : nil,
                note: organisations.isEmpty ? nil : t.adminCount(offset + 1, end, total), context))\
            \(if: canCreate, Panel.view(t.adminOrganisationNew, id: "new", form(context)))
            """, context)
    }

    private func form(_ context: PageContext) -> HTML {
        let t = context.t
        func input(_ name: String, _ label: String, hint: String, _ value: String, required: Bool) -> HTML {
            let problem = problems[name]
            return Form.field(
                label, for: name, hint: hint, problem: problem,
                Form.input(
                    name, id: name, value: value, required: required, autocomplete: "off", maximum: 255,
                    describedBy: problem == nil ? "\(name)-hint" : "\(name)-problem", isWrong: problem != nil))
        }
        return Form.post(
            "/console/organisations", context, class: "form narrow-form",
            """
            \(input("name", t.organisationName, hint: t.organisationNameHint, draft.name, required: true))\
            \(input("fullName", t.organisationFullName, hint: t.accountOptional, draft.fullName, required: false))\
            \(input("owner", t.adminOrganisationOwner, hint: t.userName, draft.owner, required: true))\
            <p class="actions">\(Button.submit(t.organisationCreate, style: .primary))</p>
            """)
    }
}
