/// How an organisation is called, and what holds for what is made in it.
package struct OrganisationSettingsPage: Sendable {
    package struct Profile: Sendable {
        package var fullName = ""
        package var description = ""
        package var homepage = ""
        package var isPrivateByDefault = false

        package init() {}
    }

    let frame: OrganisationFrame
    let profile: Profile
    let problems: [String: String]

    package init(frame: OrganisationFrame, profile: Profile, problems: [String: String] = [:]) {
        self.frame = frame
        self.profile = profile
        self.problems = problems
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let address = frame.address(.settings)
        func input(_ name: String, _ label: String, _ value: String, type: String = "text", required: Bool = false)
            -> HTML
        {
            let problem = problems[name]
            return Form.field(
                label, for: name, problem: problem,
                Form.input(
                    name, id: name, value: value, type: type, required: required, autocomplete: "off", maximum: 255,
                    describedBy: problem == nil ? nil : "\(name)-problem", isWrong: problem != nil))
        }
        let form = Form.post(
            address, context, class: "form narrow-form",
            """
            <input type="hidden" name="do" value="save">\
            \(input("fullName", t.organisationFullName, profile.fullName, required: true))\
            \(input("homepage", t.organisationHomepage, profile.homepage, type: "url"))\
            \(Form.field(t.organisationDescription, for: "description", problem: problems["description"],
                Form.textarea("description", id: "description", value: profile.description, rows: 4)))\
            \(Form.checkbox("private", id: "private", label: t.organisationPrivate, checked: profile.isPrivateByDefault))\
            <p class="actions">\(Button.submit(t.save, style: .primary))</p>
            """)
        let typed = Form.field(
            t.organisationTypeName(frame.name), for: "typed",
            Form.input("typed", id: "typed", required: true, autocomplete: "off", maximum: 96))
        let dissolve = Confirmation.view(
            t.organisationDelete, warning: t.organisationDeleteNote, action: address, fields: [("do", "delete")],
            subject: frame.name, extra: typed, context)
        return frame.page(
            .settings, note: t.organisationSettingsNote, status: problems.isEmpty ? 200 : 400,
            "\(form)<div class=\"after-table\">\(dissolve)</div>", context)
    }
}

/// What an organisation may hold, and what it holds.
package struct OrganisationQuotaPage: Sendable {
    let frame: OrganisationFrame
    let account: QuotaLine
    let repositories: [(name: String, address: String, bytes: Int64)]
    let mirrors: [MirrorUse]

    package init(
        frame: OrganisationFrame, account: QuotaLine, repositories: [(name: String, address: String, bytes: Int64)],
        mirrors: [MirrorUse]
    ) {
        self.frame = frame
        self.account = account
        self.repositories = repositories
        self.mirrors = mirrors
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let rows = repositories.map { one -> [HTML] in
            ["<a href=\(url: one.address)>\(one.name)</a>", HTML(text: t.bytes(one.bytes))]
        }
        let largest: HTML =
            rows.isEmpty
            ? "<p class=\"hint\">\(t.adminNothingHeld)</p>"
            : DataTable.view(
                t.adminLargest,
                columns: [
                    .init(t.adminRepository), .init(t.adminSize, isNumber: true, sorted: "descending"),
                ], rows: rows)
        return frame.page(
            .quota, note: t.organisationQuotaNote,
            """
            <div class="meters">\(account.storage(t))\(account.count(t))</div>\
            \(Panel.view(t.adminLargest, largest))\
            \(if: !mirrors.isEmpty, Panel.view(t.adminMirrorUse, MirrorUse.table(mirrors, t)))
            """, context)
    }
}
